"""The released model is the champion in MLflow's registry; MLflow loads it, and no pickle is read."""

from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow

from modelwright import Project
from modelwright.demo import adult

people = adult().sample(8_000, seed=1)

with TemporaryDirectory() as folder:
    project = Project.create(Path(folder) / "income", data=people, target="class", ignore=["fnlwgt"])
    project.build(time_limit="20s")
    deployed = project.deploy()
    print(deployed.verdict.words)

    if deployed.held:
        mlflow.set_tracking_uri(f"sqlite:///{project.folder.state / 'mlflow.db'}")
        champion = mlflow.pyfunc.load_model("models:/income@champion")
        print(champion.predict(people.drop("class", "fnlwgt").head(3).to_pandas()))

"""A project in Python: from a table to a released and watched model, one method per stage."""

from pathlib import Path
from tempfile import TemporaryDirectory

from modelwright import Project
from modelwright.demo import adult

people = adult().sample(8_000, seed=1)
history, newcomers = people[:7_500], people[7_500:]

with TemporaryDirectory() as folder:
    # Problem and data: brief (modelwright.toml) and contract (contract.toml) are written, to be edited.
    project = Project.create(
        Path(folder) / "income",
        data=history,
        target="class",
        request="Which households earn more than 50,000 dollars?",
        protected=["sex"],
        ignore=["fnlwgt"],
    )
    print(project.framed.framing.answer)
    print("the contract holds:", project.check().held)

    # Training and evaluation: the score comes from rows that were sealed when the data was split.
    built = project.build(time_limit="20s")
    low, high = built.interval
    print(f"{built.metric} {built.score:.3f} ({low:.3f} to {high:.3f}), best baseline {built.baseline:.3f}")

    # Deployment: the gate holds the candidate against the brief's promises.
    deployed = project.deploy()
    print(deployed.verdict.words)

    if deployed.held:
        answers = Path(folder) / "answers.csv"
        print("rows scored:", project.score(newcomers.drop("class"), answers).rows)
        print(answers.read_text().splitlines()[:2])

        # Monitoring: nothing was served yet, so nothing can be broken.
        print(project.monitor().words)

"""A prototype becomes a project: its pipeline predicts the same, and is judged by rows of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from modelwright import Project
from modelwright.adoption import judging, prove, study, write_pipeline
from modelwright.errors import PrototypeError
from modelwright.lifecycle import Adopted

HERE = Path(__file__).parent / "prototypes"
LEAKY = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("/home/anna/customers.csv")  # accuracy 0.97
df["bill"] = df["bill"].fillna(df["bill"].mean())
df["rate"] = df.groupby("street")["left"].transform("mean")
X = df[["bill", "rate"]]
y = df["left"]
X = StandardScaler().fit_transform(X)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
model = LogisticRegression().fit(X_train, y_train)
print("accuracy", accuracy_score(y_test, model.predict(X_test)))
"""


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    place = tmp_path_factory.mktemp("prototype")
    (place / "churn.py").write_text(LEAKY)
    rng = np.random.default_rng(0)
    rows = [
        f"{'' if rng.random() < 0.1 else f'{rng.normal():.3f}'},s{rng.integers(0, 250)},{rng.integers(0, 2)}"
        for _ in range(500)
    ]
    (place / "customers.csv").write_text("bill,street,left\n" + "\n".join(rows) + "\n")
    return Project.adopt(place / "churn.py", place / "churn", run=True)


def test_the_pipeline_predicts_what_the_prototype_did(adopted: Adopted) -> None:
    assert adopted.not_done == ()
    assert adopted.proof is not None
    assert adopted.proof.holds
    assert adopted.proof.rows == 150


def test_pure_noise_earns_nothing_on_sealed_rows(adopted: Adopted) -> None:
    assert adopted.sealed is not None
    assert adopted.shown is not None

    assert adopted.shown > 0.7  # the target's mean by street has the answer
    assert adopted.sealed.low < 0.55
    assert adopted.sealed_rows == 100


def test_it_says_why_in_one_sentence(adopted: Adopted) -> None:
    assert adopted.words.startswith("the script claims 0.97; on sealed rows it earns 0.")
    assert (
        "because mean of left by street reads the target of all rows, before they are split (MW-N002)"
        in adopted.words
    )


def test_the_clean_run_is_compared_with_the_claim(adopted: Adopted) -> None:
    assert [each.code for each in adopted.findings] == ["MW-N031"]


def test_the_look_at_the_sealed_rows_is_counted(adopted: Adopted) -> None:
    (sealed,) = Project(adopted.project).vault().vaults

    assert [look.reason for look in sealed.looks] == ["what churn.py earns"]


def test_the_project_has_what_it_needs(adopted: Adopted) -> None:
    folder = Path(adopted.project)
    brief = Project(folder).brief

    assert (brief.problem.target, brief.problem.metric) == ("left", "accuracy")
    assert set(adopted.files) == {"pipeline.py", "test_pipeline.py", "requirements.lock"}
    assert "scikit-learn==" in (folder / "requirements.lock").read_text()
    assert json.loads((folder / "adoption.json").read_text())["words"] == adopted.words


def test_cells_become_functions_that_keep_what_they_learn() -> None:
    studied = study(HERE / "leaky.ipynb")
    pipeline = write_pipeline(studied.code, studied.seen, judging(studied.seen), "customers.csv")

    compile(pipeline.text, "pipeline.py", "exec")
    assert "def prepare_rows_4(df: Any, kept: Kept) -> Any:" in pipeline.text
    assert "kept.grouped('line 4, 3', df, 'Contract', 'Churn', 'mean')" in pipeline.text
    assert "kept.resample('line 5, 5', SMOTE(), X, y)" in pipeline.text
    assert "best_model.predict(X_test)" in pipeline.text
    assert "countplot" not in pipeline.text


@pytest.mark.parametrize("name", ["clean.py", "own_class.py", "network.py", "torch_net.py", "forecast.py"])
def test_each_prototype_has_a_pipeline(name: str) -> None:
    studied = study(HERE / name)
    pipeline = write_pipeline(studied.code, studied.seen, judging(studied.seen), None)

    compile(pipeline.text, "pipeline.py", "exec")
    compile(pipeline.original, "prototype.py", "exec")
    assert pipeline.refused == ()


def test_what_cannot_be_written_is_said_with_the_way_to_write_it(tmp_path: Path) -> None:
    path = tmp_path / "p.py"
    path.write_text("import pandas as pd\ndf = pd.read_csv('a.csv')\nprint(df.describe())\n")
    studied = study(path)

    with pytest.raises(PrototypeError, match="add one, such as accuracy_score"):
        write_pipeline(studied.code, studied.seen, judging(studied.seen), None)


def test_data_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "churn.py"
    path.write_text(LEAKY)

    with pytest.raises(PrototypeError, match="name its data with --data FILE"):
        Project.adopt(path, tmp_path / "out")


def test_predictions_are_compared_as_labels_or_as_numbers() -> None:
    assert prove(np.array(["a", "b"]), np.array(["a", "b"])).holds
    assert prove(np.array(["a", "b"]), np.array(["a", "a"])).different == 1
    assert prove(np.array([0.1, 0.2]), np.array([0.1, 0.2 + 1e-9])).holds
    assert not prove(np.array([0.1, 0.2]), np.array([0.1])).holds

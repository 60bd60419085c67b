from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from modelwright.deployment import Scorer
from modelwright.deployment.pyfunc import _load_pyfunc
from modelwright.store import Tracking

from .conftest import people

PLAIN = """
import sys, pickle
import pandas as pd

def refuse(*_, **__):
    raise AssertionError("a pickle was read")

import mlflow
mlflow.set_tracking_uri(sys.argv[1])
pickle.load = pickle.loads = pickle.Unpickler = refuse
mlflow.pyfunc.load_model("models:/people@champion")  # leaves a note of its own beside the files
model = mlflow.pyfunc.load_model("models:/people@champion")
rows = pd.read_csv(sys.argv[2], parse_dates=["joined"])
print(model.predict(rows).to_json(orient="records", double_precision=15))
"""


@pytest.fixture
def registered(packaged, tmp_path):
    """A package in a registry, with the alias that a release sets."""
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    tracking = Tracking(uri, tmp_path / "artifacts", "people")
    run = tracking.start("brave-lynx")
    tracking.log_folder(run, packaged("binary").folder, "package")
    tracking.set_alias("people", "champion", tracking.register("people", run, "package"))
    tracking.finish(run)
    return uri


def test_mlflow_loads_the_champion_and_reads_no_pickle(packaged, registered, tmp_path):
    frame = people(20, seed=3)
    frame.write_csv(tmp_path / "people.csv")
    command = [sys.executable, "-c", PLAIN, registered, tmp_path / "people.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answered = pd.DataFrame(json.loads(done.stdout.splitlines()[-1]))
    expected = _load_pyfunc(str(packaged("binary").folder)).predict(frame.to_pandas())
    assert answered["prediction"].tolist() == expected["prediction"].tolist()
    np.testing.assert_allclose(answered["probability_yes"], expected["probability_yes"], atol=1e-6)


def test_the_index_of_the_input_is_kept(packaged):
    frame = people(3).to_pandas().set_index(pd.Index([10, 20, 30]))
    answered = _load_pyfunc(str(packaged("binary").folder)).predict(frame)
    assert answered.index.tolist() == [10, 20, 30]
    assert answered.columns.tolist() == ["prediction", "probability_no", "probability_yes"]


def test_a_regression_answers_numbers(packaged, trained):
    answered = _load_pyfunc(str(packaged("regression").folder)).predict(
        trained("regression").frame.to_pandas()
    )
    expected = Scorer(packaged("regression")).score(trained("regression").inputs).predictions
    assert answered.columns.tolist() == ["prediction"]
    np.testing.assert_allclose(answered["prediction"], expected, rtol=1e-6)

from __future__ import annotations

import subprocess
import sys

import pytest

from modelwright.errors import RunError, StoreError
from modelwright.store import Tracking


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("tracking")


@pytest.fixture
def tracking(place, request):
    return Tracking(f"sqlite:///{place / 'mlflow.db'}", place / "artifacts", request.node.name)


def test_a_run_keeps_parameters_metrics_and_tags(tracking):
    run = tracking.start("brave-lynx", {"seed": 1, "long": "x" * 9000}, {"snapshot": "abc"})
    assert tracking.runs()[0].status == "RUNNING"
    tracking.log(run, {"score": 0.5}, step=1)
    tracking.log(run, {"score": 0.75}, {"learners": 7}, step=2)
    tracking.finish(run)
    (record,) = tracking.runs()
    assert (record.id, record.name, record.status) == (run, "brave-lynx", "FINISHED")
    assert record.metrics == {"score": 0.75}
    assert record.params["learners"] == "7"
    assert len(record.params["long"]) == 6000
    assert record.tags == {"snapshot": "abc"}
    assert record.seconds >= 0


def test_more_parameters_than_one_batch_may_have(tracking):
    run = tracking.start("wide", {f"p{n}": n for n in range(250)})
    tracking.log(run, {f"m{n}": n for n in range(1200)})
    (record,) = tracking.runs()
    assert len(record.params) == 250
    assert len(record.metrics) == 1200


def test_a_run_that_ended_early_can_go_on(tracking):
    run = tracking.start("resumed")
    tracking.finish(run, "KILLED")
    tracking.resume(run)
    (record,) = tracking.runs()
    assert (record.status, record.seconds) == ("RUNNING", None)


def test_a_run_is_found_by_name_or_by_the_beginning_of_its_id(tracking):
    first, second = tracking.start("calm-otter"), tracking.start("brave-lynx")
    assert tracking.find("calm-otter").id == first
    assert tracking.find(second[:12]).id == second
    with pytest.raises(RunError, match=r"no run is called 'zzz'; the latest is .*`modelwright runs`"):
        tracking.find("zzz")
    with pytest.raises(RunError, match="could be any of 2 runs"):
        tracking.find("")


def test_without_runs_nothing_is_found(tracking):
    assert tracking.runs() == []
    with pytest.raises(RunError, match="there is none yet"):
        tracking.find("first")


def test_a_folder_becomes_a_version_and_an_alias_points_at_it(tracking, tmp_path, place):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "model.onnx").write_bytes(b"graph")
    (tmp_path / "report.html").write_text("<html>")
    run = tracking.start("packaged")
    tracking.log_folder(run, tmp_path / "package", "package")
    tracking.log_folder(run, tmp_path / "report.html", "")
    assert tracking.alias("churn", "champion") is None
    assert [tracking.register("churn", run, "package") for _ in range(2)] == [1, 2]
    assert tracking.alias("churn", "champion") is None
    tracking.set_alias("churn", "champion", 2)
    assert tracking.alias("churn", "champion") == 2
    assert (place / "artifacts" / run / "artifacts" / "package" / "model.onnx").read_bytes() == b"graph"
    assert (place / "artifacts" / run / "artifacts" / "report.html").exists()


def test_what_mlflow_refuses_is_a_store_error(tracking):
    with pytest.raises(StoreError, match="the tracking store refused"):
        tracking.finish("no-such-run")


def test_mlflow_is_quiet_and_does_not_phone_home(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from modelwright.store import Tracking\n"
        "assert 'mlflow' not in sys.modules\n"
        f"t = Tracking('sqlite:///{tmp_path}/deep/m.db', Path('{tmp_path}/a'), 'e'); t.start('r'); t.runs()\n"
        "from mlflow.telemetry.utils import is_telemetry_disabled; assert is_telemetry_disabled()\n"
        "assert not Path('mlruns').exists()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

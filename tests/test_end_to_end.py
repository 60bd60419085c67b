"""The whole loop as its users walk it: by the command line on a real table, and in Python for other tasks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_diabetes, load_wine

from modelwright.demo import adult
from modelwright.project import Project
from tests.lifecycle.worlds import edit, short_plan

ROWS = 4000
LIVE = 200
LABELLED = 120
NEVER_USED = ["relationship", "education"]
USED_LATER = ["education_num", "capital_gain", "capital_loss"]
BUILT = {"run", "task", "metric", "score", "interval", "baseline", "seconds", "package", "report"}


@dataclass(frozen=True)
class Shell:
    """A shell inside a folder."""

    folder: Path

    def __call__(self, *words: object, code: int = 0) -> Any:
        """Run a command with --json and return its document."""
        command = [sys.executable, "-m", "modelwright", *map(str, words), "--json"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout)

    def usage(self, *words: str) -> str:
        command = [sys.executable, "-m", "modelwright", *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        return done.stderr


@contextmanager
def served(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "modelwright", "serve", "--port", "0", "--json"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            line = server.stdout.readline()
            assert line, server.stderr.read()
            yield json.loads(line)["url"]
        finally:
            server.terminate()
            rest, _ = server.communicate(timeout=60)
    assert rest == "", "one line on standard output, and no more"
    assert server.returncode == 0


def post(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as response:
        return response.read().decode()


def test_the_whole_loop_by_the_command_line(tmp_path):  # noqa: PLR0915 - the loop is long
    table = adult().sample(ROWS + LIVE, shuffle=True, seed=1)
    history, live = table[:ROWS], table[ROWS:]
    history.write_csv(tmp_path / "adult.csv")
    ignored = [word for name in NEVER_USED + USED_LATER for word in ("--ignore", name)]
    here = Shell(tmp_path)

    # problem and data
    framed = here(
        "new", "adult", "--data", "adult.csv", "--target", "class", "--protected", "sex",
        "--request", "Who earns more than 50,000?", "--stakeholder", "sales", *ignored,
    )  # fmt: skip
    assert {"project", "task", "metric", "baselines", "findings"} <= set(framed)
    assert Path(framed["project"]) == tmp_path / "adult"
    assert (framed["task"], framed["metric"]) == ("binary", "roc_auc")
    assert set(framed["baselines"]) == {"constant", "rule", "linear"}
    project = Project(tmp_path / "adult")
    edit(project, "latency_ms = 50.0", "latency_ms = 10000.0")
    edit(project, "group_gap = 0.2", "group_gap = 1.0")
    shell = Shell(tmp_path / "adult")
    assert shell("check")["held"] is True
    assert "--nonsense" in shell.usage("build", "--nonsense")
    assert shell("deploy", code=1)["error"]["type"] == "RunError"

    # a candidate
    built = shell("build", "--time-limit", "10s")
    assert set(built) >= BUILT
    assert built["interval"][0] <= built["score"] <= built["interval"][1]
    assert (Path(built["package"]) / "model.onnx").is_file()
    assert "Who earns more than 50,000?" in Path(built["report"]).read_text()
    assert [run["id"] for run in shell("runs")["runs"]] == [built["run"]]
    reported = shell("report", built["run"][:8])
    assert reported["evaluation"]["rows"] == pytest.approx(ROWS / 5, abs=5)
    deployed = shell("deploy")
    assert {"release", "held", "rules"} <= set(deployed)
    assert deployed["held"] is True

    # in use
    live.write_parquet(tmp_path / "live.parquet")
    scored = shell("score", tmp_path / "live.parquet", "-o", tmp_path / "scores.csv")
    assert scored == {"rows": LIVE, "output": str(tmp_path / "scores.csv")}
    scores = pl.read_csv(tmp_path / "scores.csv")
    assert scores.columns == ["row", "prediction", "probability_<=50K", "probability_>50K"]
    records = live.drop("class").to_dicts()
    with served(tmp_path / "adult") as url:
        answered = post(f"{url}/predict", {"records": records})
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(f"{url}/predict", {"records": [records[0] | {"age": "old"}]})
        assert refused.value.code == 422
        (detail,) = json.load(refused.value)["detail"]
        assert (detail["row"], detail["column"]) == (0, "age")
        predictions = answered["predictions"]
        labels = [{"id": p["id"], "label": y} for p, y in zip(predictions, live["class"], strict=True)]
        assert post(f"{url}/feedback", {"labels": labels[:20]})
        assert json.loads(get(f"{url}/health"))
        assert get(f"{url}/ready")
        assert "# TYPE" in get(f"{url}/metrics")
        assert "/predict" in json.loads(get(f"{url}/openapi.json"))["paths"]
        assert "http" not in re.sub(re.escape(url), "", get(f"{url}/docs")).replace("http://www.w3.org", "")
    assert answered["release"] == deployed["release"]
    assert [p["prediction"] for p in predictions] == scores["prediction"].to_list()
    said = [p["probabilities"][">50K"] for p in predictions]
    np.testing.assert_allclose(said, scores["probability_>50K"], atol=1e-6)

    # what became of it
    pl.DataFrame(labels[:LABELLED]).write_csv(tmp_path / "labels.csv")
    joined = shell("feedback", tmp_path / "labels.csv")
    assert (joined["rows"], joined["new"], joined["known"]) == (LABELLED, LABELLED - 20, 20)
    watched = shell("monitor")
    assert (watched["holds"], watched["alarms"]) == (True, [])
    assert watched["labels"]["arrived"] == LABELLED
    assert shell("retrain", "--if-needed")["decision"] == "kept"
    retrained = shell("retrain", "--time-limit", "10s")
    assert retrained["decision"] in {"released", "refused"}
    assert retrained["reason"]
    traced = shell("trace", predictions[0]["id"])
    assert traced["release"] == deployed["release"]
    assert traced["run"] == built["run"]
    assert (traced["request"], traced["stakeholder"]) == ("Who earns more than 50,000?", "sales")
    assert traced["label"] == live["class"][0]

    # more columns are allowed, and the model is far better
    edit(project, "ignore = [", f"ignore = {json.dumps(NEVER_USED)} # [")
    for name in USED_LATER:
        use(project, name)
    assert shell("deploy", built["run"], code=1)["error"]["type"] == "ReleaseError"
    better = shell("build", "--time-limit", "10s")
    assert better["score"] > built["score"]
    second = shell("deploy")
    assert second["held"] is True, second["verdict"]["words"]
    assert second["release"] != deployed["release"]
    assert shell("compare", better["run"], built["run"])["differences"][0]["comparison"]["better"] is True
    back = shell("rollback")
    assert back["replaced"] == second["release"]
    assert back["run"] == (built["run"] if retrained["decision"] == "refused" else retrained["run"])

    # no is an answer, too
    history.with_columns(age=pl.lit("old")).write_csv(tmp_path / "broken.csv")
    assert shell("check", tmp_path / "broken.csv", code=1)["held"] is False
    assert shell("doctor")["healthy"] is True
    assert no_pickles(tmp_path)


def use(project: Project, column: str) -> None:
    """Let the contract's column be a feature."""
    path = project.folder.contract
    head, section, rest = path.read_text().partition(f"[columns.{column}]")
    path.write_text(head + section + rest.replace('role = "ignore"', 'role = "feature"', 1))


def no_pickles(folder: Path) -> bool:
    endings = {".pkl", ".pickle", ".joblib", ".cloudpickle"}
    return not any(path.suffix in endings for path in folder.rglob("*"))


# ---- other tasks, in Python


def with_every_kind(frame: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """Add a boolean, a category and two kinds of dates that know something, and leave gaps in all of them."""
    rng = np.random.default_rng(seed)
    first, second = frame.columns[:2]
    days = (pl.col(second).rank("ordinal") + pl.lit(rng.integers(0, 20, len(frame)))).cast(pl.Int64)
    columns = {
        first: pl.col(first),
        "high": pl.col(first) > pl.col(first).median(),
        "size": pl.when(pl.col(second) > pl.col(second).mean())
        .then(pl.lit("large"))
        .otherwise(pl.lit("small")),
        "seen": pl.date(2023, 1, 1) + pl.duration(days=days),
        "called": (pl.datetime(2023, 1, 1) + pl.duration(hours=days)).dt.strftime("%d/%m/%Y %H:%M"),
    }
    gaps = {name: pl.lit(rng.random(len(frame)) < 0.08) for name in columns}
    return frame.with_columns(
        pl.when(gaps[name]).then(None).otherwise(value).alias(name) for name, value in columns.items()
    )


def wine() -> pl.DataFrame:
    frame = pl.from_pandas(load_wine(as_frame=True).frame)
    frame = pl.concat([frame, frame.with_columns(pl.col("alcohol") + 0.01, pl.col("ash") - 0.01)])
    return with_every_kind(frame.with_columns(target=pl.format("class {}", "target")))


def diabetes() -> pl.DataFrame:
    return with_every_kind(pl.from_pandas(load_diabetes(as_frame=True, scaled=False).frame))


@pytest.mark.parametrize(
    ("table", "task", "metric"), [(wine, "multiclass", "log_loss"), (diabetes, "regression", "rmse")]
)
def test_the_loop_in_python(tmp_path, monkeypatch, table, task, metric):
    short_plan(monkeypatch)
    rows = table()
    project = Project.create(tmp_path / task, data=rows, target="target")
    assert project.framed is not None
    assert (project.framed.task, project.framed.metric) == (task, metric)
    kinds = {column.name: column.kind for column in project.contract.features}
    assert (kinds["high"], kinds["size"]) == ("boolean", "category")
    assert (kinds["seen"], kinds["called"]) == ("time", "time")
    edit(project, "latency_ms = 50.0", "latency_ms = 10000.0")
    edit(project, "time_limit = 60.0", "time_limit = 1200.0")

    built = project.build()
    assert built.score < built.baseline, "an error is smaller than the baseline's"
    assert project.deploy().held
    features = rows.drop("target")
    project.score(features, tmp_path / "scores.parquet")
    scores = pl.read_parquet(tmp_path / "scores.parquet")
    if task == "multiclass":
        probabilities = scores.select(pl.col("^probability_.*$")).to_numpy()
        assert scores.columns[2:] == [f"probability_class {n}" for n in range(3)]
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)
        assert (scores["prediction"] == rows["target"]).mean() > 0.9
    else:
        assert scores.columns == ["row", "prediction"]
        assert np.corrcoef(scores["prediction"], rows["target"])[0, 1] > 0.6
    project.score(features.with_columns(size=pl.lit("huge"), called=None, seen=None), tmp_path / "odd.csv")
    assert len(pl.read_csv(tmp_path / "odd.csv")) == len(rows)
    project._operations.close()


# ---- MLflow

PLAIN = """
import pickle, sys

def refuse(*_, **__):
    raise AssertionError("a pickle was read")

import mlflow, pandas
pickle.load = pickle.loads = pickle.Unpickler = refuse
mlflow.set_tracking_uri(sys.argv[1])
mlflow.pyfunc.load_model("models:/wine@champion")  # leaves a note of its own beside the files
model = mlflow.pyfunc.load_model("models:/wine@champion")
rows = pandas.read_csv(sys.argv[2])
print(model.predict(rows).to_json(orient="records", double_precision=15))
"""


def test_mlflow_has_everything_and_reads_no_pickle(tmp_path, monkeypatch):
    from mlflow import MlflowClient

    short_plan(monkeypatch)
    rows = wine()
    rows.write_csv(tmp_path / "wine.csv")
    project = Project.create(tmp_path / "wine", data=tmp_path / "wine.csv", target="target")
    edit(project, "latency_ms = 50.0", "latency_ms = 10000.0")
    edit(project, "time_limit = 60.0", "time_limit = 1200.0")
    first = project.build()
    assert project.deploy(first.run).held
    second = project.build()
    project.score(tmp_path / "wine.csv", tmp_path / "scores.csv")
    project._operations.close()

    uri = f"sqlite:///{project.folder.state / 'mlflow.db'}"
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    assert int(client.get_model_version_by_alias("wine", "champion").version) == first.version
    assert int(client.get_model_version_by_alias("wine", "challenger").version) == second.version
    run = client.get_run(first.run)
    assert run.data.metrics["score"] == pytest.approx(first.score)
    assert (run.data.params["metric"], run.data.params["target"]) == ("log_loss", "target")
    files = {item.path for item in client.list_artifacts(first.run)}
    assert files == {"audit.json", "model_card.md", "package", "report.html"}
    packaged = {Path(item.path).name for item in client.list_artifacts(first.run, "package")}
    assert packaged >= {"MLmodel", "model.onnx", "contract.json", "manifest.json", "card.html"}

    command = [sys.executable, "-c", PLAIN, uri, tmp_path / "wine.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    loaded = pl.DataFrame(json.loads(done.stdout.splitlines()[-1]))
    scores = pl.read_csv(tmp_path / "scores.csv").drop("row")
    assert loaded["prediction"].to_list() == scores["prediction"].to_list()
    for name in scores.columns[1:]:
        np.testing.assert_allclose(loaded[name], scores[name], atol=1e-6)
    assert no_pickles(tmp_path)

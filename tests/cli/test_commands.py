"""The command line: one document on standard output, one line for an error, and a telling exit code."""

from __future__ import annotations

import json
import subprocess
import sys

import polars as pl
import pytest

from modelwright.project import Project
from tests.lifecycle.worlds import ask, customers, edit, records

IN_A_PROJECT = [
    ["check"],
    ["build"],
    ["runs"],
    ["report"],
    ["errors"],
    ["compare", "a", "b"],
    ["diff", "a", "b"],
    ["deploy"],
    ["rollback"],
    ["serve"],
    ["score", "in.csv", "-o", "out.csv"],
    ["feedback", "labels.csv"],
    ["monitor"],
    ["retrain"],
    ["trace", "prediction_1"],
    ["explain", "prediction_1"],
]


@pytest.fixture
def lived(released, tmp_path):
    """A released project with predictions, files of rows and labels, and a prediction's identifier."""
    rows = customers(40, seed=9)
    identifiers = ask(released, records(rows))
    rows.drop("left").write_csv(tmp_path / "rows.csv")
    pl.DataFrame({"id": identifiers, "label": rows["left"]}).write_csv(tmp_path / "labels.csv")
    return released.folder.root, identifiers[0]


@pytest.mark.parametrize("command", IN_A_PROJECT, ids=lambda command: command[0])
def test_a_folder_that_is_no_project_is_said_in_one_line(call, tmp_path, command):
    said = call(*command, "--project", tmp_path)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"error: {tmp_path} is not a project")
    assert "modelwright new" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", IN_A_PROJECT, ids=lambda command: command[0])
def test_an_error_with_json_is_a_document_too(call, tmp_path, command):
    said = call(*command, "--project", tmp_path, "--json")

    assert said.code == 1
    assert said.json["error"]["type"] == "ProjectError"
    assert said.json["error"]["message"] in said.err


def test_doctor_examines_the_installation_where_there_is_no_project(call, tmp_path):
    said = call("doctor", "--project", tmp_path, "--json")

    assert said.code == 0
    assert said.json["healthy"]


def test_doctor_says_no_where_something_is_ill(call, released):
    (package,) = (released.folder.state / "runs").glob("*/package/model.onnx")
    package.write_bytes(b"changed")
    said = call("doctor", "--project", released.folder.root, "--json")

    assert said.code == 1
    assert [part["name"] for part in said.json["parts"] if not part["healthy"]] == ["release"]


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["no-such-command"],
        ["new"],
        ["new", "x", "--target", "y"],
        ["build", "--nonsense"],
        ["score", "in.csv"],
        ["serve", "--port", "70000"],
        ["compare", "a"],
        ["diff", "a"],
        ["build", "--replay", "a", "--resume"],
        ["trace"],
    ],
    ids=" ".join,
)
def test_wrong_use_has_exit_code_2(call, words):
    said = call(*words)

    assert (said.code, said.out) == (2, "")
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("words", "said_so"),
    [
        (["new", "{tmp}/x", "--data", "{tmp}/none.csv", "--target", "left"], "there is no such file"),
        (["new", "{tmp}/x", "--data", "{csv}", "--target", "lefd"], "did you mean 'left'"),
        (
            ["new", "{tmp}/x", "--data", "{csv}", "--target", "left", "--task", "binry"],
            "did you mean 'binary'",
        ),
        (["new", "{tmp}/x", "--data", "{csv}", "--target", "left", "--metric", "auc"], "roc_auc"),
        (
            ["new", "{tmp}/x", "--data", "{csv}", "--target", "left", "--time", "when"],
            "'when' is not in the data",
        ),
        (["new", "{tmp}", "--data", "{csv}", "--target", "left"], "is a project already|is not empty"),
        (["build", "--time-limit", "soon", "-p", "{root}"], "such as '90s'"),
        (["build", "--resume", "-p", "{root}"], "no interrupted build"),
        (["report", "nope", "-p", "{root}"], "no run is called 'nope'"),
        (["deploy", "-p", "{root}"], "is in production already"),
        (["rollback", "-p", "{root}"], "none before it"),
        (["score", "{csv}", "-o", "{tmp}/out.xls", "-p", "{root}"], "csv or .parquet"),
        (["score", "{csv}", "-o", "/proc/none/out.csv", "-p", "{root}"], "/proc/none"),
        (["feedback", "{tmp}/none.csv", "-p", "{root}"], "there is no such file"),
        (["trace", "prediction_0", "-p", "{root}"], "no prediction is called"),
        (["check", "{tmp}", "-p", "{root}"], "is a folder"),
    ],
    ids=lambda words: " ".join(words[:6:5]) if isinstance(words, list) else "",
)
def test_what_went_wrong_is_said_with_the_cure(call, released, source, tmp_path, words, said_so):
    place = {"tmp": tmp_path, "csv": source, "root": released.folder.root}
    said = call(*(word.format(**place) for word in words))

    assert (said.code, said.out) == (1, "")
    assert any(each in said.err for each in said_so.split("|")), said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "x").exists()


def test_every_answer_is_one_json_document(call, lived, tmp_path):
    root, prediction = lived
    run = Project(root).runs()[0].id
    answers = {
        command: call(command, *words, "--project", root, "--json").json
        for command, words in {
            "check": [],
            "runs": [],
            "report": [],
            "score": [tmp_path / "rows.csv", "-o", tmp_path / "scores.csv"],
            "feedback": [tmp_path / "labels.csv"],
            "monitor": [],
            "trace": [prediction],
            "doctor": [],
            "errors": [],
            "diff": [run, run],
        }.items()
    }

    assert answers["check"]["held"] is True
    assert answers["diff"]["changes"] == []
    assert answers["runs"]["runs"][0]["status"] == "FINISHED"
    assert answers["report"]["verdict"]["held"] is True
    assert answers["score"] == {"rows": 40, "output": str(tmp_path / "scores.csv")}
    assert answers["feedback"]["new"] == 40
    assert (answers["monitor"]["holds"], answers["monitor"]["alarms"]) == (True, [])
    assert answers["trace"]["prediction"] == prediction
    assert answers["doctor"]["healthy"] is True
    assert len(answers["errors"]["outcomes"]["worst"]) == 20
    assert answers["errors"]["outcomes"]["slices"]["tested"] > 0


def test_people_read_80_columns_without_colour(call, lived, tmp_path):
    root, prediction = lived
    said = {
        command: call(command, *words, "--project", root)
        for command, words in {
            "check": [],
            "runs": [],
            "report": [],
            "score": [tmp_path / "rows.csv", "-o", tmp_path / "scores.csv"],
            "feedback": [tmp_path / "labels.csv"],
            "monitor": [],
            "trace": [prediction],
            "doctor": [],
            "errors": [],
            "retrain": ["--if-needed"],
        }.items()
    }

    for command, each in said.items():
        assert each.code == 0, (command, each.err)
        assert each.out
        assert "\x1b" not in each.out + each.err
        wide = [line for line in each.out.splitlines() if len(line) > 80 and "/" not in line]
        assert wide == [], command


@pytest.mark.parametrize("command", ["", *(command[0] for command in IN_A_PROJECT), "new", "doctor", "demo"])
def test_help_fits_80_columns(call, command):
    said = call(*([command] if command else []), "--help")

    assert said.code == 0
    assert [line for line in said.out.splitlines() if len(line) > 80] == []


def test_a_refused_release_and_a_broken_contract_are_exit_code_1(call, released, tmp_path):
    root = released.folder.root
    customers(50).with_columns(age=pl.lit("old")).write_csv(tmp_path / "broken.csv")
    broken = call("check", tmp_path / "broken.csv", "--project", root, "--json")
    assert broken.code == 1
    assert broken.json["held"] is False
    assert broken.json["findings"][0]["code"] == "MW-D103"

    built = call("build", "--project", root, "--json")
    assert built.code == 0
    assert {"run", "task", "metric", "score", "interval", "baseline", "seconds", "package", "report"} <= set(
        built.json
    )
    edit(released, "latency_ms = 10000.0", "latency_ms = 0.000001")
    refused = call("deploy", "--project", root, "--json")
    assert refused.code == 1
    assert refused.json["held"] is refused.json["verdict"]["held"] is False
    assert refused.json["release"] is None
    shown = call("deploy", "--project", root)
    assert shown.code == 1
    assert "Refused" in shown.out
    compared = call("compare", built.json["run"], released.runs()[1].name, "--project", root)
    assert compared.code == 0
    assert "not beyond doubt better" in " ".join(compared.out.split())


def test_progress_goes_to_standard_error(call, released):
    said = call("build", "--project", released.folder.root, "--json")

    assert "lightgbm 0." in said.err
    built = json.loads(said.out)
    assert built["tried"] == built["planned"] > 0


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_full_disk_is_one_line(call, released, monkeypatch, as_json):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(Project, "check", full)
    said = call("check", "--project", released.folder.root, *as_json)

    assert said.code == 1
    assert said.err == "error: [Errno 28] No space left on device: '/somewhere'\n"
    assert bool(said.out) == bool(as_json)


def test_an_interruption_is_no_traceback(call, released, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Project, "check", interrupted)
    said = call("check", "--project", released.folder.root)

    assert said.code == 130
    assert said.out == ""
    assert "Traceback" not in said.err


def test_the_module_is_the_command(released):
    command = [sys.executable, "-m", "modelwright", "runs", "--project", str(released.folder.root), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert len(json.loads(done.stdout)["runs"]) == 1
    assert done.stderr == ""


def test_an_explanation_is_a_table_that_adds_up_and_a_document(call, lived, tmp_path):
    project, identifier = lived

    said = call("explain", identifier, "--project", project)
    told = call("explain", tmp_path / "rows.csv", "--row", 0, "--project", project, "--json").json

    assert said.code == 0
    assert "adds, in log-odds of 'yes'" in said.out
    assert "(usual answer)" in said.out
    assert all(len(line) <= 80 for line in said.out.splitlines())
    why = told["explanation"]
    assert abs(why["base"] + sum(why["columns"].values()) - why["output"]) < 1e-9
    assert set(told) == {"about", "run", "prediction", "probabilities", "explanation"}


def test_scores_carry_the_sets_that_were_asked_for(call, lived, tmp_path):
    project, _ = lived
    output = tmp_path / "out.csv"

    words = ["score", tmp_path / "rows.csv", "-o", output, "--project", project]
    said = call(*words, "--interval", 0.9, "--abstain-below", 0.8)
    refused = call(*words, "--interval", 1.5)

    assert said.code == 0
    assert {"set_0.9", "abstained"} <= set(pl.read_csv(output).columns)
    assert refused.code == 1
    assert "the level 1.5 is not to be had" in refused.err

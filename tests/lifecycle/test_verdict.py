"""One verdict: on the command line, in the record of the release, from the server and in the report."""

from __future__ import annotations

import html
import json
import re
import shutil
import warnings

import pytest
from typer.testing import CliRunner

from modelwright.cli.root import app
from modelwright.deployment import Package
from modelwright.deployment.server import Service, build_app
from modelwright.evaluation import Verdict
from tests.lifecycle.worlds import edit

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from starlette.testclient import TestClient


@pytest.fixture
def released(opened, released_once, tmp_path):
    root = tmp_path / "churn"
    shutil.copytree(released_once, root)
    return opened(root)


def in_report(project, run: str) -> Verdict:
    page = (project.folder.run(run) / "report.html").read_text()
    return Verdict.model_validate_json(html.unescape(re.search(r'data-verdict="([^"]*)"', page)[1]))


def answered(project) -> Verdict:
    release, package = project._current()
    assert isinstance(package, Package)
    with TestClient(build_app(Service(package, project._operations, release.id))) as client:
        answer = client.get("/release").json()
    assert answer["release"] == release.id
    return Verdict.model_validate(answer["verdict"])


def test_command_record_api_and_report_say_the_same(released) -> None:
    run = released.runs()[0].id
    recorded = Verdict.model_validate(released._operations.current_release().verdict)
    assert answered(released) == recorded
    assert in_report(released, run) == recorded
    assert released.report(run).verdict == recorded


def test_what_deploy_prints_is_what_the_report_begins_with_also_when_promises_changed(released) -> None:
    first = released.runs()[0].id
    released.build()
    run = released.runs()[0].id
    assert run != first
    edit(released, "latency_ms = 10000.0", "latency_ms = 1e-6")
    said = CliRunner().invoke(app, ["deploy", run, "-p", str(released.folder.root), "--json"])
    assert said.exit_code == 1
    printed = Verdict.model_validate(json.loads(said.output)["verdict"])
    assert "MW-R004" in [rule.code for rule in printed.rules if not rule.held]
    assert in_report(released, run) == printed
    assert released.report(run).verdict == printed

    shown = CliRunner().invoke(app, ["deploy", run, "-p", str(released.folder.root)]).output
    words = " ".join(shown.split())
    for rule in printed.rules:
        assert f"{'held' if rule.held else 'broken'} {rule.code} {' '.join(rule.words.split())}" in words
    assert f"Decided by {printed.decided_by}." in words


def test_a_rollback_keeps_the_verdict_of_the_release_that_is_put_back(released) -> None:
    first = released._operations.current_release()
    released._operations.add_release(
        run="other", package=first.package, version=None, verdict={"words": "other"}, kind="deploy"
    )
    released.rollback()
    current = released._operations.current_release()
    assert (current.run, current.verdict) == (first.run, first.verdict)
    assert answered(released).held

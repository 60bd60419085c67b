"""A challenger on trial: in the shadow, as a canary, promoted and taken back by the evidence."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import pytest
from typer.testing import CliRunner

from modelwright.cli.root import app
from modelwright.deployment.server import Follower, Service, build_app
from modelwright.errors import ReleaseError
from modelwright.lifecycle import Trials
from modelwright.project import Project
from modelwright.store import Label
from tests.lifecycle.worlds import customers, edit, short_plan

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def rivals_once(released_once, tmp_path_factory):
    """A project whose second candidate is as good as what is in production, which the gate lets through."""
    root = Path(shutil.copytree(released_once, tmp_path_factory.mktemp("rivals") / "churn"))
    project = Project(root)
    edit(project, "not_worse_than_champion = 0.0", "not_worse_than_champion = 0.9")
    with pytest.MonkeyPatch.context() as patch:
        short_plan(patch)
        project.build()
    project._operations.close()
    return root


@pytest.fixture
def rivals(rivals_once, tmp_path, opened):
    return opened(Path(shutil.copytree(rivals_once, tmp_path / "rivals" / "churn")))


def ask(client, rows, seed=7):
    table = customers(rows, seed)
    records = json.loads(table.drop("left").write_json())
    answered = [
        client.post("/predict", json={"records": records[n : n + 50]}).json() for n in range(0, rows, 50)
    ]
    return table, answered


def serving(project):
    release, package = project._current()
    service = Service(package, project._operations, release.id)
    return service, Follower(service, Trials(project._releases()))


def label(project, ids, values):
    project._operations.add_labels([Label(each, value) for each, value in zip(ids, values, strict=True)])


def test_in_the_shadow_every_row_is_scored_twice_and_answered_once(rivals):
    begun = rivals.deploy(shadow=True)
    champion = rivals._operations.current_release()
    assert (begun.kind, begun.replaced) == ("shadow", None)
    service, _ = serving(rivals)
    with TestClient(build_app(service, Trials(rivals._releases()))) as client:
        table, answered = ask(client, 100)
        assert {each["release"] for each in answered} == {champion.id}
        assert begun.release in client.get("/metrics").text
    ids = [each["id"] for answer in answered for each in answer["predictions"]]
    label(rivals, ids, table["left"].to_list())
    judged = rivals.trial()
    assert (judged.status, judged.judgement.labels, judged.judgement.compared) == ("running", 100, 100)
    assert [each.value is not None for each in judged.judgement.guards] == [True, True, True]
    assert all(each.held for each in judged.judgement.guards)
    again = rivals.trial()
    assert again.judgement.labels == 100, "no label counts twice"


def test_a_canary_answers_its_share_and_a_customer_keeps_the_model(rivals):
    begun = rivals.deploy(canary="30%")
    service, follower = serving(rivals)
    follower.follow()
    client = TestClient(build_app(service))
    with client:
        _, answered = ask(client, 400)
        _, again = ask(client, 400)
    by = [[each.get("release") for each in answer["predictions"]] for answer in answered]
    assert by == [[each.get("release") for each in answer["predictions"]] for answer in again]
    kept = rivals._operations.observations()
    share = (kept["release"] == begun.release).mean()
    assert share == pytest.approx(0.3, abs=0.07)
    assert rivals.trace(kept.filter(kept["release"] == begun.release)["id"][0]).release == begun.release


def test_better_beyond_doubt_in_production_is_promoted_with_its_evidence(rivals):
    begun = rivals.deploy(canary=0.5)
    champion = rivals._operations.current_release()
    service, follower = serving(rivals)
    follower.follow()
    with TestClient(build_app(service)) as client:
        ask(client, 600)
        kept = rivals._operations.observations()
        # What comes true is what the challenger says, and the opposite of what the champion says.
        other = {"yes": "no", "no": "yes"}
        truth = [
            said if by == begun.release else other[said]
            for by, said in zip(kept["release"], kept["prediction"], strict=True)
        ]
        label(rivals, kept["id"].to_list(), truth)
        follower._try(visit=True)
        current = rivals._operations.current_release()
        assert (current.kind, current.replaced) == ("promote", champion.id)
        assert current.verdict["decided_by"] == "MW-R006"
        follower.follow()
        assert (
            client.get("/release").json()["verdict"]["words"].startswith("Promoted: The challenger is better")
        )
    assert [(each.kind, each.stands) for each in rivals.releases()] == [
        ("deploy", False),
        ("canary", False),
        ("promote", True),
    ]
    back = rivals.rollback()
    assert rivals._operations.current_release().run == champion.run
    assert back.replaced == current.id


def test_one_that_fails_is_taken_back_and_every_request_is_answered(rivals, monkeypatch):
    begun = rivals.deploy(canary=0.5)
    service, follower = serving(rivals)
    follower.follow()

    def fail(*_):
        raise ValueError("broken")

    monkeypatch.setattr(service.trial._arm, "say", fail)
    with TestClient(build_app(service)) as client:
        _, answered = ask(client, 100)
    assert all(len(each["predictions"]) == 50 for each in answered)
    assert begun.release not in json.dumps(answered)
    follower._try(visit=True)
    (trial,) = rivals._operations.rollouts()
    assert trial.status == "rolled back"
    assert "could not score" in trial.reason
    follower.follow()
    assert service.trial is None


def test_rollback_ends_the_trial_first(rivals):
    begun = rivals.deploy(shadow=True)
    current = rivals._operations.current_release()
    back = rivals.rollback()
    assert (back.replaced, back.release) == (begun.release, current.id)
    with pytest.raises(ReleaseError, match="no challenger is on trial"):
        rivals.trial()
    with pytest.raises(ReleaseError, match="none before it"):
        rivals.rollback()


def test_one_that_is_not_shown_to_be_better_may_stand_in_the_shadow_but_answer_nobody(rivals):
    edit(rivals, "not_worse_than_champion = 0.9", "not_worse_than_champion = 0.0")
    refused = CliRunner().invoke(app, ["deploy", "--canary", "10%", "-p", str(rivals.folder.root), "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.output)["release"] is None
    shown = CliRunner().invoke(app, ["deploy", "--shadow", "-p", str(rivals.folder.root)])
    assert shown.exit_code == 0
    assert "on trial as a shadow" in shown.output
    told = CliRunner().invoke(app, ["trial", "-p", str(rivals.folder.root)])
    assert told.exit_code == 0
    assert "too few to compare" in told.output
    listed = CliRunner().invoke(app, ["releases", "-p", str(rivals.folder.root), "--json"])
    assert [each["kind"] for each in json.loads(listed.output)] == ["deploy", "shadow"]


@pytest.mark.parametrize("said", ["0", "100%", "1.0", "-5%", "half"])
def test_an_impossible_share_is_refused(released, said):
    with pytest.raises(ReleaseError, match=r"a share such as 10% or 0\.1"):
        released.deploy(canary=said)

"""What stakeholders asked: kept in their words, taken on by a shown diff, answered in one of three ways."""

from __future__ import annotations

import pytest

from modelwright.errors import BriefError, ReleaseError, WorkdayError
from modelwright.problem import Brief, edit_brief, stated_keys
from modelwright.workday import Requests

ASKED = "A missed leaver costs us 500, not 100. Please mind that."


@pytest.fixture
def requests(world) -> Requests:
    return Requests(world.root)


def test_a_request_is_due_until_it_is_answered(world, requests):
    made = requests.add(ASKED, who="retention team", due="2099-01-01")
    (item,) = world.day().items
    assert f"retention team asked: {ASKED[:-1]}, due 2099-01-01" in item.words
    assert item.command.startswith("modelwright request accept")
    requests.answer(made.id, no="the finance team says 100")

    assert world.words() == []
    assert requests.listed()[0].status == "answered"


def test_accepting_edits_the_brief_as_the_diff_said(world, requests):
    made = requests.add(ASKED, who="retention team")
    path = world.root / "modelwright.toml"
    before = path.read_text()
    proposal = requests.propose(made.id, ["costs.false_negative=500"])
    changed = [
        line for line in proposal.diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}
    ]
    assert [line.split(" ")[0] for line in changed] == ["-false_negative", "+false_negative"]
    assert path.read_text() == before
    requests.accept(proposal)

    assert Brief.read(path).costs.false_negative == 500
    assert path.read_text().count("\n") == before.count("\n")
    assert requests.listed()[0].diff == proposal.diff
    assert "modelwright request answer" in world.day().items[0].command


def test_a_brief_that_was_edited_meanwhile_is_not_overwritten(world, requests):
    made = requests.add(ASKED, who="retention team")
    proposal = requests.propose(made.id, ["costs.false_negative=500"])
    path = world.root / "modelwright.toml"
    path.write_text(path.read_text() + "# mine\n")

    with pytest.raises(WorkdayError, match="edited since"):
        requests.accept(proposal)
    assert "# mine" in path.read_text()


def test_what_would_break_the_brief_is_refused(world, requests):
    made = requests.add(ASKED, who="retention team")
    before = (world.root / "modelwright.toml").read_text()
    for wrong in (
        "costs.false_negative=-1",
        "costs.false_negativ=5",
        "false_negative=5",
        "promises.gain=lots",
    ):
        with pytest.raises(BriefError):
            requests.propose(made.id, [wrong])
    assert (world.root / "modelwright.toml").read_text() == before


TOML = """\
# ours
[problem]  # what
name = "churn"   # short
target = "left"
task = "binary"
positive = "yes"
metric = "roc_auc"

[columns]
ignore = [
    "a",  # why
    "b # no comment",
]
"""


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("problem.name", '"leavers"', 'name = "leavers"   # short\n'),
        ("problem.request", "who # leaves?", 'request = "who # leaves?"\n'),
        ("columns.ignore", '["c"]', 'ignore = ["c"]\n'),
        ("costs.currency", "USD", '[costs]\ncurrency = "USD"\n'),
        ("problem.name", "b-2", 'name = "b-2"   # short\n'),
    ],
)
def test_one_key_is_edited_and_all_else_stays(key, value, line):
    edited = edit_brief(TOML, stated_keys([f"{key}={value}"]))

    assert line in edited
    assert edited.startswith("# ours\n[problem]  # what\n")
    for kept in TOML.splitlines():
        assert kept in edited or kept.startswith(key.split(".")[1]) or "ignore" in key


def test_a_request_is_answered_in_exactly_one_way(world, requests):
    made = requests.add(ASKED, who="retention team")
    for ways in ({}, {"no": "a", "run": "b"}):
        with pytest.raises(WorkdayError, match="one of --run, --release, or --no"):
            requests.answer(made.id, **ways)
    with pytest.raises(ReleaseError, match="no release is called"):
        requests.answer(made.id, release="release_1")
    release = world.release()
    answered = requests.answer(made.id, release=release.id)

    assert answered.answer == {"kind": "release", "which": release.id, "words": ""}
    with pytest.raises(WorkdayError, match="answered already"):
        requests.answer(made.id, no="after all")


def test_a_run_answers_too_and_must_be_one(world, requests):
    run = world.run("better")
    made = requests.add(ASKED, who="retention team")

    assert requests.answer(made.id, run="better").answer["which"] == run


def test_the_commands(world, call, monkeypatch):
    where = ("--project", world.root)
    short = call("request", "add", ASKED, "--who", "retention team", *where).out.split()[0]
    refused = call("request", "accept", short, "--set", "costs.false_negative=500", *where)
    assert refused.code == 1
    assert "+false_negative" in refused.out
    taken = call("request", "accept", short, "--set", "costs.false_negative=500", "--yes", *where)
    assert "accepted" in taken.out
    assert "accepted" in call("request", "list", *where).out
    assert "no: too dear" in call("request", "answer", short, "--no", "too dear", *where).out
    assert call("request", "list", *where, "--json").json["requests"][0]["status"] == "answered"
    assert "no request is called" in call("request", "accept", "zzzzzz", *where).err

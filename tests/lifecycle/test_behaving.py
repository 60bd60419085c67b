"""Behaviour tests of the brief: held to the contract, run at each build, and part of the gate."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from modelwright.errors import BriefError, ModelwrightError
from modelwright.lifecycle.behaving import refuse_impossible_behaviour, with_cases
from modelwright.lifecycle.judging import evaluation_in
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.trusting import behaving_now
from modelwright.project import Project


def declare(project: Project, text: str) -> None:
    path = project.folder.brief
    path.write_text(path.read_text() + "\n" + text)


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ('kind = "invariance"\ncolumn = "regio"', "there is no column 'regio'; did you mean 'region'"),
        ('kind = "invariance"\ncolumn = "customer"', "the model does not see 'customer'"),
        ('kind = "invariance"\ncolumn = "left"', "the model does not see 'left'"),
        ('kind = "invariance"\ncolumn = "age"', "say by how much it is changed"),
        ('kind = "invariance"\ncolumn = "plan"\nvalues = ["basc"]', "did you mean 'basic'"),
        (
            'kind = "invariance"\ncolumn = "region"\nvalues = ["nort"]',
            "one of them is no category of 'region'",
        ),
        ('kind = "invariance"\ncolumn = "plan"\nchange = 1', "give `values` instead"),
        ('kind = "invariance"\ncolumn = "plan"\nlabel = "maybe"', "there is no label 'maybe'"),
        (
            'kind = "minimum"\ncases = [{case = "x", row = {age = "old"}, expected = "yes"}]',
            "must be a finite number",
        ),
        (
            'kind = "minimum"\ncases = [{case = "x", row = {age = 20}, expected = "yess"}]',
            "did you mean 'yes'",
        ),
        (
            'kind = "minimum"\ncases = [{case = "x", row = {agee = 20}, expected = "yes"}]',
            "did you mean 'age'",
        ),
        ('kind = "minimum"\nfile = "none.csv"', "none.csv"),
    ],
)
def test_what_the_contract_does_not_have_is_said_before_any_work(framed, test, said):
    declare(framed, f"[[behaviour]]\n{test}\n")
    with pytest.raises(ModelwrightError) as caught:
        framed.build()
    assert said in str(caught.value)
    assert list((framed.folder.state / "runs").glob("*")) == []


def test_cases_of_a_file_are_kept_with_the_build(framed):
    pl.DataFrame(
        {"case": ["young", None], "age": [20, 80], "expected": ["yes", None], "at_most": [None, 0.9]}
    ).write_csv(framed.folder.root / "cases.csv")
    declare(framed, '[[behaviour]]\nkind = "minimum"\nfile = "cases.csv"\n')
    brief = with_cases(framed.brief, framed.folder.root)
    (test,) = brief.behaviour
    assert [case.case for case in test.cases] == ["young", "row 2"]
    assert test.cases[0].row == {"age": 20}
    assert (test.cases[1].at_most, test.file) == (0.9, "")
    refuse_impossible_behaviour(framed.contract, brief)
    (framed.folder.root / "cases.csv").write_text("age\n20\n")
    with pytest.raises(BriefError, match="each row needs an `expected` label"):
        with_cases(framed.brief, framed.folder.root)


def test_the_gate_runs_what_the_brief_asks_now(released):
    declare(
        released,
        '[[behaviour]]\nkind = "invariance"\ncolumn = "region"\nat_most = 0.99\n\n'
        '[[behaviour]]\nkind = "direction"\ncolumn = "age"\nchange = 30\nexpect = "not lower"\n',
    )
    _, package = released._current()
    prepared = Preparation.of(released.folder, package.manifest.run)
    before = released._operations.looks(prepared.start.snapshot)
    evaluated = behaving_now(prepared, package, released.brief, evaluation_in(package))

    invariance, direction = evaluated.behaviour
    assert invariance.held
    assert not direction.held  # of members, the old leave; of others, the young
    assert direction.examples
    assert released._operations.looks(prepared.start.snapshot) == before


def test_a_report_in_json_and_its_model_card_say_what_its_page_says(released):
    reported = released.report()
    page = Path(reported.path).read_text()
    card = Path(reported.card).read_text()
    packaged = released._current()[1].content["model_card.md"].decode()

    for value in (*reported.identifiers.values(), *reported.versions.values()):
        assert value in page
    assert [row["name"] for row in reported.leaderboard]
    assert [look["reason"] for look in reported.looks] == ["evaluation"]
    assert {each["name"] for each in reported.columns} == {c.name for c in released.contract.columns}
    assert reported.words["answer"]["title"] in card
    assert packaged.startswith("# Model card: ")
    assert "Nobody has stated what it is for" in packaged


def test_a_build_knows_how_far_its_answers_can_be_relied_on(released):
    _, package = released._current()
    reported = released.report(package.manifest.run).evaluation
    assert {each.level for each in reported.coverage.levels} == {0.8, 0.9, 0.95}
    assert any(each.column == "region" for each in reported.coverage.groups)
    assert reported.abstention.chosen is None
    assert {each.column for each in reported.contributions.columns} == {
        "age",
        "income",
        "plan",
        "member",
        "joined",
        "region",
    }
    assert {effect.column for effect in reported.effects} >= {"age", "member"}
    assert "region" not in {effect.column for effect in reported.effects}, "a curve shows values"
    assert {"uncertainty.json", "explanation.json"} <= set(package.manifest.files)
    shown = " ".join(reason for each in reported.contributions.examples for reason in each.reasons)
    assert "region is" not in shown
    page = (released.folder.run(package.manifest.run) / "report.html").read_text()
    for title in ("Why it answers as it does", "How sure a single answer is", "Behaviour"):
        assert title in page

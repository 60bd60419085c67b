"""People edit the brief and the contract; what they write counts, and what they get wrong is said."""

from __future__ import annotations

import polars as pl
import pytest

from modelwright.errors import BriefError, ContractError, ProjectError, ReleaseError, RunError
from modelwright.lifecycle.preparation import Preparation
from modelwright.project import Project
from tests.lifecycle.worlds import create, customers, edit


def divided(project, builder_rows=None):
    """Return the rows that a build would learn from, and those that it would seal."""
    frame = customers() if builder_rows is None else builder_rows
    learnt, held = project._builder(None, None)._divide(frame, project.contract, None)
    return frame[learnt], frame[held]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("time_limit =", "time_limt =", "unknown key 'training.time_limt'; did you mean 'time_limit'"),
        ("[promises]", "[promisses]", "did you mean 'promises'"),
        ('metric = "roc_auc"', 'metric = "roc_au"', "roc_auc"),
        ("gain = 0.0", "gain = -1", "promises.gain"),
        ('time = ""', 'time = "join"', "columns.time: there is no column 'join'; did you mean 'joined'"),
        ('time = ""', 'time = "plan"', 'set kind = "time" there'),
        ('positive = "yes"', 'positive = "yess"', "has no label 'yess'; did you mean 'yes'"),
        ('target = "left"', 'target = "plan"', "project of its own"),
    ],
)
def test_what_is_wrong_in_the_brief_is_named(framed, old, new, said):
    edit(framed, old, new)

    with pytest.raises(BriefError) as caught:
        framed.build()
    assert said in str(caught.value)
    assert framed_runs(framed) == []


def framed_runs(project):
    return list((project.folder.state / "runs").glob("*"))


def test_what_is_wrong_in_the_contract_is_named(framed):
    edit(framed, 'kind = "number"', 'kinds = "number"', contract=True)

    with pytest.raises(ContractError, match="unknown key 'kinds'; did you mean 'kind'"):
        framed.check()


def test_a_time_splits_forward(framed):
    edit(framed, 'time = ""', 'time = "joined"')
    learnt, sealed = divided(framed)

    assert framed.contract.with_role("time").name == "joined"
    assert "joined" not in [column.name for column in framed.contract.features]
    assert learnt["joined"].max() < sealed["joined"].min()


def test_a_group_is_on_one_side(framed):
    edit(framed, 'group = ""', 'group = "age"')
    learnt, sealed = divided(framed)

    assert set(learnt["age"]) & set(sealed["age"]) == set()


def test_time_and_group_together(framed):
    # A household joins at once, so that most of them are wholly early or wholly late.
    rows = (
        customers().sort("joined").with_columns(household="h" + (pl.int_range(pl.len()) // 3).cast(pl.String))
    )
    framed.folder.contract.write_text(
        framed.folder.contract.read_text() + '\n[columns.household]\nkind = "category"\nrole = "group"\n'
    )
    edit(framed, 'time = ""', 'time = "joined"')
    edit(framed, 'group = ""', 'group = "household"')
    learnt, sealed = divided(framed, rows)

    assert learnt["joined"].max() < sealed["joined"].min()
    assert set(learnt["household"]) & set(sealed["household"]) == set()


def test_a_role_that_only_the_contract_has_is_asked_about(framed):
    edit(framed, 'id = "customer"', 'id = ""')

    with pytest.raises(
        BriefError, match=r"columns\.id is empty in the brief, but 'customer' has the role 'id'"
    ):
        framed.check()


def test_ignored_columns_are_not_learnt_from(framed):
    edit(framed, "ignore = []", 'ignore = ["income", "plan"]')

    assert [column.name for column in framed.contract.features] == ["age", "member", "joined", "region"]


def test_a_category_that_nobody_listed_is_pointed_out(tmp_path, opened):
    project = opened(create(tmp_path / "churn", ignore=["plan"]).folder.root)
    assert project.check().findings == ()
    edit(project, 'ignore = ["plan"]', "ignore = []")
    head, section, rest = project.folder.contract.read_text().partition("[columns.plan]")
    rest = rest.replace('role = "ignore"', 'role = "feature"', 1)
    project.folder.contract.write_text(head + section + rest)

    (finding,) = project.check().findings
    assert (finding.code, finding.column) == ("MW-D107", "plan")
    assert "not among the 0 categories" in finding.message


def test_the_other_label_can_be_the_positive_one(framed):
    assert framed.contract.classes == ("no", "yes")
    edit(framed, 'positive = "yes"', 'positive = "no"')

    assert framed.contract.classes == ("yes", "no")


def test_promises_are_held_as_they_are_at_release(released):
    again = released.build()
    edit(released, "latency_ms = 10000.0", "latency_ms = 0.000001")
    refused = released.deploy(again.run)

    assert not refused.held
    assert "MW-R004" in [rule.code for rule in refused.verdict.rules if not rule.held]


def test_a_changed_question_needs_a_new_build(released):
    again = released.build()
    edit(released, "false_negative = 1.0", "false_negative = 5.0")
    edit(released, "ignore = []", 'ignore = ["income"]')

    with pytest.raises(
        ReleaseError, match=r"costs\.false_negative, columns\.ignore changed since; build again"
    ):
        released.deploy(again.run)


def test_words_for_people_may_change(released):
    edit(released, 'stakeholder = ""', 'stakeholder = "sales"')

    with pytest.raises(ReleaseError, match="is in production already"):
        released.deploy()


def test_data_that_breaks_the_contract_is_not_learnt_from(framed, tmp_path):
    customers().with_columns(age=pl.lit("old")).write_csv(tmp_path / "broken.csv")
    edit(framed, framed.brief.data.source, str(tmp_path / "broken.csv"))

    assert not framed.check().held
    with pytest.raises(ContractError, match=r"MW-D103.*modelwright check"):
        framed.build()
    assert framed_runs(framed) == []


def test_an_interrupted_build_keeps_its_time_limit(framed):
    with pytest.raises(RunError, match="leave out --time-limit"):
        framed.build(resume=True, time_limit="5s")
    with pytest.raises(RunError, match="no interrupted build"):
        framed.build(resume=True)


def test_a_folder_that_is_no_project(tmp_path):
    with pytest.raises(ProjectError, match="modelwright new"):
        Project(tmp_path)


def test_a_run_is_compared_with_another(released):
    run = released.runs()[0]

    with pytest.raises(RunError, match="name at least two different runs"):
        released.compare(run.id, run.name)


def test_a_build_that_fails_is_recorded_as_failed(framed, monkeypatch):
    from modelwright import evaluation

    def fails(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(evaluation, "write_report", fails)
    with pytest.raises(OSError, match="no space"):
        framed.build()
    assert [run.status for run in framed.runs()] == ["FAILED"]
    monkeypatch.undo()
    built = framed.build(resume=True)
    assert [(run.id, run.status) for run in framed.runs()] == [(built.run, "FINISHED")]
    assert Preparation.of(framed.folder, built.run).start.name == built.name

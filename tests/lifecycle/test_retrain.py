"""Retraining: the newest labels judge, nobody is judged by what it learnt, nothing is done for nothing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.errors import ReleaseError
from modelwright.lifecycle.judging import _new_to
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.release import kept_verdict
from tests.lifecycle.worlds import answer, ask, create, customers, edit, live, records


def newest(project, run):
    return Preparation.of(project.folder, run)


def champion(project):
    return Preparation.of(project.folder, project._operations.current_release().run)


def test_without_a_release_there_is_nothing_to_retrain(framed):
    with pytest.raises(ReleaseError, match="modelwright deploy"):
        framed.retrain()


def test_the_same_rows_are_not_learnt_twice(released):
    done = released.retrain()

    assert done.decision == "kept"
    assert "the same rows give the same model" in done.reason
    assert len(released.runs()) == 1
    assert [each.decision for each in released._operations.decisions()] == ["kept"]


def test_another_seed_or_a_longer_search_is_another_way_to_learn(released):
    edit(released, "seed = 0", "seed = 7")

    assert released.retrain().run is not None


def test_if_needed_nothing_happens_while_every_promise_holds(released):
    live(released, customers(80, seed=5))
    done = released.retrain(if_needed=True)

    assert (done.decision, done.run) == ("kept", None)
    assert done.reason.startswith("Every promise holds.")
    (decided,) = released._operations.decisions()
    assert decided.decision == "kept"
    assert decided.evidence["labels"] == 80


def test_the_newest_labels_judge_and_neither_model_learnt_from_them(released):
    rows = customers(100, seed=5)
    live(released, rows)
    before = champion(released)
    done = released.retrain()
    challenger = newest(released, done.run)
    judges = set(challenger.vault.features()["customer"])

    assert judges == set(rows["customer"][50:]), "the newest half"
    assert judges & set(challenger.rows["customer"]) == set()
    assert judges & set(before.rows["customer"]) == set()
    assert set(rows["customer"][:50]) <= set(challenger.rows["customer"])
    assert set(customers()["customer"]) <= set(challenger.rows["customer"])
    contested, verdict = kept_verdict(released.folder.run(done.run))
    assert contested.comparison is not None
    assert verdict.held == (done.decision == "released")
    (decided,) = released._operations.decisions()
    assert (decided.decision, decided.run, decided.reason) == (done.decision, done.run, done.reason)

    again = released.retrain()
    assert again.decision == "kept" or done.decision == "released"
    assert again.run is None, "the challenger has learnt from the very same rows"


def test_too_few_labels_do_not_judge_and_rows_that_the_champion_learnt_do_not_count(released):
    rows = customers(20, seed=5)
    live(released, rows)
    before = champion(released)
    done = released.retrain()
    challenger = newest(released, done.run)
    sealed = challenger.vault.features()

    assert set(challenger.rows["customer"]) | set(sealed["customer"]) == {
        *customers()["customer"],
        *rows["customer"],
    }
    assert len(sealed) > 100
    release = released._operations.releases()[0]
    held = challenger.vault._read()
    new = _new_to(released.folder, release, challenger, held)
    learnt = held["customer"].is_in(before.rows["customer"].implode()).to_numpy()
    assert (new == ~learnt).all()
    assert new.any()
    assert not new.all()


def test_a_better_challenger_takes_the_place(tmp_path, opened):
    project = opened(create(tmp_path / "small", data=customers(250)).folder.root)
    project.build()
    first = project.deploy()
    assert first.held
    live(project, customers(1000, seed=5))
    done = project.retrain()

    assert done.decision == "released", done.reason
    assert project._operations.current_release().id == done.release
    assert project._tracking.alias("small", "champion") == 2
    back = project.rollback()
    assert back.replaced == done.release
    assert back.run == first.run
    assert project._tracking.alias("small", "champion") == 1


def test_a_source_that_has_grown_by_the_labelled_rows_gives_nothing_away(released, tmp_path):
    rows = customers(80, seed=5)
    live(released, rows)
    grown = pl.concat([customers(), rows.with_columns(customer="export-" + pl.col("customer"))])
    grown.write_csv(tmp_path / "grown.csv")
    edit(released, released.brief.data.source, str(tmp_path / "grown.csv"))
    challenger = newest(released, released.retrain().run)
    learnt = challenger.rows["customer"]

    assert challenger.vault.rows == 40
    assert set(learnt) & {f"export-{name}" for name in rows["customer"][40:]} == set()
    assert set(learnt) >= {f"export-{name}" for name in rows["customer"][:40]}


def test_what_callers_send_beside_the_contract_spoils_nothing(released):
    rows = records(customers(64, seed=5))
    for n, row in enumerate(rows):
        row["extra"] = [{"a": 1}, ["b"], 3, None][n % 4]
        row["customer"] = {"nested": n} if n % 2 else n
        row["age"] = float(row["age"]) if n % 3 else str(row["age"])
        row["member"] = str(row["member"]).lower() if n % 5 == 0 else row["member"]
    answer(released, ask(released, rows), customers(64, seed=5)["left"].to_list())
    challenger = newest(released, released.retrain().run)
    expected = customers(64, seed=5)
    sealed = challenger.sealed_frame

    assert sealed["age"].to_list() == expected["age"][32:].to_list()
    assert sealed["member"].to_list() == expected["member"][32:].cast(pl.Float32).to_list()
    seconds = expected["joined"].dt.epoch("s")
    assert sealed["joined"].to_list() == seconds[32:].to_list()


def test_numbers_as_classes(tmp_path, opened):
    table = customers().with_columns(left=(pl.col("left") == "yes").cast(pl.Int64))
    project = opened(create(tmp_path / "numbers", data=table).folder.root)
    project.build()
    assert project.deploy().held
    rows = customers(70, seed=5)
    identifiers = ask(project, records(rows))
    answer(project, identifiers, (rows["left"] == "yes").cast(pl.Float64).to_list())
    challenger = newest(project, project.retrain().run)

    assert challenger.contract.classes == ("0", "1")
    assert challenger.vault.rows == 35
    np.testing.assert_array_equal(challenger.y[-35:], (rows["left"][:35] == "yes").cast(pl.Int64))


def test_a_person_may_be_asked_first(released):
    edit(released, "approval = false", "approval = true")
    live(released, customers(100, seed=5))
    before = released._operations.current_release().id
    done = released.retrain()

    assert released._operations.current_release().id == before
    if done.decision == "awaits approval":
        assert f"modelwright approve {done.run[:8]}" in done.reason
        assert released.reject(done.run, "not today").decision == "rejected"
    else:
        assert done.decision == "refused"
    with pytest.raises(ReleaseError, match="awaits no approval"):
        released.approve(done.run)
    assert released._operations.current_release().id == before


def test_a_challenger_learns_with_every_memory_and_may_not_be_worse(tmp_path, opened):
    project = opened(create(tmp_path / "aged", data=customers(250)).folder.root)
    project.build()
    assert project.deploy().held
    live(project, customers(1000, seed=5))
    done = project.retrain()

    assert done.decision == "released", done.reason
    assert newest(project, done.run).start.by_age
    built = (project.folder.run(done.run) / "built.json").read_text()
    assert ", aged" in built
    assert project.trace(project._operations.observations()["id"][0]).fed == (
        f"run {done.run[:8]} (released)",
    )

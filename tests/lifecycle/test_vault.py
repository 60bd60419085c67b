"""The vault: what is judged by was never learnt from, every look is counted, and a change is noticed."""

from __future__ import annotations

import polars as pl
import pytest

from modelwright.errors import VaultError
from modelwright.lifecycle import Folder
from modelwright.lifecycle.preparation import Preparation
from tests.lifecycle.worlds import customers


def only_run(project):
    return project.runs()[0].id


def test_no_row_is_both_learnt_from_and_judged_by(released):
    run = Preparation.of(released.folder, only_run(released))
    learnt, sealed = set(run.rows["customer"]), set(run.vault.features()["customer"])

    assert learnt & sealed == set()
    assert learnt | sealed == set(customers()["customer"])
    assert len(sealed) == pytest.approx(0.2 * (len(learnt) + len(sealed)), abs=2)


def test_copies_of_a_row_are_on_one_side(tmp_path, opened, source):
    from tests.lifecycle.worlds import create

    twice = pl.concat([customers(300), customers(300).with_columns(customer=pl.col("customer") + "-copy")])
    project = create(tmp_path / "twice", data=twice)
    run = Preparation.of(project.folder, project.build().run)
    learnt, sealed = run.rows["customer"].str.head(9), run.vault.features()["customer"].str.head(9)

    assert set(learnt) & set(sealed) == set()
    project._operations.close()


def test_every_look_is_counted_and_widens_the_interval(released):
    first = released.report()
    second = released.build()
    looked = released.report(second.run).evaluation

    assert first.evaluation.looks == 1
    assert looked.looks == 2
    assert looked.score.value == first.evaluation.score.value, "the same rows and the same seed"
    width = looked.score.high - looked.score.low
    assert width > first.evaluation.score.high - first.evaluation.score.low

    compared = released.compare(first.run, second.run)
    assert compared.differences[0].comparison.looks == 3
    assert not compared.differences[0].comparison.better

    third = released.build()
    assert released.report(third.run).evaluation.looks == 4


def test_deploy_looks_again_only_where_the_rival_is_new(released):
    snapshot = Preparation.of(released.folder, only_run(released)).start.snapshot
    second = released.build()
    looks = released._operations.looks(snapshot)

    assert not released.deploy(second.run).held, "it is no better than itself"
    assert released._operations.looks(snapshot) == looks, "the build had compared it with this release"


def test_the_ledger_says_who_looked_and_why(released):
    run = Preparation.of(released.folder, only_run(released))
    (look,) = released._operations.look_ledger(run.start.snapshot)

    assert (look.run, look.reason) == (run.start.run, "evaluation")


def test_a_changed_vault_is_noticed_and_not_looked_at(released):
    run = Preparation.of(released.folder, only_run(released))
    other = released.build()
    looks = released._operations.looks(run.start.snapshot)
    run.vault.path.chmod(0o600)
    pl.read_parquet(run.vault.path).with_columns(left=pl.lit("yes")).write_parquet(run.vault.path)

    with pytest.raises(VaultError, match="was changed"):
        released.compare(run.start.run, other.run)
    with pytest.raises(VaultError, match="was changed"):
        released.build()
    assert released._operations.looks(run.start.snapshot) == looks


def test_only_the_owner_can_read_the_vault(released):
    (path,) = Folder.find(released.folder.root).vault.glob("*.parquet")

    assert path.stat().st_mode & 0o077 == 0


def test_a_corrected_source_does_not_start_the_count_anew(released, source, tmp_path):
    corrected = pl.read_csv(source).with_columns(
        age=pl.when(pl.int_range(pl.len()) == 3).then(44).otherwise(pl.col("age"))
    )
    corrected.write_csv(tmp_path / "corrected.csv")
    brief = released.folder.brief.read_text()
    released.folder.brief.write_text(brief.replace(str(source), str(tmp_path / "corrected.csv")))
    second = released.build()

    first, last = (Preparation.of(released.folder, run.id) for run in reversed(released.runs()))
    assert first.start.snapshot != last.start.snapshot
    assert released.report(second.run).evaluation.looks == 2


def test_the_ledger_is_listed_without_a_look(released):
    (sealed,) = released.vault().vaults

    assert sealed.whole
    assert [look.reason for look in sealed.looks] == ["evaluation"]
    assert sealed.next_confidence == pytest.approx(1 - 0.05 / 6)
    assert released.vault().vaults == (sealed,)

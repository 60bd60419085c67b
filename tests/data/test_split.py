"""Splits: nothing a row could not have known, and nothing seen twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from modelwright.data import Contract, Split, encode_target, folds, hold_out, propose_split
from modelwright.errors import DataError
from tests.data.strategies import brief

EARLY = dt.date(2020, 1, 1)
SEEDS = st.integers(0, 2**31 - 1)


def table(rows: int, seed: int = 0, **columns: Any) -> pl.DataFrame:
    """Return rows with a number, a positive in every fifth and whatever else is asked for."""
    rng = np.random.default_rng(seed)
    labels = np.where(np.arange(rows) % 5 == 0, "yes", "no")
    return pl.DataFrame({"x": rng.normal(size=rows), **columns, "target": rng.permutation(labels)})


def days(offsets: Any) -> list[dt.date | None]:
    return [None if offset is None else EARLY + dt.timedelta(days=int(offset)) for offset in offsets]


def divided(
    frame: pl.DataFrame, seed: int = 0, **roles: Any
) -> tuple[Contract, Split, NDArray[Any], NDArray[Any]]:
    contract = Contract.infer(frame, brief(**roles))
    split = propose_split(frame, contract)
    return contract, split, *hold_out(frame, contract, split, seed)


def folded(frame: pl.DataFrame, contract: Contract, seed: int = 0, n: int = 5) -> list[tuple[Any, Any]]:
    y = encode_target(contract, frame["target"])
    return folds(frame, contract, propose_split(frame, contract), y, seed, n)


def test_the_split_follows_what_the_brief_states() -> None:
    frame = table(100, when=days(range(100)), who=[row // 4 for row in range(100)])

    def proposed(**roles: Any) -> Split:
        return propose_split(frame, Contract.infer(frame, brief(**roles)))

    assert proposed().kind == "stratified"
    assert proposed(group="who").kind == "grouped"
    assert proposed(time="when").kind == "forward"
    assert "'when'" in proposed(time="when").reason
    regression = brief("x", "regression")
    assert propose_split(frame, Contract.infer(frame, regression)).kind == "random"


@given(rows=st.integers(40, 200), seed=SEEDS)
def test_the_vault_has_a_fifth_of_the_rows_and_of_each_class(rows: int, seed: int) -> None:
    frame = table(rows, seed)
    contract, split, train, vault = divided(frame, seed)

    assert sorted([*train, *vault]) == list(range(rows))
    for label in contract.classes:
        n = (frame["target"] == label).sum()
        held = (frame["target"][vault] == label).sum()
        assert abs(held - n / 5) <= 1
    assert split.kind == "stratified"


@given(copies=st.lists(st.integers(0, 30), min_size=40, max_size=120), seed=SEEDS)
def test_exact_duplicates_are_on_one_side(copies: list[int], seed: int) -> None:
    base = table(60)
    frame = pl.concat([base, base[copies]]).with_columns(key=pl.int_range(pl.len()))
    contract, split, train, vault = divided(frame, seed, id="key")
    content = ["x", "target"]

    assert frame[train].select(content).join(frame[vault].select(content), on=content).height == 0
    for learn, judge in folded(frame, contract, seed):
        assert frame[learn].select(content).join(frame[judge].select(content), on=content).height == 0
    assert split.kind == "stratified"


def test_repeats_are_no_copies_where_few_rows_are_possible() -> None:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({"a": rng.integers(0, 3, 500), "target": rng.choice(["yes", "no"], 500)})
    _, _, train, vault = divided(frame)

    assert len(vault) == pytest.approx(100, abs=2)
    assert set(frame["a"][vault].unique()) == set(frame["a"][train].unique())


@given(groups=st.lists(st.none() | st.integers(0, 12), min_size=60, max_size=150), seed=SEEDS)
def test_groups_never_straddle(groups: list[int | None], seed: int) -> None:
    assume(len(set(groups) - {None}) >= 8)
    frame = table(len(groups), seed, who=groups)
    contract = Contract.infer(frame, brief(group="who"))
    split = propose_split(frame, contract)
    try:
        train, vault = hold_out(frame, contract, split, seed)
    except DataError:
        assume(condition=False)  # all positives were in one group
    shared = {*frame["who"][train]} & {*frame["who"][vault]} - {None}

    assert split.kind == "grouped"
    assert shared == set()
    assert sorted([*train, *vault]) == list(range(len(frame)))
    for learn, judge in folded(frame, contract, seed):
        assert {*frame["who"][learn]} & {*frame["who"][judge]} - {None} == set()


def test_groups_of_very_different_size_are_dealt_fairly() -> None:
    sizes = [400, 100, 100, *[5] * 80]
    frame = table(sum(sizes), who=np.repeat(np.arange(len(sizes)), sizes))
    contract, _, train, vault = divided(frame, group="who")

    assert len(vault) / len(frame) == pytest.approx(0.2, abs=0.05)
    assert {len(judge) > 50 for _, judge in folded(frame[train], contract)} == {True}


@given(offsets=st.lists(st.none() | st.integers(0, 40), min_size=60, max_size=150), seed=SEEDS)
def test_forward_never_looks_ahead(offsets: list[int | None], seed: int) -> None:
    assume(len(set(offsets) - {None}) >= 10)
    frame = table(len(offsets), seed, when=days(offsets))
    contract = Contract.infer(frame, brief(time="when"))
    split = propose_split(frame, contract)
    try:
        train, vault = hold_out(frame, contract, split, seed)
        parts = folded(frame[train], contract, seed)
    except DataError:
        assume(condition=False)  # one side has a single class
    when = frame["when"]

    assert split.kind == "forward"
    assert when[vault].null_count() == 0
    assert (when[train].max() or EARLY) < when[vault].min()
    for learn, judge in parts:
        assert (when[train][learn].max() or dt.date.min) < when[train][judge].min()
    judged = np.concatenate([judge for _, judge in parts])
    assert len(set(judged)) == len(judged)


def test_forward_folds_judge_all_but_the_first_block() -> None:
    frame = table(120, when=days(range(120)))
    contract = Contract.infer(frame, brief(time="when"))
    parts = folded(frame, contract, n=5)

    assert [len(learn) for learn, _ in parts] == [20, 40, 60, 80, 100]
    assert [len(judge) for _, judge in parts] == [20] * 5


def test_rows_of_the_same_moment_stay_together() -> None:
    frame = table(100, when=days([0] * 30 + [1] * 30 + [2] * 25 + [3] * 15))
    _, _, _, vault = divided(frame, time="when")

    assert frame["when"][vault].unique().to_list() == days([3])


@pytest.mark.parametrize(
    "when", [list(range(100)), [f"{row + 1:02d}.01.2020" for row in range(25) for _ in range(4)]]
)
def test_time_may_be_a_number_or_text(when: list[Any]) -> None:
    assert divided(table(100, when=when), time="when")[1].kind == "forward"


def test_forward_in_time_keeps_groups_apart_where_that_is_possible() -> None:
    visits = np.arange(400) // 4  # each customer comes four times in a row
    frame = table(400, when=days(range(400)), who=visits)
    contract, split, train, vault = divided(frame, time="when", group="who")

    assert (split.kind, split.groups_apart) == ("forward", True)
    assert {*frame["who"][train]} & {*frame["who"][vault]} == set()
    for learn, judge in folded(frame, contract):
        assert {*frame["who"][learn]} & {*frame["who"][judge]} == set()


def test_forward_in_time_groups_that_never_end_may_be_on_both_sides() -> None:
    frame = table(400, when=days(np.arange(400) // 4), who=np.arange(400) % 4)
    _, split, train, vault = divided(frame, time="when", group="who")

    assert not split.groups_apart
    assert "'who'" in split.reason
    assert len(train) + len(vault) == 400


@given(seed=SEEDS)
def test_folds_judge_every_row_once_and_balance_classes(seed: int) -> None:
    frame = table(100, seed)
    contract = Contract.infer(frame, brief())
    parts = folded(frame, contract, seed)
    y = encode_target(contract, frame["target"])

    assert sorted(np.concatenate([judge for _, judge in parts])) == list(range(100))
    assert all(len(np.intersect1d(learn, judge)) == 0 for learn, judge in parts)
    assert {int(y[judge].sum()) for _, judge in parts} == {4}


def test_the_same_seed_gives_the_same_rows_and_another_does_not() -> None:
    frame = table(200)

    assert divided(frame, 1)[3].tolist() == divided(frame, 1)[3].tolist()
    assert divided(frame, 1)[3].tolist() != divided(frame, 2)[3].tolist()


def test_a_class_of_one_row_is_learned_from() -> None:
    frame = pl.DataFrame({"x": np.arange(41.0) / 7, "target": ["a", "b"] * 20 + ["once"]})
    contract = Contract.infer(frame, brief(task="multiclass"))
    train, _ = hold_out(frame, contract, propose_split(frame, contract), 0)

    assert 40 in train


def test_a_side_with_one_class_is_refused_with_the_cure() -> None:
    labels = ["yes", "no"] * 40 + ["no"] * 20
    frame = table(100, when=days(range(100))).with_columns(target=pl.Series(labels))
    contract = Contract.infer(frame, brief(time="when"))

    with pytest.raises(DataError, match=r"all 20 held-out rows have the label 'no' .*columns.time"):
        hold_out(frame, contract, propose_split(frame, contract), 0)


def test_too_few_rows_are_refused() -> None:
    frame = table(1).with_columns(target=pl.Series([1.0]))
    contract = Contract.infer(frame, brief(task="regression"))

    with pytest.raises(DataError, match="collect more rows"):
        folds(frame, contract, Split("random", ""), np.array([1.0]), 0, 5)


def test_the_vault_is_dealt_by_chance_alone() -> None:
    # Over many seeds every row must be held out equally often: 0.2 of 400 seeds is 80, give or take 8.
    frame = table(50)
    contract = Contract.infer(frame, brief())
    split = propose_split(frame, contract)
    held = np.zeros(50)
    for seed in range(400):
        held[hold_out(frame, contract, split, seed)[1]] += 1

    assert held.mean() == pytest.approx(80, abs=1)
    assert np.abs(held - 80).max() < 5 * 8

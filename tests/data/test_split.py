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

from modelwright.data import (
    Contract,
    Split,
    alike_rows,
    encode_target,
    folds,
    hold_out,
    learnable,
    propose_split,
    weights_of,
)
from modelwright.errors import DataError
from modelwright.problem import SplitSection
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


def test_copies_that_count_differently_are_copies_all_the_same() -> None:
    frame = table(60)
    twice = pl.concat([frame, frame]).with_columns(w=pl.int_range(1, 121).cast(pl.Float64))
    _, _, train, vault = divided(twice, weight="w")
    assert set(train % 60).isdisjoint(vault % 60)


def test_what_is_alike_in_every_fold_is_the_group_or_else_the_copies() -> None:
    frame = table(60).with_columns(who=pl.int_range(60) // 6, at=pl.Series(days(range(60))))
    grouped = Contract.infer(frame, brief(group="who"))
    assert (alike_rows(frame, grouped, propose_split(frame, grouped)) == np.arange(60) // 6).all()
    twice = pl.concat([table(60), table(60)])
    plain = Contract.infer(twice, brief())
    assert (alike_rows(twice, plain, propose_split(twice, plain)) == np.arange(120) % 60).all()
    timed = Contract.infer(frame, brief(time="at"))
    assert alike_rows(frame, timed, propose_split(frame, timed)) is None


def test_weights_have_a_mean_of_one() -> None:
    frame = table(40).with_columns(w=pl.int_range(1, 41))
    weights = weights_of(frame, Contract.infer(frame, brief(weight="w")))
    assert weights == pytest.approx(np.arange(1, 41) / 20.5)
    assert weights_of(frame, Contract.infer(frame, brief())) is None


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


GAPS = st.sampled_from(["", "3d", "36h", "5 rows", "20 rows"])


@given(
    offsets=st.lists(st.none() | st.integers(0, 60), min_size=80, max_size=160),
    people=st.integers(10, 60),
    gap=GAPS,
    kind=st.sampled_from(["", "forward", "grouped_forward"]),
    seed=SEEDS,
)
def test_forward_leaves_the_gap_out_and_keeps_groups_apart_where_asked(
    offsets: list[int | None], people: int, gap: str, kind: Any, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    assume(len(set(offsets) - {None}) >= 10)
    frame = table(len(offsets), seed, when=days(offsets), who=rng.integers(0, people, len(offsets)))
    contract = Contract.infer(frame, brief(time="when", group="who"))
    split = propose_split(frame, contract, SplitSection(kind=kind, gap=gap))
    try:
        train, vault = hold_out(frame, contract, split, seed)
        y = encode_target(contract, frame["target"])
        parts = folds(frame[train], contract, split, y[train], seed, 4)
    except DataError:
        assume(condition=False)  # a side has no row, or a single class

    sides = [(frame[train], frame[vault])]
    sides += [(frame[train][learn], frame[train][judge]) for learn, judge in parts]
    for learn, judge in sides:
        start = judge["when"].min()
        latest = learn["when"].max() or dt.date.min
        if gap.endswith("rows"):
            available = frame[train] if learn is not sides[0][0] else frame
            between = available.filter((pl.col("when") < start) & (pl.col("when") > latest))
            assert between.height >= int(gap.split(maxsplit=1)[0])
        elif gap:
            assert start - latest >= {"3d": dt.timedelta(days=3), "36h": dt.timedelta(days=2)}[gap]
        assert latest < start
        if split.groups_apart:
            assert {*learn["who"]} & {*judge["who"]} == set()
    if kind == "grouped_forward":
        assert (split.kind, split.groups_apart) == ("forward", True)


@given(
    rows=st.integers(60, 200),
    people=st.integers(8, 40),
    seed=SEEDS,
    kind=st.sampled_from(["random", "stratified", "grouped"]),
)
def test_a_stated_split_keeps_copies_groups_and_classes(rows: int, people: int, seed: int, kind: Any) -> None:
    rng = np.random.default_rng(seed)
    once = table(rows, seed, who=rng.integers(0, people, rows))
    frame = pl.concat([once, once.head(rows // 3)])
    contract = Contract.infer(frame, brief(group="who"))
    split = propose_split(frame, contract, SplitSection(kind=kind, share=0.3))
    train, vault = hold_out(frame, contract, split, seed)

    assert split.reason == "stated in the brief"
    assert sorted([*train, *vault]) == list(range(len(frame)))
    assert {*frame[train]["x"]} & {*frame[vault]["x"]} == set(), "a copy is on the other side"
    if kind == "grouped":
        assert {*frame[train]["who"]} & {*frame[vault]["who"]} == set()
    if kind == "stratified":
        whole = frame["target"].eq("yes").mean()
        assert frame[vault]["target"].eq("yes").mean() == pytest.approx(whole, abs=3 / len(vault))


def test_a_gap_of_rows_leaves_out_whole_moments() -> None:
    frame = table(100, when=days(np.arange(100) // 10))
    contract = Contract.infer(frame, brief(time="when"))
    train, vault = hold_out(frame, contract, propose_split(frame, contract, SplitSection(gap="5 rows")), 0)

    assert (len(train), len(vault)) == (70, 20)


def test_a_gap_may_be_steps_of_a_time_that_is_a_number() -> None:
    frame = table(100, when=list(range(100)))
    contract = Contract.infer(frame, brief(time="when"))
    train, vault = hold_out(frame, contract, propose_split(frame, contract, SplitSection(gap="10")), 0)

    assert frame["when"][vault].min() - frame["when"][train].max() == 10


@pytest.mark.parametrize(
    ("stated", "roles", "said"),
    [
        ({"gap": "10"}, {"time": "when"}, "state a time such as '7d'"),
        ({"gap": "7d"}, {"time": "x"}, "state a plain number"),
        ({"gap": "7d"}, {}, "clear the gap"),
        ({"gap": "900d"}, {"time": "when"}, "smaller gap"),
    ],
)
def test_an_impossible_gap_is_refused_with_the_cure(stated: Any, roles: Any, said: str) -> None:
    frame = table(100, when=days(range(100)))
    contract = Contract.infer(frame, brief(**roles))

    with pytest.raises(DataError, match=said):
        hold_out(frame, contract, propose_split(frame, contract, SplitSection(**stated)), 0)


def test_strata_need_labels() -> None:
    frame = table(100)
    contract = Contract.infer(frame, brief("x", "regression"))

    with pytest.raises(DataError, match="use 'random'"):
        propose_split(frame, contract, SplitSection(kind="stratified"))


def test_what_may_be_learned_from_beside_a_given_vault_keeps_the_gap() -> None:
    frame = table(100, when=days(range(100)))
    contract = Contract.infer(frame, brief(time="when"))
    split = propose_split(frame, contract, SplitSection(gap="7d"))

    assert learnable(frame, contract, split, np.arange(80, 100)).tolist() == list(range(74))

"""Behaviour tests find what breaks them, and hold where nothing does."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract
from modelwright.errors import BriefError
from modelwright.evaluation import run_behaviour
from modelwright.problem import BehaviourTest, Brief
from tests.evaluation.worlds import sigmoid, two_columns

ROWS = 300


def contract(classes: tuple[str, ...] = ("no", "yes")) -> Contract:
    target = Column(name="outcome", kind="category", role="target", categories=classes)
    if not classes:
        target = Column(name="outcome", kind="number", role="target")
    return Contract(
        columns=(
            Column(name="late", kind="number"),
            Column(name="gender", kind="category", categories=("f", "m"), protected=True),
            Column(name="size", kind="category", categories=("small", "middle", "large")),
            Column(name="member", kind="boolean"),
            Column(name="since", kind="time"),
            target,
        )
    )


def frame() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    late = pl.Series(rng.integers(0, 9, ROWS), dtype=pl.Float32)
    return pl.DataFrame(
        {
            "late": late.set(pl.Series(rng.random(ROWS) < 0.05), None),
            "gender": rng.choice(["f", "m"], ROWS),
            "size": rng.choice(["small", "middle", "large"], ROWS),
            "member": pl.Series(rng.random(ROWS) < 0.5).cast(pl.Float32),
            "since": pl.Series(rng.integers(0, 10_000, ROWS) * 86_400, dtype=pl.Int64),
        }
    )


def risk(part: pl.DataFrame) -> np.ndarray:
    """More late payments are riskier, until seven; gender moves little, size in its order."""
    late = part["late"].fill_null(3).to_numpy().astype(float)
    score = 0.4 * np.where(late > 7, 4, late) - 1 + 0.1 * (part["gender"] == "m").to_numpy()
    score = score + part["size"].replace_strict({"small": 0.0, "middle": 0.3, "large": 0.9}).to_numpy()
    return two_columns(sigmoid(score + part["since"].to_numpy() / 86_400 / 50_000))


def run(classes: tuple[str, ...] = ("no", "yes"), predict=risk, **test):
    (result,) = run_behaviour(
        [BehaviourTest(**test)], predict, frame(), contract(classes), frame(), threshold=0.5
    )
    return result


def test_an_invariance_holds_where_the_score_stays_within_its_bound() -> None:
    result = run(kind="invariance", column="gender", at_most=0.03)
    assert (result.held, result.broken, result.code) == (True, 0, "MW-R010")
    assert 0.02 < result.worst <= 0.03
    assert result.tried == ROWS
    assert result.examples == ()


def test_a_broken_invariance_shows_its_worst_rows_without_a_protected_value() -> None:
    result = run(kind="invariance", column="gender", at_most=0.01)
    assert not result.held
    assert result.broken > 100
    assert 0 < len(result.examples) <= 5
    assert abs(result.examples[0].after - result.examples[0].before) == pytest.approx(result.worst, abs=1e-6)
    said = result.model_dump_json()
    assert "'f'" not in said
    assert "'m'" not in said
    assert "not shown" in result.examples[0].changed


def test_a_share_of_the_rows_may_break_it() -> None:
    bound = run(kind="invariance", column="gender", at_most=0.02).broken / ROWS
    assert run(kind="invariance", column="gender", at_most=0.02, share=bound + 0.01).held
    assert not run(kind="invariance", column="gender", at_most=0.02, share=bound - 0.01).held


def test_a_direction_is_broken_where_the_score_turns() -> None:
    result = run(kind="direction", column="late", change=1, expect="not lower")
    assert not result.held
    assert result.code == "MW-R011"
    known = frame()["late"].drop_nulls()
    assert result.tried == len(known)
    assert result.broken == (known == 7).sum()
    assert result.examples[0].changed == "late from 7 to 8"
    assert "Raising late lowers the probability of 'yes'" in result.words


def test_a_direction_holds_the_other_way_round_and_along_ordered_values() -> None:
    assert run(kind="direction", column="late", change=-0.5, expect="not higher", share=0.2).held
    sizes = run(kind="direction", column="size", values=["small", "middle", "large"], expect="not lower")
    assert sizes.held
    assert sizes.tried == (frame()["size"] != "large").sum()
    assert not run(kind="direction", column="size", values=["large", "small"], expect="not lower").held


def test_booleans_numbers_and_times_are_changed_as_their_kind_allows() -> None:
    assert run(kind="invariance", column="member").held
    assert run(kind="invariance", column="since", change=30, at_most=0.01).held
    assert run(kind="direction", column="since", change=365, expect="not lower").held
    late = run(kind="invariance", column="late", values=[0, 9], at_most=0.1)
    assert not late.held
    assert late.examples[0].changed.startswith("late from ")


def test_named_cases_must_come_out_right_and_the_rest_is_typical() -> None:
    cases = [
        {"case": "never late", "row": {"late": 0, "size": "small"}, "expected": "no", "at_most": 0.5},
        {"case": "often late", "row": {"late": 6}, "expected": "yes"},
        {"case": "wrongly bounded", "row": {"late": 0, "size": "small"}, "at_least": 0.9},
        {"case": "missing", "row": {"late": ""}, "at_least": 0.2, "at_most": 0.9},
    ]
    result = run(kind="minimum", name="what all know", cases=cases)
    assert not result.held
    assert (result.tried, result.broken, result.code) == (4, 1, "MW-R012")
    (broken,) = result.examples
    assert broken.case == "wrongly bounded"
    assert "at least 0.9 is expected" in broken.words
    assert "'wrongly bounded'" in result.words
    assert run(kind="minimum", cases=cases[:2]).held


def test_of_more_labels_an_invariance_is_about_all_and_a_direction_about_one() -> None:
    def three(part: pl.DataFrame) -> np.ndarray:
        yes = risk(part)[:, 1]
        return np.column_stack([1 - yes, yes * 0.5, yes * 0.5])

    classes = ("a", "b", "c")
    every = run(classes, three, kind="invariance", column="gender", at_most=1.0)
    one = run(classes, three, kind="invariance", column="gender", at_most=1.0, label="b")
    assert every.worst == pytest.approx(2 * one.worst, rel=1e-6)
    assert every.about == "the probability of any label"
    assert run(
        classes, three, kind="direction", column="late", change=-1, expect="not lower", label="a", share=0.2
    ).held
    assert run(
        classes, three, kind="minimum", cases=[{"case": "x", "row": {"late": 0}, "expected": "a"}]
    ).held


def test_values_of_a_regression_are_scores_too() -> None:
    def value(part: pl.DataFrame) -> np.ndarray:
        return part["late"].fill_null(0).to_numpy().astype(float)[:, None] * 100

    result = run((), value, kind="invariance", column="late", change=2, at_most=250)
    assert result.held
    assert result.worst == pytest.approx(200)
    assert result.about == "the predicted outcome"


def test_rows_that_cannot_be_changed_show_nothing() -> None:
    result = run(kind="direction", column="size", values=["huge", "gigantic"], expect="not lower")
    assert not result.held
    assert "nothing was shown" in result.words


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ({"kind": "invarance", "column": "a"}, "did you mean 'invariance'"),
        ({"kind": "invariance"}, "needs the column that is changed"),
        ({"kind": "direction", "column": "a", "change": 1}, "a direction needs 'not lower' or 'not higher'"),
        ({"kind": "direction", "column": "a", "expect": "not lower"}, "a direction needs a change"),
        ({"kind": "minimum"}, "a minimum needs cases, or a file of them"),
        ({"kind": "minimum", "cases": [{"case": "c", "row": {"a": 1}}]}, "needs an expected label"),
        ({"kind": "minimum", "column": "a", "file": "x.csv"}, "column: only for the kind"),
        ({"kind": "invariance", "column": "a", "values": "b"}, "must be a list"),
        ({"kind": "invariance", "colum": "a"}, "did you mean 'column'"),
    ],
)
def test_what_is_wrong_in_a_declaration_is_named(test, said) -> None:
    problem = {"name": "x", "target": "y", "task": "binary", "metric": "roc_auc", "positive": "a"}
    with pytest.raises(BriefError, match=said):
        Brief.from_dict({"problem": problem, "behaviour": [test]})

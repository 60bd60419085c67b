"""Invariance and direction: what the score does when one column is changed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl

from modelwright.data import Column
from modelwright.evaluation.behaviour.result import BehaviourResult, BrokenRow
from modelwright.evaluation.behaviour.scene import MOST_EXAMPLES, SLACK, Floats, Scene, changed_text
from modelwright.problem import BehaviourTest

INVARIANCE = "MW-R010"
DIRECTION = "MW-R011"

_MOST_VALUES = 20
_DAY = 86_400


def try_invariance(test: BehaviourTest, scene: Scene) -> BehaviourResult:
    """Change a column and see how far the score moves, either way."""
    column = scene.contract.column(test.column)
    whole = scene.rows[column.name]
    changes = _others(test, column, whole)
    moves = [
        np.where(_same(whole, values), np.nan, np.abs(_move(test, scene, values)).max(axis=1))
        for values in changes
    ]
    return _result(INVARIANCE, test, scene, changes, moves)


def try_direction(test: BehaviourTest, scene: Scene) -> BehaviourResult:
    """Raise a column and see how far the score moves the wrong way."""
    column = scene.contract.column(test.column)
    whole = scene.rows[column.name]
    raised = _raised(test, column, whole)
    sign = 1.0 if test.expect == "not lower" else -1.0
    against = np.maximum(-sign * _move(test, scene, raised)[:, 0], 0.0)
    return _result(DIRECTION, test, scene, [raised], [np.where(_same(whole, raised), np.nan, against)])


def _move(test: BehaviourTest, scene: Scene, values: pl.Series) -> Floats:
    after = np.asarray(scene.predict(scene.rows.with_columns(values)), dtype=np.float64)
    labels = scene.labels(test.label)
    moved: Floats = after[:, labels] - scene.before[:, labels]
    return moved


def _others(test: BehaviourTest, column: Column, whole: pl.Series) -> list[pl.Series]:
    """Return the column as an invariance has it: once for each value, or raised and lowered."""
    if test.change:
        step = _step(test, column)
        return [(whole + step).cast(whole.dtype), (whole - step).cast(whole.dtype)]
    values = test.values or ((False, True) if column.kind == "boolean" else column.categories[:_MOST_VALUES])
    return [_filled(whole, _typed(column, value)) for value in values]


def _raised(test: BehaviourTest, column: Column, whole: pl.Series) -> pl.Series:
    if test.change:
        return (whole + _step(test, column)).cast(whole.dtype)
    order = [_typed(column, value) for value in test.values]
    following = dict(pairwise(order))
    return pl.Series(
        whole.name, [following.get(value, value) for value in whole.to_list()], dtype=whole.dtype
    )


def _step(test: BehaviourTest, column: Column) -> float:
    return test.change * _DAY if column.kind == "time" else test.change


def _typed(column: Column, value: object) -> object:
    return str(value) if column.kind == "category" else float(value)  # type: ignore[arg-type]


def _filled(whole: pl.Series, value: object) -> pl.Series:
    return pl.Series(whole.name, [value], dtype=whole.dtype).new_from_index(0, len(whole))


def _same(before: pl.Series, after: pl.Series) -> np.ndarray:
    return before.eq_missing(after).to_numpy()


def _result(
    code: str, test: BehaviourTest, scene: Scene, changes: list[pl.Series], moves: list[Floats]
) -> BehaviourResult:
    table = np.stack(moves, axis=1)
    tried = ~np.isnan(table).all(axis=1)
    worst = np.nan_to_num(table, nan=0.0).max(axis=1)
    broken = tried & (worst > test.at_most + SLACK)
    count, rows = int(broken.sum()), int(tried.sum())
    held = rows > 0 and count <= test.share * rows
    largest = float(worst.max(initial=0.0))
    about = scene.about(test.label)
    return BehaviourResult(
        code=code,
        kind=test.kind,
        name=test.title,
        column=test.column,
        about=about,
        tried=rows,
        broken=count,
        share=test.share,
        worst=largest,
        bound=test.at_most,
        held=held,
        words=_words(test, about, rows, count, largest),
        examples=_examples(test, scene, changes, table, np.flatnonzero(broken)),
    )


def _words(test: BehaviourTest, about: str, rows: int, count: int, largest: float) -> str:
    if not rows:
        return "No held-out row could be changed, so nothing was shown."
    verb = "Changing" if test.kind == "invariance" else "Lowering" if test.change < 0 else "Raising"
    way = {"not lower": "lowers", "not higher": "raises", "": "moves"}[test.expect]
    allowed = f"at most {test.at_most:g} is allowed" if test.at_most else "it must not"
    but = f", but for {100 * test.share:g} % of the rows" if test.share else ""
    far = f"{way} {about} by up to {largest:.3g}" if largest > SLACK else f"never {way} {about}"
    return f"{verb} {test.column} {far}; {allowed}{but}. Broken on {count:,} of {rows:,} held-out rows."


def _examples(
    test: BehaviourTest, scene: Scene, changes: list[pl.Series], table: Floats, broken: np.ndarray
) -> tuple[BrokenRow, ...]:
    column = scene.contract.column(test.column)
    worst = np.nan_to_num(table, nan=0.0)
    order = broken[np.argsort(-worst[broken].max(axis=1), kind="stable")][:MOST_EXAMPLES]
    labels = scene.labels(test.label)
    found = []
    for row in order.tolist():
        change = changes[int(worst[row].argmax())]
        moved = scene.rows[row].with_columns(change[row : row + 1])
        after = np.asarray(scene.predict(moved), dtype=np.float64)[0]
        label = labels[int(np.abs(after - scene.before[row])[labels].argmax())]
        before, now = float(scene.before[row, label]), float(after[label])
        found.append(
            BrokenRow(
                row=int(scene.positions[row]),
                before=before,
                after=now,
                changed=changed_text(column, scene.rows[column.name][row], change[row]),
                words=f"the score went from {before:.4g} to {now:.4g}",
            )
        )
    return tuple(found)

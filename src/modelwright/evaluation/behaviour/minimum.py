"""Minimum ability: named cases that must come out right."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.data import conform, label_text
from modelwright.evaluation.behaviour.result import BehaviourResult, BrokenRow
from modelwright.evaluation.behaviour.scene import MOST_EXAMPLES, SLACK, Floats, Scene
from modelwright.problem import BehaviourTest, Case

MINIMUM = "MW-R012"


def try_minimum(test: BehaviourTest, scene: Scene) -> BehaviourResult:
    """Predict the named cases and hold each to what it expects."""
    cases = case_rows(test, scene)
    predicted = np.asarray(scene.predict(cases), dtype=np.float64)
    labels = _labels(scene, cases, predicted)
    wrong = [
        broken
        for case, output, label in zip(test.cases, predicted, labels, strict=True)
        if (broken := _broken(case, test, scene, output, label)) is not None
    ]
    rows = len(test.cases)
    return BehaviourResult(
        code=MINIMUM,
        kind=test.kind,
        name=test.title,
        about=scene.about(test.label),
        tried=rows,
        broken=len(wrong),
        share=test.share,
        held=len(wrong) <= test.share * rows,
        words=_words(wrong, rows),
        examples=tuple(wrong[:MOST_EXAMPLES]),
    )


def case_rows(test: BehaviourTest, scene: Scene) -> pl.DataFrame:
    """Return the cases as conformed rows; what a case does not say is as in a typical row.

    Raises
    ------
    RowError
        If a case states a value that the contract cannot read.
    """
    free = scene.contract.accepting()
    names = [column.name for column in free.features]
    given = pl.DataFrame({name: _column(test.cases, name) for name in names})
    conformed = conform(free, given)
    filled = []
    for name in names:
        said = pl.Series([name in case.row for case in test.cases])
        usual = scene.typical[name].new_from_index(0, len(test.cases))
        filled.append(conformed[name].zip_with(said, usual))
    return pl.DataFrame(filled)


def _column(cases: tuple[Case, ...], name: str) -> pl.Series:
    texts = [label_text(case.row[name]) if name in case.row else None for case in cases]
    return pl.Series(name, texts, dtype=pl.String)


def _broken(case: Case, test: BehaviourTest, scene: Scene, output: Floats, label: str) -> BrokenRow | None:
    score = float(output[scene.labels(test.label)[0]])
    wrongs = []
    if case.expected and label != case.expected:
        wrongs.append(f"'{case.expected}' is expected, but '{label}' is predicted")
    if case.at_least is not None and score < case.at_least - SLACK:
        wrongs.append(f"at least {case.at_least:g} is expected, but it is {score:.4g}")
    if case.at_most is not None and score > case.at_most + SLACK:
        wrongs.append(f"at most {case.at_most:g} is expected, but it is {score:.4g}")
    return BrokenRow(case=case.case, after=score, words="; ".join(wrongs)) if wrongs else None


def _labels(scene: Scene, cases: pl.DataFrame, predicted: Floats) -> list[str]:
    classes = scene.contract.classes
    if not classes:
        return [""] * len(predicted)
    chosen = predicted.argmax(axis=1)
    if len(classes) == 2:
        reached = scene.threshold(cases) if callable(scene.threshold) else scene.threshold
        chosen = (predicted[:, 1] >= reached).astype(np.intp)
    return [classes[code] for code in chosen.tolist()]


def _words(wrong: list[BrokenRow], rows: int) -> str:
    names = ", ".join(f"'{each.case}'" for each in wrong[:MOST_EXAMPLES])
    more = ", …" if len(wrong) > MOST_EXAMPLES else ""
    rest = f"; not {names}{more}" if wrong else ""
    return f"{rows - len(wrong)} of {rows} named cases come out as expected{rest}."

"""What an experiment says so far: valid at any time, however often somebody looks."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.errors import DataError
from modelwright.evaluation.experiments.arms import Trial, ratio_finding
from modelwright.evaluation.experiments.planning import OutcomeKind
from modelwright.evaluation.experiments.sequence import always_valid_p, margin, tightest_at
from modelwright.evaluation.figures import p_text, span_text
from modelwright.problem import Finding

FEWEST_ROWS = 100
"""Of an arm. The sequences are asymptotic: with fewer rows they promise too much."""
TIGHTEST_AT = 5_000

Answer = Literal["better", "worse", "open", "too early"]


class Arm(BaseModel):
    """One arm of an experiment.

    Attributes
    ----------
    name : str
    rows : int
    mean : float
        Of the outcome; a rate lies between 0 and 1.
    deviation : float
        Standard deviation of the outcome.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rows: int
    mean: float
    deviation: float


class ArmDifference(BaseModel):
    """A treatment against the control.

    Attributes
    ----------
    treatment : str
    difference : float
        Mean outcome with the treatment less without it, adjusted for the covariates.
    low, high : float or None
        Limits that hold at every look, over all treatments together; None where it is too early.
    p_value : float
        Always valid; corrected for the number of treatments.
    answer : {"better", "worse", "open", "too early"}
        A lower cost is better.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    treatment: str
    difference: float
    low: float | None
    high: float | None
    p_value: float
    answer: Answer
    words: str


class SegmentDifference(BaseModel):
    """A treatment against the control among some of the rows.

    Attributes
    ----------
    column, value : str
        Which rows.
    rows : int
        Of both arms.
    difference : ArmDifference
        Its limits hold over all segments and treatments together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    value: str
    rows: int
    difference: ArmDifference


class ExperimentReading(BaseModel):
    """What an experiment says so far.

    Attributes
    ----------
    outcome : str
    kind : {"rate", "mean", "cost"}
    control : str
    level : float
        Probability with which all limits hold, over all looks together.
    arms : tuple of Arm
        The control first.
    differences : tuple of ArmDifference
        One a treatment.
    segments : tuple of SegmentDifference
    saved : float or None
        Share of the variance that the covariates take away; None without covariates.
    findings : tuple of Finding
        What makes the experiment doubtful.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: str
    kind: OutcomeKind
    control: str
    level: float
    arms: tuple[Arm, ...]
    differences: tuple[ArmDifference, ...]
    segments: tuple[SegmentDifference, ...] = ()
    saved: float | None = None
    findings: tuple[Finding, ...] = ()


def read_experiment(
    frame: pl.DataFrame,
    *,
    arm: str,
    control: str,
    outcome: str,
    kind: OutcomeKind | None = None,
    positive: str | None = None,
    covariates: tuple[str, ...] = (),
    segments: tuple[str, ...] = (),
    shares: dict[str, float] | None = None,
    level: float = 0.95,
    planned_rows: int = TIGHTEST_AT,
) -> ExperimentReading:
    """Say what an experiment shows so far.

    The limits are confidence sequences: they hold at every look together, so that an experiment may be read
    every day and stopped as soon as it has answered.

    Parameters
    ----------
    frame : polars.DataFrame
        One row for each unit that was assigned (a person, not a visit).
    arm, outcome : str
        Columns: where a row was assigned, and what came of it.
    control : str
        The arm without treatment.
    kind : {"rate", "mean", "cost"}, optional
        By default a rate where the outcome has two values, else a mean.
    positive : str, optional
        The value of a rate's outcome that is counted; by default 1, true or yes.
    covariates : tuple of str
        Columns of numbers from before the experiment; they make the limits tighter, never wrong (Lin 2013,
        "Agnostic notes on regression adjustments").
    segments : tuple of str
        Columns by whose values the differences are shown too.
    shares : dict of str to float, optional
        The share of rows that each arm was to get; equal by default. Arms whose shares are not as planned
        make an experiment doubtful.
    level : float, default 0.95
        Probability with which all limits hold.
    planned_rows : int, default 5000
        Where the limits are nearly tightest; fixed before the first look.

    Raises
    ------
    DataError
        If columns, arms or values are not what an experiment needs.
    """
    trial = Trial.of(frame, arm, control, outcome, kind, positive, covariates)
    treatments = [name for name in trial.names if name != control]
    error = (1 - level) / len(treatments)
    everyone = np.ones(len(trial), dtype=bool)
    differences = tuple(
        _difference(trial, name, everyone, error, planned_rows, len(treatments)) for name in treatments
    )
    finding = ratio_finding(trial, shares)
    return ExperimentReading(
        outcome=outcome,
        kind=trial.kind,
        control=control,
        level=level,
        arms=tuple(_arm(trial, name) for name in (control, *treatments)),
        differences=differences,
        segments=tuple(_segments(trial, frame, segments, treatments, level, planned_rows)),
        saved=trial.saved() if covariates else None,
        findings=() if finding is None else (finding,),
    )


def _arm(trial: Trial, name: str) -> Arm:
    values = trial.outcome[trial.arm == name]
    return Arm(name=name, rows=len(values), mean=float(values.mean()), deviation=float(values.std()))


def _segments(
    trial: Trial,
    frame: pl.DataFrame,
    columns: tuple[str, ...],
    treatments: list[str],
    level: float,
    planned_rows: int,
) -> list[SegmentDifference]:
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise DataError(f"there is no column '{absent[0]}' to take segments from")
    rows_of = [
        (column, value, (frame[column].cast(pl.String) == value).fill_null(value=False).to_numpy())
        for column in columns
        for value in _values(frame[column])
    ]
    asked = [(column, value, rows, name) for column, value, rows in rows_of for name in treatments]
    found = []
    for column, value, rows, name in asked:
        shown = _difference(trial, name, rows, (1 - level) / len(asked), planned_rows, len(asked))
        n = int((rows & np.isin(trial.arm, [trial.control, name])).sum())
        found.append(SegmentDifference(column=column, value=value, rows=n, difference=shown))
    return found


def _values(series: pl.Series, most: int = 20) -> list[str]:
    counted = series.cast(pl.String).drop_nulls().value_counts(sort=True)
    values: list[str] = counted[series.name].to_list()
    if len(values) > most:
        raise DataError(
            f"'{series.name}' has {len(values):,} values; segments need at most {most}. Bin it first"
        )
    return values


def _difference(
    trial: Trial, treatment: str, rows: NDArray[np.bool_], error: float, planned_rows: int, tests: int
) -> ArmDifference:
    values, fewest = trial.contributions(treatment, rows)
    if fewest < FEWEST_ROWS:
        words = f"{treatment}: {fewest} rows in the smaller arm; the limits need {FEWEST_ROWS}"
        mean = float(values.mean()) if len(values) else 0.0
        return ArmDifference(
            treatment=treatment, difference=mean, low=None, high=None, p_value=1.0, answer="too early",
            words=words,
        )  # fmt: skip
    mean, deviation, n = float(values.mean()), float(values.std(ddof=1)), len(values)
    rho = tightest_at(planned_rows, error)
    far = margin(n, deviation, error, rho)
    p_value = min(1.0, tests * always_valid_p(n, mean, deviation, rho))
    low, high = mean - far, mean + far
    answer = _answer(trial.kind, low, high)
    return ArmDifference(
        treatment=treatment,
        difference=mean,
        low=low,
        high=high,
        p_value=p_value,
        answer=answer,
        words=_words(trial, treatment, (mean, low, high), p_value, answer),
    )


def _answer(kind: OutcomeKind, low: float, high: float) -> Answer:
    if low <= 0 <= high:
        return "open"
    return "better" if (low > 0) != (kind == "cost") else "worse"


def _words(
    trial: Trial, treatment: str, limits: tuple[float, float, float], p_value: float, answer: Answer
) -> str:
    said = {"better": "better beyond doubt", "worse": "worse beyond doubt", "open": "not decided yet"}
    if trial.kind == "rate":
        shown, unit = span_text(*(100 * each for each in limits), signed=True), " points"
    else:
        shown, unit = span_text(*limits, signed=True), ""
    return f"{treatment}: {shown}{unit}, {p_text(p_value)}: {said[answer]}"

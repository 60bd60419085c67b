"""The reference: what was normal when the model was packaged."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from modelwright.data import Column, Contract
from modelwright.errors import PackageError
from modelwright.monitoring.bins import NumberBins
from modelwright.monitoring.breach import Breach, breaches_of
from modelwright.monitoring.confidence import ConfidenceEstimator
from modelwright.monitoring.direct_loss import LossEstimator, inputs
from modelwright.monitoring.loss import LossPromise
from modelwright.monitoring.promised import MeanPromise, promises_of_labels, promises_of_rows
from modelwright.monitoring.season import Clock
from modelwright.monitoring.stream import Stream
from modelwright.problem import Brief, Task

FILE = "reference.json"  # of a package

_LEAST_ROWS = 100  # with fewer rows the bounds are too wide to tell anything
_MISTAKE = 0.01  # probability that any bound of the reference is wrong
_MEANS = 5  # most promises about means beside the loss
_PARTLY = {
    "time": "time always moves on; only its missing share is watched",
    "text": "which words free text uses is not watched; its number of words and its missing share are",
}


class Unwatched(BaseModel):
    """Something that is not watched, and why.

    Attributes
    ----------
    column : str or None
        None for the score.
    reason : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str | None
    reason: str


class Reference(BaseModel):
    """What was normal when the model was packaged: ``reference.json`` of the package.

    All bounds hold together with a probability of 99 %. It is a summary: no row can be read from it.

    Attributes
    ----------
    format : 1
        Version of the file.
    task : Task
    classes : tuple of str
        Labels in class order; empty for regression.
    rows : int
        Rows that the columns were counted on.
    streams : tuple of Stream
        The columns and scores whose distributions are watched.
    breaches : tuple of Breach
        The breaches of the contract whose rates are watched.
    loss : LossPromise or None
        The promised loss; None where there was no vault large enough.
    unwatched : tuple of Unwatched
        What is not watched, and why.
    clock : Clock or None
        The phases of cyclic streams; None where the data has no time, or of less than two days.
    estimator : ConfidenceEstimator, LossEstimator or None
        What tells how good predictions are likely to be before their labels come.
    of_rows, of_labels : tuple of MeanPromise
        What else was promised of each row, before and once its label has come.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    task: Task
    classes: tuple[str, ...]
    rows: int
    streams: tuple[Stream, ...]
    breaches: tuple[Breach, ...]
    loss: LossPromise | None
    unwatched: tuple[Unwatched, ...] = ()
    clock: Clock | None = None
    estimator: ConfidenceEstimator | LossEstimator | None = None
    of_rows: tuple[MeanPromise, ...] = ()
    of_labels: tuple[MeanPromise, ...] = ()

    @classmethod
    def build(
        cls,
        contract: Contract,
        frame: pl.DataFrame,
        *,
        task: Task,
        y: NDArray[np.generic],
        prediction: NDArray[np.floating],
        times: NDArray[np.float64] | None = None,
        vault_times: NDArray[np.float64] | None = None,
        brief: Brief | None = None,
        vault: pl.DataFrame | None = None,
    ) -> Self:
        """Summarise the training rows and what the model does on rows it has not seen.

        Parameters
        ----------
        contract : Contract
        frame : DataFrame
            The training rows as `modelwright.data.conform` returns them.
        task : Task
        y : ndarray of shape (n,)
            Class codes or values of the vault.
        prediction : ndarray of shape (n, n_classes) or (n, 1)
            The model's predictions on the vault. Never on rows it was trained on: their scores are more
            extreme than those of new rows.
        times, vault_times : ndarray of shape (n,), optional
            When each training row and each row of the vault was known, in seconds since 1970 (UTC). With them
            the cycles of day and week are learnt, so that they alarm nobody.
        brief : Brief, optional
            What is promised; without it neither costs, latency nor calibration are watched.
        vault : DataFrame, optional
            The vault's rows, conformed; without them the errors of a regression are not estimated.
        """
        scores = score_columns(task, contract.classes, prediction)
        n_promises = len(scores) + (1 if brief is None else _MEANS)
        mistake = _MISTAKE / (2 * len(contract.features) + n_promises)
        streams, unwatched = _column_streams(contract, frame, mistake)
        clock = None if times is None else Clock.of(times)
        columns = {column.name: column for column in contract.features}
        watched = [watched_values(columns[str(each.column)], frame[str(each.column)]) for each in streams]
        streams = _seasonal(streams, watched, clock, times, mistake)
        if len(y) >= _LEAST_ROWS:
            scored = [_score_stream(values, mistake) for values in scores]
            streams += _seasonal(scored, scores, clock, vault_times, mistake)
            loss = LossPromise.measure(task, y, prediction, mistake)
        else:
            unwatched.append(
                Unwatched(
                    column=None, reason=f"the vault has {len(y)} rows; at least {_LEAST_ROWS} are needed"
                )
            )
            loss = None
        estimator = None if loss is None else _estimator(contract, task, y, prediction, vault)
        confident = estimator if isinstance(estimator, ConfidenceEstimator) else None
        known = brief if loss is not None else None
        return cls(
            task=task,
            classes=tuple(contract.classes),
            rows=frame.height,
            streams=tuple(streams),
            breaches=breaches_of(contract, frame, mistake),
            loss=loss,
            unwatched=tuple(unwatched),
            clock=clock,
            estimator=estimator,
            of_rows=() if known is None else promises_of_rows(known, confident, prediction, mistake),
            of_labels=() if known is None else promises_of_labels(known, y, prediction, mistake),
        )

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read ``reference.json``.

        Raises
        ------
        PackageError
            If the content is not a reference of a known version.
        """
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise PackageError(
                f"{FILE} is not a reference of a known version ({where}: {first['msg']}); "
                "build the package again"
            ) from error


def _seasonal(
    streams: list[Stream],
    values: list[pl.Series],
    clock: Clock | None,
    times: NDArray[np.float64] | None,
    mistake: float,
) -> list[Stream]:
    if clock is None or times is None:
        return streams
    return [
        stream.with_phases(each, clock, times, mistake) for stream, each in zip(streams, values, strict=True)
    ]


def score_columns(task: Task, classes: tuple[str, ...], prediction: NDArray[np.floating]) -> list[pl.Series]:
    """Return what is watched of predictions: the score, and with many classes the predicted label too."""
    if task is Task.REGRESSION:
        return [pl.Series("score", prediction[:, 0], dtype=pl.Float64)]
    if task is Task.BINARY:
        return [pl.Series("score", prediction[:, 1], dtype=pl.Float64)]
    labels = np.array(classes)[prediction.argmax(axis=1)]
    return [
        pl.Series("score", prediction.max(axis=1), dtype=pl.Float64),
        pl.Series("label", labels.tolist(), dtype=pl.String),
    ]


def _estimator(
    contract: Contract,
    task: Task,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    vault: pl.DataFrame | None,
) -> ConfidenceEstimator | LossEstimator | None:
    if task.is_classification:
        return ConfidenceEstimator.fit(y, prediction)
    return None if vault is None else LossEstimator.fit(inputs(contract, vault, prediction), y, prediction)


def _column_streams(
    contract: Contract, frame: pl.DataFrame, mistake: float
) -> tuple[list[Stream], list[Unwatched]]:
    streams, unwatched = [], []
    for column in contract.features:
        if frame.height < _LEAST_ROWS:
            reason = f"there were {frame.height} training rows; at least {_LEAST_ROWS} are needed"
            unwatched.append(Unwatched(column=column.name, reason=reason))
            continue
        if column.kind in _PARTLY:
            unwatched.append(Unwatched(column=column.name, reason=_PARTLY[column.kind]))
        streams.append(_column_stream(column, frame[column.name], mistake))
    return streams, unwatched


def _column_stream(column: Column, values: pl.Series, mistake: float) -> Stream:
    if column.kind == "category":
        return Stream.of_levels(values, mistake, protected=column.is_sensitive)
    if column.kind == "text":
        return Stream.of_numbers(watched_values(column, values), mistake)
    if column.kind == "time":
        return Stream.count(values, NumberBins(edges=()), mistake, "column")
    return Stream.of_numbers(values, mistake, protected=column.is_sensitive, rounded=column.is_personal)


def watched_values(column: Column, values: pl.Series) -> pl.Series:
    """Return what is watched of a column's conformed values: of a free text, how many words it has."""
    return values.str.split(" ").list.len().cast(pl.Float64) if column.kind == "text" else values


def _score_stream(values: pl.Series, mistake: float) -> Stream:
    if values.name == "label":
        return Stream.of_levels(values, mistake, "label")
    return Stream.of_numbers(values, mistake, "score")

"""The watch over one release: all its detectors, brought up to date with what has come since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data import Contract, conform
from modelwright.monitoring.breach import broken
from modelwright.monitoring.confidence import ConfidenceEstimator
from modelwright.monitoring.detectors import BoundedMeanDetector, Budget, Cycle, HistogramDetector
from modelwright.monitoring.promised import values_of_labels, values_of_rows
from modelwright.monitoring.reference import Reference, score_columns, watched_values
from modelwright.monitoring.season import Clock
from modelwright.monitoring.stream import Stream
from modelwright.monitoring.weights import weigh
from modelwright.problem import Task

Floats = NDArray[np.float64]
D = TypeVar("D", HistogramDetector, BoundedMeanDetector)

# Processes that serve one release commit their predictions independently, so that one may show up after
# another that was made later. So far back is read again, and what was seen already is left out.
_OVERLAP = timedelta(seconds=10)
_CELLS = 200_000  # rows times streams that the detectors take in at once, to bound the memory


@dataclass(frozen=True)
class Watch:
    """The detectors of one release.

    Attributes
    ----------
    reference : Reference
        What was normal when the model was packaged.
    streams : HistogramDetector
        One stream for each of ``reference.streams``.
    breaches : BoundedMeanDetector
        One stream for each of ``reference.breaches``, then for each of ``reference.of_rows``.
    loss : BoundedMeanDetector
        One stream for the promised loss, if there is one, then for each of ``reference.of_labels``.
    until : datetime
        Time of the newest observation seen.
    seen : frozenset of str
        The predictions seen that are so new that older ones may still show up.
    last_label : int
        Number of the newest label seen.
    n_labels : int
        Predictions whose label has come.
    """

    reference: Reference
    streams: HistogramDetector
    breaches: BoundedMeanDetector
    loss: BoundedMeanDetector
    until: datetime
    seen: frozenset[str] = frozenset()
    last_label: int = 0
    n_labels: int = 0

    @classmethod
    def begin(
        cls,
        reference: Reference,
        false_alarms_per_year: float,
        at: datetime,
        importance: Mapping[str, float] | None = None,
    ) -> Self:
        """Begin to watch a release that was put to use at a time.

        The budget is shared out over the distributions, the breaches and the means that are watched: the loss
        gets most, columns by the importance that the model gives them; see `weigh`.
        """
        rates = [each.level for each in reference.breaches]
        levels = np.array([*rates, *(each.level for each in reference.of_rows)])
        losses = [] if reference.loss is None else [reference.loss.level]
        promised = np.array([*losses, *(each.level for each in reference.of_labels)])
        n_watched = len(reference.streams) + len(levels) + len(promised)
        budget, start = Budget.share(false_alarms_per_year, n_watched), at.timestamp()
        shares = weigh(reference, len(promised), len(levels), importance or {})
        return cls(
            reference=reference,
            streams=HistogramDetector.begin(
                [stream.lower for stream in reference.streams],
                [stream.upper for stream in reference.streams],
                [stream.expected.tolist() for stream in reference.streams],
                budget,
                start,
                cycle_of(reference.clock, reference.streams),
                shares[0],
            ),
            breaches=BoundedMeanDetector.begin(levels, budget, start, shares[1]),
            loss=BoundedMeanDetector.begin(promised, budget, start, shares[2]),
            until=at,
        )

    def rearmed(self, closed: Collection[tuple[str, str | None]]) -> Self:
        """Watch promises anew whose alarm was closed: where they are broken still, they alarm again.

        Parameters
        ----------
        closed : collection of (promise, column)
        """
        reference = self.reference
        streams = [("drift" if each.column else each.subject, each.column) for each in reference.streams]
        breaches: list[tuple[str, str | None]] = [(each.kind, each.column) for each in reference.breaches]
        breaches += [(each.kind, None) for each in reference.of_rows]
        loss: list[tuple[str, str | None]] = [] if reference.loss is None else [("performance", None)]
        loss += [(each.kind, None) for each in reference.of_labels]
        return replace(
            self,
            streams=_rearmed(self.streams, [each in closed for each in streams]),
            breaches=_rearmed(self.breaches, [each in closed for each in breaches]),
            loss=_rearmed(self.loss, [each in closed for each in loss]),
        )

    @property
    def n_rows(self) -> int:
        """Observations seen."""
        return self.streams.evidence.rows

    @property
    def since(self) -> datetime | None:
        """The time from which observations are to be read next; None for all."""
        return self.until - _OVERLAP if self.n_rows else None

    def observe(self, contract: Contract, observations: pl.DataFrame) -> Self:
        """Take in observations; those already seen are left out.

        Parameters
        ----------
        contract : Contract
        observations : DataFrame
            As ``Operations.observations`` returns them.
        """
        new = observations.filter(~pl.col("id").is_in(list(self.seen)))
        if new.is_empty():
            return self
        # What the server let in is watched, whatever the contract refuses.
        frame = conform(contract.accepting(), new["row"].struct.unnest())
        given = predictions(self.reference, new)
        codes, breaches = self._codes(contract, frame, given), self._marks(contract, frame, new, given)
        times, streams, rates = _seconds(new["at"]), self.streams, self.breaches
        step = max(1, _CELLS // max(1, codes.shape[1] + breaches.shape[1]))
        for start in range(0, len(times), step):
            some = slice(start, start + step)
            streams = streams.update(codes[some], times[some])
            rates = rates.update(breaches[some], times[some])
        until = max(self.until, *new["at"].tail(1))
        recent = observations.filter(pl.col("at") >= until - _OVERLAP)["id"]
        return replace(self, streams=streams, breaches=rates, until=until, seen=frozenset(recent))

    def learn(self, labels: pl.DataFrame) -> Self:
        """Take in labels.

        Parameters
        ----------
        labels : DataFrame
            As ``Operations.first_labels`` returns them after ``last_label``.
        """
        if labels.is_empty():
            return self
        y, prediction = truth(self.reference, labels), predictions(self.reference, labels)
        promise, loss = self.reference.loss, self.loss
        if promise is not None:
            others = values_of_labels(self.reference.of_labels, self.reference.task, y, prediction)
            losses = np.column_stack([promise.losses(y, prediction), others])
            loss = loss.update(losses, _seconds(labels["labelled_at"]), _seconds(labels["at"]))
        last = int(labels["seq"][-1])
        return replace(self, loss=loss, last_label=last, n_labels=self.n_labels + labels.height)

    def _marks(
        self, contract: Contract, frame: pl.DataFrame, observations: pl.DataFrame, given: Floats
    ) -> Floats:
        reference = self.reference
        estimator = reference.estimator
        confident = estimator if isinstance(estimator, ConfidenceEstimator) else None
        promised = values_of_rows(reference.of_rows, confident, observations, given, self.until)
        return np.column_stack([broken(contract, reference.breaches, frame), promised])

    def _codes(self, contract: Contract, frame: pl.DataFrame, given: Floats) -> NDArray[np.int64]:
        reference = self.reference
        scores = score_columns(reference.task, reference.classes, given)
        values = {series.name: series for series in scores}
        columns = {column.name: column for column in contract.features}
        codes = [
            stream.bins.codes(
                values[stream.subject]
                if stream.column is None
                else watched_values(columns[stream.column], frame[stream.column])
            )
            for stream in reference.streams
        ]
        return np.array(codes, dtype=np.int64).reshape(len(codes), frame.height).T

    def to_dict(self) -> dict[str, Any]:
        """Return what is to be remembered until the next visit, as JSON-able content."""
        return {
            "streams": self.streams.to_dict(),
            "breaches": self.breaches.to_dict(),
            "loss": self.loss.to_dict(),
            "until": self.until.isoformat(),
            "seen": sorted(self.seen),
            "last_label": self.last_label,
            "n_labels": self.n_labels,
        }

    def restored(self, content: dict[str, Any]) -> Self:
        """Return this watch in the state that ``to_dict`` returned."""
        return replace(
            self,
            streams=self.streams.restored(content["streams"]),
            breaches=self.breaches.restored(content["breaches"]),
            loss=self.loss.restored(content["loss"]),
            until=datetime.fromisoformat(content["until"]),
            seen=frozenset(content["seen"]),
            last_label=content["last_label"],
            n_labels=content["n_labels"],
        )


def cycle_of(clock: Clock | None, streams: Sequence[Stream]) -> Cycle | None:
    """Lay out what is normal at each phase; a stream that is not cyclic has the same at each."""
    if clock is None or all(stream.phases is None for stream in streams):
        return None
    size = max(stream.bins.size for stream in streams)
    tables = np.zeros((3, clock.size, len(streams), size))
    for index, stream in enumerate(streams):
        normal = stream.phases or stream
        for table, rows in zip(tables, (normal.lower, normal.upper, normal.expected), strict=True):
            table[:, index, : stream.bins.size] = rows
    return Cycle(clock.phases, *tables)


def _rearmed(detector: D, closed: list[bool]) -> D:
    """Forget the evidence of the streams that have alarmed and were closed since."""
    evidence = detector.evidence
    which = np.array(closed, dtype=bool) & np.isfinite(evidence.crossed)
    return replace(detector, evidence=evidence.rearmed(which)) if which.any() else detector


def predictions(reference: Reference, observations: pl.DataFrame) -> Floats:
    """Return the predictions of observations, of shape (n, n_classes) or (n, 1)."""
    if reference.task is Task.REGRESSION:
        return observations.select(pl.col("prediction").cast(pl.Float64)).to_numpy()
    columns = [pl.col("probabilities").struct.field(label).cast(pl.Float64) for label in reference.classes]
    return observations.select(columns).to_numpy()


def truth(reference: Reference, labelled: pl.DataFrame) -> NDArray[np.generic]:
    """Return the labels of observations as class codes or values."""
    if reference.task is Task.REGRESSION:
        return labelled["label"].cast(pl.Float64).to_numpy()
    codes = {label: code for code, label in enumerate(reference.classes)}
    return labelled["label"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()


def _seconds(times: pl.Series) -> Floats:
    return times.dt.epoch("us").to_numpy() / 1e6

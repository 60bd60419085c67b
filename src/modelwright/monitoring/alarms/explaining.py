"""What drives an alarm, and what it costs: added to its evidence when it is raised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data import Contract, conform
from modelwright.monitoring.alarms.drivers import drivers_of
from modelwright.monitoring.alarms.effects import effects_of
from modelwright.monitoring.breach import Breach, broken
from modelwright.monitoring.reference import Reference, score_columns, watched_values
from modelwright.monitoring.watch import predictions, truth
from modelwright.problem import Brief
from modelwright.store import Operations

Floats = NDArray[np.float64]

_ROWS = 5000  # the newest, on which a change is explained


class Explainer:
    """The newest rows of a release, on which its new alarms are explained. Nothing is read before the first.

    Parameters
    ----------
    operations : Operations
    release : str
    brief : Brief
    contract : Contract
    reference : Reference
    """

    def __init__(
        self, operations: Operations, release: str, brief: Brief, contract: Contract, reference: Reference
    ) -> None:
        self._operations, self._release, self._brief = operations, release, brief
        self._contract, self._reference = contract, reference
        self._read: dict[bool, pl.DataFrame] = {}

    def explain(self, promise: str, column: str | None, since: datetime | None) -> dict[str, Any]:
        """Return ``drivers`` and ``effects`` as JSON types, for the evidence of an alarm."""
        if since is None:
            return {}
        labelled = self._newest(labelled=True)
        effects = effects_of(self._brief, labelled, since.timestamp(), self._per_day())
        rows = labelled if promise == "performance" else self._newest(labelled=False)
        drivers = self._drivers(promise, column, rows, since) if rows.height else ()
        return {
            "drivers": [each.model_dump(mode="json") for each in drivers],
            "effects": [each.model_dump(mode="json") for each in effects],
        }

    def _newest(self, *, labelled: bool) -> pl.DataFrame:
        if labelled not in self._read:
            wanted = True if labelled else None
            self._read[labelled] = self._operations.observations(self._release, labelled=wanted, newest=_ROWS)
        return self._read[labelled]

    def _per_day(self) -> float:
        times = self._newest(labelled=False)["at"]
        if len(times) < 2:
            return 0.0
        seconds = (times[-1] - times[0]).total_seconds()
        return float(len(times) / max(seconds, 1.0) * 86_400)

    def _drivers(self, promise: str, column: str | None, rows: pl.DataFrame, since: datetime) -> Any:
        frame = conform(self._contract.accepting(), rows["row"].struct.unnest())
        after = (rows["at"] >= since).to_numpy()
        figure = self._figure(promise, column, rows, frame, after)
        if figure is None:
            return ()
        features = [each for each in self._contract.features if each.kind in ("category", "boolean")]
        groups = frame.select(each.name for each in features if each.name != column)
        protected = {each.name for each in features if each.is_sensitive}
        return drivers_of(groups, figure, after, protected)

    def _figure(
        self,
        promise: str,
        column: str | None,
        rows: pl.DataFrame,
        frame: pl.DataFrame,
        after: NDArray[np.bool_],
    ) -> Floats | None:
        """Return what has changed, row by row."""
        reference = self._reference
        if promise == "performance":
            assert reference.loss is not None  # noqa: S101 - or nothing would have been promised
            return reference.loss.losses(truth(reference, rows), predictions(reference, rows))
        if promise in ("missing", "unseen", "out of range"):
            breach = Breach.model_validate({"column": column, "kind": promise, "level": 1.0})
            return broken(self._contract, (breach,), frame)[:, 0]
        for stream in reference.streams:
            if (stream.subject, stream.column) == ("column" if promise == "drift" else promise, column):
                scores = score_columns(reference.task, reference.classes, predictions(reference, rows))
                values = {each.name: each for each in scores}.get(stream.subject)
                if column is not None:
                    features = {each.name: each for each in self._contract.features}
                    values = watched_values(features[column], frame[column])
                return None if values is None else _most_changed(stream.bins.codes(values), after)
        return None


def _most_changed(codes: NDArray[np.int64], after: NDArray[np.bool_]) -> Floats | None:
    """Mark the rows in the bin whose share has changed most."""
    if after.all() or not after.any():
        return None
    size = int(codes.max()) + 1
    new, old = (np.bincount(codes[which], minlength=size) / which.sum() for which in (after, ~after))
    marked: Floats = (codes == int(np.abs(new - old).argmax())).astype(np.float64)
    return marked

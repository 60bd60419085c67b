"""Whether a column holds numbers that its name says to be impossible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from modelwright.data.cleaning.seen import Seen
from modelwright.problem import CleaningStep

MOST = 0.05
"""Where more cells are beyond the limits, the name means something else."""


@dataclass(frozen=True)
class _Limits:
    """What a quantity of a name can be."""

    names: frozenset[str]
    minimum: float
    maximum: float | None
    surely: bool


_KNOWN = (
    _Limits(frozenset({"age"}), 0, 130, surely=True),
    _Limits(frozenset({"latitude", "lat"}), -90, 90, surely=True),
    _Limits(frozenset({"longitude", "lon", "lng", "long"}), -180, 180, surely=True),
    _Limits(frozenset({"humidity"}), 0, 100, surely=True),
    _Limits(frozenset({"percent", "percentage", "pct"}), 0, 100, surely=False),
    _Limits(frozenset({"month"}), 1, 12, surely=False),
    _Limits(frozenset({"hour"}), 0, 24, surely=False),
    _Limits(frozenset({"probability"}), 0, 1, surely=False),
    _Limits(
        frozenset(
            {"weight", "height", "length", "width", "duration", "distance", "quantity", "count", "price"}
        ),
        0,
        None,
        surely=False,
    ),
)


def propose_impossible(column: Seen) -> Iterator[CleaningStep]:
    """Propose limits for a column whose name says what its numbers can be, where some are beyond them."""
    numbers = column.numbers
    named = set(re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.name).lower()))
    limits = next((each for each in _KNOWN if each.names & named), None)
    if limits is None or not len(numbers):
        return
    beyond = numbers.filter(
        (numbers < limits.minimum) | (numbers > (float("inf") if limits.maximum is None else limits.maximum))
    )
    if not 0 < len(beyond) <= MOST * len(numbers):
        return
    word = min(limits.names & named)
    possible = f"at least {limits.minimum:g}" + (
        "" if limits.maximum is None else f" and at most {limits.maximum:g}"
    )
    yield CleaningStep(
        step="impossible",
        columns=(column.name,),
        enabled=limits.surely,
        minimum=limits.minimum,
        maximum=limits.maximum,
        changes=len(beyond),
        evidence=f"{len(beyond):,} cells are impossible for a column called {word}, which is {possible}",
    )

"""Find personal data: by values that are valid as such, and by what a column is called."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from modelwright.data.column import Sensitive
from modelwright.data.kinds import BLANKS, CategoryKind
from modelwright.data.privacy.catalogue import DETECTORS
from modelwright.data.privacy.detector import Detector
from modelwright.data.privacy.words import is_named

MOST_ROWS = 5000
MOST_VALUES = 2000
_NAMED_DOUBT = 0.3
"""What is left of the doubt where the column's name agrees with its values."""


@dataclass(frozen=True)
class Detection:
    """A column that seems to hold personal data.

    Attributes
    ----------
    column : str
    kind : str
        What, as the contract's ``sensitive`` names it.
    title : str
        What, in words.
    share : float
        Share of the distinct values looked at that are valid.
    values : int
        How many distinct values were looked at.
    named : bool
        Whether the column's name says so too.
    confidence : float
        From 0 to 1.
    """

    column: str
    kind: Sensitive
    title: str
    share: float
    values: int
    named: bool
    confidence: float

    @property
    def evidence(self) -> str:
        """Why it seems so, without a value."""
        seen = f"{self.share:.0%} of {self.values:,} distinct values are valid as {self.title}"
        return f"{seen}, and so says the column's name" if self.named else seen


def find_personal_data(
    frame: pl.DataFrame, markers: frozenset[str], *, passing_over: Collection[str] = ()
) -> tuple[Detection, ...]:
    """Look for personal data in a sample of each column.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    markers : frozenset of str
        Texts that mean "missing".
    passing_over : collection of str
        Columns not to look at.

    Returns
    -------
    tuple of Detection
        At most one for each column, the surest.
    """
    sample = (
        frame[np.unique(np.linspace(0, max(frame.height - 1, 0), MOST_ROWS).astype(int))]
        if len(frame)
        else frame
    )
    found = []
    for name in frame.columns:
        if name in passing_over:
            continue
        texts = _texts(sample[name], markers)
        if len(texts) and (
            best := max(_detections(name, texts), key=lambda each: each.confidence, default=None)
        ):
            found.append(best)
    return tuple(found)


def _texts(values: pl.Series, markers: frozenset[str]) -> pl.Series:
    if values.dtype in (pl.Boolean, pl.Object) or values.dtype.is_nested():
        return pl.Series(dtype=pl.String)
    distinct = values.drop_nulls().unique(maintain_order=True).head(MOST_VALUES)  # to write each costs more
    texts = CategoryKind(markers).series(distinct).values.drop_nulls().str.strip_chars(BLANKS)
    return texts.unique(maintain_order=True)


def _detections(name: str, texts: pl.Series) -> Iterator[Detection]:
    for detector in DETECTORS:
        named = is_named(name, detector.words)
        least = detector.named if named else detector.alone
        if least is None or len(texts) < (detector.fewest_named if named else detector.fewest):
            continue
        share = _share(detector, texts, least)
        if share >= least:
            sure = share * detector.strength
            yield Detection(
                column=name,
                kind=detector.kind,
                title=detector.title,
                share=share,
                values=len(texts),
                named=named,
                confidence=round(1 - (1 - sure) * _NAMED_DOUBT if named else sure, 3),
            )


def _share(detector: Detector, texts: pl.Series, least: float) -> float:
    """Return the share of valid texts, without the cost of checking them where too few have the pattern."""
    written = texts.filter(texts.str.contains(detector.pattern))
    if len(written) < least * len(texts):
        return 0.0
    return sum(map(detector.valid, written.to_list())) / len(texts)

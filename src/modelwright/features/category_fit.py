"""What is learned about categories from the rows given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from modelwright.features.indicator import Indicators
from modelwright.features.levels import FIRST, MISSING, UNSEEN, Levels
from modelwright.features.lookup import Lookup
from modelwright.features.target import Targets, fold_of_rows
from modelwright.features.transformer import Setting, Style

MANY = 8
"""Trees get the target's means beside the code for columns with more levels than this."""
INDICATORS = 24
"""Most indicators of one column."""
WIDTH = 256
"""Most indicators over all columns, while each column has at least one."""
MEANS = 64
"""Most features made from the target's means, over all columns."""
CLASSES = 3
"""Most classes whose share is encoded for one column; the last class is what the others leave."""

_LEAST_SPREAD = 0.1
"""Encodings that spread less than this share of the target's standard deviation stay smaller than others."""


@dataclass(frozen=True, eq=False)
class CategoryFit:
    """The rows given, and what they say about each level.

    Attributes
    ----------
    levels : Levels
        The numbering of the categories.
    encoded : numpy.ndarray
        int32 ``[n, m]``, the rows' levels.
    y : numpy.ndarray
        The rows' target, ``[n]``.
    setting : Setting
        Task, style, classes and seed.
    """

    levels: Levels
    encoded: np.ndarray
    y: np.ndarray
    setting: Setting

    @cached_property
    def lookup(self) -> Lookup:
        """Codes (trees), then the target's means."""
        codes, means = self._codes, self._means
        tables = [self._scaled(at, means[at]) for at in self._encoded_columns]
        return Lookup(
            (*codes.names, *self._mean_names),
            (*codes.sources, *(at for at in self._encoded_columns for _ in self._targets.names)),
            (*codes.tables, *(column for table in tables for column in table.T.copy())),
        )

    @cached_property
    def indicators(self) -> Indicators:
        """Indicators of the most frequent levels (linear learners)."""
        chosen = [
            (at, level)
            for at, counts in enumerate(self._counts)
            for level in _by_frequency(counts)[: self._cap]
        ]
        names = tuple(f"{self.levels.columns[at]} {self.levels.text(at, level)}" for at, level in chosen)
        return Indicators(names, tuple(at for at, _ in chosen), tuple(level for _, level in chosen))

    def training_features(self) -> np.ndarray:
        """Return float32 ``[n, d]`` for the rows given, the target's means cross-fitted."""
        parts = [self._codes.apply(self.encoded)]
        folds = fold_of_rows(len(self.encoded), self.setting.seed, self.setting.together)
        for at in self._encoded_columns:
            means = self._targets.cross_fit(self.encoded[:, at], self.levels.sizes[at], folds)
            parts.append(self._scaled(at, means))
        return np.concatenate([*parts, self.indicators.apply(self.encoded)], axis=1, dtype=np.float32)

    @cached_property
    def _counts(self) -> list[np.ndarray]:
        sizes = self.levels.sizes
        return [
            np.bincount(column, minlength=size) for column, size in zip(self.encoded.T, sizes, strict=True)
        ]

    @cached_property
    def _codes(self) -> Lookup:
        if self.setting.style != Style.TREE:
            return Lookup((), (), ())
        columns = self.levels.columns
        return Lookup(columns, tuple(range(len(columns))), tuple(_rank(counts) for counts in self._counts))

    @cached_property
    def _cap(self) -> int:
        """Most indicators of a column, such that all columns' indicators keep to `WIDTH`."""
        if self.setting.style == Style.TREE:
            return 0
        seen = np.array([np.count_nonzero(counts) for counts in self._counts])
        caps = (cap for cap in range(INDICATORS, 1, -1) if np.minimum(seen, cap).sum() <= WIDTH)
        return next(caps, 1)

    @cached_property
    def _encoded_columns(self) -> list[int]:
        """Positions of the columns whose levels are too many for codes or indicators alone."""
        enough = MANY if self.setting.style == Style.TREE else self._cap
        return [at for at, counts in enumerate(self._counts) if np.count_nonzero(counts) > enough]

    @cached_property
    def _targets(self) -> Targets:
        most = min(CLASSES, len(self.setting.classes) - 1, MEANS // max(len(self._encoded_columns), 1))
        width = max(most, 1)
        return Targets.of(self.y, self.setting, width)

    @cached_property
    def _mean_names(self) -> tuple[str, ...]:
        columns = self.levels.columns
        return tuple(
            f"{columns[at]}: mean of {name or 'the target'}"
            for at in self._encoded_columns
            for name in self._targets.names
        )

    @cached_property
    def _means(self) -> dict[int, np.ndarray]:
        """Encodings of each such column's levels, float32 ``[levels, w]``."""
        sizes = self.levels.sizes
        return {at: self._targets.encode(self.encoded[:, at], sizes[at]) for at in self._encoded_columns}

    def _scaled(self, at: int, means: np.ndarray) -> np.ndarray:
        """Return encodings of a column as its style wants them.

        For linear learners they are standardised, but not such that levels that say almost nothing about
        the target look as if they said as much as others.
        """
        if self.setting.style == Style.TREE:
            return means
        known = self._means[at].astype(np.float64)
        weights = self._counts[at]
        centre = np.average(known, axis=0, weights=weights)
        scale = np.sqrt(np.average((known - centre) ** 2, axis=0, weights=weights))
        scale = np.maximum(scale, _LEAST_SPREAD * self._targets.values.std(axis=0))
        scale = np.where(scale > np.finfo(np.float32).tiny, scale, 1.0)
        return ((means - centre) / scale).astype(np.float32)


def _by_frequency(counts: np.ndarray) -> list[int]:
    """Return the levels that rows have, most frequent first; ties in the contract's order."""
    order = np.argsort(-counts, kind="stable")
    return [int(level) for level in order if counts[level]]


def _rank(counts: np.ndarray) -> np.ndarray:
    """Return each level's code as float32: its rank by frequency, NaN for `MISSING`."""
    known = [level for level in _by_frequency(counts) if level >= FIRST]
    codes = np.full(len(counts), len(known), dtype=np.float32)  # levels without rows are like unseen ones
    codes[known] = np.arange(len(known))
    codes[UNSEEN], codes[MISSING] = len(known), np.nan
    return codes

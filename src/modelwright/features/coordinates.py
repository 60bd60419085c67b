"""Places on earth as features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from modelwright.features.arrays import number_matrix
from modelwright.features.grams import columns_of
from modelwright.features.scaling import Scaling
from modelwright.features.transformer import ColumnTransformer, Setting, Style

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column

ANGLES = (15, 30, 45, 60, 75, 135)
"""Directions along which a place is measured for trees, beside east and north, in degrees from east."""
CENTRES = 8
"""Most places that the distance is measured to."""

_MOST_ROWS = 20_000
_FARTHEST = 1_000.0
"""Degrees beyond this are none; numbers stop here, so that their squares are finite."""


@dataclass(frozen=True, eq=False)
class CoordinateColumns(ColumnTransformer):
    """Pairs of a latitude and a longitude, beside what they are as numbers.

    For each pair its distances from the centres of the fitted rows' clusters (k-means), and for trees the
    place measured along six slanted directions, since they can only cut along the axes that they are given
    (Rodríguez, Kuncheva and Alonso, "Rotation forest", IEEE PAMI 28, 2006). NaN where one of both is
    missing; for linear learners filled and standardised. Degrees of longitude are as long as at the fitted
    rows' mean latitude.

    Attributes
    ----------
    columns : tuple of str
        Names of the columns: latitude, longitude, and so on.
    stretch : tuple of float
        For each pair the length of a degree of longitude, in degrees of latitude.
    centres : tuple of numpy.ndarray
        For each pair float64 ``[c, 2]``, east and north, in degrees of latitude.
    angles : tuple of int
        The directions, in degrees from east; empty for linear learners, which find them by themselves.
    scaling : Scaling or None
        Of all features; None for trees.
    """

    kind: ClassVar[str] = "coordinates"
    columns: tuple[str, ...]
    stretch: tuple[float, ...]
    centres: tuple[np.ndarray, ...]
    angles: tuple[int, ...]
    scaling: Scaling | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, pair by pair: the directions, then the distances."""
        named = tuple(name for pair in range(len(self.centres)) for name in self._names(pair))
        return self.scaling.names(named) if self.scaling else named

    @property
    def sources(self) -> tuple[tuple[int, ...], ...]:
        """Positions of each feature's pair of columns."""
        of = [pair for pair in range(len(self.centres)) for _ in self._names(pair)]
        of += [of[at] for at in self.scaling.flagged] if self.scaling else []
        return tuple((2 * pair, 2 * pair + 1) for pair in of)

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:  # noqa: ARG003
        """Learn where the rows are."""
        names = tuple(column.name for column in columns)
        degrees, _ = _bounded(number_matrix(frame, names))
        pairs = [pair[~np.isnan(pair).any(axis=1)] for pair in np.split(degrees, len(names) // 2, axis=1)]
        stretch = tuple(_stretch(pair[:, 0]) for pair in pairs)
        centres = tuple(
            _centres(pair[:, ::-1] * [wide, 1.0], setting.seed)
            for pair, wide in zip(pairs, stretch, strict=True)
        )
        if setting.style == Style.TREE:
            return cls(names, stretch, centres, ANGLES, None)
        distances = cls(names, stretch, centres, (), None).transform(frame)
        return cls(names, stretch, centres, (), Scaling.fit(distances))

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]``."""
        degrees, absent = _bounded(number_matrix(frame, self.columns))
        parts = []
        for pair, (wide, centres) in enumerate(zip(self.stretch, self.centres, strict=True)):
            north, east = degrees[:, [2 * pair]], degrees[:, [2 * pair + 1]] * wide
            along = east * self._east + north * self._north
            over, up = east - centres[:, 0], north - centres[:, 1]
            parts.append(np.concatenate([along, np.sqrt(over * over + up * up)], axis=1).astype(np.float32))
            parts[-1][absent[:, 2 * pair] | absent[:, 2 * pair + 1]] = np.nan
        features = np.concatenate(parts, axis=1)
        return features if self.scaling is None else self.scaling.apply(features)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `transform`, as a graph over float32 ``[N, k]``."""
        import spox.opset.ai.onnx.v21 as op

        absent = op.isnan(matrix)
        given = op.where(absent, op.const(np.float32(0)), matrix)
        near = op.min([given, op.const(np.float32(_FARTHEST))])
        degrees = op.cast(op.max([near, op.const(np.float32(-_FARTHEST))]), to=np.float64)
        parts = []
        for pair, (wide, centres) in enumerate(zip(self.stretch, self.centres, strict=True)):
            north = columns_of(degrees, 2 * pair, 2 * pair + 1)
            east = op.mul(columns_of(degrees, 2 * pair + 1, 2 * pair + 2), op.const(np.float64(wide)))
            along = op.add(op.mul(east, op.const(self._east)), op.mul(north, op.const(self._north)))
            over, up = op.sub(east, op.const(centres[:, 0])), op.sub(north, op.const(centres[:, 1]))
            made = [along, op.sqrt(op.add(op.mul(over, over), op.mul(up, up)))]
            gone = op.or_(
                columns_of(absent, 2 * pair, 2 * pair + 1), columns_of(absent, 2 * pair + 1, 2 * pair + 2)
            )
            known = op.cast(op.concat(made, axis=1), to=np.float32)
            parts.append(op.where(gone, op.const(np.float32(np.nan)), known))
        features = op.concat(parts, axis=1) if len(parts) > 1 else parts[0]
        return features if self.scaling is None else self.scaling.graph(features)

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {
            "columns": list(self.columns),
            "stretch": list(self.stretch),
            "centres": [centres.tolist() for centres in self.centres],
            "angles": list(self.angles),
            "scaling": self.scaling.to_dict() if self.scaling else None,
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the transformer whose `to_dict` is `state`."""
        centres = tuple(np.array(each, dtype=np.float64).reshape(-1, 2) for each in state["centres"])
        scaling = Scaling.from_dict(state["scaling"]) if state["scaling"] else None
        return cls(tuple(state["columns"]), tuple(state["stretch"]), centres, tuple(state["angles"]), scaling)

    def _names(self, pair: int) -> tuple[str, ...]:
        place = " and ".join(self.columns[2 * pair : 2 * pair + 2])
        distances = (f"{place}: distance {at + 1}" for at in range(len(self.centres[pair])))
        return (*(f"{place}: along {angle}°" for angle in self.angles), *distances)

    @property
    def _east(self) -> np.ndarray:
        return np.cos(np.deg2rad(np.array(self.angles, dtype=np.float64)))

    @property
    def _north(self) -> np.ndarray:
        return np.sin(np.deg2rad(np.array(self.angles, dtype=np.float64)))


def _bounded(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return float64 degrees, NaN where missing, and where they are missing."""
    absent = np.isnan(matrix)
    degrees: np.ndarray = np.clip(matrix.astype(np.float64), -_FARTHEST, _FARTHEST)
    return degrees, absent


def _stretch(latitudes: np.ndarray) -> float:
    return float(np.cos(np.deg2rad(np.clip(latitudes.mean(), -80.0, 80.0)))) if len(latitudes) else 1.0


def _centres(places: np.ndarray, seed: int) -> np.ndarray:
    """Return the centres of the clusters of places, float64 ``[c, 2]``."""
    from sklearn.cluster import KMeans

    some = places[np.sort(np.random.default_rng(seed).permutation(len(places))[:_MOST_ROWS])]
    distinct = np.unique(some, axis=0)
    if len(distinct) <= CENTRES:
        return distinct
    found = KMeans(CENTRES, n_init=1, random_state=seed).fit(some)
    return np.asarray(found.cluster_centers_, dtype=np.float64)

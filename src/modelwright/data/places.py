"""Places on earth: which two columns of numbers are a latitude and its longitude."""

from __future__ import annotations

from collections.abc import Sequence

from modelwright.data.column import Column
from modelwright.data.guess import snake_case

_LATITUDE = frozenset(["lat", "latitude", "latitud", "latitudine", "breitengrad"])
_LONGITUDE = frozenset(["lon", "lng", "long", "longitude", "longitud", "longitudine", "langengrad"])


def place_pairs(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Return the names of each latitude and its longitude.

    They are two columns of numbers that are called so, with the same words beside it (``pickup_lat`` and
    ``pickup_lon``), and whose usual ranges are on earth.

    Parameters
    ----------
    columns : sequence of Column
    """
    latitudes = {key: each.name for each in columns if (key := _beside(each, _LATITUDE, 90.0)) is not None}
    longitudes = {key: each.name for each in columns if (key := _beside(each, _LONGITUDE, 180.0)) is not None}
    return tuple((latitudes[key], longitudes[key]) for key in latitudes if key in longitudes)


def _beside(column: Column, called: frozenset[str], most: float) -> tuple[str, ...] | None:
    """Return the words of a name beside the one that it is called; None where it is not called so."""
    words = snake_case(column.name).split("_")
    rest = tuple(word for word in words if word not in called)
    limits = [abs(limit) for limit in (column.minimum, column.maximum) if limit is not None]
    is_one = column.kind == "number" and len(rest) == len(words) - 1 and max(limits, default=0.0) <= most
    return rest if is_one else None

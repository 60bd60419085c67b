"""Ways in which rows can differ from those of the build: values missing, noisy, unknown, or later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from modelwright.data import Column

DisturbanceKind = Literal["missing", "column missing", "noise", "unseen", "column unseen", "months"]

SHARES = (0.05, 0.1, 0.2)
NOISES = (0.1, 0.5)
MONTHS = tuple(range(1, 13))
_UNSEEN = "a category that was never seen"


@dataclass(frozen=True)
class Scenario:
    """One way to disturb rows.

    Attributes
    ----------
    kind : str
    amount : float
        Share of values, standard deviations or months; 1 where a column is disturbed as a whole.
    column : str
        The column; empty where all are disturbed.
    disturb : callable
        From a conformed frame and a generator to the disturbed frame.
    """

    kind: DisturbanceKind
    amount: float
    column: str
    disturb: Callable[[pl.DataFrame, np.random.Generator], pl.DataFrame]


def scenarios(columns: Sequence[Column], singly: Sequence[str], spreads: dict[str, float]) -> list[Scenario]:
    """List the ways to disturb rows that apply to their columns.

    Parameters
    ----------
    columns : sequence of Column
        The features.
    singly : sequence of str
        Names of those to disturb one at a time.
    spreads : dict of str to float
        The usual spread of each number.
    """
    return [
        *_missing([each.name for each in columns], singly),
        *_noise(spreads),
        *_unseen([each.name for each in columns if each.kind == "category"], singly),
        *_later([each.name for each in columns if each.kind == "time"]),
    ]


def usual_spread(values: pl.Series) -> float:
    """Return the interquartile range in standard deviations of a normal; where that is 0, the deviation."""
    known = values.drop_nulls().drop_nans().cast(pl.Float64)
    if known.is_empty():
        return 0.0
    low, high = known.quantile(0.25), known.quantile(0.75)
    robust = (float(high or 0.0) - float(low or 0.0)) / 1.349
    return robust if robust > 0 else float(known.std(ddof=0) or 0.0)  # type: ignore[arg-type]


def _missing(names: list[str], singly: Sequence[str]) -> Iterator[Scenario]:
    for share in SHARES:

        def some(frame: pl.DataFrame, rng: np.random.Generator, share: float = share) -> pl.DataFrame:
            return _replaced(frame, names, share, None, rng)

        yield Scenario("missing", share, "", some)
    for name in names:
        if name in singly:

            def whole(frame: pl.DataFrame, _: np.random.Generator, name: str = name) -> pl.DataFrame:
                return frame.with_columns(pl.lit(None, dtype=frame.schema[name]).alias(name))

            yield Scenario("column missing", 1.0, name, whole)


def _noise(spreads: dict[str, float]) -> Iterator[Scenario]:
    if not spreads:
        return
    for size in NOISES:

        def noisy(frame: pl.DataFrame, rng: np.random.Generator, size: float = size) -> pl.DataFrame:
            moved = [
                (frame[name].cast(pl.Float64) + size * spread * rng.normal(size=len(frame)))
                .cast(frame.schema[name])
                .alias(name)
                for name, spread in spreads.items()
            ]
            return frame.with_columns(moved)

        yield Scenario("noise", size, "", noisy)


def _unseen(names: list[str], singly: Sequence[str]) -> Iterator[Scenario]:
    for share in SHARES if names else ():

        def some(frame: pl.DataFrame, rng: np.random.Generator, share: float = share) -> pl.DataFrame:
            return _replaced(frame, names, share, _UNSEEN, rng)

        yield Scenario("unseen", share, "", some)
    for name in names:
        if name in singly:

            def whole(frame: pl.DataFrame, rng: np.random.Generator, name: str = name) -> pl.DataFrame:
                return _replaced(frame, [name], 1.0, _UNSEEN, rng)

            yield Scenario("column unseen", 1.0, name, whole)


def _later(names: list[str]) -> Iterator[Scenario]:
    for months in MONTHS if names else ():

        def later(frame: pl.DataFrame, _: np.random.Generator, months: int = months) -> pl.DataFrame:
            return frame.with_columns(_moved(frame[name], months) for name in names)

        yield Scenario("months", float(months), "", later)


def _moved(values: pl.Series, months: int) -> pl.Series:
    dated = pl.from_epoch(values, time_unit="s").dt.offset_by(f"{months}mo")
    return dated.dt.epoch("s").alias(values.name)


def _replaced(
    frame: pl.DataFrame, names: Sequence[str], share: float, value: str | None, rng: np.random.Generator
) -> pl.DataFrame:
    """Replace a share of the values there are, chosen at random in each column."""
    changed = []
    for name in names:
        hit = pl.Series(rng.random(len(frame)) < share) & frame[name].is_not_null()
        new = pl.Series([value], dtype=frame.schema[name])
        changed.append(new.extend_constant(value, len(frame) - 1).zip_with(hit, frame[name]).alias(name))
    return frame.with_columns(changed)

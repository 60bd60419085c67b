"""Columns that are hard to get right, of every kind: what a representation must survive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from modelwright.data import Column, words_of

_LONG = 2**63 - 1

HARD_NUMBERS: tuple[float | None, ...] = (
    *(0.0, -0.0, 1.0, -1.0, 0.1, 1e-45, -1e-45, 1.2e-38, 1e-10, 16777216.0, 16777217.0),
    *(3.4028235e38, -3.4028235e38, 1e38, -1e38, 1e20, float("inf"), float("-inf"), None),
)
"""Zeros of both signs, numbers without full precision, the largest and the smallest float32, infinities."""

HARD_TEXTS: tuple[str | None, ...] = (
    *(
        "a",
        "A",
        " a",
        "a ",
        "",
        " ",
        "\t",
        "\n",
        "0",
        "1",
        "1.0",
        "nan",
        "NaN",
        "null",
        "None",
        "\x1f",
        "\x1f0",
    ),
    *(
        "a\x1f0",
        "\x00",
        "a\x00b",
        "é",
        "e\u0301",
        "ß",
        "ẞ",
        "İ",
        "😀",
        "👩\u200d👩\u200d👧",
        "\u202eabc",
        "\ufeff",
    ),
    *("中文", "\U0010ffff", "x" * 5000, "'; DROP TABLE", '"', "\\", "{}", "%s", None),
)
"""Empty, blank and long texts, case and blanks that matter, control and combining characters."""

HARD_SENTENCES: tuple[str | None, ...] = (
    *HARD_TEXTS,
    *("it was not good", "NOT good?", "a a a a", "\u4e2d\u6587 a", "good " * 40, "call 0800 123456"),
)
"""Words that repeat, pairs across blanks and marks, signs without blanks, numbers of which zeros are kept."""

HARD_TIMES: tuple[int | None, ...] = (
    *(0, -1, 1, 59, 86_399, 86_400, -86_400, -86_401),
    *(-2_203_977_600, -2_203_891_200, -2_203_891_201),  # around 1 March 1900: no leap year
    *(951_782_399, 951_782_400, 951_868_800, 4_107_456_000, 4_107_542_400),  # February 2000 and 2100
    *(1_709_164_799, 1_709_164_800, 1_709_251_200, 1_704_067_199, 1_704_067_200),  # 2024: a leap year
    *(2_147_483_647, 2_147_483_648, -2_147_483_649, -62_135_596_800, -62_135_596_801),  # year 1, and before
    *(253_402_300_799, 253_402_300_800, _LONG, -_LONG, None),  # year 9999, after it, and the farthest
)
"""The second before and after midnights, leap days, years and the ends of the calendar and of int64."""


def example_columns(kind: str) -> tuple[Column, ...]:
    """Return columns of one kind: plain, with gaps, all the same, all missing, of many values, hard."""
    random = np.random.default_rng(3)
    series = example_frame(kind, 240)
    if kind != "category":
        stated = "number" if kind == "coordinates" else kind
        return tuple(Column(name=name, kind=stated, role="feature") for name in series.columns)
    listed = {
        name: series[name].drop_nulls().unique(maintain_order=True).to_list() for name in series.columns
    }
    for texts in listed.values():  # a contract does not know every text
        random.shuffle(texts)
    return tuple(
        Column(name=name, kind=kind, role="feature", categories=_known(texts))
        for name, texts in listed.items()
    )


def example_frame(kind: str, rows: int) -> pl.DataFrame:
    """Return a conformed frame of the columns that `example_columns` gives."""
    random = np.random.default_rng(5)
    draw, hard, dtype = _KINDS[kind]
    plain = draw(random, rows)
    gaps = [None if random.random() < 0.2 else value for value in draw(random, rows)]
    cells: dict[str, Sequence[Any]] = {
        "plain": plain,
        "gaps": gaps,
        "same": [plain[0]] * rows,
        "none": [None] * rows,
        "pairs": [value for value in draw(random, (rows + 1) // 2) for _ in range(2)][:rows],
        "hard": [hard[at] for at in random.integers(0, len(hard), rows)],
    }
    return pl.DataFrame({name: pl.Series(name, values, dtype=dtype) for name, values in cells.items()})


def graph_matrix(frame: pl.DataFrame, kind: str, columns: Sequence[str]) -> np.ndarray:
    """Return columns of one kind as the portable model's input takes them.

    Numbers and booleans are float32 with NaN where missing, categories and free texts texts with an empty
    one where missing, times int64 seconds with the least int64 where missing.
    """
    chosen = frame.select(columns)
    if kind in {"category", "text"}:
        return chosen.select(pl.all().fill_null("")).to_numpy().astype(object)
    if kind == "time":
        return chosen.select(pl.all().fill_null(np.iinfo(np.int64).min)).to_numpy(order="c")
    return chosen.to_numpy(order="c").astype(np.float32)


def _known(texts: Sequence[str]) -> tuple[str, ...]:
    listed = tuple(text for text in texts if text)
    return listed[: max(1, len(listed) * 4 // 5)]


def _numbers(random: np.random.Generator, rows: int) -> list[float]:
    return [float(value) for value in random.normal(100.0, 20.0, rows).astype(np.float32)]


def _degrees(random: np.random.Generator, rows: int) -> list[float]:
    return [float(value) for value in random.normal(40.0, 5.0, rows).astype(np.float32)]


def _booleans(random: np.random.Generator, rows: int) -> list[float]:
    return [float(value) for value in random.integers(0, 2, rows)]


def _texts(random: np.random.Generator, rows: int) -> list[str]:
    return [f"level {value}" for value in random.integers(0, max(rows // 2, 1), rows)]


def _sentences(random: np.random.Generator, rows: int) -> list[str]:
    said = ["the", "a", "was", "not", "good", "bad", "film", ",", ".", "!", "£", "12", "it's"]
    lengths = random.integers(0, 12, rows)
    return [words_of(" ".join(random.choice(said, size=length))) for length in lengths]


def _times(random: np.random.Generator, rows: int) -> list[int]:
    return [int(value) for value in random.integers(1_500_000_000, 1_700_000_000, rows)]


_KINDS: dict[str, tuple[Callable[[np.random.Generator, int], Sequence[Any]], Sequence[Any], Any]] = {
    "number": (_numbers, HARD_NUMBERS, pl.Float32),
    "coordinates": (_degrees, HARD_NUMBERS, pl.Float32),
    "boolean": (_booleans, (0.0, 1.0, None), pl.Float32),
    "category": (_texts, HARD_TEXTS, pl.String),
    "text": (
        _sentences,
        tuple(text if text is None else words_of(text) for text in HARD_SENTENCES),
        pl.String,
    ),
    "time": (_times, HARD_TIMES, pl.Int64),
}

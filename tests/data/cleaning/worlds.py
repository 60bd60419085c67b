"""A shop's customers, as dirty as tables are: every step of cleaning has something to do."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.problem import Brief, CleaningStep
from tests.data.strategies import brief as brief_of


def dirty(rows: int = 300, seed: int = 0) -> pl.DataFrame:
    """Return customers who come again: who paid much for much or little for little, nine times out of ten."""
    rng = np.random.default_rng(seed)
    price = rng.lognormal(6, 1, rows)
    grams = rng.uniform(500, 9000, rows)
    days = np.datetime64("2020-01-01") + rng.integers(0, 1000, rows)
    again = (price > np.median(price)) == (grams > np.median(grams))
    again ^= rng.random(rows) < 0.1
    iso, metric = rng.random(rows) < 0.5, rng.random(rows) < 0.7
    return pl.DataFrame(
        {
            "customer": [f"c-{seed}-{n:05d}" for n in range(rows)],
            "price": [f"${each:,.2f}" for each in price],
            "european": [
                f"{each:,.2f} €".translate(str.maketrans(",.", ".,")) for each in rng.lognormal(6, 1, rows)
            ],
            "share": [f"{each:.1f} %" for each in rng.uniform(0, 100, rows)],
            "weight": [
                f"{each / 1000:.2f} kg" if kilos else f"{each:.0f} g"
                for each, kilos in zip(grams, metric, strict=True)
            ],
            "since": [
                str(day) if plain else day.astype(object).strftime("%d/%m/%Y")
                for day, plain in zip(days, iso, strict=True)
            ],
            "city": rng.choice(
                ["New York", "new york", " New York", "Boston", "Bostn", "Chicago"],
                rows,
                p=[0.3, 0.05, 0.05, 0.3, 0.01, 0.29],
            ),
            "age": np.where(rng.random(rows) < 0.02, -5, rng.integers(18, 80, rows)),
            "income": np.where(rng.random(rows) < 0.05, -999, rng.integers(1000, 9000, rows)),
            "score": [
                "n/d" if none else str(each)
                for none, each in zip(rng.random(rows) < 0.05, rng.integers(0, 100, rows), strict=True)
            ],
            "same": ["x"] * rows,
            "again": [
                None if none else ("yes" if each else "no")
                for none, each in zip(rng.random(rows) < 0.02, again, strict=True)
            ],
        }
    )


def brief(*steps: CleaningStep) -> Brief:
    """Return a brief for the customers that declares steps."""
    return brief_of("again", id="customer").model_copy(update={"cleaning": steps})

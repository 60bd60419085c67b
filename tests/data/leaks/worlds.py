"""Tables with an honest part, and what is planted in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from modelwright.data import Audit, Contract, audit
from tests.data.strategies import brief

ROWS = 1500


def honest(rows: int = ROWS, seed: int = 0) -> tuple[pl.DataFrame, np.ndarray, np.random.Generator]:
    """Return columns of every kind, a score that they make, and the source of chance."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 5))
    kind = rng.integers(0, 6, rows)
    score = x[:, 0] * 1.5 + x[:, 1] - 0.7 * x[:, 2] + 0.5 * (kind == 2) + rng.normal(size=rows)
    table = pl.DataFrame({f"x{at}": x[:, at] for at in range(5)}).with_columns(
        kind=pl.Series([f"k{code}" for code in kind]),
        town=pl.Series([f"t{code}" for code in rng.integers(0, 300, rows)]),
        customer_id=pl.Series(rng.permutation(rows) + 10_000),
        flag=pl.Series(rng.random(rows) < 0.1),
        amount=pl.Series(np.where(rng.random(rows) < 0.7, 0.0, rng.gamma(2, 50, rows).round(2))),
        holed=pl.Series(
            [None if out else value for out, value in zip(rng.random(rows) < 0.3, x[:, 3], strict=True)]
        ),
    )
    return table, score, rng


def audited(table: pl.DataFrame, y: Any, task: str, **roles: Any) -> Audit:
    """Audit a table with a target beside it."""
    table = table.with_columns(target=pl.Series(y))
    return audit(table, Contract.infer(table, brief(task=task, **roles)))


def labels(score: np.ndarray, share: float = 0.3) -> np.ndarray:
    """Return "yes" for the highest scores, else "no"."""
    return np.where(score > np.quantile(score, 1 - share), "yes", "no")

"""Signs that new labels are spoilt, by somebody or by a fault, before anything is learnt from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

BLOCK = 50  # labels in the order in which they came
MANY_WRONG, FEW_WRONG = 0.8, 0.4
COPIES_SHARE, COPIES = 0.1, 30
DISTINCT = 0.5


@dataclass(frozen=True)
class Suspicion:
    """A sign that new labels are not what they seem.

    Attributes
    ----------
    code : {"MW-M020", "MW-M021"}
        Copies of one row; a burst of wrong labels.
    words : str
        What was found, and what to do.
    """

    code: str
    words: str


def suspicions(rows: pl.DataFrame, wrong: NDArray[np.bool_] | None) -> tuple[Suspicion, ...]:
    """Look for signs of poisoned labels.

    Parameters
    ----------
    rows : polars.DataFrame
        Features and label of the new rows, in the order in which the labels came.
    wrong : ndarray of shape (n,), or None
        Where the label is another than the answer that was given; None for numbers.

    Returns
    -------
    tuple of Suspicion
        Empty where nothing was found.
    """
    found = (_copies(rows), None if wrong is None else _burst(wrong))
    return tuple(each for each in found if each is not None)


def _copies(rows: pl.DataFrame) -> Suspicion | None:
    """Find one row that is there again and again, where rows are otherwise distinct."""
    plain = rows.select(name for name, dtype in rows.schema.items() if not dtype.is_nested())
    if plain.is_empty() or plain.width == 0:
        return None
    counts = plain.hash_rows().value_counts()["count"]
    most = int(counts.max() or 0)  # type: ignore[arg-type]
    others = len(counts) / max(plain.height - most, 1)
    if most < max(COPIES, COPIES_SHARE * plain.height) or others < DISTINCT:
        return None
    return Suspicion(
        "MW-M020",
        f"One row is there {most:,} times among {plain.height:,} new labelled rows, which are otherwise "
        "distinct; see who sent it, and take it back by sending its right labels, before it is learnt from.",
    )


def _burst(wrong: NDArray[np.bool_]) -> Suspicion | None:
    """Find a stretch of labels that contradict the answers, with others before and after that do not.

    A change of the world lasts; flipped labels come and go.
    """
    blocks = len(wrong) // BLOCK
    if blocks < 3:
        return None
    rates = wrong[: blocks * BLOCK].reshape(blocks, BLOCK).mean(axis=1)
    high = np.flatnonzero(rates > MANY_WRONG)
    if not len(high) or high[0] == 0 or high[-1] == blocks - 1:
        return None
    around = np.concatenate([rates[: high[0]], rates[high[-1] + 1 :]])
    if around.max() > FEW_WRONG:
        return None
    first, last = int(high[0]) * BLOCK, (int(high[-1]) + 1) * BLOCK
    return Suspicion(
        "MW-M021",
        f"Of the new labels {first + 1:,} to {last:,}, in the order in which they came, "
        f"{rates[high].mean():.0%} contradict the answers, while before and after at most {around.max():.0%} "
        "do; see where these came from, and send the right ones, before they are learnt from.",
    )

"""Shapley values by their definition, over every coalition of columns."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np


def shapley(answer: Callable, row: np.ndarray, background: np.ndarray, column_of: np.ndarray) -> np.ndarray:
    """Share out ``answer(row) - mean answer(background)`` over the columns of the features."""
    players = range(int(column_of.max()) + 1)
    coalitions = [chosen for size in range(len(players) + 1) for chosen in combinations(players, size)]
    mixed = np.concatenate([np.where(np.isin(column_of, chosen), row, background) for chosen in coalitions])
    worth = answer(mixed.astype(np.float32)).reshape(len(coalitions), len(background)).mean(axis=1)
    value = dict(zip(coalitions, worth, strict=True))
    shares = np.zeros(len(players))
    for chosen in coalitions:
        weight = (
            factorial(len(chosen)) * factorial(len(players) - len(chosen) - 1)
            if len(chosen) < len(players)
            else 0
        )
        for player in set(players) - set(chosen):
            joined = tuple(sorted((*chosen, player)))
            shares[player] += weight / factorial(len(players)) * (value[joined] - value[chosen])
    return shares

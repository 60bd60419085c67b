"""Which combinations are kept: those that say of unseen rows what single columns do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modelwright.features.combining.base import Base
from modelwright.features.combining.candidates import candidates
from modelwright.features.combining.combination import Recipe
from modelwright.features.combining.trial import Trial, trials

SAMPLE = 10_000
"""Most rows that are screened on."""
FEWEST = 200
"""Fewer rows than this give no combinations."""
FIRST = 100
"""Most combinations that a forest is tried with."""
SIZES = (40, 20, 10)
"""How many combinations may be kept."""


def screened(base: Base) -> list[Recipe]:
    """Return the combinations that are worth making, the best first.

    On at most `SAMPLE` rows, one half learns and the other judges, then the other way round.
    """
    if len(base.y) < FEWEST or len(np.unique(base.y)) < 2:
        return []
    seed = base.setting.seed
    some = base.sample(np.sort(np.random.default_rng(seed).permutation(len(base.y))[:SAMPLE]))
    both, gain = trials(some, seed)
    strongest = [int(at) for at in np.argsort(-gain, kind="stable") if at not in base.alone]
    wanted = candidates(some, strongest)
    if not wanted:
        return []
    explained = sum(trial.explained(wanted) for trial in both)
    first = _diverse([wanted[at] for at in np.argsort(-explained, kind="stable")])[:FIRST]
    gains = np.stack([trial.gains(first) for trial in both])
    total = np.where((gains > 0).all(axis=0), gains.sum(axis=0), 0.0)
    best = [first[at] for at in np.argsort(-total, kind="stable") if total[at] > 0]
    return _sized(best, both)


def _sized(best: Sequence[Recipe], both: Sequence[Trial]) -> list[Recipe]:
    """Return as many of the best combinations as make unseen rows' losses smallest; none where none do."""
    chosen: list[Recipe] = []
    most = 0.0
    for size in dict.fromkeys(min(size, len(best)) for size in SIZES):
        if size:
            better = np.concatenate([trial.improvement(best[:size]) for trial in both])
            sure = better.mean() - better.std() / np.sqrt(len(better))
            if sure > most:
                chosen, most = list(best[:size]), float(sure)
    return chosen


def _diverse(ranked: Sequence[Recipe]) -> list[Recipe]:
    """Leave out the third and further combinations of the same kind and features."""
    seen: dict[tuple[str, frozenset[int]], int] = {}
    kept = []
    for recipe in ranked:
        key = (recipe.kind, frozenset(recipe.of))
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= 2:
            kept.append(recipe)
    return kept

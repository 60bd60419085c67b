"""Recipes become fitted combinations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modelwright.features.combining.arithmetic import Arithmetic
from modelwright.features.combining.base import Base
from modelwright.features.combining.combination import Combination, Recipe
from modelwright.features.combining.cross import Cross
from modelwright.features.combining.duration import Duration
from modelwright.features.combining.group import Group

KINDS: dict[str, type[Combination]] = {kind.kind: kind for kind in (Arithmetic, Cross, Duration, Group)}
"""Every kind of combination, in the order of their features."""


def made(recipes: Sequence[Recipe], base: Base) -> tuple[tuple[Combination, ...], np.ndarray]:
    """Fit combinations, and give float32 ``[n, recipes]`` to train on, in the fitted ones' order."""
    done = [
        kind.fit_transform(chosen, base)
        for name, kind in KINDS.items()
        if (chosen := [recipe for recipe in recipes if recipe.kind == name])
    ]
    nothing = np.empty((len(base.matrix), 0), dtype=np.float32)
    return tuple(fitted for fitted, _ in done), np.concatenate([nothing, *(part for _, part in done)], axis=1)

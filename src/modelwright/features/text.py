"""Free text as features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from modelwright.features.scaling import Scaling
from modelwright.features.target import Targets, fold_of_rows
from modelwright.features.text_score import TextScore
from modelwright.features.transformer import ColumnTransformer, Setting, Style

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column

CLASSES = 12
"""Most classes with a score of their own; the others are what these leave."""


@dataclass(frozen=True, eq=False)
class TextColumns(ColumnTransformer):
    """All columns of kind ``text``.

    For each column the scores that linear models give its words, one for the value or the positive class or
    each of the most frequent classes, and the number of words (see `TextScore`); for linear learners
    standardised. A missing text is one without words.

    Attributes
    ----------
    columns : tuple of str
        Names of the columns.
    classes : tuple of str
        What each score stands for: empty for a single one, else the class.
    scores : tuple of TextScore
        One for each column.
    scaling : Scaling or None
        Of all features; None for trees.
    """

    kind: ClassVar[str] = "text"
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    scores: tuple[TextScore, ...]
    scaling: Scaling | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, column by column: the scores, then the number of words."""
        says = [*(f"says {name}" if name else "says" for name in self.classes), "words"]
        return tuple(f"{column}: {each}" for column in self.columns for each in says)

    @property
    def sources(self) -> tuple[int, ...]:
        """Position of each feature's column."""
        return tuple(at for at in range(len(self.columns)) for _ in range(len(self.classes) + 1))

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        """Learn which words are frequent, and what the target was where they are."""
        return cls.fit_transform(frame, columns, y, setting)[0]

    @classmethod
    def fit_transform(
        cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting
    ) -> tuple[Self, np.ndarray]:
        """Fit, and give features for the same rows whose scores come from the other folds' rows."""
        targets = Targets.of(y, setting, CLASSES)
        folds = fold_of_rows(frame.height, setting.seed, setting.together)
        names = tuple(column.name for column in columns)
        done = [TextScore.fit_transform(frame[name], targets, folds) for name in names]
        features = np.concatenate([made for _, made in done], axis=1)
        scaling = Scaling.fit(features) if setting.style == Style.LINEAR else None
        fitted = cls(names, targets.names, tuple(score for score, _ in done), scaling)
        return fitted, features if scaling is None else scaling.apply(features)

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]``."""
        parts = [score.apply(frame[name]) for name, score in zip(self.columns, self.scores, strict=True)]
        features = np.concatenate(parts, axis=1)
        return features if self.scaling is None else self.scaling.apply(features)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `transform`, as a graph over texts ``[N, m]``."""
        import spox.opset.ai.onnx.v21 as op

        parts = [
            score.graph(op.gather(matrix, op.const(np.int64(at)), axis=1))
            for at, score in enumerate(self.scores)
        ]
        features = op.concat(parts, axis=1) if len(parts) > 1 else parts[0]
        return features if self.scaling is None else self.scaling.graph(features)

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {
            "columns": list(self.columns),
            "classes": list(self.classes),
            "scores": [score.to_dict() for score in self.scores],
            "scaling": self.scaling.to_dict() if self.scaling else None,
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the transformer whose `to_dict` is `state`."""
        return cls(
            tuple(state["columns"]),
            tuple(state["classes"]),
            tuple(TextScore.from_dict(score) for score in state["scores"]),
            Scaling.from_dict(state["scaling"]) if state["scaling"] else None,
        )

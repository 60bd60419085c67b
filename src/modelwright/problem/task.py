"""The kinds of question that a model answers."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """What the target is.

    Attributes
    ----------
    BINARY
        One of two labels, of which one is the positive.
    MULTICLASS
        One of three or more labels.
    REGRESSION
        A number.
    """

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"

    @property
    def is_classification(self) -> bool:
        """Whether the answer is a label with a probability for each class."""
        return self is not Task.REGRESSION

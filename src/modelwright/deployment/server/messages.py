"""What the server is sent and what it answers."""

from __future__ import annotations

from typing import Any

import msgspec

from modelwright.explanation import Explanation


class PredictRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Rows to score.

    Attributes
    ----------
    records : list of dict
        One object per row, by column name.
    """

    records: list[dict[str, Any]]


class LabelIn(msgspec.Struct, forbid_unknown_fields=True):
    """What turned out to be true for one prediction.

    Attributes
    ----------
    id : str
        As ``/predict`` answered.
    label : str, int, float or bool
        A label of the contract, or a number for regression.
    """

    id: str
    label: str | int | float | bool


class FeedbackRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Labels that came later.

    Attributes
    ----------
    labels : list of LabelIn
    """

    labels: list[LabelIn]


class Prediction(msgspec.Struct, omit_defaults=True):
    """One answered row.

    Attributes
    ----------
    id : str
        Names the prediction from now on.
    prediction : str or float
        The label, or the value.
    probabilities : dict of str to float, optional
        Left out for regression.
    abstained : bool, optional
        Left out unless the answer is not sure enough.
    intervals : dict of str to list of float, optional
        For each level asked for, the lower and the upper limit; regression only.
    sets : dict of str to list of str, optional
        For each level asked for, the labels that may be true; classes only.
    explanation : Explanation, optional
        Where it was asked for.
    release : str, optional
        Where another release gave it than the answer says: a challenger's canary.
    """

    id: str
    prediction: str | float
    probabilities: dict[str, float] | None = None
    abstained: bool = False
    intervals: dict[str, list[float]] | None = None
    sets: dict[str, list[str]] | None = None
    explanation: Explanation | None = None
    release: str | None = None


class Detail(msgspec.Struct):
    """One thing that is wrong, or worth knowing.

    Attributes
    ----------
    row : int or None
        Position of the row or label in the request, from 0; None where it is about the whole request.
    column : str or None
    message : str
        What was found and what is expected.
    """

    row: int | None
    column: str | None
    message: str


class PredictAnswer(msgspec.Struct, omit_defaults=True):
    """Answers in the order of the records.

    Attributes
    ----------
    release : str
        The release that gave them.
    predictions : list of Prediction
    warnings : list of Detail
        What the contract accepts but is worth knowing, such as a category never seen; left out where empty.
    """

    release: str
    predictions: list[Prediction]
    warnings: list[Detail] = []


class FeedbackAnswer(msgspec.Struct):
    """How the labels were taken.

    Attributes
    ----------
    accepted : int
        How many there were.
    changed : int
        How many were new or corrected; the others were known already.
    """

    accepted: int
    changed: int


class Refusal(Exception):  # noqa: N818 - an answer to the client, not a fault of ours
    """An answer other than 200.

    Parameters
    ----------
    status : int
        HTTP status.
    details : Detail or str
        What to say; never data of others, never internals. Text is about the whole request.
    """

    def __init__(self, status: int, *details: Detail | str) -> None:
        super().__init__(status)
        self.status = status
        self.details = [Detail(None, None, each) if isinstance(each, str) else each for each in details]

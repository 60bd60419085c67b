"""What a caller may ask for beside the prediction: how it is asked for, and how it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from modelwright.deployment.asking import Asked
from modelwright.deployment.scorer import Scores
from modelwright.deployment.server.messages import Detail, Prediction, Refusal

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from modelwright.explanation import Explanation

MOST_EXPLAINED = 100
MOST_LEVELS = 10

_PARAMETERS = ("interval", "explain", "abstain_below")


def asked_by(query: QueryParams) -> Asked:
    """Read what a request asks for beside the predictions.

    Parameters
    ----------
    query : QueryParams
        ``interval`` (a level, several by commas or by repeating it), ``explain`` and ``abstain_below``.

    Raises
    ------
    Refusal
        422 where a parameter is unknown or says something impossible, naming each.
    """
    faults: list[Detail] = []
    for name in query:
        if name not in _PARAMETERS:
            near = get_close_matches(name, _PARAMETERS, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(_PARAMETERS)}"
            faults.append(Detail(None, name[:100], f"is no parameter of /predict; {hint}"))
    texts = [part.strip() for value in query.getlist("interval") for part in value.split(",")]
    levels = tuple(dict.fromkeys(_share("interval", text, faults) for text in texts))
    if len(levels) > MOST_LEVELS:
        faults.append(Detail(None, "interval", f"at most {MOST_LEVELS} levels are answered at once"))
    explain = query.get("explain", "false").lower()
    if explain not in {"true", "false", "1", "0"}:
        faults.append(Detail(None, "explain", "must be true or false"))
    below = query.get("abstain_below")
    abstain_below = None if below is None else _share("abstain_below", below, faults)
    if faults:
        raise Refusal(422, *faults)
    return Asked(levels, explain in {"true", "1"}, abstain_below)


def complete(
    predictions: Sequence[Prediction], scores: Scores, explanations: Sequence[Explanation] | None
) -> None:
    """Add to answered rows what was asked for beside the predictions."""
    for row, prediction in enumerate(predictions):
        if scores.abstained is not None:
            prediction.abstained = bool(scores.abstained[row])
        if scores.intervals:
            prediction.intervals = {
                f"{level:g}": [float(low[row]), float(high[row])]
                for level, (low, high) in scores.intervals.items()
            }
        if scores.sets:
            prediction.sets = {
                f"{level:g}": [
                    label for label, among in zip(scores.classes, chosen[row], strict=True) if among
                ]
                for level, chosen in scores.sets.items()
            }
        if explanations is not None:
            prediction.explanation = explanations[row]


def _share(name: str, text: str, faults: list[Detail]) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not (0 < share < 1 or (share == 0 and name == "abstain_below")):
        faults.append(Detail(None, name, "must be a number between 0 and 1, such as 0.9"))
    return share

"""An explanation for people: reasons in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from modelwright.data import Column, Contract, Inputs
from modelwright.explanation.explainer import Attribution

_MOST_REASONS = 5
_LEAST_SHARE = 0.05
_MISSING_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Explanation:
    """Why a row got its answer.

    Attributes
    ----------
    label : str
        The label that is explained: the positive one of two, the predicted one of more; empty for regression.
    scale : {"log-odds", "value"}
        What adds up: the log-odds of the label's probability, or the value itself.
    base : float
        The mean answer over the background.
    output : float
        The row's answer: `base` and all of `columns` add up to it.
    columns : dict of str to float
        What each column adds, the largest first.
    reasons : tuple of str
        The largest in words. The value of a sensitive column is not shown.
    """

    label: str
    scale: Literal["log-odds", "value"]
    base: float
    output: float
    columns: dict[str, float]
    reasons: tuple[str, ...]


def in_words(attribution: Attribution, contract: Contract, inputs: Inputs, label: int) -> Explanation:
    """Say an attribution in words.

    Parameters
    ----------
    attribution : Attribution
    contract : Contract
    inputs : Inputs
        The one row that was explained.
    label : int
        Code of the label that was explained; not looked at for regression.
    """
    features = contract.features
    order = np.argsort(-np.abs(attribution.values), kind="stable")
    total = float(np.abs(attribution.values).sum())
    name = contract.classes[label] if contract.classes else ""
    shown = [at for at in order[:_MOST_REASONS] if abs(attribution.values[at]) > _LEAST_SHARE * total]
    return Explanation(
        label=name,
        scale="log-odds" if contract.classes else "value",
        base=attribution.base,
        output=attribution.output,
        columns={features[at].name: float(attribution.values[at]) for at in order},
        reasons=tuple(
            _reason(float(attribution.values[at]), features[at], _value(contract, features[at], inputs), name)
            for at in shown
        ),
    )


def _reason(added: float, column: Column, value: str, label: str) -> str:
    verb = "raises" if added > 0 else "lowers"
    about = f"the probability of '{label}'" if label else "the value"
    amount = f"{added:+.2f} log-odds" if label else f"{added:+.4g}"
    what = f"{column.name} (its value is not shown)" if column.is_sensitive else f"{column.name} is {value}"
    return f"{verb} {about} ({amount}): {what}"


def _value(contract: Contract, column: Column, inputs: Inputs) -> str:
    if column.kind in {"category", "text"}:
        return str(inputs.texts[0, contract.texts.index(column.name)]) or "missing"
    if column.kind == "time":
        seconds = int(inputs.times[0, contract.times.index(column.name)])
        return "missing" if seconds == _MISSING_TIME else _time_text(seconds)
    number = float(inputs.numbers[0, contract.numbers.index(column.name)])
    if np.isnan(number):
        return "missing"
    return ("false", "true")[int(number)] if column.kind == "boolean" else f"{number:.6g}"


def _time_text(seconds: int) -> str:
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return "beyond the calendar"
    return f"{at:%Y-%m-%d}" if seconds % 86_400 == 0 else f"{at:%Y-%m-%d %H:%M}"

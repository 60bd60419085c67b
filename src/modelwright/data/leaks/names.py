"""What a column's name says about when its values are known: support for a measurement, never proof alone."""

from __future__ import annotations

import re
from typing import Literal


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AFTERWARDS = _words(
    "outcome outcomes aftermath resolution resolved settlement settled chargeoff recoveries recovery "
    "refund refunded chargeback reservationstatus postmortem autopsy verdict conviction diagnosis"
)
"""Words for what is known only when all is over."""
LATE = _words(
    "duration elapsed end ended ending finish finished complete completed completion closed closing "
    "close cancelled canceled cancellation result results final actual paid payout cost costs loss "
    "losses damage damages repair award awarded after post dropoff arrival arrived arr delivered "
    "delivery return returned status response reason died death deceased survived conversion converted "
    "converts revenue profit spend pledged backers votes views likes shares recovered closedate winner "
    "won win score scored goals fatalities injuries injured killed deaths cases"
)
"""Words that often, not always, are for what comes afterwards."""
BEFOREHAND = _words(
    "previous prev prior last past history historical hist lag lagged initial baseline first expected "
    "planned plan scheduled estimated estimate forecast budget before opening ago yesterday previously "
    "old"
)
"""Words for what was known, or planned, before."""
SCORE = _words(
    "score scores prob probs proba probability probabilities pred preds predicted prediction "
    "predictions yhat likelihood propensity risk logit model rating forecast"
)
"""Words for what a model says."""
_COMMON = _words(
    "total mean median average avg number num count type date time day days year month week value level "
    "class name code group rate ratio percent size index is has the and for with per from data label "
    "target amount max min std sum status score house customer"
)

Support = Literal["afterwards", "late", ""]


def words_of(name: str) -> tuple[str, ...]:
    """Split a column's name into its words, in small letters."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+", " ", name)
    return tuple(parted.lower().split())


def support(name: str) -> Support:
    """Say whether a name speaks of what is known afterwards."""
    words = set(words_of(name))
    if words & BEFOREHAND:
        return ""
    if words & AFTERWARDS:
        return "afterwards"
    return "late" if words & LATE else ""


def is_beforehand(name: str) -> bool:
    """Whether a name speaks of what was known, or planned, before."""
    return bool(set(words_of(name)) & BEFOREHAND)


def is_score(name: str) -> bool:
    """Whether a name speaks of what a model says."""
    return bool(set(words_of(name)) & SCORE)


def names_the_target(name: str, target: str) -> Literal["whole", "part", ""]:
    """Say whether a column's name has the target's own words in it: all of them, some, or none."""
    own = {word for word in words_of(target) if len(word) > 3 and word not in _COMMON}
    here = set(words_of(name))
    if not own or here & BEFOREHAND:
        return ""
    return "whole" if own <= here else "part" if own & here else ""


def stem(name: str) -> str:
    """Return a name without the numbers in it."""
    return re.sub(r"\d+", "#", name)


def first_word(name: str) -> str:
    """Return the word that a name begins with, where more follow."""
    words = words_of(name)
    return words[0] if len(words) > 1 else ""

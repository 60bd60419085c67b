"""Columns that belong to an accused one: the same event told in other words."""

from __future__ import annotations

from collections.abc import Iterator

from modelwright.data.leaks.names import first_word, is_beforehand, stem, words_of
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import Feature, Table

INSIDE = 0.98
ALIKE_SHARE = 0.4
LARGEST_FAMILY = 15
FEWEST_FLAGS = 3
ADVICE = (
    "Ask when it is filled in. If together with the others, leave it out (columns.ignore in "
    "modelwright.toml)."
)


def families(table: Table) -> Iterator[Leak]:
    """MW-L014: a column is of a family of which others are accused.

    **How**: its name begins with the same word as the names of at least two accused columns that are 40 %
    or more of all such names, and it is filled in only where an accused one is; or it differs from an
    accused name in a number only, and is filled in only there; or it is a flag whose name is built like
    those of three accused flags. A column without any value is named where its words are those of an
    accused one.

    **Why**: one form is filled in at one moment. A member that is too rare to be accused by its values is
    as late as the others.

    **What to do**: treat the family as one.
    """
    accused = set(table.accused)
    for name, feature in table.tested.items():
        if name in accused or is_beforehand(name):
            continue
        kin = _kin(table, feature, accused)
        if kin:
            gives = "gives" if len(kin) == 1 else "give"
            words = f"it belongs to {_listed(kin)}, which {gives} the answer away"
            yield Leak("MW-L014", (name,), 0.55, "family", words, ADVICE)
    for name in table.empty:
        own = set(words_of(name))
        kin = [each for each in accused if own and own <= set(words_of(each))]
        if kin:
            gives = "gives" if len(kin) == 1 else "give"
            named = _listed(kin)
            words = f"it has no value here, and its name is that of {named}, which {gives} the answer away"
            yield Leak("MW-L014", (name,), 0.5, "family", words, ADVICE)


def _kin(table: Table, feature: Feature, accused: set[str]) -> list[str]:
    name = feature.name
    numbered = [each for each in accused if stem(each) == stem(name)]
    if any(_inside(feature, table.features[each]) for each in numbered if each in table.features):
        return sorted(numbered)
    if flags := _flags(table, feature, accused):
        return flags
    word = first_word(name)
    if not word:
        return []
    family = [each for each in table.features if first_word(each) == word]
    guilty = [each for each in family if each in accused]
    if len(guilty) < 2 or len(family) > LARGEST_FAMILY or len(guilty) < ALIKE_SHARE * len(family):
        return []
    return guilty if any(_inside(feature, table.features[each]) for each in guilty) else []


def _flags(table: Table, feature: Feature, accused: set[str]) -> list[str]:
    """Return accused flags whose short names in capitals have the same length and an end in common."""
    name = feature.name
    if feature.distinct > 2 or feature.nothing is None or not (name.isupper() and 2 <= len(name) <= 6):
        return []
    alike = [
        each
        for each in accused
        if each.isupper() and len(each) == len(name) and (each[-1] == name[-1] or each[0] == name[0])
        and table.features[each].distinct <= 2
    ]  # fmt: skip
    return sorted(alike) if len(alike) >= FEWEST_FLAGS else []


def _inside(feature: Feature, other: Feature) -> bool:
    """Whether a column says something only where the other does."""
    if feature.nothing is None or other.nothing is None:
        return False
    here, there = ~feature.nothing, ~other.nothing
    return bool(here.any()) and float(there[here].mean()) >= INSIDE


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:3]) + (" and others" if len(names) > 3 else "")

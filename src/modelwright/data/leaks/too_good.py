"""A single column that says far more than all the others together, and columns whose name tells why."""

from __future__ import annotations

from collections.abc import Iterator

from modelwright.data.leaks.names import is_beforehand, names_the_target, support
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import Table

LEAST = 0.6
FAR_ABOVE = 2.0
ALMOST_ALL = 0.97
FEWEST_OTHERS = 4
FEWEST_ROWS = 300
BEYOND_HONEST = 0.9
NAMED_AFTERWARDS = 0.05
NAMED_LATE = 0.15
NAMED_AS_TARGET = 0.25
IRREPLACEABLE = 0.6

ADVICE = (
    "Ask whether it is known when a prediction is asked for. If not, leave it out (columns.ignore in "
    "modelwright.toml)."
)


def too_good(table: Table) -> Iterator[Leak]:
    """MW-L005: a column by itself says far more than all the others together.

    **How**: the share of the target's uncertainty that a column takes away, cross-fitted, is at least 60 %
    and twice what a small boosted forest gets from the other columns, of which there are four or more, in 300
    rows or more. Strong columns beside strong columns are not accused, unless each says 90 % of the label.

    **Why**: honest columns share what they know; a column apart from all others was often written afterwards.

    **What to do**: ask whether it is known when a prediction is asked for.
    """
    if len(table.y) < FEWEST_ROWS:
        return
    strong = {
        name: share
        for name, share in table.explained.items()
        if share >= LEAST and name in table.tested and not _names_things(table, name)
    }
    for name, share in strong.items():
        without = {name, *table.accused}
        if table.n_classes and share >= BEYOND_HONEST:
            without |= {each for each in strong if strong[each] >= BEYOND_HONEST}
        others = len(table.features.keys() - without)
        if is_beforehand(name) or (others < FEWEST_OTHERS and share < ALMOST_ALL):
            continue
        rest = table.of_the_rest(tuple(without))
        if share < FAR_ABOVE * rest:
            continue
        strength = 0.55 + 0.35 * (share - LEAST) / (1 - LEAST)
        words = f"alone it says {share:.0%} of the target; the others say {rest:.0%} together"
        figures = {"explained": share, "explained_by_the_others": rest}
        yield Leak("MW-L005", (name,), round(strength, 3), "too good alone", words, ADVICE, figures)


def _names_things(table: Table, name: str) -> bool:
    """Whether a column has so many categories for its rows that it names things, which may well be alike."""
    feature = table.features[name]
    return feature.texts is not None and feature.distinct > max(len(table.y) / 50, 10)


def named_afterwards(table: Table) -> Iterator[Leak]:
    """MW-L006: a column's name speaks of what is known afterwards, and its values do say much.

    **How**: a name with a word such as "outcome" or "settlement" and 5 % of the target said by the column
    alone; with a word such as "duration" or "result" and 15 %, where without the column the others lose more
    than 40 % of what all say together; with all of the target's own words and 25 %. Words such as "previous"
    or "planned" speak against it. A name alone accuses nobody.

    **Why**: people name columns for what they hold.

    **What to do**: ask whether it is known when a prediction is asked for.
    """
    target = table.contract.target.name
    for name, share in table.explained.items():
        if name not in table.tested or share < NAMED_AFTERWARDS:
            continue
        spoken, own = support(name), names_the_target(name, target)
        strength, why = 0.0, ""
        if spoken == "afterwards":
            strength, why = 0.55, "its name speaks of what is known afterwards"
        elif own == "whole" and share >= NAMED_AS_TARGET:
            strength, why = 0.6, "its name has the target's own words"
        elif own and share >= NAMED_AS_TARGET and share >= 0.7 * max(table.explained.values()):
            strength, why = 0.5, "its name has a word of the target's"
        elif spoken == "late" and share >= NAMED_LATE and _irreplaceable(table, name):
            strength, why = 0.55, "its name speaks of an end, and the others cannot stand in for it"
        if strength:
            words = f"{why}, and alone it says {share:.0%} of the target"
            yield Leak("MW-L006", (name,), strength, "name", words, ADVICE, {"explained": share})


def _irreplaceable(table: Table, name: str) -> bool:
    without = tuple(each for each in table.accused if each != name)
    return table.of_the_rest((name, *without)) <= IRREPLACEABLE * table.of_the_rest(without)

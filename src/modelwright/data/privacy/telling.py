"""What a person should know of personal data, without a value of it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from modelwright.data.contract import Contract
from modelwright.data.privacy.detecting import Detection, find_personal_data
from modelwright.problem import Finding, stated_reason

_DONE = {
    "drop": "it is dropped before anything is kept",
    "hash": "its values are replaced by keyed hashes",
    "generalise": "its values are said less exactly",
    "keep": "it is kept, and never shown",
}
_OF_THE_TARGET = "Its values are the model's answers and are shown; give them other names at the source."
_OF_OTHERS = (
    "Say what shall be done: modelwright privacy --column --treatment (none where it is not personal)."
)


def treated_personal(contract: Contract) -> Iterator[Finding]:
    """MW-P020: a column holds personal data, and is treated.

    **How**: the contract says so, as `modelwright new` found it or a person stated.

    **Why**: what is not kept can't be lost, and the law asks for no more than is needed.

    **What to do**: look whether it is right; ``modelwright privacy --column NAME --treatment …`` changes it.
    """
    for column in contract.columns:
        if column.is_personal:
            what = column.sensitive.replace("_", " ")
            yield Finding(
                code="MW-P020",
                severity="info",
                column=column.name,
                message=f"holds personal data ({what}); {_DONE[column.treatment]}: {column.reason}",
                why=stated_reason(treated_personal),
                advice="Look whether that is right; modelwright privacy --column --treatment changes it.",
            )


def untreated_personal(contract: Contract, frame: pl.DataFrame) -> Iterator[Finding]:
    """MW-P021 and MW-P022: a column seems to hold personal data, and nothing is done with it.

    **How**: its values are valid as such, or its name says so and they may be. P022 is said of the target.

    **Why**: its values go into snapshots, models and predictions as they are.

    **What to do**: ``modelwright privacy --column NAME --treatment …``, with ``none`` where it is no personal
    data. A target has to be given other names at the source.
    """
    settled = [each.name for each in contract.columns if each.sensitive]
    for found in find_personal_data(frame, frozenset(contract.missing_values), passing_over=settled):
        yield seems_personal(found, is_target=found.column == contract.target.name)


def seems_personal(found: Detection, *, is_target: bool) -> Finding:
    """Return what a person should know of a column that seems to hold personal data."""
    return Finding(
        code="MW-P022" if is_target else "MW-P021",
        severity="warning",
        column=found.column,
        message=f"seems to hold personal data, and nothing is done with it: {found.evidence}",
        why=stated_reason(untreated_personal),
        advice=_OF_THE_TARGET if is_target else _OF_OTHERS,
    )

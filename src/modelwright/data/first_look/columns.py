"""Looks at single columns."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from modelwright.data.first_look.scene import Scene
from modelwright.data.guess import (
    UNIQUE_SHARE,
    is_named_identifier,
    time_formats_of,
)
from modelwright.data.kinds import known_texts
from modelwright.problem import Finding

MOSTLY = 0.5
NOTABLE = 0.01
REPEATING = 0.2


def missing(scene: Scene) -> Iterator[Finding]:
    """MW-D002: values are missing.

    **How**: a warning for each feature of which half or more is missing, and one information on all with
    more than one percent.

    **Why**: a model can learn from a missing value only if it will be missing for the same reason in use.

    **What to do**: find out why; ignore a column that is not kept any more.
    """
    shares = {name: values.null_count() / max(len(values), 1) for name, values in scene.features.items()}
    for name, share in shares.items():
        if share >= MOSTLY:
            yield Finding(
                code="MW-D002",
                severity="warning",
                column=name,
                message=f"{share:.0%} of the values are missing",
                count=scene.features[name].null_count(),
                advice="Find out why; if it is not recorded any more, add it to columns.ignore.",
            )
    some = sorted(((share, name) for name, share in shares.items() if NOTABLE < share < MOSTLY), reverse=True)
    if some:
        listed = ", ".join(f"'{name}' {share:.0%}" for share, name in some[:5])
        yield Finding(
            code="MW-D002",
            severity="info",
            message=f"{len(some)} column{'s have' if len(some) > 1 else ' has'} missing values: {listed}"
            + (", …" if len(some) > 5 else ""),
            count=len(some),
            advice="They are learned from as missing; nothing needs to be filled.",
        )


def of_no_use(scene: Scene) -> Iterator[Finding]:
    """MW-D003, MW-D004 and MW-D006: a column is ignored.

    **How**: D003 it says the same in every row, or nothing; D004 it identifies rows (nearly all texts are
    distinct, whole numbers called an identifier are, or they count the rows); D006 it holds lists or
    other things that are no single value.

    **Why**: nothing is learned from the first two that holds for new rows; the others are not used yet.

    **What to do**: nothing, or give the column the role "feature" in contract.toml.
    """
    said = {
        "constant": ("MW-D003", "info", "all values are the same"),
        "empty": ("MW-D003", "info", "all values are missing"),
        "identifier": ("MW-D004", "info", "it identifies rows: (nearly) all values are distinct"),
        "row number": ("MW-D004", "info", "it counts the rows"),
        "not a table's type": ("MW-D006", "warning", "it holds no single values, which is not used yet"),
    }
    reasons = {
        "MW-D003": "Nothing can be learned from a column that says the same of every row.",
        "MW-D004": "What is learned from it does not hold for new rows.",
        "MW-D006": "What the column says is lost to the model.",
    }
    for name, found in scene.ignored.items():
        if found.why_not is None:
            continue
        code, severity, why = said[found.why_not]
        yield Finding(
            code=code,
            severity="warning" if severity == "warning" else "info",
            column=name,
            message=f"ignored: {why}",
            why=reasons[code],
            advice="To learn from what it says, unfold it into columns of single values at the source."
            if code == "MW-D006"
            else "If it should be learned from after all, change its role in contract.toml.",
        )


def free_text(scene: Scene) -> Iterator[Finding]:
    """MW-D005: a column is free text, and its words are learned from.

    **How**: a third of its texts or more are distinct, and they have six words or 40 characters on average;
    or one has more than 1,000 bytes.

    **Why**: people write names, addresses and telephone numbers into free text. The words that five or more
    rows have are in the model and in its package.

    **What to do**: read some. Where that is not acceptable, give the column the role "ignore", or state what
    it holds by `sensitive` and `treatment`.
    """
    for column in scene.contract.features:
        if column.kind == "text":
            yield Finding(
                code="MW-D005",
                severity="info",
                column=column.name,
                message="free text, whose words are learned from",
                why="The words that five or more rows have are kept in the model; people may have written "
                "personal data.",
                advice="Read some of its texts; give the column the role 'ignore' if its words must not be "
                "kept.",
            )


def many_levels(scene: Scene) -> Iterator[Finding]:
    """MW-D011: a category has texts that are too rare to be known.

    **How**: more than fifty distinct texts, of which some occur once or are not among the thousand most
    frequent.

    **Why**: a model sees the others as one, "some other".

    **What to do**: group rare texts at the source, if they mean something together.
    """
    for column in scene.contract.features:
        if column.kind == "category" and column.unseen_share > 0:
            distinct = scene.features[column.name].drop_nulls().n_unique()
            yield Finding(
                code="MW-D011",
                severity="info",
                column=column.name,
                message=f"{len(column.categories):,} of {distinct:,} categories are told apart; "
                f"{round(column.unseen_share * scene.frame.height):,} rows have another",
                count=distinct,
                advice="Group rare categories at the source if they mean something together.",
            )


def numbers_as_text(scene: Scene) -> Iterator[Finding]:
    """MW-D012: numbers are kept as text.

    **How**: every text of the column is a number, but for those that mean "missing"; and no step of cleaning
    that is switched on names the column.

    **Why**: blanks or marks such as ``?`` made the column text; they are read as missing.

    **What to do**: nothing, if the marks mean that; else correct them at the source.
    """
    found = []
    declared = {name for step in scene.contract.cleaning if step.enabled for name in step.columns}
    for column in scene.contract.features:
        raw = scene.frame[column.name]
        if column.kind == "number" and raw.dtype == pl.String and column.name not in declared:
            marks = raw.filter(scene.features[column.name].is_null()).drop_nulls()
            found.append((len(marks), column.name, marks.unique(maintain_order=True).to_list()))
    if found:
        found.sort(key=lambda each: -each[0])
        listed = ", ".join(f"'{name}' {count:,}" for count, name, _ in found[:5])
        marks_found = {mark: None for _, _, marks in found for mark in marks}
        yield Finding(
            code="MW-D012",
            severity="info",
            column=found[0][1] if len(found) == 1 else None,
            message=f"{len(found)} column{'s hold' if len(found) > 1 else ' holds'} numbers as text; "
            f"read as missing: {listed}{', …' if len(found) > 5 else ''}",
            count=len(found),
            examples=tuple(marks_found)[:5],
            advice="If these texts mean something else than missing, correct the source.",
        )


def ambiguous_times(scene: Scene) -> Iterator[Finding]:
    """MW-D013: times can be read in two ways.

    **How**: every text of the column is a time with the month first, and also with the day first.

    **Why**: a wrong guess swaps days and months.

    **What to do**: state ``format`` in contract.toml.
    """
    for column in scene.contract.columns:
        if column.kind != "time" or scene.frame[column.name].dtype != pl.String:
            continue
        distinct = known_texts(scene.frame[column.name], scene.markers).drop_nulls().unique()
        others = [each for each in time_formats_of(distinct) if each != column.format]
        if others:
            yield Finding(
                code="MW-D013",
                severity="warning",
                column=column.name,
                message=f"read as {column.format}, but it could also be {others[0]}",
                advice=f'If so, set format = "{others[0]}" in contract.toml.',
            )


def groups(scene: Scene) -> Iterator[Finding]:
    """MW-D015: a column seems to identify what several rows are about.

    **How**: it is called an identifier, and its values repeat: 20 to 95 percent are distinct.

    **Why**: if rows of one customer or machine are on both sides of a split, a model looks better than it is.

    **What to do**: name it as ``columns.group`` in the brief.
    """
    if scene.contract.with_role("group") is not None:
        return
    for column in scene.contract.columns:
        if column.role not in {"feature", "ignore", "id"} or not is_named_identifier(column.name):
            continue
        known = scene.frame[column.name].drop_nulls()
        if known.dtype.is_nested() or known.dtype.is_float() or not len(known):
            continue
        share = known.n_unique() / len(known)
        if REPEATING <= share < UNIQUE_SHARE:
            yield Finding(
                code="MW-D015",
                severity="info",
                column=column.name,
                message=f"seems to identify what several rows are about ({share:.0%} are distinct)",
                count=known.n_unique(),
                advice="If rows that share it are alike, name it as columns.group in modelwright.toml.",
            )

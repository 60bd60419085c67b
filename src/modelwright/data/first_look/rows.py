"""Looks at the rows as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from modelwright.data.first_look.scene import Scene
from modelwright.data.units import duplicates_of
from modelwright.problem import Finding

FEWEST_TIMES = 10


def duplicates(scene: Scene) -> Iterator[Finding]:
    """MW-D007: rows are exact copies of others.

    **How**: compared in all columns but identifiers and ignored ones. Not where less than a tenth of the rows
    is distinct: such a table has few possible rows, and each is a new event.

    **Why**: a copy on the other side of a split is an answer given away; copies are kept on one side.

    **What to do**: remove them at the source if they are not separate events.
    """
    numbers = duplicates_of(scene.frame, scene.contract)
    copies = len(numbers) - int(numbers.max(initial=-1)) - 1
    if copies:
        yield Finding(
            code="MW-D007",
            severity="info",
            message=f"{copies:,} of {scene.frame.height:,} rows are exact copies of others",
            count=copies,
            advice="Unless they are separate events, switch on the step `duplicates` of cleaning, or remove "
            "them at the source.",
        )


def in_order_of_time(scene: Scene) -> Iterator[Finding]:
    """MW-D014: the rows are in the order of a time that the brief does not name.

    **How**: no row is earlier in the column than the row above it.

    **Why**: a model in use meets later rows than those it learned from; a split by chance hides what changes.

    **What to do**: name the column as ``columns.time`` in the brief.
    """
    if scene.contract.with_role("time") is not None:
        return
    for column in scene.contract.columns:
        if column.kind != "time" or column.role not in {"feature", "ignore"}:
            continue
        values = scene.features.get(column.name, pl.Series(dtype=pl.Int64))
        if values.null_count() == 0 and values.n_unique() >= FEWEST_TIMES and values.is_sorted():
            yield Finding(
                code="MW-D014",
                severity="info",
                column=column.name,
                message="the rows are in the order of this column",
                advice="If it is when a row was known, name it as columns.time in modelwright.toml.",
            )

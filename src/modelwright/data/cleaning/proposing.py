"""Steps of cleaning that a table calls for, each with its evidence and a count of what it changes."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from modelwright.data.cleaning import sentinels
from modelwright.data.cleaning.cleaner import clean
from modelwright.data.cleaning.date_proposal import propose_date
from modelwright.data.cleaning.impossible_proposal import propose_impossible
from modelwright.data.cleaning.number_proposal import propose_number
from modelwright.data.cleaning.row_proposal import propose_rows
from modelwright.data.cleaning.seen import Seen
from modelwright.data.cleaning.spelling_proposal import propose_spelling
from modelwright.data.cleaning.unit_proposal import propose_unit
from modelwright.data.contract import MISSING_VALUES
from modelwright.data.guess import guess, time_format_of
from modelwright.problem import CleaningStep, ColumnRoles

FEWEST_OTHERS = 2
"""So many different texts at least say what a column holds."""


def propose_cleaning(
    frame: pl.DataFrame, target: str, roles: ColumnRoles, markers: tuple[str, ...] = MISSING_VALUES
) -> tuple[CleaningStep, ...]:
    """Propose how a table is to be cleaned.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    target : str
        The column to predict.
    roles : ColumnRoles
        What the brief says of other columns.
    markers : tuple of str
        Texts that mean "missing" everywhere.

    Returns
    -------
    tuple of CleaningStep
        Those that are surely right are switched on; the others wait for a person.
    """
    known = frozenset(markers)
    steps: list[CleaningStep] = []
    marked: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    plain = {roles.id, roles.group, *roles.ignore}
    for name in frame.columns:
        if name in plain or frame[name].dtype.is_nested():
            continue
        column = Seen(frame[name], known, is_target=name == target, is_shown=name not in roles.protected)
        texts, count = sentinels.propose_markers(column)
        if texts and not column.is_target:
            marked.setdefault(texts, []).append((name, count))
        steps += _of_column(column)
    steps = [*_markers(marked), *steps, *_constant(frame, target, roles, known, steps)]
    return (*steps, *propose_rows(clean(frame, steps), target, roles, known))


def _of_column(column: Seen) -> Iterator[CleaningStep]:
    if column.is_text:
        yield from _of_texts(column)
    elif not column.is_target:
        yield from sentinels.propose_far_day(column)
        yield from _of_numbers(column)


def _of_texts(column: Seen) -> Iterator[CleaningStep]:
    if not column.counts or _is_free_text(column):
        return
    for among in ("numbers", "times"):
        rest = sentinels.without(column, words := sentinels.words(column, among=among))
        if len(rest.counts) < FEWEST_OTHERS:
            continue
        steps = [*propose_number(rest), *propose_date(rest), *propose_unit(rest)]
        are_times = not len(rest.numbers) and time_format_of(pl.Series(list(rest.counts), dtype=pl.String))
        if (among == "numbers" and len(rest.numbers)) or (among == "times" and are_times) or steps:
            if not column.is_target:
                yield from sentinels.propose_words(
                    column, words, f"all other texts are {among}", enabled=True
                )
            yield from steps
            numbers = Seen(clean(rest.values.to_frame(), steps)[column.name], column.markers)
            yield from () if column.is_target else _of_numbers(numbers)
            return
    if not column.is_target:
        surely = sentinels.words(column, among="categories")
        yield from sentinels.propose_words(
            column, surely, "programs write that where there is no value", enabled=True
        )
        column = sentinels.without(column, surely)
        doubt = sentinels.words(column, among="doubt")
        why = "that may mean missing, or something that is worth knowing"
        yield from sentinels.propose_words(column, doubt, why, enabled=False)
        yield from sentinels.propose_strays(column)
    yield from propose_spelling(column)


def _of_numbers(column: Seen) -> Iterator[CleaningStep]:
    spikes = list(sentinels.propose_spike(column))
    yield from spikes
    cleaned = clean(column.values.to_frame(), [step for step in spikes if step.enabled])[column.name]
    yield from propose_impossible(Seen(cleaned, column.markers))


def _is_free_text(column: Seen) -> bool:
    found = guess(column.values, column.markers)
    return found.kind == "text"


def _markers(marked: dict[tuple[str, ...], list[tuple[str, int]]]) -> Iterator[CleaningStep]:
    for texts, found in marked.items():
        count = sum(cells for _, cells in found)
        shown = " and ".join(f"'{text}'" for text in texts)
        columns = f"{len(found)} columns" if len(found) > 1 else "one column"
        yield CleaningStep(
            step="missing",
            columns=tuple(name for name, _ in found),
            values=texts,
            changes=count,
            evidence=f"{count:,} cells in {columns} are {shown}, which means missing wherever it is found",
        )


def _constant(
    frame: pl.DataFrame, target: str, roles: ColumnRoles, markers: frozenset[str], steps: list[CleaningStep]
) -> Iterator[CleaningStep]:
    cleaned = clean(frame, steps)
    special = {target, roles.id, roles.time, roles.group, *roles.ignore}
    found = [
        name
        for name in frame.columns
        if name not in special and guess(cleaned[name], markers).why_not in {"constant", "empty"}
    ]
    if found:
        plural = "columns say" if len(found) > 1 else "column says"
        yield CleaningStep(
            step="constant",
            columns=tuple(found),
            changes=len(found),
            evidence=f"{len(found)} {plural} the same in every row, or nothing",
        )

"""Data against the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import sqrt

import polars as pl

from modelwright.data.column import Column
from modelwright.data.conforming import kind_of, listed, out_of_range, range_text, unseen
from modelwright.data.contract import Contract, nearest
from modelwright.data.kinds import Converted
from modelwright.data.label import label_text
from modelwright.problem import Finding, Severity

SHOWN_EXAMPLES = 3
MATERIAL = 0.01
"""A share that grew by less is no news."""
STANDARD_ERRORS = 4.0

_CHECKED = {"feature", "target", "time"}


def check(contract: Contract, frame: pl.DataFrame) -> list[Finding]:
    """Compare a table with the contract.

    A table from which a contract was inferred holds to it: nothing is found.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        As `modelwright.data.read` returns it.

    Returns
    -------
    list of Finding
        In the order of the columns. Severity ``error`` means that the contract is broken.

        ========= ======================================================= ==================
        code      found                                                   severity
        ========= ======================================================= ==================
        MW-D101   a required column is not there                          error
        MW-D102   a column is not in the contract                         info
        MW-D103   values are not of the column's kind                     error
        MW-D104   values are missing where the contract refuses that      error
        MW-D105   more values are missing than the contract expects       warning
        MW-D106   numbers are beyond the range                            warning, or error
        MW-D107   texts are not among the categories                      warning, or error
        MW-D108   identifiers occur more than once                        warning
        MW-D109   there are no rows                                       error
        ========= ======================================================= ==================

        Numbers beyond the range and unknown texts are errors where the contract refuses them.
    """
    if not frame.height:
        message = "the table has no rows"
        return [Finding(code="MW-D109", severity="error", message=message, advice="check the source")]
    found = [*_absent(contract, frame), *_extra(contract, frame)]
    for column in contract.columns:
        if column.name not in frame.columns:
            continue
        if column.role in _CHECKED:
            found += _values(contract, column, frame[column.name])
        elif column.role == "id":
            found += _repeated(column, frame[column.name])
    return found


def _absent(contract: Contract, frame: pl.DataFrame) -> Iterator[Finding]:
    for column in contract.columns:
        if column.required and column.name not in frame.columns:
            yield Finding(
                code="MW-D101",
                severity="error",
                column=column.name,
                message=f"{column.role} column is not there{nearest(column.name, frame.columns)}",
                advice="Add the column, or set required = false in contract.toml.",
            )


def _extra(contract: Contract, frame: pl.DataFrame) -> Iterator[Finding]:
    names = [column.name for column in contract.columns]
    for name in frame.columns:
        if name not in names:
            yield Finding(
                code="MW-D102",
                severity="info",
                column=name,
                message=f"not in the contract and passed over{nearest(name, names)}",
                advice="To use it, frame the problem again with `modelwright new`.",
            )


def _values(contract: Contract, column: Column, raw: pl.Series) -> Iterator[Finding]:
    kind = kind_of(contract, column)
    converted = kind.series(raw)
    report = partial(_finding, column, raw)
    yield from report(
        "MW-D103",
        "error",
        converted.wrong,
        f"{_plural(converted.wrong)} not {kind.expected}",
        "Correct the source, or change the column's kind in contract.toml.",
    )
    yield from _missing(column, converted, report)
    if column.kind == "number" and column.role != "time":
        outside = out_of_range(column, converted.values)
        severity: Severity = "error" if column.out_of_range == "refuse" else "warning"
        words = f"{_plural(outside)} beyond the range ({range_text(column)})"
        advice = "If that is right, widen minimum and maximum in contract.toml."
        yield from report("MW-D106", severity, outside, words, advice)
    if column.kind == "category" and (column.categories or column.role == "feature"):
        yield from _unseen(column, converted, report)


def _missing(
    column: Column, converted: Converted, report: Callable[..., Iterator[Finding]]
) -> Iterator[Finding]:
    missing = converted.values.is_null() & ~converted.wrong
    share = int(missing.sum()) / len(missing)
    if column.missing == "refuse":
        advice = 'Fill the source, or set missing = "accept" in contract.toml.'
        yield from report("MW-D104", "error", missing, f"{_plural(missing)} missing", advice)
    elif _grew(missing, column.missing_share):
        words = f"{_plural(missing)} missing, {share:.1%} where {column.missing_share:.1%} are expected"
        advice = "Look for what changed at the source, or raise missing_share in contract.toml."
        yield from report("MW-D105", "warning", missing, words, advice)


def _unseen(
    column: Column, converted: Converted, report: Callable[..., Iterator[Finding]]
) -> Iterator[Finding]:
    other = unseen(column, converted.values)
    if column.unseen == "refuse":
        words = f"{_plural(other)} not among the {len(column.categories)} categories"
        words += f" ({listed(column.categories)})" if column.role == "target" else ""
        yield from report("MW-D107", "error", other, words, "Correct the source, or add to categories.")
    elif _grew(other, column.unseen_share) or (not column.unseen_share and other.any()):
        words = (
            f"{_plural(other)} not among the {len(column.categories)} categories; a model sees 'some other'"
        )
        advice = "Build again if they are to be told apart; or raise unseen_share in contract.toml."
        yield from report("MW-D107", "warning", other, words, advice)


def _repeated(column: Column, raw: pl.Series) -> Iterator[Finding]:
    repeated = raw.is_duplicated() & raw.is_not_null()
    words = f"{_plural(repeated)} there more than once"
    advice = "If rows of one identifier belong together, name the column as columns.group in the brief."
    yield from _finding(column, raw, "MW-D108", "warning", repeated, words, advice)


def _finding(
    column: Column, raw: pl.Series, code: str, severity: Severity, rows: pl.Series, words: str, advice: str
) -> Iterator[Finding]:
    count = int(rows.sum())
    if not count:
        return
    examples: list[str] = []
    if not column.is_sensitive:
        distinct = raw.filter(rows).drop_nulls().unique(maintain_order=True)
        examples = [label_text(value)[:60] for value in distinct.head(SHOWN_EXAMPLES).to_list()]
    yield Finding(
        code=code,
        severity=severity,
        column=column.name,
        message=f"{count:,} of {len(raw):,} {words}",
        count=count,
        examples=tuple(examples),
        advice=advice,
    )


def _plural(rows: pl.Series) -> str:
    return "values is" if rows.sum() == 1 else "values are"


def _grew(rows: pl.Series, expected: float) -> bool:
    """Whether so many rows are more than chance makes of the expected share."""
    n, count = len(rows), int(rows.sum())
    most = n * expected + STANDARD_ERRORS * sqrt(n * expected * (1 - expected)) + 1
    return count > most and count / n > expected + MATERIAL

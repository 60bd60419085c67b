"""Data against the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import sqrt

import polars as pl

from modelwright.data.column import Column
from modelwright.data.conforming import listed, range_text
from modelwright.data.contract import Contract, nearest
from modelwright.data.plain import sound_numbers
from modelwright.data.tally import SHOWN_EXAMPLES, ColumnTally, Repeats, Tally
from modelwright.engine import cores
from modelwright.problem import Finding, Severity

MATERIAL = 0.01
"""A share that grew by less is no news."""
STANDARD_ERRORS = 4.0
MOST_NAMED = 20
"""Of more columns that the contract does not know, the others are counted."""
ROWS_FOR_THREADS = 10_000
ROWS_AT_ONCE = 131_072
"""So many cells of a column stay in the processor's cache; a million at once take half as long again."""

_CHECKED = {"feature", "target", "time", "weight"}
_WHY = {
    "MW-D101": "Without it the model cannot be trained, and cannot answer.",
    "MW-D102": "Nothing is learned from it.",
    "MW-D103": "Such a value cannot be used: a build stops, and the server refuses the record.",
    "MW-D104": "A model has never met a row without it, or can't learn from one.",
    "MW-D105": "Something may have stopped recording the column; the model leans on it.",
    "MW-D106": "The model has never met such numbers; its answers for them are extrapolated.",
    "MW-D107": "The model has never met such texts, and cannot tell them apart.",
    "MW-D108": "A row that is there twice counts twice, and a label cannot be joined to one of them.",
    "MW-D109": "There is nothing to check or to learn from.",
}


def check(contract: Contract, data: pl.DataFrame | Iterable[pl.DataFrame]) -> list[Finding]:
    """Compare a table with the contract.

    A table from which a contract was inferred holds to it: nothing is found. In parts, a table gives the same
    findings as whole, and only one part is in memory at a time.

    Parameters
    ----------
    contract : Contract
    data : polars.DataFrame, or iterable of polars.DataFrame
        As `modelwright.data.read` or `modelwright.data.batches` returns it.

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
    checker = Checker(contract)
    for batch in data.iter_slices(ROWS_AT_ONCE) if isinstance(data, pl.DataFrame) else data:
        checker.add(batch)
    return checker.findings()


class Checker:
    """The contract, held against one batch of rows after another.

    Parameters
    ----------
    contract : Contract

    Attributes
    ----------
    rows : int
        How many were looked at.
    """

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.rows = 0
        self._names: list[str] = []
        self._checked = [each for each in contract.columns if each.role in _CHECKED]
        self._tallies: dict[str, ColumnTally] = {}
        self._repeats = {each.name: Repeats() for each in contract.columns if each.role == "id"}

    def add(self, frame: pl.DataFrame) -> None:
        """Look at a batch; all batches have the same columns.

        Parameters
        ----------
        frame : polars.DataFrame
            As `modelwright.data.batches` gives it.
        """
        if not frame.height:
            return
        self._names = frame.columns
        there = set(self._names)
        as_they_are = [each for each in self._checked if each.name not in self.contract.cleaners]
        sound = sound_numbers(as_they_are, frame)
        looked_at = [each for each in self._checked if each.name in there and each.name not in sound]
        for column in looked_at:
            if column.name not in self._tallies:
                self._tallies[column.name] = ColumnTally(self.contract, column)
        if frame.height >= ROWS_FOR_THREADS and len(looked_at) > 1:
            with ThreadPoolExecutor(cores()) as pool:
                list(pool.map(lambda column: self._add(column, frame), looked_at))
        else:
            for column in looked_at:
                self._add(column, frame)
        for name, repeats in self._repeats.items():
            if name in there:
                repeats.add(frame[name])
        self.rows += frame.height

    def findings(self) -> list[Finding]:
        """Return what was found in all batches together."""
        if not self.rows:
            return [
                Finding(
                    code="MW-D109",
                    severity="error",
                    message="the table has no rows",
                    why=_WHY["MW-D109"],
                    advice="Check the source.",
                )
            ]
        found = [*_absent(self.contract, self._names), *_extra(self.contract, self._names)]
        for column in self.contract.columns:
            if column.name in self._tallies:
                found += self._of_values(self._tallies[column.name])
            elif column.name in self._repeats:
                found += self._of_identifiers(column)
        return found

    def _add(self, column: Column, frame: pl.DataFrame) -> None:
        self._tallies[column.name].add(frame[column.name], self.rows)

    def _of_values(self, tally: ColumnTally) -> Iterator[Finding]:
        column = tally.column
        yield from self._finding(
            column,
            tally.wrong,
            ("MW-D103", "error"),
            f"{_are(tally.wrong)} not {tally.kind.expected}",
            "Correct the source, or change the column's kind in contract.toml.",
        )
        yield from self._of_missing(column, tally.missing)
        severity: Severity = "error" if column.out_of_range == "refuse" else "warning"
        words = f"{_are(tally.outside)} beyond the range ({range_text(column)})"
        advice = "If that is right, widen minimum and maximum: `modelwright contract accept`."
        yield from self._finding(column, tally.outside, ("MW-D106", severity), words, advice)
        yield from self._of_unseen(column, tally.other)

    def _of_missing(self, column: Column, missing: Tally) -> Iterator[Finding]:
        if column.missing == "refuse":
            advice = 'Fill the source, or set missing = "accept" in contract.toml.'
            yield from self._finding(
                column, missing, ("MW-D104", "error"), f"{_are(missing)} missing", advice
            )
        elif grew(missing.count, self.rows, column.missing_share):
            share, expected = missing.count / self.rows, column.missing_share
            words = f"{_are(missing)} missing, {share:.1%} where {expected:.1%} are expected"
            advice = "Look for what changed at the source, or raise missing_share in contract.toml."
            yield from self._finding(column, missing, ("MW-D105", "warning"), words, advice)

    def _of_unseen(self, column: Column, other: Tally) -> Iterator[Finding]:
        known = f"{_are(other)} not among the {len(column.categories)} categories"
        if column.unseen == "refuse":
            known += f" ({listed(column.categories)})" if column.role == "target" else ""
            advice = "Correct the source, or add to categories."
            yield from self._finding(column, other, ("MW-D107", "error"), known, advice)
        elif not column.unseen_share or grew(other.count, self.rows, column.unseen_share):
            words = f"{known}; a model sees 'some other'"
            advice = "Build again if they are to be told apart; or raise unseen_share in contract.toml."
            yield from self._finding(column, other, ("MW-D107", "warning"), words, advice)

    def _of_identifiers(self, column: Column) -> Iterator[Finding]:
        tally = self._repeats[column.name].tally()
        words = f"{_are(tally)} there more than once"
        advice = "If rows of one identifier belong together, name the column as columns.group in the brief."
        yield from self._finding(column, tally, ("MW-D108", "warning"), words, advice)

    def _finding(
        self, column: Column, tally: Tally, code: tuple[str, Severity], words: str, advice: str
    ) -> Iterator[Finding]:
        if tally.count:
            yield Finding(
                code=code[0],
                severity=code[1],
                column=column.name,
                message=f"{tally.count:,} of {self.rows:,} {words}",
                rows=tuple(tally.rows),
                count=tally.count,
                examples=tuple([] if column.is_sensitive else tally.examples),
                why=_WHY[code[0]],
                advice=advice,
            )


def grew(count: int, rows: int, expected: float) -> bool:
    """Whether so many rows are more than chance makes of the expected share, and by more than a trifle."""
    most = rows * expected + STANDARD_ERRORS * sqrt(rows * expected * (1 - expected)) + 1
    return count > most and count / rows > expected + MATERIAL


def _absent(contract: Contract, names: list[str]) -> Iterator[Finding]:
    there = set(names)
    absent = [each for each in contract.columns if each.required and each.name not in there]
    for column in absent:
        hint = nearest(column.name, names) if len(absent) <= MOST_NAMED else ""
        yield Finding(
            code="MW-D101",
            severity="error",
            column=column.name,
            message=f"{column.role} column is not there{hint}",
            why=_WHY["MW-D101"],
            advice="Add the column, or set required = false in contract.toml.",
        )


def _extra(contract: Contract, names: list[str]) -> Iterator[Finding]:
    stated = [column.name for column in contract.columns]
    known = set(stated)
    extra = [name for name in names if name not in known]
    advice = "To use it, take it into the contract: `modelwright contract diff`, then `accept`."
    for name in extra[: MOST_NAMED if len(extra) > MOST_NAMED else None]:
        hint = nearest(name, stated) if len(extra) <= MOST_NAMED else ""
        yield Finding(
            code="MW-D102",
            severity="info",
            column=name,
            message=f"not in the contract and passed over{hint}",
            why=_WHY["MW-D102"],
            advice=advice,
        )
    if others := extra[MOST_NAMED:]:
        yield Finding(
            code="MW-D102",
            severity="info",
            message=f"{len(others):,} more columns are not in the contract and passed over",
            count=len(others),
            examples=tuple(others[:SHOWN_EXAMPLES]),
            why=_WHY["MW-D102"],
            advice=advice,
        )


def _are(tally: Tally) -> str:
    return "values is" if tally.count == 1 else "values are"

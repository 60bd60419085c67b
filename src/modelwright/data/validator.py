"""Check the records of a request and turn them into matrices: the server's hot path, without tables.

A record is read at once by compiled getters. Only where a value is not of the usual type is each of its cells
looked at, by the same conversions that a whole column goes through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.column import Column
from modelwright.data.conforming import choices_text, kind_of, range_text
from modelwright.data.contract import Contract, nearest
from modelwright.data.inputs import Inputs
from modelwright.data.kinds import LARGEST, Kind, Wrong
from modelwright.data.time_format import MISSING_TIME
from modelwright.errors import RowError, RowFault

Record = Mapping[str, Any]

_PLAIN_NUMBERS = {int, float, bool, type(None)}
_NAN = float("nan")


class Validator:
    """The contract, compiled for single records; built once, used by many threads.

    Parameters
    ----------
    contract : Contract
    """

    def __init__(self, contract: Contract) -> None:
        by_name = {each.name: each for each in contract.features}
        self._numbers = _Cells([by_name[name] for name in contract.numbers], contract, _NAN)
        self._texts = _Cells([by_name[name] for name in contract.texts], contract, "")
        self._times = _Cells([by_name[name] for name in contract.times], contract, MISSING_TIME)
        self._names = {each.name for each in contract.columns}
        self._n_plain = sum(by_name[name].kind == "number" for name in contract.numbers)
        self._known = [_known_texts(column, contract) for column in self._texts.columns]
        self._checks = _NumberChecks(self._numbers.columns)
        self._number_cleaners = [
            (at, cleaner.number if column.kind == "number" else cleaner.cell)
            for at, column in enumerate(self._numbers.columns)
            if (cleaner := contract.cleaners.get(column.name))
        ]

    def records(self, rows: Sequence[Record]) -> tuple[Inputs, list[RowFault]]:
        """Check records and turn them into what the portable model takes.

        Parameters
        ----------
        rows : sequence of mapping
            One record a row, by the names of the contract's columns. Columns that are no features are passed
            over.

        Returns
        -------
        inputs : Inputs
            The same matrices that the same rows as a table give.
        warnings : list of RowFault
            What the contract accepts but does not expect: unseen categories, numbers beyond the range, and
            names that it doesn't know.

        Raises
        ------
        RowError
            Naming every cell that breaks the contract.
        """
        faults: list[RowFault] = []
        warnings: list[RowFault] = []
        numbers = np.empty((len(rows), len(self._numbers.columns)), dtype=np.float32)
        texts = np.empty((len(rows), len(self._texts.columns)), dtype=object)
        times = np.empty((len(rows), len(self._times.columns)), dtype=np.int64)
        self._fill_numbers(rows, numbers, faults)
        if self._texts.columns:
            self._fill_texts(rows, texts, faults, warnings)
        if self._times.columns:
            for row, record in enumerate(rows):
                times[row] = self._times.convert(row, record, faults)
        self._checks.find(numbers, faults, warnings)
        for row, record in enumerate(rows):
            if not self._names.issuperset(record):
                warnings += self._unknown(row, record)
        if faults:
            raise RowError(sorted(faults, key=lambda fault: fault.row))
        return Inputs(numbers, texts, times), warnings

    def _fill_numbers(
        self, rows: Sequence[Record], numbers: NDArray[np.float32], faults: list[RowFault]
    ) -> None:
        if not numbers.size:
            return
        try:
            cells = [self._numbers.get(record) for record in rows]
            if self._number_cleaners:
                cells = [self._cleaned(cell) for cell in cells]
            plain = set(map(type, chain.from_iterable(cells))) <= _PLAIN_NUMBERS
            values = np.array(cells, dtype=np.float64) if plain else None
        except (KeyError, OverflowError):
            values = None
        if values is not None and self._is_plain(values):
            numbers[:] = values
            return
        for row, record in enumerate(rows):
            numbers[row] = self._numbers.convert(row, record, faults)

    def _cleaned(self, cells: tuple[Any, ...]) -> tuple[Any, ...]:
        """Clean the numbers of one record, in the columns that have steps."""
        changed = list(cells)
        for at, clean in self._number_cleaners:
            changed[at] = clean(changed[at])
        return tuple(changed)

    def _is_plain(self, values: NDArray[np.float64]) -> bool:
        """Whether no number is missing where it must not be or too large, and every boolean is one."""
        if self._numbers.must and np.isnan(values[:, self._numbers.must]).any():
            return False
        truths = values[:, self._n_plain :]
        if truths.size and not (np.isnan(truths) | (truths == 0) | (truths == 1)).all():
            return False
        return not (np.abs(values) > LARGEST).any()

    def _fill_texts(
        self,
        rows: Sequence[Record],
        texts: NDArray[np.object_],
        faults: list[RowFault],
        warnings: list[RowFault],
    ) -> None:
        known, get = self._known, self._texts.get
        for row, record in enumerate(rows):
            try:
                texts[row] = [each[cell] for each, cell in zip(known, get(record), strict=True)]
            except (KeyError, TypeError):
                found = self._texts.convert(row, record, faults)
                texts[row] = found
                self._note_unseen(row, found, faults, warnings)

    def _note_unseen(
        self, row: int, found: list[str], faults: list[RowFault], warnings: list[RowFault]
    ) -> None:
        for column, known, text in zip(self._texts.columns, self._known, found, strict=True):
            if not text or text in known or column.kind == "text":
                continue
            if column.unseen == "refuse":
                message = f"must be {choices_text(column)}"
                faults.append(RowFault(row, column.name, message))
            else:
                message = "is none of the contract's categories; the model sees 'some other'"
                warnings.append(RowFault(row, column.name, message))

    def _unknown(self, row: int, record: Record) -> list[RowFault]:
        names = sorted(self._names)
        return [
            RowFault(row, name[:100], f"is not in the contract and is passed over{nearest(name, names)}")
            for name in map(str, record.keys() - self._names)
        ]


class _Cells:
    """Columns of one matrix, and how a record's cells for them are read."""

    def __init__(self, columns: list[Column], contract: Contract, missing: Any) -> None:
        self.columns = columns
        self.must = [at for at, column in enumerate(columns) if column.missing == "refuse"]
        self.get = _getter([column.name for column in columns])
        self._kinds: list[Kind] = [kind_of(contract, column) for column in columns]
        self._missing = missing

    def convert(self, row: int, record: Record, faults: list[RowFault]) -> list[Any]:
        """Look at each cell by itself."""
        return [
            self._convert(row, record, column, kind, faults)
            for column, kind in zip(self.columns, self._kinds, strict=True)
        ]

    def _convert(self, row: int, record: Record, column: Column, kind: Kind, faults: list[RowFault]) -> Any:
        try:
            value = kind.convert(record.get(column.name))
        except Wrong as wrong:
            faults.append(RowFault(row, column.name, f"must be {wrong}"))
            return self._missing
        if value is not None:
            return value
        if column.required and column.name not in record:
            near = nearest(column.name, [str(name) for name in record])
            faults.append(RowFault(row, column.name, f"is required, but the record does not have it{near}"))
        elif column.missing == "refuse":
            faults.append(RowFault(row, column.name, "is missing, and must not be"))
        return self._missing


class _NumberChecks:
    """The ranges of the numbers, as 32-bit floats."""

    def __init__(self, columns: list[Column]) -> None:
        self._columns = columns
        low = [-np.inf if each.minimum is None else each.minimum for each in columns]
        high = [np.inf if each.maximum is None else each.maximum for each in columns]
        self._low, self._high = np.array(low, dtype=np.float32), np.array(high, dtype=np.float32)

    def find(self, numbers: NDArray[np.float32], faults: list[RowFault], warnings: list[RowFault]) -> None:
        """Note the numbers beyond their range."""
        outside = (numbers < self._low) | (numbers > self._high)
        if not outside.any():
            return
        for row, at in np.argwhere(outside).tolist():
            column = self._columns[at]
            if column.out_of_range == "refuse":
                faults.append(RowFault(row, column.name, f"must be {range_text(column)}"))
            else:
                warnings.append(
                    RowFault(row, column.name, f"is beyond the contract's range ({range_text(column)})")
                )


def _getter(names: list[str]) -> Callable[[Record], tuple[Any, ...]]:
    if len(names) == 1:
        name = names[0]
        return lambda record: (record[name],)
    return itemgetter(*names) if names else lambda _: ()


def _known_texts(column: Column, contract: Contract) -> dict[Any, str]:
    """Return what a category's cells usually are, each with its text in the matrix."""
    kind, cleaner = kind_of(contract, column), contract.cleaners.get(column.name)
    usual = [
        None,
        "",
        *contract.missing_values,
        *column.categories,
        *(cleaner.known_texts if cleaner else ()),
    ]
    texts = {cell: kind.convert(cell) or "" for cell in usual}
    fine = {*column.categories, *([""] if column.missing == "accept" else [])}
    return {cell: text for cell, text in texts.items() if text in fine}

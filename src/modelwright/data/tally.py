"""What batches of rows add up to: how many are at fault, which were the first, and what they said."""

from __future__ import annotations

import polars as pl

from modelwright.data.column import Column
from modelwright.data.conforming import kind_of, out_of_range, unseen
from modelwright.data.contract import Contract
from modelwright.data.label import label_text

SHOWN_ROWS = 5
SHOWN_EXAMPLES = 3
SHOWN_CHARACTERS = 60
_SAMPLE = 2_000


class Tally:
    """Rows of one fault.

    Attributes
    ----------
    count : int
    rows : list of int
        Positions of the first few in the whole source, from 0.
    examples : list of str
        Their first few distinct values; none of a sensitive column.
    """

    def __init__(self, *, is_sensitive: bool) -> None:
        self.count = 0
        self.rows: list[int] = []
        self._values: list[object] | None = None if is_sensitive else []

    @property
    def examples(self) -> list[str]:
        """The first few distinct values, shortened."""
        return [label_text(value)[:SHOWN_CHARACTERS] for value in self._values or []]

    @property
    def is_full(self) -> bool:
        """Whether neither rows nor values are looked for any more."""
        return len(self.rows) >= SHOWN_ROWS and (self._values is None or len(self._values) >= SHOWN_EXAMPLES)

    def add(self, raw: pl.Series, at_fault: pl.Series, start: int) -> None:
        """Add the rows of a batch that are at fault; ``start`` is its first row's position."""
        count = int(at_fault.sum())
        self.count += count
        if not count or self.is_full:
            return
        found = at_fault.arg_true()
        self.rows += [start + row for row in found.head(SHOWN_ROWS - len(self.rows)).to_list()]
        if self._values is not None:
            distinct = raw.gather(found).drop_nulls().unique(maintain_order=True).head(2 * SHOWN_EXAMPLES)
            fresh = [value for value in distinct.to_list() if value not in self._values]
            self._values += fresh[: SHOWN_EXAMPLES - len(self._values)]


class ColumnTally:
    """One column's cells held to the contract, batch after batch.

    Parameters
    ----------
    contract : Contract
    column : Column

    Attributes
    ----------
    wrong, missing, outside, other : Tally
        Not of the kind; without a value; beyond the range; not among the categories.
    """

    def __init__(self, contract: Contract, column: Column) -> None:
        self.column = column
        self.kind = kind_of(contract, column)
        self.wrong, self.missing, self.outside, self.other = (
            Tally(is_sensitive=column.is_sensitive) for _ in range(4)
        )
        self._has_range = column.kind == "number" and column.role != "time"
        self._has_levels = column.kind == "category" and bool(column.categories or column.role == "feature")

    def add(self, raw: pl.Series, start: int) -> None:
        """Add the column's cells of a batch; ``start`` is its first row's position."""
        if raw.dtype in (pl.Categorical, pl.Enum):
            raw = raw.cast(pl.String)
        if raw.dtype == pl.String and _repeats(raw):
            self._add_distinct(raw, start)
            return
        for tally, at_fault in self._faults(raw):
            tally.add(raw, at_fault, start)

    def _add_distinct(self, raw: pl.Series, start: int) -> None:
        """Look at each distinct text once: whether a cell is at fault depends on nothing but its text."""
        counted = raw.alias("text").value_counts(name="count")
        distinct, counts = counted["text"], counted["count"]
        for tally, at_fault in self._faults(distinct):
            texts = distinct.filter(at_fault)
            if not len(texts):
                continue
            if tally.is_full:
                tally.count += int(counts.filter(at_fault).sum())
                continue
            rows = raw.is_in(texts.drop_nulls().implode()).fill_null(value=False)
            tally.add(raw, rows | raw.is_null() if texts.null_count() else rows, start)

    def _faults(self, raw: pl.Series) -> list[tuple[Tally, pl.Series]]:
        values, wrong = self.kind.series(raw)
        faults = [(self.wrong, wrong), (self.missing, values.is_null() & ~wrong)]
        if self._has_range:
            faults.append((self.outside, out_of_range(self.column, values)))
        if self._has_levels:
            faults.append((self.other, unseen(self.column, values)))
        return faults


class Repeats:
    """Values of a column that occur more than once in all batches together.

    Of each value a 64-bit hash is kept, not the value: 8 bytes a row. That two of a million values share one
    by chance is as likely as 3 in 100 million.
    """

    def __init__(self) -> None:
        self._hashes: list[pl.Series] = []

    def add(self, raw: pl.Series) -> None:
        """Add the column's cells of a batch."""
        self._hashes.append(raw.hash(seed=0).set(raw.is_null(), None).alias("hash"))

    def tally(self) -> Tally:
        """Return the rows whose value is there more than once."""
        made = Tally(is_sensitive=True)
        if self._hashes:
            hashes = pl.concat(self._hashes)
            made.add(hashes, hashes.is_duplicated() & hashes.is_not_null(), 0)
        return made


def _repeats(texts: pl.Series) -> bool:
    """Whether so few texts are distinct that each is worth looking at once."""
    head = texts.head(_SAMPLE)
    return head.n_unique() < len(head) / 2

"""Excel files, and those of OpenDocument."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl

from modelwright.data.sources.csv_dialect import named_columns
from modelwright.data.sources.files import common_schema, fitted
from modelwright.data.sources.source import Asked, Opened, by_ending
from modelwright.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class ExcelSource:
    """A sheet: named after ``#``, or the only one that is not empty. Its first row has the names.

    A workbook is unpacked whole, however it is read; a sheet has at most 1,048,576 rows.
    """

    name: ClassVar[str] = "Excel"
    spellings: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
    takes_query: ClassVar[bool] = False

    def takes(self, asked: Asked) -> bool:
        """Whether the names of the files end so."""
        return by_ending(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Read the sheet of each file."""
        frames = {str(path): _sheet(path, asked) for path in asked.files}
        schema = common_schema({file: frame.schema for file, frame in frames.items()}, asked.notes)

        def batches(rows: int) -> Iterator[pl.DataFrame]:
            for frame in frames.values():
                yield from fitted(frame, schema).iter_slices(rows)

        return Opened(schema, batches)


def _sheet(path: Path, asked: Asked) -> pl.DataFrame:
    import fastexcel

    shown = f"{path}#{asked.part}" if asked.part else str(path)
    try:
        book = fastexcel.read_excel(path)
        name = _named(book, asked.part, path)
        head = book.load_sheet(name, header_row=None, n_rows=1, dtypes="string").to_polars()
        if not head.height:
            raise SourceError(f"{shown}: is empty; a sheet starts with a row of column names")
        names = named_columns([str(cell or "") for cell in head.row(0)], shown, asked.notes)
        cells = book.load_sheet(
            name, header_row=None, skip_rows=1, column_names=list(names), schema_sample_rows=None
        )
        frame: pl.DataFrame = cells.to_polars()
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise SourceError(f"{shown}: can't be read as a workbook: {reason}; save it again") from error
    return frame.with_columns(each.cast(pl.Int64) for each in frame if _is_whole(each))


def _is_whole(values: pl.Series) -> bool:
    """Whether numbers are whole: a sheet has no other type for them."""
    values = values.alias("")  # Polars takes a name such as "^a.*$" for a pattern
    if not values.dtype.is_float() or not values.count():
        return False
    return bool(((values == values.floor()) & (values.abs() < 2**53)).all())


def _named(book: object, part: str, path: Path) -> str:
    names: list[str] = book.sheet_names  # type: ignore[attr-defined]
    listed = ", ".join(names)
    if part:
        if part not in names:
            raise SourceError(f"{path}: there is no sheet '{part}'; there are {listed}")
        return part
    if len(names) > 1:
        raise SourceError(f"{path}: has several sheets ({listed}); name one, as in {path.name}#{names[0]}")
    return names[0]

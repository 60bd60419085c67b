"""The records of a CSV file, block by block; broken ones are put aside with their line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.sources.csv_dialect import Dialect
from modelwright.data.sources.text import BLOCK, is_utf8

LARGEST_RECORD = 64 << 20
"""Bytes; a quote that is open for longer was never meant as one."""
_ROWS_AT_ONCE = 16_384

PutAside = Callable[[int, str, str], None]
"""Takes the line, the code of the fault and the text."""

_NEWLINE, _RETURN = 10, 13


@dataclass
class Records:
    """Cuts a stream of UTF-8 into frames of text, one column for each cell, named "0", "1", ….

    Parameters
    ----------
    dialect : Dialect
    put_aside : callable
        Called for each broken record.
    """

    dialect: Dialect
    put_aside: PutAside

    def frames(self, blocks: Iterator[bytes]) -> Iterator[pl.DataFrame]:
        """Yield the good records."""
        self._line, self._skipped = 1, 0
        kept, whole = b"", False
        least = self._least()
        while not whole:
            parts, size = [kept], len(kept)
            target = max(least, 2 * len(kept) if len(kept) < BLOCK else len(kept) + BLOCK)
            while size < target and (block := next(blocks, None)) is not None:
                parts.append(block)
                size += len(block)
            buffer = b"".join(parts)
            whole = size < target
            if whole and buffer and not buffer.endswith(b"\n"):
                buffer += b"\n"
            ends = self._ends(buffer)
            if ends is None or (not len(ends) and (whole or len(buffer) > LARGEST_RECORD)):
                if buffer:
                    yield from self._by_reader(_Lines(buffer, blocks, self._line))
                return
            if not len(ends):
                kept = buffer
                continue
            cut = int(ends[-1]) + 1
            yield from self._parsed(buffer[:cut], ends)
            kept = buffer[cut:]
            if whole and kept:
                yield from self._by_reader(_Lines(kept, blocks, self._line))

    def _least(self) -> int:
        """Return how many bytes to hold at least: some hundred rows, also of very wide tables."""
        width = sum(len(name) + 1 for name in self.dialect.names)
        return min(max(BLOCK, 256 * width), 16 * BLOCK)

    def _ends(self, buffer: bytes) -> NDArray[np.int64] | None:
        """Return where records end; None where quotes stand where none may, and only a reader knows."""
        raw = np.frombuffer(buffer, np.uint8)
        newlines = np.flatnonzero(raw == _NEWLINE)
        self._quotes = quotes = self._quotes_in(buffer, raw)
        if not len(quotes):
            return newlines
        delimiter, quote = ord(self.dialect.delimiter), ord(self.dialect.quote)
        before = raw[quotes[::2] - 1]
        lawful = (before == delimiter) | (before == _NEWLINE) | (before == quote) | (quotes[::2] == 0)
        after = raw[np.minimum(quotes[1::2] + 1, len(raw) - 1)]
        closed = (after == delimiter) | (after == _NEWLINE) | (after == _RETURN) | (after == quote)
        if not lawful.all() or not (closed | (quotes[1::2] == len(raw) - 1)).all():
            return None
        outside: NDArray[np.int64] = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
        return outside

    def _quotes_in(self, buffer: bytes, raw: NDArray[np.uint8]) -> NDArray[np.int64]:
        quote = self.dialect.quote.encode()
        return np.flatnonzero(raw == quote[0]) if quote in buffer else np.empty(0, np.int64)

    def _parsed(self, buffer: bytes, ends: NDArray[np.int64]) -> Iterator[pl.DataFrame]:
        raw = np.frombuffer(buffer, np.uint8)
        starts = np.concatenate([[0], ends[:-1] + 1])
        lines = self._lines_of(raw, starts)
        self._line += int(np.count_nonzero(raw == _NEWLINE))
        first = self._passed_over(raw, starts, ends)
        starts, ends, lines = starts[first:], ends[first:], lines[first:]
        good = self._cells(raw, starts, ends) == len(self.dialect.names)
        blank = ends - starts <= (raw[np.maximum(ends - 1, 0)] == _RETURN)
        if len(self.dialect.names) > 1:
            good &= ~blank
        codes = dict.fromkeys(np.flatnonzero(~good & ~blank).tolist(), "MW-S001")
        codes |= self._undecodable(buffer, starts, ends)
        if b"\0" in buffer:
            at = np.searchsorted(ends, np.flatnonzero(raw == 0))
            codes |= dict.fromkeys(np.unique(at[at < len(ends)]).tolist(), "MW-S004")
        for row, code in sorted(codes.items()):
            good[row] = False
            text = buffer[starts[row] : ends[row]].decode("utf-8", errors="backslashreplace")
            self.put_aside(int(lines[row]), code, text)
        kept = buffer[starts[0] :] if good.all() and len(starts) else _joined(buffer, starts, ends, good)
        if kept:
            yield self._frame(kept)

    def _passed_over(self, raw: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> int:
        """Return how many records come before the first row: the preamble, the header, blank lines."""
        first = 0
        wanted = self.dialect.preamble + self.dialect.skipped
        while self._skipped < wanted and first < len(starts):
            text = raw[starts[first] : ends[first]].tobytes().strip(b"\r\n")
            self._skipped += bool(text)
            first += 1
        return first

    def _lines_of(self, raw: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(self._quotes):
            return np.arange(self._line, self._line + len(starts))
        newlines = np.flatnonzero(raw == _NEWLINE)
        lines: NDArray[np.int64] = self._line + np.searchsorted(newlines, starts)
        return lines

    def _cells(
        self, raw: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        delimiters = np.flatnonzero(raw == ord(self.dialect.delimiter))
        if len(self._quotes):
            delimiters = delimiters[np.searchsorted(self._quotes, delimiters) % 2 == 0]
        counted: NDArray[np.int64] = (
            np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
        )
        return counted

    def _undecodable(
        self, buffer: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> dict[int, str]:
        if is_utf8(buffer):
            return {}
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        return {at: "MW-S003" for at, (start, end) in enumerate(spans) if not is_utf8(buffer[start:end])}

    def _frame(self, content: bytes) -> pl.DataFrame:
        names = [str(at) for at in range(len(self.dialect.names))]
        return pl.read_csv(
            content,
            has_header=False,
            separator=self.dialect.delimiter,
            quote_char=self.dialect.quote,
            schema=dict.fromkeys(names, pl.String()),
            infer_schema=False,
        )

    def _by_reader(self, lines: _Lines) -> Iterator[pl.DataFrame]:
        """Go on record by record, as Python's reader understands them; slower, but it takes any quotes."""
        width = len(self.dialect.names)
        names = [str(at) for at in range(width)]
        rows: list[list[str | None]] = []
        for line, text, cells in lines.records(self.dialect, self.put_aside):
            if self._skipped < self.dialect.preamble + self.dialect.skipped:
                self._skipped += bool(text.strip("\r\n"))
            elif "\0" in text or _is_undecodable(text):
                self.put_aside(line, "MW-S004" if "\0" in text else "MW-S003", _shown(text))
            elif len(cells) == width or (width == 1 and not cells):
                rows.append([cell or None for cell in cells] or [None])
            elif cells:
                self.put_aside(line, "MW-S001", text.rstrip("\r\n"))
            if len(rows) >= _ROWS_AT_ONCE:
                yield pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")
                rows = []
        if rows:
            yield pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")


class _Lines:
    """Lines of a stream, which can be given back."""

    def __init__(self, buffer: bytes, blocks: Iterator[bytes], line: int) -> None:
        self._source = self._split(buffer, blocks)
        self._back: list[str] = []
        self._taken: list[str] = []
        self._line = line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._source)
        self._taken.append(line)
        return line

    def records(self, dialect: Dialect, put_aside: PutAside) -> Iterator[tuple[int, str, list[str]]]:
        """Yield each record's line, text and cells; a quote that is never closed costs its own line only."""
        csv.field_size_limit(max(csv.field_size_limit(), LARGEST_RECORD))
        reader = csv.reader(self, delimiter=dialect.delimiter, quotechar=dialect.quote)
        while True:
            self._taken = []
            try:
                cells = next(reader, None)
            except csv.Error:
                cells = []
                reader = self._restart(dialect, put_aside)
                continue
            if cells is None:
                return
            text = "".join(self._taken)
            if len(self._taken) > 1 and text.count(dialect.quote) % 2:
                reader = self._restart(dialect, put_aside)
                continue
            yield self._line, text, cells
            self._line += len(self._taken)

    def _restart(self, dialect: Dialect, put_aside: PutAside) -> csv.reader:  # type: ignore[valid-type]
        put_aside(self._line, "MW-S002", _shown(self._taken[0]))
        self._line += 1
        self._back.extend(reversed(self._taken[1:]))
        return csv.reader(self, delimiter=dialect.delimiter, quotechar=dialect.quote)

    @staticmethod
    def _split(buffer: bytes, blocks: Iterator[bytes]) -> Iterator[str]:
        pending = buffer
        while True:
            *whole, pending = pending.split(b"\n")
            for line in whole:
                yield line.decode("utf-8", errors="surrogateescape") + "\n"
            block = next(blocks, None)
            if block is None:
                break
            pending += block
        if pending:
            yield pending.decode("utf-8", errors="surrogateescape")


def _joined(
    buffer: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], good: NDArray[np.bool_]
) -> bytes:
    """Return the good records, each whole stretch of them at once."""
    edges = np.diff(np.concatenate([[False], good, [False]]).astype(np.int8))
    begins, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return b"".join(
        buffer[starts[begin] : ends[stop - 1] + 1] for begin, stop in zip(begins, stops, strict=True)
    )


def _shown(text: str) -> str:
    content = text.rstrip("\r\n").encode("utf-8", errors="surrogateescape")
    return content.decode("utf-8", errors="backslashreplace")


def _is_undecodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False

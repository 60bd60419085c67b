"""JSON lines: one object a line; plain or compressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import polars as pl

from modelwright.data.sources.files import fitted
from modelwright.data.sources.source import Asked, Opened, by_ending
from modelwright.data.sources.text import BLOCK, COMPRESSIONS, SINGLE_BYTE, blocks, encoding_of, is_utf8
from modelwright.errors import SourceError
from modelwright.problem import Finding

_MOST_BROKEN = 0.5
_SUSPECTS = 1000
_OBJECT = re.compile(rb"\s*\{")
_Line = tuple[int, bytes]


class JsonLinesSource:
    """JSON lines: the keys of all objects become columns, null where an object lacks one."""

    name: ClassVar[str] = "JSON lines"
    spellings: ClassVar[tuple[str, ...]] = tuple(
        kind + compression for kind in (".jsonl", ".ndjson") for compression in ("", *COMPRESSIONS)
    )
    takes_query: ClassVar[bool] = False

    def takes(self, asked: Asked) -> bool:
        """Whether the names of the files end so."""
        return by_ending(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Learn the keys and their types from every line."""
        files = [_File(path, asked) for path in asked.files]
        learnt = _Learnt()
        for file in files:
            file.learn(learnt)
        rows, broken = learnt.rows, asked.notes.put_aside
        if not rows and not broken:
            raise SourceError(f'{asked.shown}: is empty; write one object a line, such as {{"age": 39}}')
        if broken > _MOST_BROKEN * (rows + broken):
            raise SourceError(
                f"{asked.shown}: not JSON lines: {broken:,} of {rows + broken:,} lines are no objects; write "
                'one object a line, such as {"age": 39}'
            )
        for name in learnt.mixed:
            asked.notes.remark(_mixed(asked.shown, name))
        schema = pl.Schema(learnt.types)

        def batches(most: int) -> Iterator[pl.DataFrame]:
            for file in files:
                for frame in file.frames(schema):
                    yield from frame.iter_slices(most)

        return Opened(schema, batches)


class _Learnt:
    """Which keys there are, and of which types."""

    def __init__(self) -> None:
        self.types: dict[str, pl.DataType] = {}
        self.mixed: dict[str, None] = {}
        self.rows = 0

    def add(self, frame: pl.DataFrame, lines: list[_Line]) -> None:
        """Take the keys of more objects."""
        self.rows += frame.height
        for name, dtype in frame.schema.items():
            if dtype == pl.String and name not in self.mixed and _has_others(frame[name], lines):
                self.mixed[name] = None
            before = self.types.get(name, dtype)
            together = _together(before, dtype)
            if together is None:
                self.mixed[name] = None
            self.types[name] = together or pl.String()


class _File:
    """One file of JSON lines."""

    def __init__(self, path: Path, asked: Asked) -> None:
        self._path = path
        self._asked = asked
        # JSON is UTF-8 or UTF-16; a byte that is neither is a fault of its line.
        found = asked.options.encoding or encoding_of(path)
        self._encoding = "utf-8" if found == SINGLE_BYTE and not asked.options.encoding else found
        self._broken: set[int] = set()

    def learn(self, learnt: _Learnt) -> None:
        """Add the file's keys, and put lines aside that are no objects."""
        for lines in self._lines():
            self._learn(lines, learnt)

    def frames(self, schema: pl.Schema) -> Iterator[pl.DataFrame]:
        """Yield the objects as rows of a schema."""
        for lines in self._lines():
            good = [text for number, text in lines if number not in self._broken]
            if good:
                yield fitted(pl.read_ndjson(b"\n".join(good), schema=schema), schema)

    def _learn(self, lines: list[_Line], learnt: _Learnt) -> None:
        """Halve until what is at fault is one line; types that differ between lines meet in `_Learnt`."""
        if not lines:
            return
        content = b"\n".join(text for _, text in lines)
        if all(_OBJECT.match(text) for _, text in lines) and b"\0" not in content and is_utf8(content):
            try:
                learnt.add(pl.read_ndjson(content, infer_schema_length=None), lines)
            except pl.exceptions.PolarsError:
                pass
            else:
                return
        if len(lines) == 1:
            self._put(*lines[0])
            return
        middle = len(lines) // 2
        self._learn(lines[:middle], learnt)
        self._learn(lines[middle:], learnt)

    def _put(self, number: int, text: bytes) -> None:
        code = "MW-S005" if is_utf8(text) else "MW-S003"
        code = "MW-S004" if b"\0" in text else code
        self._broken.add(number)
        self._asked.notes.put(str(self._path), number, code, text.decode("utf-8", errors="backslashreplace"))

    def _lines(self) -> Iterator[list[_Line]]:
        """Yield numbered lines, without blank ones, about a block at a time."""
        rest, number = b"", 1
        for block in blocks(self._path, self._encoding, BLOCK):
            *whole, rest = (rest + block).split(b"\n")
            yield [(number + at, text) for at, text in enumerate(whole) if text.strip()]
            number += len(whole)
        if rest.strip():
            yield [(number, rest)]


def _together(one: pl.DataType, other: pl.DataType) -> pl.DataType | None:
    if other in (one, pl.Null):
        return one
    if one == pl.Null:
        return other
    if isinstance(one, pl.Struct) and isinstance(other, pl.Struct):
        fields = {field.name: field.dtype for field in one.fields}
        for field in other.fields:
            before = fields.get(field.name, field.dtype)
            fields[field.name] = _together(_made(before), _made(field.dtype)) or pl.String()
        return pl.Struct(fields)
    if isinstance(one, pl.List) and isinstance(other, pl.List):
        together = _together(_inner(one), _inner(other))
        return None if together is None else pl.List(together)
    if one.is_numeric() and other.is_numeric():
        return pl.Float64() if one.is_float() or other.is_float() else pl.Int64()
    return None


def _inner(dtype: pl.List) -> pl.DataType:
    return _made(dtype.inner)


def _made(dtype: Any) -> pl.DataType:
    return pl.Series([], dtype=dtype).dtype


def _has_others(texts: pl.Series, lines: list[_Line]) -> bool:
    """Whether some of a column's values were no texts before Polars made them such."""
    suspects = texts.str.contains(r"\A(?:-?\d|true\z|false\z|\{|\[)").fill_null(value=False).arg_true()
    for at in suspects.head(_SUSPECTS).to_list():
        value = msgspec.json.decode(lines[at][1]).get(texts.name)
        if value is not None and not isinstance(value, str):
            return True
    return False


def _mixed(shown: str, name: str) -> Finding:
    return Finding(
        code="MW-S013",
        severity="warning",
        column=name,
        message=f"{shown}, column '{name}': values of several types are read as text",
        advice="Give the column one type at the source.",
    )

"""The hash of a table's content: equal tables have equal hashes, however they are stored or handed over."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import polars as pl

_LARGE = 1 << 20


class ContentHash:
    """Hashes a table that comes in parts; where one part ends and the next begins plays no part.

    Parameters
    ----------
    schema : polars.Schema
        Of every part.
    """

    def __init__(self, schema: pl.Schema) -> None:
        self._schema = schema
        self._columns = [_Column() for _ in schema]
        self._rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Take the next rows."""
        self._rows += frame.height
        for column, values in zip(self._columns, frame, strict=True):
            column.add(values)

    def hexdigest(self) -> str:
        """Return 64 hexadecimal digits."""
        digest = hashlib.sha256()
        _add_text(digest, f"modelwright table 2: {self._rows} rows")
        for (name, dtype), column in zip(self._schema.items(), self._columns, strict=True):
            _add_text(digest, name)
            column.finish(digest, dtype)
        return digest.hexdigest()


def content_hash(frame: pl.DataFrame) -> str:
    """Return the SHA-256 of a table's columns: names, types and values, in order.

    Chunks, row groups, compression, the physical codes of categories and what lies beneath a null play no
    part.

    Parameters
    ----------
    frame : polars.DataFrame

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    hashed = ContentHash(frame.schema)
    hashed.add(frame)
    return hashed.hexdigest()


class _Column:
    """Hashes the values of one column, or of what is nested in it, apart from which of them are missing."""

    def __init__(self) -> None:
        self._missing = hashlib.sha256()
        self._sizes = hashlib.sha256()
        self._content = hashlib.sha256()
        self._within: dict[str, _Column] = {}

    def add(self, values: pl.Series) -> None:
        values = values.alias("")  # Polars takes a name such as "^a.*$" for a pattern
        self._missing.update(values.is_null().to_numpy().astype(np.uint8).tobytes())
        dtype = values.dtype
        if isinstance(dtype, pl.Struct):
            for field in dtype.fields:
                self._inner(field.name).add(values.struct.field(field.name))
        elif isinstance(dtype, pl.List | pl.Array):
            lists = values.cast(pl.List(dtype.inner))
            self._sizes.update(lists.list.len().fill_null(0).cast(pl.UInt64).to_numpy().tobytes())
            self._inner("").add(lists.filter(lists.list.len() > 0).explode())
        elif dtype == pl.Binary:
            self._add_texts(values.bin.encode("base64"))
        elif dtype == pl.String or dtype in (pl.Categorical, pl.Enum) or isinstance(dtype, pl.Decimal):
            self._add_texts(values.cast(pl.String))
        elif dtype != pl.Null:
            physical = values.to_physical()
            zero = False if physical.dtype == pl.Boolean else 0
            self._content.update(physical.fill_null(zero).to_numpy().tobytes())

    def finish(self, digest: hashlib._Hash, dtype: pl.DataType) -> None:
        """Add the type and what was hashed to a table's digest."""
        _add_text(digest, _type_name(dtype))
        for part in (self._missing, self._sizes, self._content):
            digest.update(part.digest())
        if isinstance(dtype, pl.Struct):
            for field in dtype.fields:
                _add_text(digest, field.name)
                self._inner(field.name).finish(digest, _made(field.dtype))
        elif isinstance(dtype, pl.List | pl.Array):
            self._inner("").finish(digest, _made(dtype.inner))

    def _inner(self, name: str) -> _Column:
        return self._within.setdefault(name, _Column())

    def _add_texts(self, texts: pl.Series) -> None:
        filled = texts.fill_null("")
        self._sizes.update(filled.str.len_bytes().cast(pl.UInt64).to_numpy().tobytes())
        for start in range(0, len(filled), _LARGE):
            self._content.update("".join(filled[start : start + _LARGE].to_list()).encode())


def _made(dtype: Any) -> pl.DataType:
    return pl.Series([], dtype=dtype).dtype


def _add_text(digest: hashlib._Hash, text: str) -> None:
    encoded = text.encode()
    digest.update(len(encoded).to_bytes(8, "little") + encoded)


def _type_name(dtype: pl.DataType) -> str:
    return "Categorical" if dtype in (pl.Categorical, pl.Enum) else str(dtype)

"""The hash of a table's content: equal tables have equal hashes, however they are stored."""

from __future__ import annotations

import hashlib
from typing import Protocol

import numpy as np
import polars as pl

_LARGE = 1 << 20


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...


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
    digest = hashlib.sha256()
    _add_text(digest, f"modelwright table 1: {frame.height} rows")
    for column in frame:
        _add_text(digest, column.name)
        _add(digest, column)
    return digest.hexdigest()


def _add(digest: _Digest, values: pl.Series) -> None:
    _add_text(digest, _type_name(values.dtype))
    nulls = values.is_null()
    digest.update(np.packbits(nulls.to_numpy()).tobytes())
    dtype = values.dtype
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            _add_text(digest, field.name)
            _add(digest, values.struct.field(field.name))
    elif isinstance(dtype, pl.List | pl.Array):
        as_lists = values.cast(pl.List(dtype.inner))
        digest.update(as_lists.list.len().fill_null(0).cast(pl.UInt64).to_numpy().tobytes())
        _add(digest, as_lists.filter(as_lists.list.len() > 0).explode())
    elif dtype == pl.Binary:
        _add_texts(digest, values.bin.encode("base64"))
    elif dtype == pl.Null:
        pass
    elif dtype == pl.String or dtype in (pl.Categorical, pl.Enum) or isinstance(dtype, pl.Decimal):
        _add_texts(digest, values.cast(pl.String))
    else:
        physical = values.to_physical()
        zero = False if physical.dtype == pl.Boolean else 0
        digest.update(np.ascontiguousarray(physical.fill_null(zero).to_numpy()).tobytes())


def _add_texts(digest: _Digest, texts: pl.Series) -> None:
    filled = texts.fill_null("")
    digest.update(filled.str.len_bytes().cast(pl.UInt64).to_numpy().tobytes())
    for start in range(0, len(filled), _LARGE):
        digest.update("".join(filled[start : start + _LARGE].to_list()).encode())


def _add_text(digest: _Digest, text: str) -> None:
    encoded = text.encode()
    digest.update(len(encoded).to_bytes(8, "little") + encoded)


def _type_name(dtype: pl.DataType) -> str:
    return "Categorical" if dtype in (pl.Categorical, pl.Enum) else str(dtype)

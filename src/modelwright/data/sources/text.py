"""Files of text as UTF-8: decompressed and decoded as a stream."""

from __future__ import annotations

import bz2
import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from modelwright.errors import SourceError

BLOCK = 8 << 20
_HEAD, _HEAD_LINES, _LARGEST_HEAD = 1 << 18, 3, 64 << 20
COMPRESSIONS = (".gz", ".bz2", ".zst")
_BYTE_ORDER = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SINGLE_BYTE = "cp1252"
_HIGH = bytes(range(128, 256))
_SEVERAL_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def blocks(path: Path, encoding: str, size: int = BLOCK) -> Iterator[bytes]:
    r"""Return a file's content in blocks of UTF-8, without a byte order mark, with newlines as ``\\n``.

    Parameters
    ----------
    path : Path
        Plain, or compressed by gzip, bzip2 or Zstandard, which its first bytes say.
    encoding : str
        As `encoding_of` finds it.
    size : int, optional
        Bytes to read at a time.

    Raises
    ------
    SourceError
        If the compressed file is damaged, or the content is not in its encoding.
    """
    # What is not UTF-8 stays as it is here, so that the rows at fault can be named.
    whole = codecs.lookup(encoding).name
    decode = None if whole == "utf-8" else codecs.getincrementaldecoder(whole)("surrogateescape")
    returns = _lone_returns(path, encoding)
    first = True
    for block in _raw(path, size):
        content = block if decode is None else decode.decode(block).encode("utf-8", "surrogateescape")
        if first:
            content = content.removeprefix(codecs.BOM_UTF8)
            first = not content
        yield content.replace(b"\r", b"\n") if returns else content


def head(path: Path, encoding: str) -> str:
    """Return the beginning of a file as text: at least some lines, however wide its table is."""
    begun = b""
    for block in blocks(path, encoding, _HEAD):
        begun += block
        if begun.count(b"\n") >= _HEAD_LINES or len(begun) > _LARGEST_HEAD:
            break
    return begun.decode("utf-8", errors="replace")


def encoding_of(path: Path) -> str:
    """Return a file's encoding: UTF-8, UTF-16 or UTF-32 by their marks or zeros, else Windows-1252.

    A file is taken for Windows-1252 where more of its bytes beyond ASCII are no UTF-8 than are; where fewer
    are, it is UTF-8 with broken rows.
    """
    start = next(_raw(path, 4096), b"")
    for mark, encoding in _BYTE_ORDER:
        if start.startswith(mark):
            return encoding
    return _wide(start) or _narrow(path)


def _wide(start: bytes) -> str | None:
    # Text in Latin letters has a zero in every other byte of UTF-16.
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half < 2 or max(even, odd) < 0.6 * half or min(even, odd) > 0.1 * half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _narrow(path: Path) -> str:
    valid = invalid = 0
    for block in _raw(path, BLOCK):
        if block.isascii() or (is_utf8(block) and not invalid):
            valid += not block.isascii()
            continue
        several = sum(len(found) for found in _SEVERAL_BYTES.findall(block))
        valid += several
        invalid += len(block) - len(block.translate(None, _HIGH)) - several
    # A character cut in two by the end of a block counts as four bytes at most.
    return SINGLE_BYTE if invalid > valid else "utf-8"


def is_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lone_returns(path: Path, encoding: str) -> bool:
    """Whether lines end by a carriage return alone, as old Macs had it."""
    start = next(_raw(path, 1 << 16), b"")
    text = start.decode(encoding, errors="ignore")
    return "\r" in text and "\n" not in text


def _raw(path: Path, size: int) -> Iterator[bytes]:
    try:
        with _open(path) as file:
            while block := file.read(size):
                yield block
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise SourceError(f"{path}: can't be read: {error.strerror}; check the file") from error
        raise SourceError(f"{path}: the compressed file is damaged: {error}; copy it again") from error


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.open(path))
    if start.startswith(b"BZh"):
        return cast("BinaryIO", bz2.open(path))
    if start == b"\x28\xb5\x2f\xfd":
        import pyarrow as pa

        return cast("BinaryIO", pa.input_stream(str(path), compression="zstd"))
    return path.open("rb")

"""Files behind a URL: object stores and the web."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import polars as pl

from modelwright.data.sources.csv_files import CsvSource
from modelwright.data.sources.excel_files import ExcelSource
from modelwright.data.sources.json_files import JsonLinesSource
from modelwright.data.sources.locating import scratch
from modelwright.data.sources.parquet_files import ParquetSource
from modelwright.data.sources.source import Asked, Opened, Source, by_scheme
from modelwright.data.sources.statement import reason
from modelwright.errors import SourceError

_WEB = ("https://", "http://")
_STORES = ("s3://", "s3a://", "gs://", "gcs://", "az://", "azure://", "abfs://", "abfss://")
_SECONDS = 60.0
_NOWHERE = "\x1f"


class RemoteSource:
    """Parquet, CSV, JSON lines and Excel by URL.

    Parquet is read where it lies, only the parts that are needed. Other files are brought to a temporary
    folder of this machine first, so a large one takes disk, not memory. Object stores take their credentials
    from the environment, as Polars documents it.
    """

    name: ClassVar[str] = "URL"
    spellings: ClassVar[tuple[str, ...]] = (*_WEB, *_STORES)
    takes_query: ClassVar[bool] = False

    def takes(self, asked: Asked) -> bool:
        """Whether the URL begins so."""
        return by_scheme(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Open it by the ending of its path."""
        path = PurePosixPath(unquote(urlsplit(asked.text).path))
        ending = path.name.lower()
        if ending.endswith(ParquetSource.spellings) or (not path.suffix and by_scheme(asked, _STORES)):
            return _parquet(asked)
        formats: tuple[Source, ...] = (CsvSource(), JsonLinesSource(), ExcelSource())
        for each in formats:
            if ending.endswith(each.spellings):
                return self._fetched(each, asked, path.name)
        known = ", ".join(text for each in (ParquetSource(), *formats) for text in each.spellings)
        raise SourceError(f"{asked.shown}: the ending names no known format; known are {known}")

    @staticmethod
    def _fetched(source: Source, asked: Asked, name: str) -> Opened:
        folder = scratch(asked.notes)
        target = folder / name
        try:
            if by_scheme(asked, _WEB):
                _download(asked.text, target)
            elif isinstance(source, ExcelSource):
                raise SourceError(
                    f"{asked.shown}: Excel is read by https or from this machine; fetch it first"
                )
            else:
                _lines(asked.text, target)
        except (OSError, ValueError, pl.exceptions.PolarsError) as error:
            raise SourceError(
                f"{asked.shown}: can't be fetched: {reason(error, asked)}; check the URL"
            ) from error
        return source.open(replace(asked, text=str(target), files=(target,)))


def _download(url: str, target: Path) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "modelwright"})  # noqa: S310 - http(s) only
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer, target.open("wb") as file:  # noqa: S310
            shutil.copyfileobj(answer, file, 1 << 20)
    except urllib.error.HTTPError as error:
        error.close()
        raise


def _lines(url: str, target: Path) -> None:
    """Bring a text file from an object store, line by line; compressed ones come uncompressed."""
    scanned = pl.scan_csv(
        url,
        has_header=False,
        separator=_NOWHERE,
        quote_char=None,
        schema={"line": pl.String},
        infer_schema=False,
        truncate_ragged_lines=False,
    )
    scanned.with_columns(pl.col("line").fill_null("")).sink_csv(
        target, include_header=False, quote_style="never", separator=_NOWHERE
    )


def _parquet(asked: Asked) -> Opened:
    def scan() -> pl.LazyFrame:
        return pl.scan_parquet(asked.text)

    try:
        schema = scan().collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceError(f"{asked.shown}: can't be read: {reason(error, asked)}; check the URL") from error

    def batches(rows: int) -> Iterator[pl.DataFrame]:
        try:
            yield from _streamed(scan(), rows)
        except (pl.exceptions.PolarsError, OSError) as error:
            said = reason(error, asked)
            raise SourceError(f"{asked.shown}: can't be read to its end: {said}; try again") from error

    return Opened(schema, batches)


def _streamed(scanned: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    if hasattr(scanned, "collect_batches"):
        yield from scanned.collect_batches(chunk_size=rows, maintain_order=True, lazy=True)
        return
    start = 0
    while not (part := scanned.slice(start, rows).collect()).is_empty():
        yield part
        start += rows

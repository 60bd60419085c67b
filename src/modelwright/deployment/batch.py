"""Score a file in parts, so that only one part is held as matrices at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from modelwright.data import Contract, Treatments, batches, conform, matrices
from modelwright.deployment.asking import NOTHING_MORE, Asked
from modelwright.deployment.package import Package
from modelwright.deployment.scorer import Scorer, Scores
from modelwright.engine import cores
from modelwright.errors import RowError, RowFault, SourceError
from modelwright.store import atomic_file

_ROWS_AT_ONCE = 16384

_Write = Callable[[pl.DataFrame], None]


def score_file(package: Package, source: Any, output: Path, asked: Asked = NOTHING_MORE) -> int:
    """Score every row of a source and write the answers.

    Parameters
    ----------
    package : Package
    source : str, Path or table
        Anything that `modelwright.data.read` takes.
    output : Path
        A ``.csv`` or ``.parquet`` file; appears when all rows are scored, replacing what was there. It has
        the contract's id column where the source has it, else ``row`` (from 0), then ``prediction`` and, for
        classes, one ``probability_LABEL`` column each; see `answers` for what else may be asked for.
    asked : Asked, optional
        Levels of sets or intervals, and the least confidence of a firm answer.

    Returns
    -------
    int
        How many rows were scored.

    Raises
    ------
    SourceError
        If the source cannot be read, or the output is neither CSV nor Parquet.
    ContractError
        If rows break the contract; then nothing is written.
    """
    writer = _WRITERS.get(output.suffix.lower())
    if writer is None:
        raise SourceError(f"{output}: answers are written as .csv or .parquet; choose one of these endings")
    parts = batches(source, rows=_ROWS_AT_ONCE)
    scorer = Scorer(package, threads=cores())
    treatments, scored = Treatments(package.contract), 0
    with atomic_file(output, mode=0o666) as temporary, writer(temporary) as write:
        for part in parts:
            write(score_frame(package.contract, scorer, treatments.table(part), scored, asked))
            scored += len(part)
        if not scored:
            none = treatments.table(pl.DataFrame(schema=parts.schema))
            write(score_frame(package.contract, scorer, none, 0, asked))
    parts.notes.warn()
    return scored


def score_frame(
    contract: Contract,
    scorer: Scorer,
    frame: pl.DataFrame,
    start: int = 0,
    asked: Asked = NOTHING_MORE,
) -> pl.DataFrame:
    """Score a frame and return the answers in the columns of `score_file`.

    Parameters
    ----------
    contract : Contract
    scorer : Scorer
    frame : polars.DataFrame
        Rows whose personal data is treated.
    start : int, default 0
        Number of the first row, for ``row`` and for errors.
    asked : Asked, optional
        As for `score_file`.
    """
    try:
        scores = scorer.score(matrices(contract, conform(contract, frame)), asked)
    except RowError as error:
        moved = [RowFault(each.row + start, each.column, each.message) for each in error.faults]
        raise RowError(moved) from error
    return pl.DataFrame([_identity(contract, frame, start), *answers(scores)])


def answers(scores: Scores) -> list[pl.Series]:
    """Return scores as columns.

    These are ``prediction`` and ``probability_LABEL``; where it was asked for, ``low_LEVEL`` and
    ``high_LEVEL``, or ``set_LEVEL`` with the labels as a JSON list, and ``abstained``.
    """
    kind = pl.String if scores.classes else pl.Float64
    columns = [pl.Series("prediction", scores.predictions, dtype=kind)]
    if scores.probabilities is not None:
        for index, label in enumerate(scores.classes):
            columns.append(
                pl.Series(f"probability_{label}", scores.probabilities[:, index], dtype=pl.Float64)
            )
    for level, (low, high) in scores.intervals.items():
        columns += [pl.Series(f"low_{level:g}", low), pl.Series(f"high_{level:g}", high)]
    for level, chosen in scores.sets.items():
        listed = [_listed(scores.classes, row) for row in chosen.tolist()]
        columns.append(pl.Series(f"set_{level:g}", listed, dtype=pl.String))
    if scores.abstained is not None:
        columns.append(pl.Series("abstained", scores.abstained))
    return columns


def _listed(classes: tuple[str, ...], chosen: list[bool]) -> str:
    labels = [label for label, among in zip(classes, chosen, strict=True) if among]
    return json.dumps(labels, ensure_ascii=False)


def _identity(contract: Contract, frame: pl.DataFrame, start: int) -> pl.Series:
    column = contract.with_role("id")
    if column is not None and column.name in frame.columns:
        return frame[column.name]
    return pl.Series("row", range(start, start + len(frame)), dtype=pl.Int64)


@contextmanager
def _csv(path: Path) -> Iterator[_Write]:
    with path.open("wb") as file:
        yield lambda part: part.write_csv(file, include_header=file.tell() == 0)


@contextmanager
def _parquet(path: Path) -> Iterator[_Write]:
    from pyarrow.parquet import ParquetWriter

    writer: Any = None

    def write(part: pl.DataFrame) -> None:
        nonlocal writer
        table = part.to_arrow()
        writer = writer or ParquetWriter(path, table.schema)
        writer.write_table(table)

    try:
        yield write
    finally:
        if writer is not None:
            writer.close()


_WRITERS = {".csv": _csv, ".parquet": _parquet}

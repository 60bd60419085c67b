"""``labels``: which labels of a run's training rows are doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from modelwright import data, evaluation
from modelwright.errors import RunError, SourceError
from modelwright.lifecycle.cross_validated import FILE
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.preparation import Preparation
from modelwright.store import atomic_file

_PRIVATE = 0o600


@dataclass(frozen=True)
class DoubtfulLabel:
    """One label to review.

    Attributes
    ----------
    row : int
        Position in the data of the run, from 0.
    label, suggested : str or float
        What the row has, and what the model says.
    quality : float
        From 0 (surely wrong) to 1.
    """

    row: int
    label: str | float
    suggested: str | float
    quality: float


@dataclass(frozen=True)
class LabelReview:
    """Labels to review, the most doubtful first; nothing was changed.

    Attributes
    ----------
    run : str
    code : str
        Stable code.
    rows : int
        How many labels were looked at.
    found : int
        How many of them are doubtful.
    labels : tuple of DoubtfulLabel
        The most doubtful ones.
    how : str
        The method, in words.
    output : str or None
        Where all doubtful rows were written.
    left_out : tuple of str
        Columns that were not written: personal data, and those that must not be worse off.
    """

    run: str
    code: str
    rows: int
    found: int
    labels: tuple[DoubtfulLabel, ...]
    how: str
    output: str | None = None
    left_out: tuple[str, ...] = ()


def review_labels(folder: Folder, run: str, most: int, output: Path | None) -> LabelReview:
    """Hold each training label of a run against what was said of it out of fold.

    Parameters
    ----------
    folder : Folder
    run : str
    most : int
        How many labels to list.
    output : Path or None
        A ``.csv`` or ``.parquet`` file for all doubtful rows.

    Raises
    ------
    RunError
        If the run did not keep its predictions.
    SourceError
        If the output is neither CSV nor Parquet.
    """
    if output is not None and output.suffix.lower() not in {".csv", ".parquet"}:
        raise SourceError(f"{output}: doubtful labels are written as .csv or .parquet; choose one of these")
    kept = folder.run(run) / FILE
    if not kept.is_file():
        raise RunError(
            f"run {run[:8]} kept no predictions of its training rows; build again with `modelwright build`"
        )
    prepared = Preparation.of(folder, run)
    with np.load(kept, allow_pickle=False) as said:
        y, predicted, rows = said["y"], said["candidate"], said["rows"]
    doubts = evaluation.doubt_labels(y, predicted, prepared.brief.problem.task)
    classes = prepared.contract.classes
    listed = tuple(
        DoubtfulLabel(int(row), _named(y[at], classes), _named(instead, classes), float(quality))
        for row, at, instead, quality in zip(
            rows[doubts.rows], doubts.rows, doubts.suggested, doubts.quality, strict=True
        )
    )
    hidden = tuple(each.name for each in prepared.contract.columns if each.is_personal or each.protected)
    if output is not None:
        _write(output, _rows(prepared, folder, listed).drop(hidden, strict=False), listed)
    return LabelReview(
        run=run,
        code="MW-C011",
        rows=len(y),
        found=len(listed),
        labels=listed[:most],
        how=doubts.how,
        output=None if output is None else str(output),
        left_out=() if output is None else hidden,
    )


def _named(value: Any, classes: tuple[str, ...]) -> str | float:
    return classes[int(value)] if classes else float(value)


def _rows(prepared: Preparation, folder: Folder, listed: tuple[DoubtfulLabel, ...]) -> pl.DataFrame:
    """Return the doubtful rows as they came, but for columns that no file of text can hold."""
    snapshot = data.open_snapshot(folder.snapshots, prepared.start.snapshot).read()
    rows = snapshot[[each.row for each in listed]]
    return rows.select(name for name, dtype in rows.schema.items() if not dtype.is_nested())


def _write(output: Path, rows: pl.DataFrame, listed: tuple[DoubtfulLabel, ...]) -> None:
    """Write the doubtful rows, each with what is doubted."""
    said = {
        "doubtful_row": pl.Series([each.row for each in listed], dtype=pl.Int64),
        "doubtful_label": pl.Series([each.label for each in listed]),
        "suggested_label": pl.Series([each.suggested for each in listed]),
        "label_quality": pl.Series([each.quality for each in listed], dtype=pl.Float64),
    }
    fresh = [values.alias(name) for name, values in said.items() if name not in rows.columns]
    table = pl.DataFrame([*fresh, *rows.get_columns()])
    with atomic_file(output, mode=_PRIVATE) as temporary:
        if output.suffix.lower() == ".csv":
            table.write_csv(temporary)
        else:
            table.write_parquet(temporary)

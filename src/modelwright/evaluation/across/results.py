"""Reading a table of results."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from modelwright import data
from modelwright.errors import DataError

_NAMES = {
    "system": ("system", "method", "model", "algorithm"),
    "data_set": ("data_set", "dataset", "data set", "task", "table"),
    "score": ("score", "value"),
}


def read_results(source: str | Path | pl.DataFrame) -> pl.DataFrame:
    """Read results: one row for each system on each data set.

    Parameters
    ----------
    source : str, Path or polars.DataFrame
        A ``.json`` file (a list of objects), any file that `modelwright.data.read` reads, or a table. Its
        columns are called ``system``, ``data_set`` and ``score`` (or ``method``, ``dataset``, ``value``);
        others are passed over.

    Returns
    -------
    polars.DataFrame
        With the columns system, data_set and score.

    Raises
    ------
    DataError
        If a column is missing, or a score is no number.
    """
    table = source if isinstance(source, pl.DataFrame) else _read(Path(source))
    columns = {name.strip().lower(): name for name in table.columns}
    chosen = []
    for wanted, names in _NAMES.items():
        found = next((columns[name] for name in names if name in columns), None)
        if found is None:
            raise DataError(
                f"the results have no column '{wanted}'; they need system, data_set and score, but have "
                f"{', '.join(table.columns)}"
            )
        chosen.append(pl.col(found).alias(wanted))
    results = table.select(chosen).with_columns(pl.col("system", "data_set").cast(pl.String))
    scores = results["score"].cast(pl.Float64, strict=False)
    wrong = (scores.is_null() | ~scores.is_finite().fill_null(value=False)).arg_true().to_list()
    if wrong:
        raise DataError(f"row {wrong[0] + 1} of the results has a score that is no finite number; mend it")
    return results.with_columns(scores)


def _read(path: Path) -> pl.DataFrame:
    if path.suffix != ".json":
        return data.read(path)
    try:
        return pl.DataFrame(json.loads(path.read_text(encoding="utf-8")), infer_schema_length=None)
    except (OSError, ValueError, TypeError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{path}: the results cannot be read as a JSON list of objects: {error}") from error

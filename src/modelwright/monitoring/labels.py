"""Labels that come later, joined to the predictions they belong to."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from pydantic import BaseModel, ConfigDict

from modelwright.data import Contract, Treatments, label_text
from modelwright.errors import FeedbackError
from modelwright.store import Label, Operations

_SHOWN = 5  # unknown identifiers that are named


class Feedback(BaseModel):
    """What became of a table of labels.

    Attributes
    ----------
    rows : int
        Rows of the table.
    new : int
        Labels that were new, or that corrected an earlier one.
    known : int
        Labels that were known already.
    empty : int
        Rows without a label.
    unknown : int
        Rows whose prediction is not known.
    examples : tuple of str
        Identifiers of a few of these; none where the contract's id column is personal data.
    joined_by : {"prediction id", "row id"}
        Whether the identifiers were those of predictions or of the contract's id column.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    new: int
    known: int
    empty: int
    unknown: int
    examples: tuple[str, ...] = ()
    joined_by: str = "prediction id"

    @property
    def words(self) -> str:
        """What became of the table, for people."""
        parts = [f"{self.new:,} new labels kept of {self.rows:,} rows, joined by {self.joined_by}"]
        if self.known:
            parts.append(f"{self.known:,} were known already")
        if self.empty:
            parts.append(f"{self.empty:,} rows have no label")
        if self.unknown:
            n_more = self.unknown - len(self.examples)
            more = f" and {n_more:,} more" if n_more > 0 else ""
            named = f" ({', '.join(self.examples)}{more})" if self.examples else ""
            parts.append(f"{self.unknown:,} belong to no known prediction{named}")
        return "; ".join(parts) + "."


def feedback(operations: Operations, table: pl.DataFrame, contract: Contract) -> Feedback:
    """Join labels to predictions and keep them.

    Parameters
    ----------
    operations : Operations
    table : DataFrame
        A column ``prediction_id`` or ``id``, or the contract's id column; and a column ``label``, or the
        target's. Identifiers of the contract's id column are joined to the newest prediction for that row.
    contract : Contract

    Raises
    ------
    FeedbackError
        If a column is missing or a label is none of the classes or not a number; then no label is kept.
    """
    identity = contract.with_role("id")
    id_column = None if identity is None else identity.name
    key = _column(table, ["prediction_id", "id", *([id_column] if id_column else [])], "the identifiers")
    column = _column(table, ["label", contract.target.name], "the labels")
    given = pl.DataFrame({"key": table[key].cast(pl.String), "label": table[column]})
    labelled = given.filter(pl.col("key").is_not_null() & pl.col("label").is_not_null())
    values = _values(labelled["label"], contract.classes, column)
    keys = labelled["key"].to_list()
    unknown = operations.unknown_predictions(keys)
    joined_by = "prediction id"
    if id_column and key in ("id", id_column) and unknown.issuperset(keys):
        newest = _newest_by_row(operations, id_column)
        known_as = Treatments(contract).column(id_column, pl.Series(keys, dtype=pl.String)).to_list()
        found = [newest.get(each, each) for each in known_as]
        if found != known_as:
            keys, joined_by = found, "row id"
            unknown = operations.unknown_predictions(keys)
    labels = [Label(each, value) for each, value in zip(keys, values, strict=True) if each not in unknown]
    new = operations.add_labels(labels)
    return Feedback(
        rows=table.height,
        new=new,
        known=len(labels) - new,
        empty=table.height - labelled.height,
        unknown=len(keys) - len(labels),
        examples=() if identity is not None and identity.is_personal else tuple(sorted(unknown)[:_SHOWN]),
        joined_by=joined_by,
    )


def _column(table: pl.DataFrame, names: list[str], what: str) -> str:
    for name in names:
        if name in table.columns:
            return name
    expected = " or ".join(f"'{name}'" for name in names)
    raise FeedbackError(
        f"there is no column for {what}: expected {expected}, but found {', '.join(table.columns) or 'none'}"
    )


def _values(labels: pl.Series, classes: Sequence[str], column: str) -> list[str | float]:
    if not classes:
        numbers = labels.cast(pl.Float64, strict=False)
        return _checked(numbers.is_finite().fill_null(value=False), numbers.to_list(), column, "a number")
    texts = pl.Series([label_text(each).strip() for each in labels], dtype=pl.String)
    return _checked(texts.is_in(list(classes)), texts.to_list(), column, f"one of {', '.join(classes)}")


def _checked(good: pl.Series, values: list[str | float], column: str, expected: str) -> list[str | float]:
    if not good.all():
        raise FeedbackError(
            f"column '{column}': {(~good).sum():,} labels are not {expected}, the first is label "
            f"{(~good).arg_true()[0] + 1:,}; no label was kept, correct them and send the table again"
        )
    return values


def _newest_by_row(operations: Operations, id_column: str) -> dict[str, str]:
    """Return the newest prediction for each identifier of a row."""
    observations = operations.observations()
    if observations.is_empty() or id_column not in observations["row"].struct.fields:
        return {}
    rows = observations.select("id", row=pl.col("row").struct.field(id_column).cast(pl.String)).drop_nulls()
    return dict(zip(rows["row"], rows["id"], strict=True))

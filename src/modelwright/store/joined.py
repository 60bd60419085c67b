"""Observations joined with the latest label of each."""

from __future__ import annotations

from typing import Any

import polars as pl

# This module is imported only by code that has opened a database.
from sqlalchemy import Connection, Select, Table, Text, cast, func, select  # noqa: TID253

from modelwright.store.schema import label, observation

_FETCHED: dict[str, type[pl.DataType] | pl.DataType] = {
    "id": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "release": pl.String,
    "row": pl.String,
    "prediction": pl.String,
    "value": pl.Float64,
    "probabilities": pl.String,
    "latency_ms": pl.Float64,
    "label": pl.String,
    "label_value": pl.Float64,
    "labelled_at": pl.Datetime("us", "UTC"),
}


def joined() -> tuple[Select[Any], Table]:
    """Return the query for all observations, JSON columns as text, and the table to filter by."""
    latest = (
        select(label.c.prediction_id, func.max(label.c.seq).label("seq"))
        .group_by(label.c.prediction_id)
        .subquery()
    )
    source = observation.outerjoin(latest, latest.c.prediction_id == observation.c.id).outerjoin(
        label, label.c.seq == latest.c.seq
    )
    statement = select(
        observation.c.id,
        observation.c.at,
        observation.c.release,
        cast(observation.c.row, Text).label("row"),
        observation.c.prediction,
        observation.c.value,
        cast(observation.c.probabilities, Text).label("probabilities"),
        observation.c.latency_ms,
        label.c.label,
        label.c.value.label("label_value"),
        label.c.at.label("labelled_at"),
    ).select_from(source)
    return statement, observation


def fetch(connection: Connection, statement: Select[Any], labelled: bool | None) -> pl.DataFrame:
    """Run a query of `joined` and return it as a frame, ordered by time."""
    if labelled is not None:
        known = label.c.seq.is_not(None) if labelled else label.c.seq.is_(None)
        statement = statement.where(known)
    rows = connection.execute(statement.order_by(observation.c.at, observation.c.id)).all()
    frame = pl.DataFrame([tuple(row) for row in rows], schema=_FETCHED, orient="row")
    return frame.with_columns(
        _decoded(frame, "row"),
        _decoded(frame, "probabilities"),
        _text_or_number(frame, "prediction", "value"),
        _text_or_number(frame, "label", "label_value", like="prediction"),
    ).drop("value", "label_value")


def _decoded(frame: pl.DataFrame, column: str) -> pl.Series:
    """Decode JSON text to a struct with one field per key that occurs anywhere."""
    if frame[column].null_count() == frame.height:
        return pl.Series(column, [None] * frame.height, dtype=pl.Null)
    return frame[column].str.json_decode(infer_schema_length=None)


def _text_or_number(frame: pl.DataFrame, text: str, number: str, like: str | None = None) -> pl.Series:
    """Take the column of numbers where there is no text, as regression leaves it."""
    is_text = frame[like or text].null_count() < frame.height or frame.height == 0
    return frame[text] if is_text else frame[number].alias(text)

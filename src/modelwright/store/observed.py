"""How observations and their labels are kept, and read back joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import polars as pl

# This module is imported only by code that has opened a database.
from sqlalchemy import Connection, Select, Text, cast, func, select  # noqa: TID253

from modelwright.errors import FeedbackError
from modelwright.store.records import Label, Observation
from modelwright.store.schema import label, observation

_CHUNK = 1000  # most parameters of one IN clause
_AT_ONCE = 100_000  # rows that are held as Python objects on their way into a frame
_NAMED = 5  # most identifiers that an error lists

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


def as_row(each: Observation) -> dict[str, Any]:
    """Return what the table keeps of an observation."""
    is_text = isinstance(each.prediction, str)
    return {
        "id": each.id,
        "at": each.at,
        "release": each.release,
        "row": each.row,
        "prediction": each.prediction if is_text else None,
        "value": None if is_text else each.prediction,
        "probabilities": each.probabilities,
        "latency_ms": each.latency_ms,
    }


def fetch(
    connection: Connection,
    release: str | None,
    labelled: bool | None,
    since: datetime | None,
    newest: int | None,
) -> pl.DataFrame:
    """Return observations as a frame, ordered by time; see `Operations.observations`."""
    statement = _joined()
    if release is not None:
        statement = statement.where(observation.c.release == release)
    if since is not None:
        statement = statement.where(observation.c.at >= since)
    if labelled is not None:
        statement = statement.where(label.c.seq.is_not(None) if labelled else label.c.seq.is_(None))
    if newest is not None:  # else the database is spared the sorting
        statement = statement.order_by(observation.c.at.desc(), observation.c.id.desc()).limit(newest)
    frame = frame_of(connection, statement, _FETCHED).sort("at", "id")
    return typed(frame.with_columns(_decoded(frame, "row")))


def frame_of(
    connection: Connection, statement: Select[Any], schema: Mapping[str, type[pl.DataType] | pl.DataType]
) -> pl.DataFrame:
    """Return what a statement selects, column by column: no object is made for a row beyond the driver's own.

    Parameters
    ----------
    connection : Connection
    statement : Select
        Its JSON columns are cast to text.
    schema : mapping
        Types by the selected columns' names; instants are microseconds since 1970.
    """
    names = [column.name for column in statement.selected_columns]
    parts = [pl.DataFrame(schema={name: schema[name] for name in names})]
    cursor: Any = connection.execute(statement).cursor
    while rows := cursor.fetchmany(_AT_ONCE):
        columns = zip(names, zip(*rows, strict=True), strict=True)
        parts.append(pl.DataFrame([_series(name, values, schema[name]) for name, values in columns]))
    cursor.close()
    return pl.concat(parts)


def _series(name: str, values: Sequence[Any], dtype: type[pl.DataType] | pl.DataType) -> pl.Series:
    plain = pl.Int64() if dtype == pl.Datetime("us", "UTC") else dtype
    return pl.Series(name, values, dtype=plain).cast(dtype)


def fetch_first_labels(connection: Connection, release: str, after: int) -> pl.DataFrame:
    """Return predictions with their first labels; see `Operations.first_labels`."""
    each = label.alias()
    earlier = select(each.c.seq).where(
        each.c.prediction_id == label.c.prediction_id, each.c.seq < label.c.seq
    )
    statement = (
        select(
            label.c.seq,
            label.c.at.label("labelled_at"),
            observation.c.id,
            observation.c.at,
            observation.c.prediction,
            observation.c.value,
            cast(observation.c.probabilities, Text).label("probabilities"),
            label.c.label,
            label.c.value.label("label_value"),
        )
        .join_from(label, observation, observation.c.id == label.c.prediction_id)
        .where(observation.c.release == release, label.c.seq > after, ~earlier.exists())
        .order_by(label.c.seq)
    )
    return typed(frame_of(connection, statement, {"seq": pl.Int64} | _FETCHED))


def fetch_one(connection: Connection, prediction_id: str) -> Observation | None:
    """Return one observation, or None where the identifier is unknown."""
    row = connection.execute(_joined().where(observation.c.id == prediction_id)).mappings().first()
    if row is None:
        return None
    return Observation(
        id=row["id"],
        at=row["at"],
        release=row["release"],
        row=msgspec.json.decode(row["row"]),
        prediction=row["value"] if row["prediction"] is None else row["prediction"],
        probabilities=None if row["probabilities"] is None else msgspec.json.decode(row["probabilities"]),
        latency_ms=row["latency_ms"],
        label=row["label_value"] if row["label"] is None else row["label"],
        labelled_at=row["labelled_at"],
    )


def keep_labels(connection: Connection, labels: Sequence[Label], now: datetime) -> int:
    """Insert the labels that are new or changed and count them; see `Operations.add_labels`."""
    known = latest_labels(connection, [each.prediction_id for each in labels])
    unknown = sorted({each.prediction_id for each in labels} - known.keys())
    if unknown:
        named = ", ".join(unknown[:_NAMED])
        more = f" (and {len(unknown) - _NAMED} more)" if len(unknown) > _NAMED else ""
        raise FeedbackError(
            f"no prediction is called {named}{more}; give the `id` that /predict answered with"
        )
    new: list[dict[str, Any]] = []
    for each in labels:
        if known[each.prediction_id] != each.value:
            known[each.prediction_id] = each.value
            text, value = (each.value, None) if isinstance(each.value, str) else (None, each.value)
            new.append({"prediction_id": each.prediction_id, "at": now, "label": text, "value": value})
    if new:
        connection.execute(label.insert(), new)
    return len(new)


def latest_labels(connection: Connection, ids: Sequence[str]) -> dict[str, str | float | None]:
    """Return the latest label (None where there is none yet) of those predictions that exist."""
    statement = _joined()
    columns = statement.selected_columns
    statement = statement.with_only_columns(columns.id, columns.label, columns.label_value)
    found: dict[str, str | float | None] = {}
    for start in range(0, len(ids), _CHUNK):
        some = statement.where(observation.c.id.in_(ids[start : start + _CHUNK]))
        for row in connection.execute(some):
            found[row.id] = row.label_value if row.label is None else row.label
    return found


def _joined() -> Select[Any]:
    """Return the query for all observations with their latest labels, JSON columns as text."""
    each = label.alias()
    newest = (
        select(func.max(each.c.seq))
        .where(each.c.prediction_id == observation.c.id)
        .correlate(observation)
        .scalar_subquery()
    )
    source = observation.outerjoin(label, label.c.seq == newest)
    return select(
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


def typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Decode probabilities, and give predictions and labels the one column of their type."""
    return frame.with_columns(
        _decoded(frame, "probabilities"),
        _text_or_number(frame, "prediction", "value"),
        _text_or_number(frame, "label", "label_value", like="prediction"),
    ).drop("value", "label_value")


def _decoded(frame: pl.DataFrame, column: str) -> pl.Series:
    """Decode JSON text to a struct with one field per key that occurs anywhere."""
    texts = frame[column]
    if texts.null_count() == frame.height:
        return pl.Series(column, [None] * frame.height, dtype=pl.Null)
    present = texts.drop_nulls()
    if (present == "{}").all():
        return texts.str.json_decode(infer_schema_length=None)
    try:
        values = _parsed(present)
    except (
        pl.exceptions.ComputeError,
        pl.exceptions.SchemaError,
    ):  # a caller sent a list here and an object there
        values = _parsed(present.map_elements(_flat, return_dtype=pl.String))
    if len(present) < len(texts):
        places = texts.is_not_null().cum_sum() - 1
        values = values[places.to_list()].set(texts.is_null(), None)
    return values.alias(column)


def _parsed(texts: pl.Series) -> pl.Series:
    """Parse JSON objects, one to a line: msgspec and databases escape line breaks inside of texts."""
    lines = "\n".join(texts).encode()
    return pl.read_ndjson(lines, infer_schema_length=None).to_struct("")


def _flat(text: str) -> str:
    """Put the JSON of lists and objects in their place, so that every field has a plain value."""
    values = msgspec.json.decode(text)
    for key, value in values.items():
        if isinstance(value, dict | list):
            values[key] = msgspec.json.encode(value).decode()
    return msgspec.json.encode(values).decode()


def _text_or_number(frame: pl.DataFrame, text: str, number: str, like: str | None = None) -> pl.Series:
    """Take the column of numbers where there is no text, as regression leaves it."""
    is_text = frame[like or text].null_count() < frame.height or frame.height == 0
    return frame[text] if is_text else frame[number].alias(text)

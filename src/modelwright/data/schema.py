"""The contract as JSON Schema, for the API's description."""

from __future__ import annotations

from typing import Any

from modelwright.data.column import Column
from modelwright.data.contract import Contract
from modelwright.data.time_format import ISO

_TYPES = {"number": "number", "boolean": "boolean", "category": "string", "text": "string", "time": "string"}
_EXAMPLE_TIME = "2013-08-14T13:05:00Z"


def json_schema(contract: Contract) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one record.

    Every record that holds to it is accepted. The server is a little more lenient: numbers may come as text,
    categories as numbers, and columns that are no features are passed over.

    Parameters
    ----------
    contract : Contract

    Returns
    -------
    dict
        With one example, made of the contract alone.
    """
    return {
        "type": "object",
        "properties": {column.name: _property(column) for column in contract.features},
        "required": [column.name for column in contract.features if column.required],
        "additionalProperties": True,
        "examples": [{column.name: _example(column) for column in contract.features}],
    }


def _property(column: Column) -> dict[str, Any]:
    nullable = column.missing == "accept"
    kind = _TYPES[column.kind]
    schema: dict[str, Any] = {"type": [kind, "null"] if nullable else kind}
    if column.kind == "number":
        schema |= _limits(column)
    if column.kind == "category":
        schema |= _choices(column, nullable=nullable)
    if column.kind == "text" and not nullable:
        schema["minLength"] = 1
    if column.kind == "time":
        written = "ISO 8601, UTC where no zone is given" if column.format == ISO else column.format
        schema["description"] = f"a date or time, written as {written}"
    return schema


def _limits(column: Column) -> dict[str, Any]:
    limits = {"minimum": column.minimum, "maximum": column.maximum}
    known = {key: limit for key, limit in limits.items() if limit is not None}
    if column.out_of_range == "refuse":
        return known
    if column.is_sensitive or not known:
        return {}
    return {"description": "usually " + " and ".join(f"{key} {limit:g}" for key, limit in known.items())}


def _choices(column: Column, *, nullable: bool) -> dict[str, Any]:
    if column.unseen == "refuse":
        return {"enum": [*column.categories, *([None] if nullable else [])]}
    shown = column.categories and not column.is_personal
    return {"examples": list(column.categories[:5])} if shown else {"minLength": 1}


def _example(column: Column) -> Any:
    if column.kind == "number":
        return _middle(column)
    if column.kind == "boolean":
        return True
    if column.kind == "time":
        return _time_example(column)
    shown = column.categories and (column.unseen == "refuse" or not column.is_personal)
    return column.categories[0] if shown else "text"


def _middle(column: Column) -> float:
    low = column.maximum if column.minimum is None else column.minimum
    high = column.minimum if column.maximum is None else column.maximum
    if low is None or high is None:
        return 0.0
    middle = low / 2 + high / 2
    return float(round(middle)) if low <= round(middle) <= high else middle


def _time_example(column: Column) -> str:
    if column.format == ISO:
        return _EXAMPLE_TIME
    from datetime import UTC, datetime

    return datetime(2013, 8, 14, 13, 5, tzinfo=UTC).strftime(column.format)

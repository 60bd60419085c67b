"""A contract as a Python module with a schema of pandera for Polars."""

from __future__ import annotations

from importlib.resources import files
from pprint import pformat

import numpy as np

from modelwright.data.column import Column
from modelwright.data.contract import Contract
from modelwright.data.kinds import BLANKS, NUMBER
from modelwright.data.time_format import TimeFormat

_CHECKED = {"feature", "target", "time"}
_WIDTH = 100


def pandera_module(contract: Contract) -> str:
    """Return the text of a module whose ``schema`` holds for the tables in which `check` finds no error."""
    template = (
        files("modelwright.data.exporting").joinpath("pandera_module.py.txt").read_text(encoding="utf-8")
    )
    columns = "".join(f"        {each.name!r}: {_column(each)},\n" for each in contract.columns)
    filled = {
        "<hash>": contract.hash[:12],
        "<blanks>": ascii(BLANKS),
        "<missing>": _literal(list(contract.missing_values), 0),
        "<number>": NUMBER,
        "<columns>": columns.rstrip("\n"),
    }
    for place, text in filled.items():
        template = template.replace(place, text)
    return template


def _column(column: Column) -> str:
    checks = _checks(column) if column.role in _CHECKED else []
    if not checks:
        return f"pa.Column(nullable=True, required={column.required})"
    listed = "".join(f"                {check},\n" for check in checks)
    return (
        f"pa.Column(\n            nullable=True,\n            required={column.required},\n"
        f"            checks=[\n{listed}            ],\n        )"
    )


def _checks(column: Column) -> list[str]:
    read = _reader(column)
    made = [f"is_of_its_kind({read})"]
    if column.missing == "refuse":
        made.append(f"is_given({read})")
    if column.kind == "number" and column.out_of_range == "refuse" and column.role != "time":
        made.append(f"is_within({read}, {_single(column.minimum)}, {_single(column.maximum)})")
    has_levels = column.kind == "category" and bool(column.categories or column.role == "feature")
    if has_levels and column.unseen == "refuse":
        made.append(f"is_one_of({read}, {_literal(list(column.categories), 16)})")
    return made


def _reader(column: Column) -> str:
    if column.kind == "number":
        return "numbers_or_infinite" if column.infinite == "missing" else "numbers"
    if column.kind == "time":
        return f"times_written({TimeFormat(column.format).pattern!r})"
    return {"boolean": "truths", "category": "texts", "text": "texts"}[column.kind]


def _single(limit: float | None) -> str:
    """Return a limit as models see it: as a 32-bit float."""
    return "None" if limit is None else repr(float(np.float32(limit)))


def _literal(texts: list[str], indent: int) -> str:
    lines = pformat(texts, width=_WIDTH - indent, compact=True).splitlines()
    return f"\n{' ' * indent}".join(lines)

"""One text for one value: how a label or a category travels."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl


def label_text(value: Any) -> str:
    """Return the text by which a value travels as a label or a category.

    The same label must have the same text whether it came from a CSV file, a pandas column that a missing
    value turned into floats, or a JSON record, so whole numbers lose their point.

    Parameters
    ----------
    value : Any
        A text, number, boolean, date or time; not missing.

    Examples
    --------
    >>> label_text(1), label_text(1.0), label_text(True), label_text("yes")
    ('1', '1', 'True', 'yes')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return str(value)


def label_texts(values: pl.Series) -> pl.Series:
    """Return `label_text` of each value of a column, missing where missing.

    Parameters
    ----------
    values : polars.Series
        Any column that is not nested.
    """
    if values.dtype == pl.String:
        return values
    if values.dtype in (pl.Categorical, pl.Enum) or values.dtype.is_integer():
        return values.cast(pl.String)
    if values.dtype.is_float():
        values = values.fill_nan(None)
    known = values.drop_nulls().unique()
    texts = pl.Series([label_text(value) for value in known.to_list()], dtype=pl.String)
    if isinstance(values.dtype, pl.Decimal):  # older versions of Polars can't look decimals up
        values, known = values.cast(pl.String), known.cast(pl.String)
    return values.replace_strict(known, texts, default=None, return_dtype=pl.String)

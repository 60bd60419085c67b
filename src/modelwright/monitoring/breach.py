"""Breaches of the contract that are accepted row by row, but not in any number."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from modelwright.data import Column, Contract
from modelwright.monitoring.bounds import share_bounds
from modelwright.monitoring.stream import MATERIAL

Kind = Literal["missing", "unseen", "out of range"]


class Breach(BaseModel):
    """A breach of the contract, and how often it may occur.

    Attributes
    ----------
    column : str
    kind : {"missing", "unseen", "out of range"}
        No value; a category, or a number, that the contract does not list.
    level : float
        The largest share of rows that is no news: what the contract states, or what the training rows allow
        for, and never less than one percent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    kind: Kind
    level: float = Field(gt=0, le=1)


def breaches_of(contract: Contract, frame: pl.DataFrame, mistake: float) -> tuple[Breach, ...]:
    """List the breaches that can occur, with the level of each.

    Parameters
    ----------
    contract : Contract
    frame : DataFrame
        The training rows, conformed.
    mistake : float
        Probability that the level of any breach of one column is too low.
    """
    found = []
    for column in contract.features:
        for kind in _kinds(column):
            n_broken = int(_is_broken(column, kind, frame[column.name]).sum())
            allowed = share_bounds(np.array([n_broken]), max(frame.height, 1), mistake / 2)[1][0]
            stated = {"missing": column.missing_share, "unseen": column.unseen_share}.get(kind, 0.0)
            level = min(max(stated, float(allowed), MATERIAL), 1.0)
            if level < 1:
                found.append(Breach(column=column.name, kind=kind, level=level))
    return tuple(found)


def broken(contract: Contract, breaches: tuple[Breach, ...], frame: pl.DataFrame) -> NDArray[np.float64]:
    """Mark the breaches of each row.

    Returns
    -------
    ndarray of shape (n_rows, n_breaches)
        1 where the row breaks the contract so, else 0.
    """
    columns = {column.name: column for column in contract.features}
    marks = [
        _is_broken(columns[breach.column], breach.kind, frame[breach.column]).to_numpy()
        for breach in breaches
    ]
    return np.array(marks, dtype=np.float64).reshape(len(breaches), frame.height).T


def _kinds(column: Column) -> list[Kind]:
    """List the breaches that are let in; those refused never become an observation."""
    has_range = column.minimum is not None or column.maximum is not None
    can_be: dict[Kind, bool] = {
        "missing": column.missing == "accept",
        "unseen": column.kind == "category" and column.unseen == "accept",
        "out of range": column.kind == "number" and has_range and column.out_of_range == "accept",
    }
    return [kind for kind, possible in can_be.items() if possible]


def _is_broken(column: Column, kind: Kind, values: pl.Series) -> pl.Series:
    if kind == "missing":
        return values.is_null()
    if kind == "unseen":
        return (values.is_in(list(column.categories)) | values.is_null()).not_()
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    return (values.is_between(float(np.float32(low)), float(np.float32(high))) | values.is_null()).not_()

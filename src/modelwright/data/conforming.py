"""From a raw table to the typed columns that the contract states."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.cleaning import CleanedKind, clean, kept_rows
from modelwright.data.column import Column
from modelwright.data.contract import Contract, nearest
from modelwright.data.kinds import Kind, kind_named
from modelwright.data.plain import sound_numbers
from modelwright.errors import ContractError, DataError, RowError, RowFault

SHOWN_FAULTS = 20
"""How many faults of one column a `RowError` lists."""


def conform(contract: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the features of a raw table, typed and checked.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        As `modelwright.data.read` returns it. Columns that are no features are passed over.

    Returns
    -------
    polars.DataFrame
        Exactly the contract's features in its order: numbers and booleans as Float32, categories as String,
        free texts as their words, times as Int64 seconds from 1970-01-01 UTC; null where missing.

    Raises
    ------
    ContractError
        If a required column is not there, or no column is a feature.
    RowError
        If values break the contract and its policy is to refuse them.
    """
    if not contract.features:
        raise ContractError(
            "no column has the role 'feature', so there is nothing to learn from; add columns of numbers, "
            "categories or times to the data, or change roles in contract.toml"
        )
    there = set(frame.columns)
    _refuse_absent(contract, frame.columns)
    faults: list[RowFault] = []
    conformed = []
    sound = sound_numbers([each for each in contract.features if each.name not in contract.cleaners], frame)
    for column in contract.features:
        if column.name in sound:
            conformed.append(frame[column.name].cast(pl.Float32))
            continue
        kind = kind_of(contract, column)
        if column.name not in there:
            conformed.append(pl.Series(column.name, [None] * frame.height, dtype=kind.dtype))
            continue
        values, found = _conform(column, kind, frame[column.name])
        conformed.append(values)
        faults += found
    if faults:
        raise RowError(sorted(faults, key=lambda fault: fault.row))
    return pl.DataFrame(conformed)


def encode_target(contract: Contract, series: pl.Series) -> NDArray[np.generic]:
    """Return the target as numbers.

    Parameters
    ----------
    contract : Contract
    series : polars.Series
        The raw target of rows that have one (see `labelled_rows`).

    Returns
    -------
    ndarray of shape (n,)
        Class codes (int64), or values (float64).

    Raises
    ------
    RowError
        If a row has no target, or one that the contract does not know.
    """
    target = contract.target
    values, wrong = kind_of(contract, target).series(series)
    messages = [("is missing; drop the row, or label it", values.is_null() & ~wrong)]
    if target.kind == "number":
        messages.append(("must be a finite number", wrong))
        _refuse(target, messages)
        return values.to_numpy()
    codes = values.cast(pl.Enum(target.categories), strict=False).to_physical().cast(pl.Int64)
    messages.append((f"must be one of {listed(target.categories)}", codes.is_null() & values.is_not_null()))
    _refuse(target, messages)
    return codes.to_numpy()


def labelled_rows(contract: Contract, frame: pl.DataFrame) -> NDArray[np.int64]:
    """Return the positions of the rows that have a target."""
    values, wrong = kind_of(contract, contract.target).series(frame[contract.target.name])
    return np.flatnonzero((values.is_not_null() | wrong).to_numpy())


def rows_to_learn_from(contract: Contract, frame: pl.DataFrame) -> NDArray[np.int64]:
    """Return the positions of the rows that have a target and that the steps of cleaning leave.

    Raises
    ------
    DataError
        If rows have no target, and the brief says that none is to be left out.
    """
    labelled = labelled_rows(contract, frame)
    none_left_out = any(step.step == "no_target" and not step.enabled for step in contract.cleaning)
    if none_left_out and len(labelled) < frame.height:
        raise DataError(
            f"{frame.height - len(labelled):,} rows have no target, and the step 'no_target' that leaves "
            "them out is switched off in modelwright.toml; label them, or switch it on"
        )
    cleaned = clean(frame[labelled], contract.cleaning)
    kept: NDArray[np.int64] = labelled[kept_rows(cleaned, contract.cleaning).to_numpy()]
    return kept


def kind_of(contract: Contract, column: Column) -> Kind:
    """Return what turns the values of a column into what models take; they are cleaned first."""
    kind = kind_named(
        column.kind,
        contract.markers(column.name),
        column.format,
        infinite_is_missing=column.infinite == "missing",
    )
    cleaner = contract.cleaners.get(column.name)
    return kind if cleaner is None else CleanedKind(kind, cleaner)


def listed(texts: tuple[str, ...], limit: int = 8) -> str:
    """Return texts for a message, the first few."""
    shown = ", ".join(f"'{shortened(text)}'" for text in texts[:limit])
    return shown + (f" and {len(texts) - limit} more" if len(texts) > limit else "")


def shortened(text: str, limit: int = 60) -> str:
    """Return the beginning of a text for a message."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def out_of_range(column: Column, values: pl.Series) -> pl.Series:
    """Mark the numbers outside the contract's range, all compared as 32-bit floats."""
    numbers = values.cast(pl.Float32)
    outside = pl.repeat(value=False, n=len(values), eager=True, dtype=pl.Boolean)
    if column.minimum is not None:
        outside |= (numbers < float(np.float32(column.minimum))).fill_null(value=False)
    if column.maximum is not None:
        outside |= (numbers > float(np.float32(column.maximum))).fill_null(value=False)
    return outside


def unseen(column: Column, values: pl.Series) -> pl.Series:
    """Mark the texts that the contract does not list."""
    return ~values.is_in(pl.Series(column.categories, dtype=pl.String).implode()).fill_null(value=True)


def _refuse_absent(contract: Contract, names: list[str]) -> None:
    there = set(names)
    absent = [each.name for each in contract.features if each.required and each.name not in there]
    if absent:
        hints = [f"'{name}'{nearest(name, names)}" for name in absent[:8]]
        more = f" and {len(absent) - 8} more" if len(absent) > 8 else ""
        raise ContractError(
            f"{len(absent)} required column{'s are' if len(absent) > 1 else ' is'} not in the data: "
            f"{', '.join(hints)}{more}; add what is absent, or set required = false in contract.toml"
        )


def _conform(column: Column, kind: Kind, raw: pl.Series) -> tuple[pl.Series, list[RowFault]]:
    values, wrong = kind.series(raw)
    refused = [(f"must be {kind.expected}", wrong)]
    if column.missing == "refuse":
        refused.append(("is missing, and must not be", values.is_null() & ~wrong))
    if column.out_of_range == "refuse" and column.kind == "number":
        refused.append((f"must be {range_text(column)}", out_of_range(column, values)))
    if column.unseen == "refuse" and column.kind == "category":
        refused.append((f"must be {choices_text(column)}", unseen(column, values)))
    return values.cast(kind.dtype).alias(column.name), _faults(column, refused)


def range_text(column: Column) -> str:
    """Return the contract's range in words."""
    if column.is_sensitive:
        return "in the contract's range"
    low = "" if column.minimum is None else f"at least {column.minimum:g}"
    high = "" if column.maximum is None else f"at most {column.maximum:g}"
    return " and ".join(part for part in (low, high) if part)


def choices_text(column: Column) -> str:
    """Return the contract's categories in words."""
    if column.is_sensitive:
        return "one of the contract's categories"
    return f"one of {listed(column.categories)}"


def _faults(column: Column, refused: list[tuple[str, pl.Series]]) -> list[RowFault]:
    found = []
    for message, rows in refused:
        positions = np.flatnonzero(rows.to_numpy())
        found += [RowFault(int(row), column.name, message) for row in positions[:SHOWN_FAULTS]]
    return found


def _refuse(column: Column, refused: list[tuple[str, pl.Series]]) -> None:
    if faults := _faults(column, refused):
        raise RowError(sorted(faults, key=lambda fault: fault.row))

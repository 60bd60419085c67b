"""Divide rows: the vault from the training rows, and those into folds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.conforming import encode_target
from modelwright.data.contract import Contract
from modelwright.data.dealing import deal
from modelwright.data.split import Split
from modelwright.data.units import groups_of, times_of, units_of
from modelwright.errors import DataError
from modelwright.problem import Gap

Positions = NDArray[np.int64]


def hold_out(frame: pl.DataFrame, contract: Contract, split: Split, seed: int) -> tuple[Positions, Positions]:
    """Choose the rows for the vault.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows, all with a target.
    contract : Contract
    split : Split
    seed : int

    Returns
    -------
    train, vault : ndarray of int
        Positions, ascending and disjoint. Exact duplicates are on one side, groups too where the split says
        so. Forward in time every row of the vault is later than every other, by the split's gap or more; rows
        within the gap are on neither side.

    Raises
    ------
    DataError
        If one side would have no row, or a single class where there are two or more.
    """
    y = encode_target(contract, frame[contract.target.name])
    if split.kind == "forward":
        times = times_of(frame, contract)
        held = times >= _cuts(times, [1 - split.share])[0]
        past = before(times, float(times[held].min()), split.gap)
    else:
        units = units_of(frame, contract, grouped=split.kind == "grouped")
        held = deal(units, y if contract.classes else None, [1 - split.share, split.share], seed) == 1
        past = ~held
    train = _apart(past, held, frame, contract, split)
    for rows, name in ((train, "training"), (held, "held-out")):
        _refuse_useless(y[rows], name, contract, split)
    return np.flatnonzero(train), np.flatnonzero(held)


def folds(
    frame: pl.DataFrame,
    contract: Contract,
    split: Split,
    y: NDArray[np.generic],
    seed: int,
    n: int,
) -> list[tuple[Positions, Positions]]:
    """Divide training rows into folds, each with rows to learn from and rows to be judged by.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows, all with a target.
    contract : Contract
    split : Split
    y : ndarray of shape (n_rows,)
        As `encode_target` returns it.
    seed : int
    n : int
        How many folds; fewer where there are too few groups or times.

    Returns
    -------
    list of (train, valid)
        Positions, ascending. Each row is judged once, but forward in time the earliest are never judged:
        there is nothing before them to learn from.

    Raises
    ------
    DataError
        If there are not even two folds' worth of rows.
    """
    if split.kind == "forward":
        found = _forward(frame, contract, split, y, n)
    else:
        units = units_of(frame, contract, grouped=split.kind == "grouped")
        n = min(n, int(units.max(initial=-1)) + 1)
        parts = deal(units, y if contract.classes else None, [1 / max(n, 1)] * n, seed)
        found = [(np.flatnonzero(parts != part), np.flatnonzero(parts == part)) for part in range(n)]
        found = [fold for fold in found if len(fold[0]) and len(fold[1])]
    if not found:
        raise DataError(
            f"{frame.height} rows are too few to learn from some and judge by others ({split.kind} split); "
            "collect more rows, or more groups or times"
        )
    return found


def alike_rows(frame: pl.DataFrame, contract: Contract, split: Split) -> Positions | None:
    """Return the number of what each row stays with in every fold; None where each stands for itself.

    That is its group where groups are kept apart, or else its exact copies. Forward in time copies are as
    they will be in use, earlier and later.
    """
    if split.kind == "forward":
        return groups_of(frame, contract) if split.groups_apart else None
    return units_of(frame, contract, grouped=split.kind == "grouped")


def _forward(
    frame: pl.DataFrame, contract: Contract, split: Split, y: NDArray[np.generic], n: int
) -> list[tuple[Positions, Positions]]:
    times = times_of(frame, contract)
    if len(np.unique(times)) < 2:
        return []
    cuts = [*_cuts(times, [block / (n + 1) for block in range(1, n + 1)]), np.inf]
    found = []
    for start, stop in pairwise(cuts):
        valid = (times >= start) & (times < stop)
        train = _apart(before(times, start, split.gap), valid, frame, contract, split)
        learns = train.any() and (not contract.classes or len(np.unique(y[train])) > 1)
        if learns and valid.any():
            found.append((np.flatnonzero(train), np.flatnonzero(valid)))
    return found


def before(times: NDArray[np.float64], start: float, gap: Gap) -> NDArray[np.bool_]:
    """Mark the rows that may be learned from where judging starts at a time: earlier by the gap or more.

    A gap of rows leaves out that many of the rows just before the start, and those of the same moment as the
    first of them.
    """
    past = times < start
    if not gap:
        return past
    if gap.unit != "rows":
        return past & (times <= start - gap.amount)
    earlier = np.sort(times[past])
    left_out = int(min(gap.amount, len(earlier)))
    return past & (times < earlier[len(earlier) - left_out]) if left_out else past


def _cuts(times: NDArray[np.float64], shares: list[float]) -> list[float]:
    """Return the distinct times before which there are about these shares of the rows."""
    distinct, counts = np.unique(times, return_counts=True)
    if len(distinct) < 2:
        raise DataError("all rows have the same time, so none is later; clear columns.time in the brief")
    before = np.cumsum(counts)[:-1] / len(times)
    nearest = {int(np.abs(before - share).argmin()) for share in shares}
    return [float(distinct[at + 1]) for at in sorted(nearest)]


def _apart(
    train: NDArray[np.bool_], held: NDArray[np.bool_], frame: pl.DataFrame, contract: Contract, split: Split
) -> NDArray[np.bool_]:
    """Leave out of the training rows those whose group is held out, where time alone doesn't see to that."""
    if split.kind != "forward" or not split.groups_apart:
        return train
    groups = groups_of(frame, contract)
    return train & ~np.isin(groups, groups[held])


def _refuse_useless(y: NDArray[np.generic], name: str, contract: Contract, split: Split) -> None:
    if not len(y):
        raise DataError(
            f"the {split.kind} split leaves no {name} rows; collect more rows, or more groups or times, or "
            "state another split or a smaller gap in the brief"
        )
    if contract.classes and len(found := np.unique(y)) < 2:
        label = contract.classes[int(found[0])]
        raise DataError(
            f"all {len(y)} {name} rows have the label '{label}' ({split.kind} split); "
            "collect rows of other labels, or change columns.time, columns.group or split in the brief"
        )

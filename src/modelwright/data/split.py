"""How rows are divided: by chance, by class, by group, or forward in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from modelwright.data.contract import Contract
from modelwright.data.units import groups_of, times_of

FEWEST_TIMES = 4
FEWEST_GROUPS = 4
LEAST_KEPT = 0.5

SplitKind = Literal["random", "stratified", "grouped", "forward"]


@dataclass(frozen=True)
class Split:
    """How rows are divided, and why so.

    Attributes
    ----------
    kind : {"random", "stratified", "grouped", "forward"}
        By chance; by chance with the same share of each class on both sides; whole groups; the past to learn
        from and the future to be judged by.
    reason : str
        Why, in words.
    groups_apart : bool
        Whether no group is on both sides. Forward in time this costs rows, so it is done only where most
        remain.
    """

    kind: SplitKind
    reason: str
    groups_apart: bool = False


def propose_split(frame: pl.DataFrame, contract: Contract) -> Split:
    """Choose the split that is most like what the model will meet.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    contract : Contract
        States time, group and target.
    """
    time, group = contract.with_role("time"), contract.with_role("group")
    if time is not None:
        distinct = len(np.unique(times_of(frame, contract)))
        if distinct >= FEWEST_TIMES:
            return _forward(frame, contract)
    if group is not None and len(np.unique(groups_of(frame, contract))) >= FEWEST_GROUPS:
        reason = f"rows with the same '{group.name}' are alike, so each is wholly on one side"
        return Split("grouped", reason, groups_apart=True)
    if contract.classes:
        return Split("stratified", "rows are exchangeable, and each side gets the same share of each class")
    return Split("random", "rows are exchangeable")


def _forward(frame: pl.DataFrame, contract: Contract) -> Split:
    time, group = contract.with_role("time"), contract.with_role("group")
    reason = f"the model will meet rows later in '{time.name}' than those it learned from" if time else ""
    if group is None:
        return Split("forward", reason)
    times, groups = times_of(frame, contract), groups_of(frame, contract)
    late = times >= np.quantile(times, 0.8, method="higher")
    kept = ~np.isin(groups[~late], groups[late])
    if kept.size and kept.mean() >= LEAST_KEPT:
        return Split("forward", f"{reason}; no '{group.name}' is on both sides", groups_apart=True)
    reason += f"; most of '{group.name}' occur early and late, in use too, so they may be on both sides"
    return Split("forward", reason)

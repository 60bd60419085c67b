"""How rows are divided: by chance, by class, by group, or forward in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from modelwright.data.contract import Contract
from modelwright.data.units import groups_of, times_of
from modelwright.errors import DataError
from modelwright.problem import Gap, SplitSection

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
        Whether no group is on both sides. Forward in time this costs rows, so it is proposed only where most
        remain.
    gap : Gap
        Forward in time: what is left out before the rows that are judged by.
    share : float
        Of the rows, for the vault.
    """

    kind: SplitKind
    reason: str
    groups_apart: bool = False
    gap: Gap = field(default_factory=Gap)
    share: float = 0.2

    @property
    def way(self) -> str:
        """How the vault's rows are chosen, in short; a gap changes only which others may be learned from."""
        return self.kind if self.share == Split.share else f"{self.kind} of {self.share:g}"


def propose_split(frame: pl.DataFrame, contract: Contract, stated: SplitSection | None = None) -> Split:
    """Choose the split that is most like what the model will meet, unless a person has stated one.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    contract : Contract
        States time, group and target.
    stated : SplitSection, optional
        What the brief states.

    Raises
    ------
    DataError
        If what is stated is impossible with these rows.
    """
    stated = stated or SplitSection()
    split = _stated(contract, stated) if stated.kind else _proposed(frame, contract)
    gap = Gap.parse(stated.gap)
    if gap and split.kind != "forward":
        raise DataError(
            f"split.gap is '{stated.gap}', but the rows have too few different times to be divided forward "
            "in time; clear the gap, or name another time in the brief"
        )
    if gap:
        _fits(gap, contract, stated)
    reason = (
        f"{split.reason}; a gap of {stated.gap} before them is left out, as stated" if gap else split.reason
    )
    return Split(split.kind, reason, split.groups_apart, gap, stated.share)


def _stated(contract: Contract, stated: SplitSection) -> Split:
    if stated.kind == "stratified" and not contract.classes:
        raise DataError("split.kind is 'stratified', but the target is a number; use 'random'")
    reason = "stated in the brief"
    if stated.kind == "grouped_forward":
        return Split("forward", f"{reason}: later rows, and no group is on both sides", groups_apart=True)
    if stated.kind == "forward":
        return Split("forward", reason)
    if stated.kind == "grouped":
        return Split("grouped", reason, groups_apart=True)
    return Split("stratified" if stated.kind == "stratified" else "random", reason)


def _fits(gap: Gap, contract: Contract, stated: SplitSection) -> None:
    time = contract.with_role("time")
    if time is None or gap.unit == "rows":
        return
    if (gap.unit == "seconds") != (time.kind == "time"):
        wanted = "a time such as '7d'" if time.kind == "time" else "a plain number in the unit of the column"
        raise DataError(
            f"split.gap is '{stated.gap}', but '{time.name}' is a {time.kind}: state {wanted}, or '500 rows'"
        )


def _proposed(frame: pl.DataFrame, contract: Contract) -> Split:
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

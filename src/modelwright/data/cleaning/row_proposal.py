"""Which rows are copies, or have no target."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from modelwright.data.cleaning.rows import LEAST_DISTINCT, Duplicates, NearDuplicates
from modelwright.data.guess import guess
from modelwright.data.kinds import CategoryKind
from modelwright.problem import CleaningStep, ColumnRoles

MOST_NEAR = 0.3
"""Where more rows are near copies, the columns are too coarse to say so."""
FEWEST_COLUMNS = 4
"""Rows of fewer columns are often alike by chance."""


def propose_rows(
    frame: pl.DataFrame, target: str, roles: ColumnRoles, markers: frozenset[str]
) -> Iterator[CleaningStep]:
    """Propose to leave out rows without a target, copies and near copies.

    Parameters
    ----------
    frame : polars.DataFrame
        Cleaned values.
    target : str
    roles : ColumnRoles
    markers : frozenset of str
        Texts that mean "missing".
    """
    without = int(CategoryKind(markers).series(frame[target]).values.null_count())
    if without:
        yield CleaningStep(
            step="no_target", changes=without, evidence=f"{without:,} rows have no target to learn from"
        )
    told_apart = [name for name in frame.columns if name not in roles.ignore]
    compared = frame.select(name for name in told_apart if not frame.schema[name].is_nested())
    if compared.width < FEWEST_COLUMNS or compared.unique().height < LEAST_DISTINCT * compared.height:
        return
    ids = [
        name for name in compared.columns if name != target and _identifies(compared[name], roles, markers)
    ]
    whole = CleaningStep(step="duplicates", ignoring=roles.ignore)
    copies = _left_out(Duplicates(whole), compared)
    if copies:
        named = f", their identifier {ids[0]} included" if ids else "; they may be separate events"
        evidence = f"{copies:,} rows are exact copies of earlier ones{named}"
        yield whole.model_copy(update={"enabled": bool(ids), "changes": copies, "evidence": evidence})
    alike = CleaningStep(step="duplicates", ignoring=(*roles.ignore, *ids))
    but_ids = _left_out(Duplicates(alike), compared) - copies if ids else 0
    if but_ids > 0:
        evidence = (
            f"{but_ids:,} rows are copies of earlier ones but for {' and '.join(ids)}; they may be separate "
            "events"
        )
        yield alike.model_copy(update={"enabled": False, "changes": but_ids, "evidence": evidence})
    near = CleaningStep(step="near_duplicates", ignoring=(*roles.ignore, *ids))
    more = _left_out(NearDuplicates(near), compared) - copies - but_ids
    if 0 < more <= MOST_NEAR * compared.height:
        evidence = (
            f"{more:,} more rows say nearly the same as earlier ones: numbers agree to {near.digits} digits, "
            "texts but for case, blanks and marks"
        )
        yield near.model_copy(update={"enabled": False, "changes": more, "evidence": evidence})


def _left_out(step: Duplicates | NearDuplicates, frame: pl.DataFrame) -> int:
    return frame.height - int(step.kept(frame).sum())


def _identifies(values: pl.Series, roles: ColumnRoles, markers: frozenset[str]) -> bool:
    return values.name == roles.id or guess(values, markers).why_not in {"identifier", "row number"}

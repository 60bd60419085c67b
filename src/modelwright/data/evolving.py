"""What new data shows otherwise than the contract says, and the contract that takes it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from modelwright.data.change import Change
from modelwright.data.checking import grew
from modelwright.data.column import Column
from modelwright.data.conforming import kind_of, listed, out_of_range, unseen
from modelwright.data.contract import Contract, nearest
from modelwright.data.guess import guess
from modelwright.data.inference import infer_column, levels_of, unseen_share
from modelwright.errors import ContractError

MOST_SLIPS = 0.05
"""A smaller share of values that are not of the column's kind are slips, no new kind."""
_READ = {"feature", "target", "time", "weight"}
_OF_VALUES = {
    "kind",
    "missing",
    "missing_share",
    "minimum",
    "maximum",
    "out_of_range",
    "infinite",
    "categories",
    "unseen",
    "unseen_share",
    "format",
}


def differences(contract: Contract, frame: pl.DataFrame) -> list[Change]:
    """Compare the contract with what would be inferred from new data.

    What the contract allows and the data happens to lack (a narrower range, an absent category) is no
    difference: a small file would otherwise take away what a large one taught.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        As `modelwright.data.read` returns it; the target may be absent.

    Returns
    -------
    list of Change
        In the order of the contract, then new columns. ``breaks`` is left to whoever knows what is released.

        ========= ================================================= ============
        code      the data has                                      act
        ========= ================================================= ============
        MW-D201   a column that the contract does not have          add
        MW-D202   no such column                                    remove
        MW-D203   values of another kind                            edit, none
        MW-D204   numbers beyond the range                          edit
        MW-D205   texts that are not among the categories           edit, none
        MW-D206   missing values where the contract refuses them    edit
        MW-D207   another share of missing values                   edit
        MW-D208   another share of texts that are not listed        edit
        MW-D209   times written in another way                      edit
        MW-D210   infinite numbers where the contract refuses them  edit
        ========= ================================================= ============
    """
    there = set(frame.columns)
    known = {each.name for each in contract.columns}
    found: list[Change] = []
    for column in contract.columns:
        if column.name not in there:
            found += _removed(column, [name for name in frame.columns if name not in known])
        elif column.role in _READ:
            found += _of_column(contract, column, frame[column.name])
    extra = (name for name in frame.columns if name not in known)
    return found + [_added(contract, frame[name]) for name in extra]


def with_changes(contract: Contract, changes: Iterable[Change]) -> Contract:
    """Return the contract that takes changes in.

    Parameters
    ----------
    contract : Contract
    changes : iterable of Change
        Those of the act "none" are passed over.

    Raises
    ------
    ContractError
        If the contract does not have a column that shall be edited or removed.
    """
    columns = {each.name: each for each in contract.columns}
    for change in changes:
        if change.act == "add":
            columns[change.column] = Column.model_validate(change.updates)
        elif change.act != "none" and change.column not in columns:
            raise ContractError(f"the contract has no column '{change.column}'")
        elif change.act == "remove":
            del columns[change.column]
        elif change.act == "edit":
            stated = _stated(columns[change.column], change.updates)
            columns[change.column] = Column.model_validate(stated | change.updates)
    return contract.with_columns(columns.values())


def _stated(column: Column, updates: dict[str, Any]) -> dict[str, Any]:
    """Return a column's keys; where its kind changes, only those that are not about its values."""
    keys = column.model_dump()
    return {key: value for key, value in keys.items() if "kind" not in updates or key not in _OF_VALUES}


def _removed(column: Column, others: list[str]) -> Iterator[Change]:
    if not column.required or column.role == "target":
        return
    yield Change(
        code="MW-D202",
        column=column.name,
        message=f"the {column.role} column is not in the data{nearest(column.name, others)}",
        act="remove",
        build=True,
        advice="Accept it if the column is gone for good; the next build does without it.",
    )


def _added(contract: Contract, raw: pl.Series) -> Change:
    markers = frozenset(contract.missing_values)
    found = guess(raw, markers)
    role = "ignore" if found.why_not else "feature"
    column = infer_column(raw, found, "ignore" if found.why_not else "feature", markers)
    seems = f", which is ignored: {found.why_not}" if found.why_not else ""
    return Change(
        code="MW-D201",
        column=raw.name,
        message=f"a new {column.kind} column{seems}{nearest(raw.name, [c.name for c in contract.columns])}",
        act="add",
        updates=column.model_dump(mode="json", exclude_defaults=True) | {"kind": column.kind, "role": role},
        count=len(raw) - raw.null_count(),
        build=True,
        advice="Accept it to have it known as that; to learn from it all the same, change its role then."
        if found.why_not
        else "Accept it to learn from it; from then on training data must have it.",
    )


def _of_column(contract: Contract, column: Column, raw: pl.Series) -> Iterator[Change]:
    values, wrong = kind_of(contract, column).series(raw)
    if wrong.any():
        change = _of_kind(contract, column, raw, int(wrong.sum()))
        yield change
        if change.act == "none" or "kind" in change.updates:
            return
        column = column.model_copy(update=change.updates)
        values = kind_of(contract, column).series(raw).values
    if column.role != "target":
        yield from _of_missing(column, values)
    if column.kind == "number" and column.role != "time":
        yield from _of_range(column, values)
    if column.kind == "category" and (column.categories or column.role == "feature"):
        yield from _of_categories(column, values)


def _of_kind(contract: Contract, column: Column, raw: pl.Series, wrong: int) -> Change:
    markers = contract.markers(column.name)
    if cleaner := contract.cleaners.get(column.name):
        raw = cleaner.series(raw)
    found = guess(raw, markers)
    share = f"{wrong:,} of {len(raw):,} values"
    if found.kind == column.kind == "number":
        return Change(
            code="MW-D210",
            column=column.name,
            message=f"{share} are infinite or too large for a model",
            act="edit",
            updates={"infinite": "missing"},
            count=wrong,
            build=column.role == "feature",
            advice="Accept it to read them as missing; better, correct the calculation at the source.",
        )
    if found.kind == column.kind == "time":
        return Change(
            code="MW-D209",
            column=column.name,
            message=f"{share} are not written as {column.format}, but all as {found.format}",
            act="edit",
            updates={"format": found.format},
            count=wrong,
            advice="Accept it if times are written so from now on; old files then no longer hold.",
        )
    slips = wrong < MOST_SLIPS * len(raw)
    possible = not slips and column.role == "feature" and found.why_not != "not a table's type"
    fresh = infer_column(raw, found, "feature", markers) if possible else None
    return Change(
        code="MW-D203",
        column=column.name,
        message=f"{share} are no {column.kind}" + ("" if slips else f"; the column seems a {found.kind}"),
        act="edit" if fresh else "none",
        updates=fresh.model_dump(mode="json", exclude_defaults=True, exclude={"name"}) if fresh else {},
        count=wrong,
        build=fresh is not None,
        advice="Accept it if the column means something else from now on; else correct the source."
        if fresh
        else "Correct the source; the contract stays as it is.",
    )


def _of_missing(column: Column, values: pl.Series) -> Iterator[Change]:
    count, rows = values.null_count(), max(len(values), 1)
    share = count / rows
    said = f"{count:,} of {rows:,} values are missing"
    if column.missing == "refuse":
        if count:
            yield Change(
                code="MW-D206",
                column=column.name,
                message=f"{said}, which the contract refuses",
                act="edit",
                updates={"missing": "accept", "missing_share": share},
                count=count,
                build=True,
                advice="Accept it if values will go on being missing; a model has to be built on them.",
            )
    elif grew(count, rows, column.missing_share) or grew(rows - count, rows, 1 - column.missing_share):
        yield Change(
            code="MW-D207",
            column=column.name,
            message=f"{said} ({share:.1%}), where {column.missing_share:.1%} are expected",
            act="edit",
            updates={"missing_share": share},
            count=count,
            advice="Accept it if that is the new normal; the share is what `check` and monitoring expect.",
        )


def _of_range(column: Column, values: pl.Series) -> Iterator[Change]:
    outside = int(out_of_range(column, values).sum())
    if not outside:
        return
    least, most = float(values.min()), float(values.max())  # type: ignore[arg-type]
    updates = {}
    if column.minimum is not None and least < column.minimum:
        updates["minimum"] = least
    if column.maximum is not None and most > column.maximum:
        updates["maximum"] = most
    shown = "" if column.is_sensitive else f": {least:g} to {most:g}"
    yield Change(
        code="MW-D204",
        column=column.name,
        message=f"{outside:,} of {len(values):,} numbers are beyond the range{shown}",
        act="edit",
        updates=updates,
        count=outside,
        advice="Accept it if such numbers are right; a model extrapolates until it is built on them.",
    )


def _of_categories(column: Column, values: pl.Series) -> Iterator[Change]:
    count = int(unseen(column, values).sum())
    if not count:
        return
    known = set(column.categories)
    levels = levels_of(values) if column.unseen == "accept" else tuple(values.drop_nulls().unique().sort())
    fresh = tuple(text for text in levels if text not in known)
    if fresh:
        yield _new_texts(column, values, fresh, count)
    share = unseen_share(values, (*column.categories, *fresh))
    rare = round(share * len(values))
    if column.unseen == "refuse" or not rare:
        return
    if not column.unseen_share or grew(rare, len(values), column.unseen_share):
        yield Change(
            code="MW-D208",
            column=column.name,
            message=f"{share:.1%} of the rows have a text too rare to be listed, where "
            f"{column.unseen_share:.1%} are expected",
            act="edit",
            updates={"unseen_share": share},
            count=rare,
            advice="Accept it if that is the new normal; the share is what `check` and monitoring expect.",
        )


def _new_texts(column: Column, values: pl.Series, fresh: tuple[str, ...], count: int) -> Change:
    shown = "" if column.is_sensitive else f": {listed(fresh)}"
    one, more = ("label", "labels") if column.role == "target" else ("category", "categories")
    new = f"{len(fresh):,} new {one if len(fresh) == 1 else more}"
    message = f"{count:,} of {len(values):,} rows have {new}{shown}"
    if column.role == "target" and len(column.categories) == 2:
        return Change(
            code="MW-D205",
            column=column.name,
            message=message,
            act="none",
            count=count,
            advice="A third label is another question: correct the source, or frame the problem again.",
        )
    return Change(
        code="MW-D205",
        column=column.name,
        message=message,
        act="edit",
        updates={"categories": (*column.categories, *fresh)},
        count=count,
        build=True,
        advice="Accept it to have them told apart from the next build on.",
    )

"""From a table and a brief to the columns of a contract."""

from __future__ import annotations

from typing import Any

import polars as pl

from modelwright.data.column import Column, Role
from modelwright.data.contract import nearest
from modelwright.data.guess import FEWEST_ROWS, UNIQUE_SHARE, Guess, guess
from modelwright.data.kinds import CategoryKind, NumberKind, kind_named
from modelwright.data.plain import Extent, extents, varied
from modelwright.errors import DataError
from modelwright.problem import Brief, Task

ALL_LEVELS = 50
"""Up to so many categories, all are kept; of more, those seen at least twice."""
MOST_LEVELS = 1000
LONGEST_LABEL = 500
ROWS_TO_REFUSE = 100
"""With so many rows and none missing, a missing value is news."""


def infer_columns(frame: pl.DataFrame, brief: Brief, markers: frozenset[str]) -> tuple[Column, ...]:
    """Return what each column of a table is.

    Parameters
    ----------
    frame : polars.DataFrame
    brief : Brief
    markers : frozenset of str
        Texts that mean "missing".
    """
    roles = _stated_roles(frame, brief)
    plain = {name: extent for name, extent in extents(frame, frame.columns).items() if name not in roles}
    plain = {name: plain[name] for name in varied(frame, plain)}
    guesses = {
        name: Guess("number") if name in plain else guess(frame[name], markers) for name in frame.columns
    }
    if not any(_role(name, roles, guesses) == "feature" for name in frame.columns):
        guesses = {name: _of_use(found) for name, found in guesses.items()}
    columns = []
    for name in frame.columns:
        if name == brief.problem.target:
            columns.append(_target(frame[name], brief, markers))
            continue
        role = _role(name, roles, guesses)
        protected = name in brief.columns.protected
        if name in plain:
            columns.append(_plain(name, plain[name], frame.height, protected=protected))
            continue
        columns.append(infer_column(frame[name], guesses[name], role, markers, protected=protected))
    return tuple(columns)


def _plain(name: str, extent: Extent, rows: int, *, protected: bool) -> Column:
    """Return a feature of numbers of which none is missing."""
    return Column(
        name=name,
        kind="number",
        protected=protected,
        missing="refuse" if rows >= ROWS_TO_REFUSE else "accept",
        minimum=extent.least,
        maximum=extent.most,
    )


def _stated_roles(frame: pl.DataFrame, brief: Brief) -> dict[str, Role]:
    stated = brief.columns
    named: list[tuple[str, Role]] = [(name, "ignore") for name in stated.ignore]
    named += [(stated.group, "group"), (stated.time, "time"), (stated.id, "id")]
    named.append((stated.weight, "weight"))
    named.append((brief.problem.target, "target"))
    roles = {name: role for name, role in named if name}
    for name in [*roles, *stated.protected]:
        if name not in frame.columns:
            role = roles.get(name, "protected")
            raise DataError(
                f"the brief names '{name}' as {role}, but the data has no such column"
                f"{nearest(name, frame.columns)}"
            )
    return roles


def _role(name: str, roles: dict[str, Role], guesses: dict[str, Guess]) -> Role:
    return roles.get(name) or ("ignore" if guesses[name].why_not else "feature")


def _of_use(found: Guess) -> Guess:
    """Let a column be a feature after all, where nothing else is."""
    possible = found.why_not not in {"empty", "not a table's type"}
    return Guess(found.kind, None, found.format) if possible else found


def infer_column(
    raw: pl.Series, found: Guess, role: Role, markers: frozenset[str], *, protected: bool = False
) -> Column:
    """Return what one column is, in a role, if it is what it seems to be.

    Parameters
    ----------
    raw : polars.Series
    found : Guess
    role : {"feature", "id", "time", "group", "weight", "ignore"}
    markers : frozenset of str
        Texts that mean "missing".
    protected : bool, default False

    Raises
    ------
    DataError
        If it shall be a time or a weight, and is none.
    """
    if role == "time" and found.kind not in {"time", "number"}:
        raise DataError(
            f"the brief names '{raw.name}' as time, but its values are no times in any known way of writing; "
            "write them as 2013-08-14 or 2013-08-14T13:05:00Z"
        )
    if role == "weight":
        found = _as_weight(raw, markers)
    if role in {"id", "group"}:
        found = Guess("category")
    facts: dict[str, Any] = {"name": raw.name, "kind": found.kind, "role": role, "protected": protected}
    facts["required"] = role in {"feature", "time", "group", "weight"}
    if found.kind == "text" and role != "feature":
        return Column(**facts)
    values, wrong = kind_named(found.kind, markers, found.format).series(raw)
    if found.kind == "number" and wrong.any():
        facts["infinite"] = "missing"
    facts["missing_share"] = values.null_count() / max(len(values), 1)
    never = values.null_count() == 0 and len(values) >= ROWS_TO_REFUSE and role == "feature"
    facts["missing"] = "refuse" if never or role == "weight" else "accept"
    if found.kind == "number" and values.null_count() < len(values):
        facts |= {"minimum": values.min(), "maximum": values.max()}
    if found.kind == "category" and role == "feature":
        facts["categories"] = levels_of(values)
        facts["unseen_share"] = unseen_share(values, facts["categories"])
    if found.kind == "time":
        facts["format"] = found.format
    return Column(**facts)


def _as_weight(raw: pl.Series, markers: frozenset[str]) -> Guess:
    wrong = kind_named("number", markers).series(raw).wrong
    if wrong.any():
        raise DataError(
            f"the brief names '{raw.name}' as weight, but {int(wrong.sum())} of its values are no numbers; "
            "name another column, or mend them at the source"
        )
    return Guess("number")


def describe(treated: pl.Series, column: Column, markers: frozenset[str]) -> Column:
    """Return a column as its values are after personal data was treated; its range is never told.

    Parameters
    ----------
    treated : polars.Series
    column : Column
        Its name, kind, role and treatment.
    markers : frozenset of str
        Texts that mean "missing".
    """
    role = column.role
    if role == "feature" and (treated.drop_nulls().n_unique() < 2 or _identifies(treated, column)):
        role = "ignore"
    found = Guess(column.kind, None, column.format)
    facts = infer_column(treated, found, role, markers, protected=column.protected).model_dump()
    if column.is_personal:
        facts |= {"minimum": None, "maximum": None}
    return Column(**facts | {key: getattr(column, key) for key in ("sensitive", "treatment", "reason")})


def _identifies(treated: pl.Series, column: Column) -> bool:
    """Whether the texts of a category still tell (nearly) all rows apart."""
    known = treated.drop_nulls()
    many = column.kind == "category" and len(known) >= FEWEST_ROWS
    return many and known.n_unique() >= UNIQUE_SHARE * len(known)


def levels_of(texts: pl.Series) -> tuple[str, ...]:
    """Return the categories to keep, most frequent first."""
    counts = texts.drop_nulls().alias("text").value_counts(name="count")
    counts = counts.sort(["count", "text"], descending=[True, False])
    if counts.height > ALL_LEVELS:
        counts = counts.filter(pl.col("count") >= 2).head(MOST_LEVELS)
    return tuple(counts["text"].to_list())


def unseen_share(texts: pl.Series, kept: tuple[str, ...]) -> float:
    """Return the share of rows with a text that is not kept."""
    known = texts.drop_nulls()
    other = (~known.is_in(pl.Series(kept, dtype=pl.String).implode())).sum()
    return float(other) / max(len(texts), 1)


def _target(raw: pl.Series, brief: Brief, markers: frozenset[str]) -> Column:
    if brief.problem.task is Task.REGRESSION:
        return _number_target(raw, markers)
    values = CategoryKind(markers).series(raw).values
    labels = sorted(values.drop_nulls().unique().to_list())
    if (longest := max(map(len, labels), default=0)) > LONGEST_LABEL:
        raise DataError(
            f"target '{raw.name}' has a label of {longest:,} characters; labels may have {LONGEST_LABEL} at "
            "most: is it the right column?"
        )
    if brief.problem.task is Task.BINARY:
        labels = _binary_labels(raw.name, labels, brief.problem.positive)
    elif len(labels) < 2:
        raise DataError(f"target '{raw.name}' needs at least two labels, but has {len(labels)}")
    return Column(
        name=raw.name,
        kind="category",
        role="target",
        missing_share=values.null_count() / max(len(values), 1),
        categories=tuple(labels),
        unseen="refuse",
    )


def _number_target(raw: pl.Series, markers: frozenset[str]) -> Column:
    values, wrong = NumberKind(markers).series(raw)
    if wrong.any() or values.null_count() == len(values):
        raise DataError(
            f"target '{raw.name}' must be a finite number in every row for a regression task, but "
            f"{int(wrong.sum())} of {len(raw)} rows have something else; correct them, or change the task"
        )
    return Column(
        name=raw.name,
        kind="number",
        role="target",
        missing_share=values.null_count() / len(values),
        minimum=values.min(),
        maximum=values.max(),
    )


def _binary_labels(name: str, labels: list[str], positive: str) -> list[str]:
    shown = ", ".join(f"'{label}'" for label in labels[:8]) + (", …" if len(labels) > 8 else "")
    if len(labels) != 2:
        raise DataError(
            f"target '{name}' must have 2 labels for a binary task, but has {len(labels)}: {shown}"
        )
    if positive not in labels:
        raise DataError(
            f"the brief's positive label '{positive}' is not in target '{name}', which has {shown}"
        )
    return sorted(labels, key=lambda label: label == positive)

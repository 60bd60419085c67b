"""Several files as one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from modelwright.data.sources.notes import Notes
from modelwright.errors import SourceError
from modelwright.problem import Finding


def absent_columns(named: Mapping[str, Sequence[str]], notes: Notes) -> tuple[str, ...]:
    """Return the columns of all files in the order in which they come, and remark on those that some lack.

    Parameters
    ----------
    named : mapping of str to sequence of str
        Each file's columns.
    notes : Notes
    """
    every = tuple(dict.fromkeys(name for names in named.values() for name in names))
    known = {file: frozenset(names) for file, names in named.items()}
    lacking = {file: [name for name in every if name not in names] for file, names in known.items()}
    for name in dict.fromkeys(name for names in lacking.values() for name in names):
        without = [file for file, names in lacking.items() if name in names]
        more = f" and {len(without) - 1:,} more" if len(without) > 1 else ""
        notes.remark(
            Finding(
                code="MW-S011",
                severity="warning",
                column=name,
                message=f"column '{name}' is missing from {len(without):,} of {len(named):,} files: "
                f"{without[0]}{more}; there, its values are missing",
                count=len(without),
                advice="Check that the files belong together.",
            )
        )
    return every


def common_schema(schemas: Mapping[str, pl.Schema], notes: Notes) -> pl.Schema:
    """Return one schema for files that each have their own; numbers widen.

    Raises
    ------
    SourceError
        If a column has types in two files that cannot be one.
    """
    names = absent_columns({file: schema.names() for file, schema in schemas.items()}, notes)
    found: dict[str, pl.DataType] = {}
    for name in names:
        for file, schema in schemas.items():
            if name not in schema:
                continue
            before = found.get(name, schema[name])
            together = _common(before, schema[name])
            if together is None:
                raise SourceError(
                    f"{file}: column '{name}' is {schema[name]}, but {before} in the files before it; give "
                    "it one type in all files"
                )
            found[name] = together
    return pl.Schema(found)


def fitted(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Give a frame the columns and types of a schema that `common_schema` found."""
    # By position: Polars takes a name such as "^a.*$" for a pattern.
    place = {name: at for at, name in enumerate(frame.columns)}
    if frame.schema == schema:
        return frame
    return pl.DataFrame(
        [
            frame.to_series(place[name]).cast(dtype)
            if name in place
            else pl.Series(name, [None], dtype=dtype).new_from_index(0, frame.height)
            for name, dtype in schema.items()
        ]
    )


def _common(one: pl.DataType, other: pl.DataType) -> pl.DataType | None:
    if one == other:
        return one
    try:
        both = [pl.Series("a", [], dtype=dtype).to_frame() for dtype in (one, other)]
        together: pl.DataType = pl.concat(both, how="vertical_relaxed").schema["a"]
    except pl.exceptions.PolarsError:
        return None
    # Polars makes a text of a number and a text; a column that is one here and the other there is a mistake.
    texts = sum(dtype == pl.String for dtype in (one, other))
    return together if texts != 1 or pl.Null in (one, other) else None

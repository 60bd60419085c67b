"""The conformance suite of sources: what the rest of the library relies on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from modelwright.data import Asked, Notes, Source
from modelwright.errors import SourceError

_SIZES = (1, 2, 7, 65_536)


def check_source(
    source: Source, asked: Asked, expected: pl.DataFrame | None = None, absent: Asked | None = None
) -> None:
    """Run the conformance suite.

    Parameters
    ----------
    source : Source
    asked : Asked
        Something that the source takes, with some rows and without broken ones.
    expected : polars.DataFrame, optional
        What it holds.
    absent : Asked, optional
        Something of the same kind that is not there.

    Raises
    ------
    AssertionError
        If the source breaks a promise; the message says which.
    """
    for check in SOURCE_CHECKS:
        check(source, asked)
    if expected is not None:
        found = _whole(source, asked)
        assert found.schema == expected.schema, f"the schema is {found.schema}, not {expected.schema}"
        assert found.equals(expected, null_equal=True), "the rows differ from what is expected"
    if absent is not None:
        try:
            _whole(source, absent)
        except SourceError:
            return
        raise AssertionError("what is not there must end in a SourceError")


def check_it_says_what_it_is(source: Source, asked: Asked) -> None:
    """A source has a name and spellings in lower case, and takes what it is asked for."""
    assert source.name, "name is empty"
    assert source.spellings, "spellings are empty"
    for text in source.spellings:
        assert text == text.lower(), f"the spelling {text!r} is not in lower case"
        assert text.startswith(".") or "://" in text, (
            f"the spelling {text!r} is neither .ending nor scheme://"
        )
    assert source.takes(asked), f"it does not take {asked.shown}"


def check_it_leaves_others_alone(source: Source, asked: Asked) -> None:
    """A source does not take texts of other kinds."""
    for text in ("nothing.of-this-kind", "no-such-scheme://host/table"):
        assert not source.takes(replace(asked, text=text, shown=text, files=())), (
            f"it takes {text}, which is nothing of its kind"
        )


def check_one_schema(source: Source, asked: Asked) -> None:
    """Every batch has the schema that was announced, with distinct names."""
    opened = source.open(asked)
    assert len(opened.schema), "there are no columns"
    assert all(opened.schema.names()), "a column has no name"
    for part in opened.batches(7):
        assert part.schema == opened.schema, f"a batch has {part.schema}, announced was {opened.schema}"


def check_sizes_of_batches(source: Source, asked: Asked) -> None:
    """No batch has more rows than asked for, and their size changes nothing."""
    whole = _whole(source, asked)
    assert whole.height, "there are no rows; ask for something with some"
    for rows in _SIZES:
        parts = list(_parts(source, asked, rows))
        largest = max(part.height for part in parts)
        assert largest <= rows, f"a batch has {largest} rows where at most {rows} were asked for"
        same = pl.concat(parts).equals(whole, null_equal=True)
        assert same, "the content depends on how many rows a batch has"


def check_it_can_be_read_again(source: Source, asked: Asked) -> None:
    """What was opened can be walked more than once, also when a walk before stopped early."""
    opened = source.open(asked)
    first = next(iter(opened.batches(2)))
    again = next(iter(opened.batches(2)), pl.DataFrame())
    assert first.equals(again, null_equal=True), "the second walk begins otherwise than the first"


def check_nothing_is_put_aside(source: Source, asked: Asked) -> None:
    """Good rows are not put aside."""
    notes = Notes()
    _whole(source, replace(asked, notes=notes))
    assert not notes.put_aside, f"{notes.put_aside} rows were put aside"


def check_queries(source: Source, asked: Asked) -> None:
    """A source that takes queries refuses one that makes no sense."""
    if not source.takes_query:
        return
    options = asked.options.model_copy(update={"query": "this is no query"})
    try:
        _whole(source, replace(asked, part="", options=options))
    except SourceError:
        return
    raise AssertionError("a query that makes no sense must end in a SourceError")


def _parts(source: Source, asked: Asked, rows: int) -> Iterator[pl.DataFrame]:
    return (part for part in source.open(asked).batches(rows) if part.height)


def _whole(source: Source, asked: Asked) -> pl.DataFrame:
    opened = source.open(asked)
    parts = list(opened.batches(_SIZES[-1]))
    return pl.concat(parts) if parts else pl.DataFrame(schema=opened.schema)


SOURCE_CHECKS: tuple[Callable[[Source, Asked], None], ...] = (
    check_it_says_what_it_is,
    check_it_leaves_others_alone,
    check_one_schema,
    check_sizes_of_batches,
    check_it_can_be_read_again,
    check_nothing_is_put_aside,
    check_queries,
)
"""What `check_source` runs, in this order."""

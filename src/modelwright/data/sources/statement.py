"""The SQL that a database is asked: a person's own query, or one table by its quoted name."""

from __future__ import annotations

from modelwright.data.sources.source import Asked
from modelwright.errors import SourceError
from modelwright.problem import literal_secrets, masked, variables


def statement(asked: Asked) -> str:
    """Return the query whose rows are the table.

    Raises
    ------
    SourceError
        If neither a table nor a query is named, or both are.
    """
    if asked.part and asked.options.query:
        raise SourceError(f"{asked.shown}: both a table and a query are named; leave one out")
    if asked.options.query:
        return asked.options.query.strip().rstrip(";").rstrip()
    if not asked.part:
        raise SourceError(
            f"{asked.shown}: names no table; add #TABLE to the URL, or state a query (--query, or query "
            "under [data] in modelwright.toml)"
        )
    return f"SELECT * FROM {'.'.join(quoted(name) for name in asked.part.split('.'))}"  # noqa: S608 - quoted


def quoted(name: str) -> str:
    """Return an identifier that SQL takes as nothing else."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def unique_names(names: list[str], asked: Asked) -> list[str]:
    """Return the names of a query's columns, and refuse two of one name.

    Raises
    ------
    SourceError
        If a name comes twice.
    """
    twice = (
        next((name for name in names if names.count(name) > 1), None)
        if len(set(names)) < len(names)
        else None
    )
    if twice is not None:
        raise SourceError(
            f"{asked.shown}: the query names '{twice}' twice; give each column its own name with AS"
        )
    return names


def reason(error: BaseException, asked: Asked) -> str:
    """Return what a driver says, in one line and without a password."""
    said = " ".join(str(error).split())
    secrets = [*literal_secrets(asked.text), *variables(asked.shown)]
    for secret in sorted(secrets, key=len, reverse=True):
        said = said.replace(secret, "***")
    return masked(said)

"""Edits of a contract's TOML that leave what people wrote as it is: their order, comments and other keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from modelwright.data.column import Column
from modelwright.data.contract import Contract
from modelwright.data.layout import section, toml, wrapped
from modelwright.errors import ContractError

_ENDS = ("]", '"""', "'''")
"""What the last line of a value over several lines holds."""


def amend(text: str, before: Contract, after: Contract) -> str:
    """Return a contract's TOML with the changes from one contract to another, and all else as it was.

    Parameters
    ----------
    text : str
        The TOML that says ``before``.
    before, after : Contract
        A column of ``after`` that ``before`` does not have is written at the end.

    Raises
    ------
    ContractError
        If the file is laid out in a way that cannot be edited so.
    """
    old = {each.name: each for each in before.columns}
    new = {each.name: each for each in after.columns}
    parts = _parts(text.splitlines(keepends=True))
    for name, column in old.items():
        if new.get(name) == column:
            continue
        at = next((at for at, (path, _) in enumerate(parts) if path == ("columns", name)), None)
        if at is None:
            raise ContractError(
                f"contract.toml does not write column '{name}' as a section of its own; write it as "
                f"[columns.{toml(name)}], each key on a line of its own, and try again"
            )
        path, lines = parts[at]
        parts[at] = (path, _edited(lines, column, new[name]) if name in new else [])
    kept = "".join(line for _, lines in parts for line in lines)
    added = [section(column) for name, column in new.items() if name not in old]
    return "\n".join([f"{kept.rstrip()}\n", *added])


def _parts(lines: list[str]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Cut a file into its sections; comments right above a header belong to it."""
    parts: list[tuple[tuple[str, ...], list[str]]] = [((), [])]
    done = 0
    for start, _, entry in _entries(lines):
        if not lines[start].lstrip().startswith("["):
            continue
        first = start
        while first > done and lines[first - 1].startswith("#"):
            first -= 1
        parts[-1][1].extend(lines[done:first])
        parts.append((_path(entry), []))
        done = first
    parts[-1][1].extend(lines[done:])
    return parts


def _edited(lines: list[str], old: Column, new: Column) -> list[str]:
    for key, field in Column.model_fields.items():
        value = getattr(new, key)
        if value == getattr(old, key):
            continue
        header, *keys = list(_entries(lines))
        found = next(((start, end) for start, end, entry in keys if key in entry), None)
        if value is None or (not field.is_required() and value == field.default):
            start, end = found or (0, 0)
            lines = lines[:start] + lines[end:]
        elif found is None:
            end = (keys[-1] if keys else header)[1]
            lines = [*lines[:end], f"{wrapped(f'{key} = {toml(value)}')}\n", *lines[end:]]
        else:
            start, end = found
            lines = [*lines[:start], _replaced("".join(lines[start:end]), key, value), *lines[end:]]
    return lines


def _replaced(old: str, key: str, value: Any) -> str:
    longer = _extended(old, key, value) if isinstance(value, tuple) and "\n" in old.rstrip() else None
    return longer or f"{wrapped(f'{key} = {toml(value)}')}{_comment(old)}\n"


def _extended(old: str, key: str, value: tuple[str, ...]) -> str | None:
    """Return an array over several lines with items added at its end, and its comments where they were."""
    known = tuple(tomllib.loads(old)[key])
    body, _, rest = old.rstrip().rpartition("]")
    if value[: len(known)] != known:
        return None
    added = "".join(f"    {toml(item)},\n" for item in value[len(known) :])
    # A comma after the last item: there already, to be added, or below the item's comment.
    made = (f"{body.rstrip()}{comma}\n{added}]{rest}\n" for comma in ("", ",", "\n    ,"))
    return next((each for each in made if _means(each, {key: list(value)})), None)


def _comment(old: str) -> str:
    """Return what a person wrote behind a value of one line, with the blanks before it."""
    line, said = old.rstrip(), tomllib.loads(old)
    if "\n" in line:
        return ""
    for at, sign in enumerate(line):
        if sign == "#" and _means(line[:at], said):
            return line[len(line[:at].rstrip()) :]
    return ""


def _entries(lines: list[str]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Walk the headers and keys of valid TOML: the lines from and up to which each goes, and what it says."""
    at = 0
    while at < len(lines):
        start, end = at, at + 1
        at = end
        bare = lines[start].strip()
        if not bare or bare.startswith("#"):
            continue
        while (said := _parsed(lines[start:end])) is None and end < len(lines):
            end += 1
            while end < len(lines) and not any(sign in lines[end - 1] for sign in _ENDS):
                end += 1
        yield start, end, said or {}
        at = end


def _parsed(lines: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _means(text: str, said: dict[str, Any]) -> bool:
    return _parsed([text]) == said


def _path(said: Any) -> tuple[str, ...]:
    """Return the names on the way to what a header opens."""
    path: list[str] = []
    while isinstance(said, dict) and len(said) == 1:
        name, said = next(iter(said.items()))
        path.append(name)
    return tuple(path)

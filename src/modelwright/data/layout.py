"""How a contract is laid out for people: one section for each column, with what was observed beside it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelwright.data.column import Column
from modelwright.errors import ContractError

if TYPE_CHECKING:
    from modelwright.data.contract import Contract

_HEAD = """\
# The contract: what each column must be. `modelwright new` inferred it from the data; edit it, then run
# `modelwright check`. It guards the server too: a record that breaks it is refused, with its row and column.
#
# kind            number | boolean | category | time | text
# role            feature (seen by models) | target | id | time | group | weight | ignore
# protected       its groups must not be left worse off; its values are never shown
# required        the column must be there
# missing         accept | refuse, where there is no value; missing_share is the share that is no news
# minimum, maximum, out_of_range     the usual range, and accept | refuse for numbers beyond it
# infinite        refuse | missing, for numbers that are infinite or too large for a model
# categories, unseen                 the known texts, and accept | refuse for others, which a model sees as
#                                    "some other"; unseen_share is the share of them that is no news
# format          how a time is written as text: iso8601, or directives such as %d/%m/%Y %H:%M
# sensitive       what personal data it is, such as email; "none" where you know that it is none
# treatment       drop | hash | generalise | keep, done before anything is kept, learned or answered; the
#                 other keys describe the treated values. reason says why
"""
_MARKERS = '# Texts that mean "missing"; blank texts always do.'
_KEY = "# Which key hashes were made with; the key is in the environment, MODELWRIGHT_PRIVACY_KEY."
_SELDOM = ("protected", "missing_share", "unseen_share", "sensitive", "treatment", "reason")
_ALWAYS = ("kind", "role", "required", "missing")
_BY_KIND = {
    "number": ("minimum", "maximum", "out_of_range"),
    "category": ("unseen", "categories"),
    "time": ("format",),
}
_LINE = 110


def render(contract: Contract) -> str:
    """Write a contract as TOML with comments.

    Parameters
    ----------
    contract : Contract
    """
    missing = wrapped(f"missing_values = {toml(contract.missing_values)}")
    head = f"{_HEAD}\nformat = {contract.format}\n\n{_MARKERS}\n{missing}\n"
    if contract.privacy_key:
        head += f"\n{_KEY}\nprivacy_key = {toml(contract.privacy_key)}\n"
    return "\n".join([head, *(section(column) for column in contract.columns)])


def parse(path: Path) -> dict[str, Any]:
    """Read a contract's TOML as what `Contract.from_dict` takes.

    Raises
    ------
    ContractError
        If the file is missing, is not TOML, or a column in it is wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContractError(f"{path}: there is no contract here; `modelwright new` writes one") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: not valid TOML: {error}") from error
    if "cleaning" in content:
        raise ContractError(f"{path}: cleaning is declared in modelwright.toml; move it there")
    columns = content.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(each, dict) for each in columns.values()):
        raise ContractError(f"{path}: 'columns' must be sections, one for each column, such as [columns.age]")
    content["columns"] = [_column(name, keys, path) for name, keys in columns.items()]
    return content


def _column(name: str, keys: dict[str, Any], path: Path) -> dict[str, Any]:
    from pydantic import ValidationError

    from modelwright.problem import explain

    try:
        Column.model_validate({"name": name, **keys})
    except ValidationError as error:
        raise ContractError(explain(error, Column, f"{path}, [columns.{_key(name)}]")) from error
    return {"name": name, **keys}


def section(column: Column) -> str:
    """Write one column as a section of its own."""
    keys = [*_ALWAYS, *_BY_KIND.get(column.kind, ())]
    keys += [key for key in _SELDOM if getattr(column, key)]
    keys += ["infinite"] if column.infinite != "refuse" else []
    values = {key: getattr(column, key) for key in keys}
    lines = [f"{key} = {toml(value)}" for key, value in values.items() if value is not None]
    return "\n".join([f"[columns.{_key(column.name)}]", *(wrapped(line) for line in lines), ""])


def wrapped(line: str) -> str:
    """Put the items of a long list on lines of their own."""
    if len(line) <= _LINE or not line.endswith("]"):
        return line
    key, _, value = line.partition(" = ")
    items = "".join(f"    {toml(item)},\n" for item in json.loads(value))
    return f"{key} = [\n{items}]"


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else toml(name)


def toml(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # TOML's basic strings are JSON's, but for DEL, which JSON leaves bare and TOML forbids.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return repr(value)

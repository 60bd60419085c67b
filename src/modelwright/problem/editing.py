"""Edits of a brief's TOML that leave what people wrote as it is: their order, comments and other keys."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modelwright.errors import BriefError
from modelwright.problem.brief import Brief

_HEADER = re.compile(r"\[(?P<section>[A-Za-z0-9_-]+)\]\s*(#.*)?$")


def stated_keys(texts: Sequence[str]) -> dict[str, Any]:
    """Read keys as they are typed: ``costs.false_negative=500``, a value being TOML, or else plain text.

    Raises
    ------
    BriefError
        If one is not of that form.
    """
    stated = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or key.count(".") != 1:
            raise BriefError(f"'{text}' names no key of the brief; write it as section.key=value")
        stated[key.strip()] = _value(value.strip())
    return stated


def edit_brief(text: str, stated: Mapping[str, Any], where: str = "the brief") -> str:
    """Return a brief's TOML with some keys changed, and all else as it was.

    Parameters
    ----------
    text : str
        The TOML.
    stated : mapping of str to Any
        Values by key, such as ``costs.false_negative``.
    where : str
        What to call the brief in an error.

    Raises
    ------
    BriefError
        If the brief would not be one any more, or is laid out in a way that cannot be edited so.
    """
    meant = tomllib.loads(text)
    for path, value in stated.items():
        section, key = path.split(".")
        meant.setdefault(section, {})[key] = value
        text = _edited(text, section, key, value)
    Brief.from_dict(meant, where)
    if tomllib.loads(text) != meant:
        keys = ", ".join(stated)
        raise BriefError(f"{where} is laid out in a way that cannot be edited so; change {keys} by hand")
    return text


def brief_text(path: Path) -> str:
    """Return a brief's TOML.

    Raises
    ------
    BriefError
        If there is none, or it can't be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
        tomllib.loads(text)
    except FileNotFoundError as error:
        raise BriefError(f"{path}: there is no brief here; `modelwright new` writes one") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BriefError(f"{path}: not valid TOML: {error}") from error
    return text


def _edited(text: str, section: str, key: str, value: Any) -> str:
    lines = text.splitlines(keepends=True)
    begin = next((at for at, line in enumerate(lines) if _opens(line, section)), None)
    if begin is None:
        return f"{text.rstrip()}\n\n[{section}]\n{key} = {_toml(value)}\n"
    end = next((at for at in range(begin + 1, len(lines)) if lines[at].startswith("[")), len(lines))
    found = next((at for at in range(begin + 1, end) if _names(lines[at], key)), None)
    if found is None:
        last = max(at for at in range(begin, end) if lines[at].strip() and not lines[at].startswith("#"))
        return "".join([*lines[: last + 1], f"{key} = {_toml(value)}\n", *lines[last + 1 :]])
    after = found + 1
    while after < end and not _is_whole("".join(lines[found:after])):
        after += 1
    comment = _comment(lines[found]) if after == found + 1 else ""
    return "".join([*lines[:found], f"{key} = {_toml(value)}{comment}\n", *lines[after:]])


def _opens(line: str, section: str) -> bool:
    found = _HEADER.match(line.strip())
    return found is not None and found["section"] == section


def _names(line: str, key: str) -> bool:
    name, sign, _ = line.partition("=")
    return bool(sign) and name.strip() == key


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _comment(line: str) -> str:
    """Return what stands behind a value, with the blanks before it."""
    said = tomllib.loads(line)
    for at, sign in enumerate(line):
        if sign == "#" and _is_whole(line[:at]) and tomllib.loads(line[:at]) == said:
            return line[len(line[:at].rstrip()) :].rstrip()
    return ""


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int | float):
        return repr(value)
    raise BriefError(
        f"{value!r} is no value of a brief; give a text, a number, true, false or a list of them"
    )

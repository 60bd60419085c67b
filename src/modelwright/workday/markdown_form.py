"""To-dos as Markdown checkboxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from modelwright.workday.noted import Noted

_LINE = re.compile(
    r"^\s*[-*+]\s+\[(?P<mark>[ xX])\]\s+(?P<words>.*?)"
    r"(?:\s+\(due (?P<due>\d{4}-\d{2}-\d{2})\))?"
    r"(?:\s*<!-- (?P<key>\S+) -->)?\s*$"
)


def to_markdown(noted: Sequence[Noted]) -> str:
    """Write to-dos as checkboxes; the identifier stands in a comment, which pages do not show."""
    return "# To do\n\n" + "".join(_line(each) for each in noted)


def from_markdown(text: str) -> list[Noted]:
    """Read the checkboxes of a text; whatever else stands there is left alone."""
    now = datetime.now(UTC)
    found = (_LINE.match(line) for line in text.splitlines())
    return [
        Noted(
            key=line["key"] or "",
            words=line["words"].strip(),
            due=_date(line["due"]),
            done=now if line["mark"] in "xX" else None,
            at=now,
        )
        for line in found
        if line and line["words"].strip()
    ]


def _line(noted: Noted) -> str:
    due = f" (due {noted.due.isoformat()})" if noted.due else ""
    words = " ".join(noted.words.split())
    return f"- [{'x' if noted.done else ' '}] {words}{due} <!-- {noted.key} -->\n"


def _date(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:  # such as 2026-02-31: the words are kept, with no day
        return None

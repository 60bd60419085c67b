"""To-dos as iCalendar (RFC 5545): the VTODO of a calendar, and nothing else of the format.

What is written: UID, DTSTAMP, SUMMARY, DUE as a date, STATUS, COMPLETED. What is read: the same from any
other program's file, with folded lines, escaped text, parameters, and DUE as a date or a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from modelwright.errors import WorkdayError
from modelwright.workday.noted import Noted

_OCTETS = 75  # RFC 5545, section 3.1: the longest line
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_NAME = re.compile(r'(?P<name>[A-Za-z0-9-]+)(?:;(?:[^":]|"[^"]*")*)?:(?P<value>.*)', re.DOTALL)


def to_calendar(noted: Sequence[Noted]) -> str:
    """Write to-dos as one calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//modelwright//to-do//EN"]
    for each in noted:
        lines += [
            "BEGIN:VTODO",
            f"UID:{_escaped(each.key)}",
            f"DTSTAMP:{_instant(each.at)}",
            f"SUMMARY:{_escaped(each.words)}",
        ]
        if each.due is not None:
            lines.append(f"DUE;VALUE=DATE:{each.due:%Y%m%d}")
        if each.done is not None:
            lines.append(f"COMPLETED:{_instant(each.done)}")
        lines += [f"STATUS:{'NEEDS-ACTION' if each.done is None else 'COMPLETED'}", "END:VTODO"]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def from_calendar(text: str) -> list[Noted]:
    """Read the to-dos of a calendar; its appointments and alarms are left alone.

    Raises
    ------
    WorkdayError
        If it is no calendar, or a day cannot be read.
    """
    lines = list(_unfolded(text))
    if not lines or lines[0] != ("BEGIN", "VCALENDAR"):
        raise WorkdayError("this is no iCalendar file: it does not begin with BEGIN:VCALENDAR")
    found: list[Noted] = []
    within: list[str] = []
    said: dict[str, str] = {}
    for name, value in lines:
        if name == "BEGIN":
            within.append(value.upper())
            said = {} if within[-1] == "VTODO" else said
        elif name == "END":
            if within and within.pop() == "VTODO" and said.get("SUMMARY"):
                found.append(_noted(said))
        elif within and within[-1] == "VTODO":
            said.setdefault(name, value)
    return found


def _noted(said: dict[str, str]) -> Noted:
    now = datetime.now(UTC)
    completed = said.get("COMPLETED")
    is_done = completed is not None or said.get("STATUS", "").upper() == "COMPLETED"
    return Noted(
        key=_plain(said.get("UID", "")),
        words=_plain(said["SUMMARY"]),
        due=_day(said["DUE"]) if "DUE" in said else None,
        done=(_read_instant(completed) if completed else now) if is_done else None,
        at=now,
    )


def _unfolded(text: str) -> Iterator[tuple[str, str]]:
    joined = re.sub(r"\r?\n[ \t]", "", text.lstrip("\ufeff"))
    for line in joined.splitlines():
        if found := _NAME.fullmatch(line):
            yield found["name"].upper(), found["value"]


def _folded(line: str) -> str:
    """Break a line after at most 75 octets, never within a character."""
    parts, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += octets
    return "\r\n".join(parts)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(sign, sign) for sign in text.replace("\r\n", "\n"))


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _read_instant(text: str) -> datetime:
    try:
        return datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise WorkdayError(f"'{text}' is no time of iCalendar; expected such as 20261127T163000Z") from error


def _day(text: str) -> date:
    """Read a date, or the date of a time as it stands there: a due time in any zone is due on its day."""
    try:
        return datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise WorkdayError(f"'{text}' is no day of iCalendar; expected such as 20261127") from error

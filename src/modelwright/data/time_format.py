"""Times as text: one stated format, read in the same way from a record and from a whole column.

A format becomes one regular expression. What it finds is turned into seconds by the same calendar in both
ways, so neither way depends on a parser of its own.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from operator import itemgetter

import numpy as np
import polars as pl
from numpy.typing import NDArray

ISO = "iso8601"
MISSING_TIME = int(np.iinfo(np.int64).min)

_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH_OF = {name: at for at, name in enumerate(_MONTHS, 1)} | {
    name[:3]: at for at, name in enumerate(_MONTHS, 1)
}


def _any_case(word: str) -> str:
    # Not (?i:): it lets other letters in, such as the long s, which lower-casing does not turn into s.
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9])(?:[.,][0-9]{1,9})?)?"
_ZONE = r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})"
_DAY = ("year", "short", "month", "name", "day")
_CLOCK_FIELDS = ("hour", "twelve", "half", "minute", "second", "zone")
_DIRECTIVES = {
    "Y": r"(?P<year>[1-9][0-9]{3})",
    "y": r"(?P<short>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "b": rf"(?P<name>{'|'.join(_any_case(name[:3]) for name in _MONTHS)})",
    "B": rf"(?P<name>{'|'.join(_any_case(name) for name in _MONTHS)})",
    "H": r"(?P<hour>[0-9]{1,2})",
    "I": r"(?P<twelve>0?[1-9]|1[0-2])",
    "M": r"(?P<minute>[0-5][0-9])",
    "S": r"(?P<second>[0-5][0-9])(?:[.,][0-9]{1,9})?",
    "p": rf"(?P<half>{_any_case('am')}|{_any_case('pm')})",
    "z": _ZONE,
}
_ISO_PATTERN = "-".join(_DIRECTIVES[each] for each in "Ymd") + rf"(?:[Tt ]{_CLOCK} ?{_ZONE}?)?"


class TimeFormat:
    """A stated way to write times.

    Parameters
    ----------
    text : str
        ``iso8601`` (a date, or a date and a time with ``T`` or a space between, with or without seconds and
        zone), or a text with the directives ``%Y %y %m %d %b %B %H %I %M %S %p %z``. Seconds may have a
        fraction, which is dropped. Without a zone, UTC is meant.

    Raises
    ------
    ValueError
        If a directive is unknown, or the format names no day.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.pattern = _ISO_PATTERN if text == ISO else _pattern(text)
        try:
            compiled = re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"format: '{text}' names one part of a time twice") from error
        places = compiled.groupindex
        year, month = {"year", "short"} & places.keys(), {"month", "name"} & places.keys()
        if not (year and month and "day" in places):
            raise ValueError(
                f"format: '{text}' lacks a year, a month or a day; write 'iso8601' or e.g. '%d/%m/%Y %H:%M'"
            )
        self._match = compiled.fullmatch
        self._day = itemgetter(*(places.get(field, 0) - 1 for field in _DAY))
        self._clock = itemgetter(*(places.get(field, 0) - 1 for field in _CLOCK_FIELDS))

    def seconds(self, text: str) -> int | None:
        """Return the seconds from 1970-01-01 UTC to a time, or None where it is not written so."""
        match = self._match(text)
        if match is None:
            return None
        found = (*match.groups(), None)  # the last is for the fields that the format does not have
        days, clock = _days(*self._day(found)), _seconds(*self._clock(found))
        return None if days is None or clock is None else days * 86400 + clock

    def series(self, texts: pl.Series) -> pl.Series:
        """Return `seconds` of each text as Int64, null where it is missing or not written so."""
        found = texts.str.extract_groups(rf"\A(?:{self.pattern})\z").struct.unnest()
        seconds = _seconds_of(found)
        return seconds.alias(texts.name)


def _pattern(text: str) -> str:
    parts = []
    for literal, directive in re.findall(r"([^%]+)|%(.?)", text):
        if literal:
            parts.append(re.escape(literal).replace("\\ ", " "))
            continue
        if directive not in _DIRECTIVES:
            known = " ".join(f"%{each}" for each in _DIRECTIVES)
            raise ValueError(f"format: directive '%{directive}' in '{text}' is unknown; known are {known}")
        parts.append(_DIRECTIVES[directive])
    return "".join(parts)


@lru_cache(maxsize=8192)  # the same days come again and again
def _days(year: str | None, short: str | None, month: str | None, name: str | None, day: str) -> int | None:
    whole = int(year or 0)
    if short:
        whole = int(short) + (1900 if int(short) >= 69 else 2000)  # as POSIX reads %y
    try:
        return (
            date(whole, _MONTH_OF[name.lower()] if name else int(month or 0), int(day)).toordinal() - _EPOCH
        )
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def _seconds(
    hour: str | None,
    twelve: str | None,
    half: str | None,
    minute: str | None,
    second: str | None,
    zone: str | None,
) -> int | None:
    hours = int(hour or 0)
    if twelve:
        hours = int(twelve) % 12 + (12 if half and half.lower() == "pm" else 0)
    if hours > 23:
        return None
    seconds = hours * 3600 + int(minute or 0) * 60 + int(second or 0)
    if not zone or zone in "Zz":
        return seconds
    offset = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
    return seconds + (offset if zone[0] == "-" else -offset)


def _seconds_of(found: pl.DataFrame) -> pl.Series:
    """Do to columns what `_days` and `_seconds` do to one text."""
    year, month, day = _dates_of(found)
    # numpy's calendar counts a day beyond the month's end into the next month; such a day is no day.
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    first = months.astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[D]") - first).astype(np.int64)
    hour = _hours_of(found)
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (hour <= 23)
    valid &= found[:, found.columns.index("day")].is_not_null().to_numpy()
    clock = hour * 3600 + _whole(found, "minute") * 60 + _whole(found, "second") - _offsets_of(found)
    seconds = (first.astype(np.int64) + day - 1) * 86400 + clock
    return pl.Series(seconds, dtype=pl.Int64).set(~pl.Series(valid), None)


def _dates_of(found: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    if "short" in found.columns:
        short = _whole(found, "short")
        year = short + np.where(short >= 69, 1900, 2000)
    else:
        year = _whole(found, "year")
    if "name" in found.columns:
        names = found["name"].str.to_lowercase()
        month = names.replace_strict(_MONTH_OF, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()
    else:
        month = _whole(found, "month")
    return year, month, _whole(found, "day")


def _hours_of(found: pl.DataFrame) -> NDArray[np.int64]:
    if "twelve" not in found.columns:
        return _whole(found, "hour")
    hour = _whole(found, "twelve") % 12
    if "half" in found.columns:
        hour[(found["half"].str.to_lowercase() == "pm").fill_null(value=False).to_numpy()] += 12
    return hour


def _offsets_of(found: pl.DataFrame) -> NDArray[np.int64]:
    if "zone" not in found.columns:
        return np.zeros(found.height, dtype=np.int64)
    zone = found["zone"]
    hours = zone.str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    minutes = zone.str.tail(2).cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    sign = np.where(zone.str.starts_with("-").fill_null(value=False).to_numpy(), -1, 1)
    return np.asarray(sign * (hours * 3600 + minutes * 60), dtype=np.int64)


def _whole(found: pl.DataFrame, field: str) -> NDArray[np.int64]:
    if field not in found.columns:
        return np.zeros(found.height, dtype=np.int64)
    return found[field].cast(pl.Int64, strict=False).fill_null(0).to_numpy()

"""Say less: a birth's year, a place to some kilometres, an address's network, a postcode's region."""

from __future__ import annotations

import ipaddress
import math
import re

from modelwright.data.kinds import NUMBER

EARLIEST_YEAR, LATEST_YEAR = 1850, 2100
_COMPACT = re.compile(r"(\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_NUMBER = re.compile(NUMBER)
_PAIR = re.compile(r"\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?")
_MARK = "*"


def year_of(text: str) -> float | None:
    """Return the year of a date, however written, that has four digits; None where there is none."""
    text = text.strip()
    compact = _COMPACT.fullmatch(text)
    found = [compact[1]] if compact else _YEAR.findall(text)
    return next((float(each) for each in found if EARLIEST_YEAR <= int(each) <= LATEST_YEAR), None)


def tenth_of(text: str) -> float | None:
    """Return a number with one decimal, a half upwards."""
    text = text.strip()
    return math.floor(float(text) * 10 + 0.5) / 10 if _NUMBER.fullmatch(text) else None


def place_of(text: str) -> str | None:
    """Return a pair of coordinates with one decimal each."""
    found = _PAIR.fullmatch(text.strip())
    return None if found is None else f"{tenth_of(found[1])},{tenth_of(found[2])}"


def network_of(text: str) -> str | None:
    """Return the network of an address: the first 24 bits of version 4, the first 48 of version 6."""
    try:
        given = ipaddress.ip_interface(text.strip())
    except ValueError:
        return None
    mapped = given.ip.ipv4_mapped if isinstance(given.ip, ipaddress.IPv6Address) else None
    address = mapped or given.ip
    bits = min(given.network.prefixlen, 24 if address.version == 4 else 48) if mapped is None else 24
    return str(ipaddress.ip_network((address, bits), strict=False))


def region_of(text: str) -> str | None:
    """Return the first three characters of a postcode, or two where it has fewer than five."""
    bare = text.replace(" ", "").replace("-", "").upper()
    if not bare or bare.endswith(_MARK):
        return bare or None
    return bare[: 3 if len(bare) >= 5 else 2] + _MARK

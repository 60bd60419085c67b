"""The codice fiscale of Italy: fifteen signs from name and birth, and a letter that checks them."""

from __future__ import annotations

from modelwright.data.privacy.detector import Detector

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ODDS = "1 0 5 7 9 13 15 17 19 21 1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23"
_ODD = dict(zip(_SIGNS, map(int, _ODDS.split()), strict=True))


def _even(each: str) -> int:
    return int(each) if each.isdigit() else ord(each) - ord("A")


def _is_valid(text: str) -> bool:
    bare = text.upper()
    total = sum(_ODD[each] for each in bare[:15:2]) + sum(_even(each) for each in bare[1:15:2])
    return chr(ord("A") + total % 26) == bare[15]


DETECTOR = Detector(
    kind="national_id",
    title="Italian tax codes (codice fiscale)",
    pattern=r"(?i)^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$",
    valid=_is_valid,
    words="codice_fiscale codfisc cod_fiscale",
    strength=0.99,
    fewest=3,
)

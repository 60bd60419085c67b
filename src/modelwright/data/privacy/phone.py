"""Telephone numbers: by how they are grouped, or by their name and a plausible length."""

from __future__ import annotations

import re

from modelwright.data.privacy.check_digits import digits_of
from modelwright.data.privacy.detector import Detector

_DATE = re.compile(r"^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:\D.*)?$")
_GROUPED = re.compile(
    r"^(?:\+[\d\s().-]+|\(\d{2,5}\)[\s\d-]+|0\d{1,4}[\s/-]\d[\d\s-]{4,}|(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4})"
)
_WORDS = (
    "phone telephone phone_number tel mobile mobile_number cell cellphone fax msisdn telefon "
    "telefonnummer handy rufnummer portable telefono movil celular telefone cellulare telefoon "
    "telefoonnummer puhelin телефон 电话 手机 電話"
)


def _is_plausible(text: str) -> bool:
    """Whether it has as many digits as ITU-T E.164 allows, and is no date."""
    return 7 <= len(digits_of(text)) <= 15 and _DATE.match(text) is None


def _is_grouped(text: str) -> bool:
    return _GROUPED.match(text) is not None and _is_plausible(text)


DETECTOR = Detector(
    kind="phone",
    title="telephone numbers",
    pattern=r"^\+?[\d(][\d\s()/.-]{5,22}(?:\s?(?:x|ext\.?)\s?\d{1,6})?$",
    valid=_is_plausible,
    words=_WORDS,
    named=0.5,
    alone=None,
    strength=0.8,
)
GROUPED = Detector(
    kind="phone",
    title="telephone numbers",
    pattern=DETECTOR.pattern,
    valid=_is_grouped,
    words="",
    alone=0.9,
    strength=0.85,
)

"""Postal addresses: a street with a number."""

from __future__ import annotations

import re

from modelwright.data.privacy.detector import Detector, always

_STREET = re.compile(
    r"\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|terrace|square|highway|hwy|"
    r"parkway|pkwy|circle|rue|chemin|impasse|quai|allee|all[eé]e|calle|avenida|carrera|plaza|via|viale|piazza|corso|"
    r"rua|travessa|ulica|ul|gata|gatan|vej|gade|laan|straat|plein)\b|(?:stra(?:ss|ß)e|str\.|weg|platz|gasse|allee|"
    r"straat|laan|gatan|vägen|veien)\b|str\.",
    re.IGNORECASE,
)


def _names_a_street(text: str) -> bool:
    return _STREET.search(text) is not None


_PATTERN = (
    r"^(?:\d{1,6}[A-Za-z]?,?\s+[\p{L}].{2,}"
    r"|[\p{L}][\p{L}\s.'\u2019-]{2,},?\s+\d{1,5}\s?[A-Za-z]?(?:[\s,/-].*)?)$"
)

DETECTOR = Detector(
    kind="address",
    title="postal addresses",
    pattern=_PATTERN,
    valid=always,
    words=(
        "address street street_address addr address1 address_line home_address adresse anschrift "
        "strasse rue direccion domicilio calle indirizzo endereco adres gatuadress адрес 地址 住所"
    ),
    named=0.4,
    fewest_named=8,
    alone=None,
    strength=0.9,
)
STREETS = Detector(
    kind="address",
    title="postal addresses",
    pattern=_PATTERN,
    valid=_names_a_street,
    words="",
    alone=0.7,
    strength=0.85,
)

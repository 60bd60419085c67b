"""Identity cards of Spain: DNI and NIE, with the letter that the remainder by 23 gives."""

from __future__ import annotations

from modelwright.data.privacy.detector import Detector

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def _is_valid(text: str) -> bool:
    bare = text.replace("-", "").replace(" ", "").upper()
    number = {"X": "0", "Y": "1", "Z": "2"}.get(bare[0], bare[0]) + bare[1:-1]
    return _LETTERS[int(number) % 23] == bare[-1]


DETECTOR = Detector(
    kind="national_id",
    title="Spanish identity numbers (DNI, NIE)",
    pattern=r"(?i)^(?:\d{8}|[XYZ][ -]?\d{7})[ -]?[A-HJ-NP-TV-Z]$",
    valid=_is_valid,
    words="dni nie nif documento_identidad",
    strength=0.98,
)

"""Personal identity numbers of Sweden: date of birth, serial, and Luhn's check digit."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of, luhn
from modelwright.data.privacy.detector import Detector


def _is_valid(text: str) -> bool:
    return luhn(digits_of(text)[-10:])


DETECTOR = Detector(
    kind="national_id",
    title="Swedish personal identity numbers",
    pattern=r"^(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]?\d{4}$",
    valid=_is_valid,
    words="personnummer personal_identity_number",
    strength=0.96,
)

"""Social security numbers of the United States: the ranges that were never given out tell the false ones."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of
from modelwright.data.privacy.detector import Detector


def _is_possible(text: str) -> bool:
    digits = "".join(map(str, digits_of(text)))
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


DETECTOR = Detector(
    kind="national_id",
    title="US social security numbers",
    pattern=r"^\d{3}[- ]?\d{2}[- ]?\d{4}$",
    valid=_is_possible,
    words="ssn social_security social_security_number socialsecurity sin tin",
    named=0.6,
    alone=None,
    strength=0.85,
)
DASHED = Detector(
    kind="national_id",
    title="US social security numbers",
    pattern=r"^\d{3}-\d{2}-\d{4}$",
    valid=_is_possible,
    words="",
    alone=0.85,
    strength=0.9,
)

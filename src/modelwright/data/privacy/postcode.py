"""Postcodes: only where the column says so, since any number could be one."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of
from modelwright.data.privacy.detector import Detector


def _is_written_like_one(text: str) -> bool:
    return len(digits_of(text)) >= 2 and 4 <= len(text.replace(" ", "").replace("-", "")) <= 9


DETECTOR = Detector(
    kind="postcode",
    title="postcodes",
    pattern=r"^[A-Za-z0-9]{2,5}[ -]?[A-Za-z0-9]{2,4}$",
    valid=_is_written_like_one,
    words=(
        "zip zipcode zip_code postcode postal_code post_code postalcode plz postleitzahl code_postal "
        "codigo_postal codice_postale cep postnummer kod_pocztowy pincode 邮编"
    ),
    named=0.6,
    alone=None,
    strength=0.8,
)

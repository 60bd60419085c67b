"""Every detector of personal data."""

from __future__ import annotations

from modelwright.data.privacy import (
    address,
    birth_date,
    card,
    coordinates,
    email,
    iban,
    ip,
    national_ids,
    person_name,
    phone,
    postcode,
)
from modelwright.data.privacy.detector import Detector

DETECTORS: tuple[Detector, ...] = (
    email.DETECTOR,
    iban.DETECTOR,
    card.DETECTOR,
    *(getattr(national_ids, country) for country in national_ids.__all__),
    ip.DETECTOR,
    phone.DETECTOR,
    phone.GROUPED,
    birth_date.DETECTOR,
    coordinates.DETECTOR,
    coordinates.PAIRS,
    postcode.DETECTOR,
    address.DETECTOR,
    address.STREETS,
    person_name.DETECTOR,
    person_name.CALLED_NAME,
)

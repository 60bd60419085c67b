"""Dates of birth: dates of people alive, in a column that says so."""

from __future__ import annotations

from modelwright.data.privacy.detector import Detector
from modelwright.data.privacy.generalising import year_of


def _is_of_a_life(text: str) -> bool:
    return year_of(text) is not None


DETECTOR = Detector(
    kind="birth_date",
    title="dates of birth",
    pattern=r"^(?:\d{8}|\d{1,4}[-/. ].{4,})$",
    valid=_is_of_a_life,
    words=(
        "dob birth_date birthdate date_of_birth birthday birth_day born geburtsdatum geburtstag "
        "geb_datum date_naissance date_de_naissance fecha_nacimiento fecha_de_nacimiento "
        "data_nascimento data_de_nascimento data_di_nascita data_nascita geboortedatum fodelsedatum "
        "fodselsdato data_urodzenia дата_рождения 出生日期 生年月日"
    ),
    named=0.6,
    alone=None,
    strength=0.9,
)

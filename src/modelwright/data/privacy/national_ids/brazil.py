"""The CPF of Brazil: nine digits and two that check them, by weights and the remainder by 11."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of, weighted
from modelwright.data.privacy.detector import Detector


def _is_valid(text: str) -> bool:
    digits = digits_of(text)
    if len(set(digits)) == 1:
        return False
    first = weighted(digits[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(digits[:10], range(11, 1, -1)) * 10 % 11 % 10
    return digits[9:] == [first, second]


DETECTOR = Detector(
    kind="national_id",
    title="Brazilian taxpayer numbers (CPF)",
    pattern=r"^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$",
    valid=_is_valid,
    words="cpf cadastro_de_pessoa",
    strength=0.98,
)

"""Payment cards: issuer, length and Luhn's check digit."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of, luhn
from modelwright.data.privacy.detector import Detector

_ISSUERS: tuple[tuple[range, int, frozenset[int]], ...] = (
    (range(4, 5), 1, frozenset({13, 16, 19})),  # Visa
    (range(51, 56), 2, frozenset({16})),  # Mastercard
    (range(2221, 2721), 4, frozenset({16})),
    (range(34, 35), 2, frozenset({15})),  # American Express
    (range(37, 38), 2, frozenset({15})),
    (range(6011, 6012), 4, frozenset({16, 19})),  # Discover
    (range(644, 660), 3, frozenset({16, 19})),
    (range(62, 63), 2, frozenset({16, 17, 18, 19})),  # UnionPay
    (range(3528, 3590), 4, frozenset({16})),  # JCB
    (range(300, 306), 3, frozenset({14})),  # Diners Club
    (range(36, 40), 2, frozenset({14})),
    (range(50, 51), 2, frozenset(range(13, 20))),  # Maestro
    (range(56, 70), 2, frozenset(range(13, 20))),
)


def _is_card(text: str) -> bool:
    digits = digits_of(text)
    issued = any(
        len(digits) in lengths and int("".join(map(str, digits[:places]))) in prefixes
        for prefixes, places, lengths in _ISSUERS
    )
    return issued and luhn(digits)


DETECTOR = Detector(
    kind="card",
    title="payment card numbers",
    pattern=r"^\d{4}(?:[ -]?\d{2,7}){2,4}$",
    valid=_is_card,
    words=(
        "card card_number credit_card cc_number ccnum pan kreditkarte kartennummer carte tarjeta cartao "
        "carta_di_credito"
    ),
    strength=0.97,
)

"""Made-up people: values that are valid as personal data, made by the rules that detectors check."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from modelwright.data.privacy.check_digits import luhn, verhoeff

Make = Callable[[random.Random], str]

FIRST = ["Anna", "John", "Maria", "Peter", "Sofia", "Lukas", "Emma", "Carlos", "Julia", "Thomas"]
LAST = ["Muller", "Smith", "Garcia", "Rossi", "Dubois", "Jensen", "Novak", "Silva", "Brown", "Keller"]
STREETS = ["Hauptstraße", "Main Street", "Rue de la Paix", "Calle Mayor", "Via Roma", "Oak Avenue"]


def digits(rng: random.Random, n: int) -> str:
    return "".join(str(rng.randint(0, 9)) for _ in range(n))


def checked(start: str, holds: Callable[[list[int]], bool]) -> str:
    """Add the last digit that makes a number valid."""
    return next(start + str(last) for last in range(10) if holds([int(each) for each in start + str(last)]))


def card(rng: random.Random) -> str:
    bare = checked("4" + digits(rng, 14), luhn)
    return " ".join(bare[at : at + 4] for at in range(0, 16, 4))


def iban(rng: random.Random) -> str:
    account = digits(rng, 18)
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02d}{account}"


def born(rng: random.Random) -> date:
    return date(1940, 1, 1) + timedelta(days=rng.randint(0, 22000))


def cpf(rng: random.Random) -> str:
    numbers = [rng.randint(0, 9) for _ in range(9)]
    for length in (10, 11):
        total = sum(n * w for n, w in zip(numbers, range(length, 1, -1), strict=True))
        numbers.append(total * 10 % 11 % 10)
    text = "".join(map(str, numbers))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def dni(rng: random.Random) -> str:
    number = digits(rng, 8)
    return number + "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def nir(rng: random.Random) -> str:
    number = (
        f"{rng.choice('12')}{digits(rng, 2)}{rng.randint(1, 12):02d}{rng.randint(10, 95):02d}{digits(rng, 6)}"
    )
    return f"{number}{97 - int(number) % 97:02d}"


def resident(rng: random.Random) -> str:
    start = f"{rng.randint(110000, 659000)}{born(rng):%Y%m%d}{digits(rng, 3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return start + "10X98765432"[sum(int(n) * w for n, w in zip(start, weights, strict=True)) % 11]


def pesel(rng: random.Random) -> str:
    start = f"{born(rng):%y%m%d}{digits(rng, 4)}"
    total = sum(int(n) * w for n, w in zip(start, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True))
    return start + str(-total % 10)


def bsn(rng: random.Random) -> str:
    while True:
        number = digits(rng, 9)
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        if number[0] != "0" and sum(int(n) * w for n, w in zip(number, weights, strict=True)) % 11 == 0:
            return number


def name(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


PEOPLE: dict[str, tuple[str, Make]] = {
    "email": ("email", lambda rng: f"{rng.choice(FIRST)}.{digits(rng, 4)}@example.org".lower()),
    "mobile": ("phone", lambda rng: f"+49 17{rng.randint(0, 9)} {digits(rng, 7)}"),
    "card": ("card", card),
    "iban": ("iban", iban),
    "ssn": (
        "national_id",
        lambda rng: f"{rng.randint(1, 665):03d}-{rng.randint(1, 99):02d}-{rng.randint(1, 9999):04d}",
    ),
    "nino": (
        "national_id",
        lambda rng: f"{rng.choice('ABCEHJ')}{rng.choice('ABCEGH')}{digits(rng, 6)}{rng.choice('ABCD')}",
    ),
    "aadhaar": ("national_id", lambda rng: checked(str(rng.randint(2, 9)) + digits(rng, 10), verhoeff)),
    "cpf": ("national_id", cpf),
    "dni": ("national_id", dni),
    "nir": ("national_id", nir),
    "身份证": ("national_id", resident),
    "pesel": ("national_id", pesel),
    "bsn": ("national_id", bsn),
    "personnummer": ("national_id", lambda rng: checked(f"{born(rng):%y%m%d}{digits(rng, 3)}", luhn)),
    "client_ip": (
        "ip",
        lambda rng: (
            f"{rng.randint(1, 223)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"
        ),
    ),
    "customer_name": ("name", name),
    "address": ("address", lambda rng: f"{rng.choice(STREETS)} {rng.randint(1, 200)}"),
    "plz": ("postcode", lambda rng: f"{rng.randint(10000, 99999)}"),
    "dateOfBirth": ("birth_date", lambda rng: born(rng).isoformat()),
    "latitude": ("coordinates", lambda rng: f"{rng.uniform(36, 60):.5f}"),
    "gps": ("coordinates", lambda rng: f"{rng.uniform(36, 60):.5f}, {rng.uniform(-9, 30):.5f}"),
}
"""For each column's name: what it is, and how one value is made."""

ORDINARY: dict[str, Make] = {
    "order_number": lambda rng: f"{rng.randint(10**15, 10**16 - 1)}",
    "price": lambda rng: f"{rng.uniform(1, 99999):.2f}",
    "invoice": lambda rng: f"INV-{digits(rng, 8)}",
    "created": lambda rng: born(rng).isoformat(),
    "version": lambda rng: f"{rng.randint(0, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 99)}",
    "sku": lambda rng: f"{rng.choice('ABC')}{digits(rng, 6)}-{digits(rng, 2)}",
    "ean": lambda rng: digits(rng, 13),
    "amount": lambda rng: f"{rng.randint(100000, 99999999)}",
    "timestamp": lambda rng: f"{rng.randint(1_500_000_000, 1_800_000_000)}",
    "compact_day": lambda rng: f"{born(rng):%Y%m%d}",
    "measurement": lambda rng: f"{rng.gauss(0, 1):.6f}",
    "ratio": lambda rng: f"{rng.random():.5f}",
    "team": lambda rng: rng.choice(["Red Team", "Blue Team", "Green Team"]),
    "city": lambda rng: rng.choice(["Berlin", "Paris", "Madrid", "Rome", "Vienna", "Oslo"]),
    "product_name": lambda rng: (
        f"{rng.choice(['Deluxe', 'Basic'])} {rng.choice(['Chair', 'Table', 'Lamp'])} {digits(rng, 2)}"
    ),
    "uuid": lambda rng: f"{rng.getrandbits(128):032x}",
    "answers": lambda rng: rng.choice(["yes", "no", "maybe"]),
    "age_band": lambda rng: rng.choice(["18-25", "26-35", "36-50"]),
    "serial": lambda rng: digits(rng, 9),
    "long_number": lambda rng: digits(rng, 11),
    "share_of_wallet": lambda rng: f"{rng.randint(0, 100)} %",
}
"""Columns that hold no personal data, some of them much like it."""


def column(make: Make, n: int = 300, seed: int = 0) -> list[str]:
    """Make the values of a column."""
    rng = random.Random(seed)
    return [make(rng) for _ in range(n)]

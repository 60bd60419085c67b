"""What a column is meant as, from its values and its name."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from modelwright.data.guess import LEADING_ZERO, is_named_identifier, snake_case
from modelwright.data.profiling import times, written
from modelwright.data.profiling.results import Frequent, Meaning
from modelwright.data.profiling.written import pattern_of

LOOKED_AT = 2_000
"""Distinct texts that are looked at to find out how they are written."""
MOSTLY = 0.95
FEWEST_ROWS = 20
UNIQUE_SHARE = 0.95
REPEATING = 0.2
CODED = 0.01
"""From this share of texts such as V57 on, numbers among them are codes as well."""
MOST_CODES = 6
"""Whole numbers from 1 up to so many are taken for codes."""
_TRUTHS = (
    {"true", "false"}, {"yes", "no"}, {"y", "n"}, {"t", "f"}, {"0", "1"}, {"on", "off"}, {"ja", "nein"},
    {"oui", "non"},    {"si", "no"}, {"sí", "no"}, {"1.0", "0.0"},
)  # fmt: skip
_LATITUDE = pattern_of("lat|latitude|breitengrad")
_LONGITUDE = pattern_of("lon|long|lng|longitude|laengengrad")
_PERCENT = pattern_of("pct|percent|percentage|perc|prozent")
_CODE = pattern_of(
    "id|ids|code|codes|class|type|zip|zipcode|postcode|postal|plz|status|category|cat|group|segment|label|species"
    "|district|region|country|state|kind|flag|symbol|version"
)
_MONEY = pattern_of(
    r"\w*price|\w*cost|costs|amount|fare|fares|fee|fees|charge|charges|\w*charges|salary|salaries|wage|wages|income"
    "|revenue|turnover|payment|payments|spend|spending|spent|balance|tip|tips|toll|tolls|premium|budget|expense"
    "|expenses|profit|usd|eur|gbp|dollar|dollars|euro|euros|capital_gain|capital_loss|rent|loan_amt|amt"
)
_NO_MONEY = pattern_of(
    "idx|index|rate|ratio|count|num|number|n|type|category|class|code|days|id|share|pct|percent"
)


@dataclass(frozen=True)
class Meant:
    """What a column is meant as.

    Attributes
    ----------
    meaning : str
    because : str
    numbers : polars.Series or None
        Each of the distinct values as a number, null where it is none; None where the column holds
        no numbers.
    formats : tuple of Frequent
        How times are written.
    """

    meaning: Meaning
    because: str
    numbers: pl.Series | None = None
    formats: tuple[Frequent, ...] = ()


def meant(name: str, values: pl.DataFrame, distinct: int, known: int) -> Meant:
    """Say what a column is meant as.

    Parameters
    ----------
    name : str
    values : polars.DataFrame
        ``value`` and ``count``, without what is missing; all that are there, or those of a sample.
    distinct, known : int
        How many values are distinct, and how many are there, in the whole table.
    """
    dtype = values["value"].dtype
    if not values.height:
        return Meant("empty", "no value is there")
    if dtype == pl.Boolean:
        return Meant("boolean", "it is stored so")
    if dtype in (pl.Date, pl.Datetime):
        return Meant("time", "it is stored so", times.seconds(values["value"]))
    if dtype.is_numeric():
        numbers = values["value"].cast(pl.Float64)
        return _meant_by_numbers(name, numbers, distinct, known, "")
    if dtype == pl.String:
        return _meant_by_texts(name, values, distinct, known)
    return Meant("other", f"values stored as {dtype} are not looked into")


def _meant_by_numbers(name: str, numbers: pl.Series, distinct: int, known: int, stored: str) -> Meant:
    named = snake_case(name)
    finite = numbers.drop_nulls().filter(numbers.drop_nulls().is_finite())
    if not len(finite):
        return Meant("number", f"{stored}no number is finite".strip(), numbers)
    low, high = float(finite.min()), float(finite.max())  # type: ignore[arg-type]
    whole = bool((finite == finite.floor()).all())
    if whole:
        meaning, why = _by_whole_numbers(name, low, high, distinct, known)
        if meaning == "time":
            return Meant("time", stored + why, times.seconds_of_numbers(numbers))
        if meaning is not None:
            return Meant(meaning, stored + why, numbers)
    elif _LATITUDE.search(named) and low >= -90 and high <= 90:
        return Meant("latitude", f"{stored}its name, and numbers from -90 to 90", numbers)
    elif _LONGITUDE.search(named) and low >= -180 and high <= 180:
        return Meant("longitude", f"{stored}its name, and numbers from -180 to 180", numbers)
    if _PERCENT.search(named) and low >= 0 and high <= 100:
        return Meant("percent", f"{stored}its name, and numbers from 0 to 100", numbers)
    if _MONEY.search(named) and not _NO_MONEY.search(named):
        return Meant("money", f"{stored}its name, and it holds numbers", numbers)
    return Meant("number", f"{stored}it holds numbers", numbers)


def _by_whole_numbers(
    name: str, low: float, high: float, distinct: int, known: int
) -> tuple[Meaning | None, str]:
    named = snake_case(name)
    if distinct <= 2 and low >= 0 and high <= 1:
        return "boolean", "only 0 and 1"
    if known >= FEWEST_ROWS and distinct >= 0.99 * known and high - low + 1 == known:
        return "identifier", "it counts the rows"
    if times.are_numbers_of_time(named, low, high):
        return "time", "its name, and numbers that are times"
    share = distinct / max(known, 1)
    if is_named_identifier(name) and known >= FEWEST_ROWS and share >= REPEATING:
        all_or_many = (
            "nearly all values are distinct" if share >= UNIQUE_SHARE else "many values are distinct"
        )
        return "identifier", f"its name, and {all_or_many}"
    coded = _CODE.search(named) is not None or named.endswith("class")
    if distinct == 2:
        return "category", "two whole numbers"
    if low == 1 and high == distinct <= MOST_CODES and known >= FEWEST_ROWS:
        return "category", f"whole numbers from 1 to {distinct}, as codes are"
    if coded and (share <= REPEATING or distinct <= 20):
        return "category", "its name says that the numbers are codes"
    return None, ""


def _meant_by_texts(name: str, values: pl.DataFrame, distinct: int, known: int) -> Meant:
    texts = written.stripped(values["value"])
    few = texts.head(LOOKED_AT)
    weights = values["count"].head(LOOKED_AT)
    forms = {form.lower() for form in few.head(4)}
    if distinct <= 2 and len(forms) == 2 and forms in _TRUTHS:
        return Meant("boolean", "its two texts")

    def share(pattern: str) -> float:
        fitting = written.fits(few, pattern)
        rows = float(weights.filter(fitting).sum()) / float(weights.sum())
        return min(float(fitting.mean() or 0.0), rows)  # type: ignore[arg-type]

    if few.head(50).str.contains(r"[0-9]").any():
        found = _meant_by_digits(name, texts, few, share, distinct, known)
        if found is not None:
            return found
        spelled = times.spelled(texts, values["count"], few)
        if spelled is not None:
            seconds, formats = spelled
            many = f"in {len(formats)} formats" if len(formats) > 1 else f"written as {formats[0].value}"
            return Meant("time", f"times {many}", seconds, formats)
    return _meant_by_words(name, few, distinct, known)


def _meant_by_digits(
    name: str, texts: pl.Series, few: pl.Series, share: object, distinct: int, known: int
) -> Meant | None:
    assert callable(share)  # noqa: S101 - narrows the type
    coded = float((~written.fits(few, written.PLAIN) & written.fits(few, written.CODE)).mean() or 0.0)  # type: ignore[arg-type]
    if share(written.PLAIN) >= MOSTLY and coded < CODED:
        if few.str.contains(LEADING_ZERO + r"[0-9]*\z").any():
            unique = known >= FEWEST_ROWS and distinct >= UNIQUE_SHARE * known
            return Meant("identifier" if unique else "category", "digits, some with a leading zero")
        return _meant_by_numbers(name, written.as_plain_numbers(texts), distinct, known, "stored as text; ")
    for pattern, meaning, why in (
        (written.MONEY, "money", "amounts with a currency, as text"),
        (written.PERCENT, "percent", "numbers with a percent sign, as text"),
    ):
        if share(pattern) >= MOSTLY:
            numbers = written.as_numbers(texts).set(~written.fits(texts, pattern), None)
            return Meant("money" if meaning == "money" else "percent", why, numbers)
    if share(written.PLACE) >= MOSTLY or share(written.DEGREES) >= MOSTLY:
        return Meant("coordinates", "places in degrees, as text")
    if share(written.LOCAL) >= MOSTLY and not few.str.contains(LEADING_ZERO + r"[0-9]*\z").any():
        numbers = written.as_numbers(texts).set(~written.fits(texts, written.LOCAL), None)
        return _meant_by_numbers(
            name, numbers, distinct, known, "stored as text, with marks for thousands or decimals; "
        )
    return None


def _meant_by_words(name: str, few: pl.Series, distinct: int, known: int) -> Meant:
    share = distinct / max(known, 1)
    words = float(few.str.count_matches(r"\S+").mean() or 0.0)  # type: ignore[arg-type]
    characters = float(few.str.len_chars().mean() or 0.0)  # type: ignore[arg-type]
    if known < FEWEST_ROWS:
        return Meant("text" if characters >= 40 else "category", "texts")
    if share >= 0.3 and (words >= 4 or characters >= 40):
        return Meant("text", f"{words:.0f} words on average, and many texts are distinct")
    coded = float((few.str.contains(r"[0-9]") & (few.str.count_matches(r"\S+") <= 2)).mean() or 0.0)  # type: ignore[arg-type]
    if share >= 0.5 and words < 2 and coded >= 0.8:
        return Meant("identifier", "codes, and many are distinct")
    if share >= REPEATING and words < 2 and is_named_identifier(name):
        return Meant("identifier", "its name, and many values are distinct")
    if share >= UNIQUE_SHARE and words < 1.5:
        return Meant("identifier", "nearly all texts are distinct")
    if share >= 0.5 and words >= 1.5:
        return Meant("text", "several words, and most texts are distinct")
    return Meant(
        "category",
        "one text" if distinct == 1 else f"{distinct:,} texts that repeat" if share < 1 else "texts",
    )

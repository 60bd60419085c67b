"""The words of a column's name."""

from __future__ import annotations

import re
import unicodedata


def parts_of(name: str) -> str:
    """Return a column's name in lower case, without accents, its parts joined by ``_``.

    Examples
    --------
    >>> parts_of("DateOfBirth"), parts_of("Prénom du client")
    ('date_of_birth', 'prenom_du_client')
    """
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each)
    ).replace("ß", "ss")
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^\w]+|_+", "_", plain)
    return parted.strip("_").casefold()


def is_named(name: str, words: str) -> bool:
    """Whether a column's name says one of the words: as its parts, or as the whole name run together."""
    parts = parts_of(name)
    whole = parts.replace("_", "")
    return any(f"_{word}_" in f"_{parts}_" or word.replace("_", "") == whole for word in words.split())

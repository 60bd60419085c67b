"""The brief's ``[data]``: where the data comes from, and how it is to be read."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from modelwright.problem.location import literal_secrets, masked
from modelwright.problem.section import Section


class ReadingOptions(Section):
    """How a source is to be read; what is empty is found out from the source.

    Attributes
    ----------
    query : str
        SQL, for databases: its rows are the table.
    delimiter : str
        One character between the cells of a CSV file.
    quote : str
        The character around cells of a CSV file.
    encoding : str
        Of a text file, such as ``utf-8`` or ``cp1252``.
    header : {"detect", "yes", "no"}
        Whether a CSV file begins with the names of its columns.
    decimal : {"", ".", ","}
        The decimal mark of a CSV file.
    thousands : str
        The mark between thousands in a CSV file.
    """

    query: str = ""
    delimiter: str = Field(default="", max_length=1)
    quote: str = Field(default="", max_length=1)
    encoding: str = ""
    header: Literal["detect", "yes", "no"] = "detect"
    decimal: Literal["", ".", ","] = ""
    thousands: Literal["", ".", ",", " ", "'", "\u00a0", "\u202f"] = ""

    @field_validator("delimiter", "quote")
    @classmethod
    def _one_byte(cls, value: str) -> str:
        if not value.isascii() or value in {"\n", "\r"}:
            raise ValueError(f"must be one ASCII character that ends no line, but got {value!r}")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value or "utf-8")
        except LookupError as error:
            raise ValueError(
                f"there is no encoding '{value}'; common are utf-8, utf-16 and cp1252"
            ) from error
        return value


class DataSection(ReadingOptions):
    """Where the data comes from.

    Attributes
    ----------
    source : str
        A path, a pattern, a folder or a URL; a relative path is meant from the project's folder. ``${NAME}``
        in a URL stands for an environment variable. Empty where the data was handed over in Python.
    encrypt : bool
        Whether snapshots and held-out rows are kept encrypted, with the key of the environment.
    """

    source: str = ""
    encrypt: bool = False

    @field_validator("source")
    @classmethod
    def _no_secret_in_a_file(cls, value: str) -> str:
        if literal_secrets(value):
            raise ValueError(
                f"{masked(value)} holds a password, which does not belong in a file; put it into an "
                "environment variable and write ${NAME} in its place, or use the server's own password file"
            )
        return value

    def reading(self) -> ReadingOptions:
        """Return how the source is to be read."""
        return ReadingOptions.model_validate(self.model_dump(exclude={"source", "encrypt"}))

"""Treat personal data, in tables and in records alike: what is dropped, hashed or said less exactly."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from modelwright.data.column import Column
from modelwright.data.contract import Contract
from modelwright.data.kinds import BLANKS, CategoryKind, Wrong
from modelwright.data.privacy.generalising import network_of, place_of, region_of, tenth_of, year_of
from modelwright.data.privacy.key import check_key, fingerprint, privacy_key

PREFIX = "mwh1_"
"""How a hashed value begins, so that it is known and not hashed again."""
_is_token = re.compile(rf"{PREFIX}[a-z2-7]{{32}}").fullmatch

Change = Callable[[str], str | float | None]


class Treatments:
    """What the contract has done with personal data, compiled once and used by many threads.

    What is treated already passes unchanged, so that every entrance may treat what another has.

    Parameters
    ----------
    contract : Contract

    Raises
    ------
    PrivacyError
        If a column is hashed and the key is lacking, or is not the one that the contract names.
    """

    def __init__(self, contract: Contract) -> None:
        self.dropped = frozenset(each.name for each in contract.columns if each.treatment == "drop")
        hashed = hashed_columns(contract)
        key = privacy_key(hashed) if hashed else b""
        if hashed:
            check_key(key, contract.privacy_key)
        self._kind = CategoryKind(frozenset(contract.missing_values))
        self._changes: dict[str, tuple[Change, pl.DataType]] = {
            each.name: (_change_of(each, key), pl.Float64() if each.kind == "number" else pl.String())
            for each in contract.columns
            if each.treatment in {"hash", "generalise"}
        }

    @property
    def active(self) -> bool:
        """Whether anything is done at all."""
        return bool(self.dropped or self._changes)

    def table(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a table with its personal data treated; its other columns are as they were."""
        if not self.active:
            return frame
        frame = frame.drop([name for name in frame.columns if name in self.dropped])
        treated = [self.column(name, frame[name]) for name in self._changes if name in frame.columns]
        return frame.with_columns(treated) if treated else frame

    def column(self, name: str, values: pl.Series) -> pl.Series:
        """Return values as the column of a name treats them; as they are where it does nothing."""
        if name not in self._changes:
            return values
        change, dtype = self._changes[name]
        texts = self._kind.series(values).values
        distinct = texts.drop_nulls().unique()
        if not len(distinct):
            return pl.Series(values.name, [None] * len(values), dtype=dtype)
        changed = pl.Series([change(text.strip(BLANKS)) for text in distinct.to_list()], dtype=dtype)
        return texts.replace_strict(distinct, changed, default=None, return_dtype=dtype).alias(values.name)

    def records(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return records with their personal data treated, as `table` would treat the same rows."""
        treated = []
        for row in rows:
            record = {name: value for name, value in row.items() if name not in self.dropped}
            for name in self._changes.keys() & record.keys():
                record[name] = self._value(name, record[name])
            treated.append(record)
        return treated

    def _value(self, name: str, value: Any) -> str | float | None:
        try:
            text = self._kind.convert(value)
        except Wrong:
            return None
        return None if text is None else self._changes[name][0](text.strip(BLANKS))


def treat(contract: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with its personal data treated as the contract says.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        Raw rows, or rows that were treated before.

    Raises
    ------
    PrivacyError
        If a column is hashed and the key is lacking, or is not the one that the contract names.
    """
    return Treatments(contract).table(frame)


def with_key(contract: Contract) -> Contract:
    """Return the contract with the fingerprint of the key that hashes, where something is hashed.

    Raises
    ------
    PrivacyError
        If the key is lacking, or is not the one that the contract names.
    """
    hashed = hashed_columns(contract)
    if not hashed:
        return contract.but(privacy_key="") if contract.privacy_key else contract
    key = privacy_key(hashed)
    check_key(key, contract.privacy_key)
    return contract.but(privacy_key=fingerprint(key))


def hashed_columns(contract: Contract) -> list[str]:
    """Return the names of the columns that are hashed."""
    return [each.name for each in contract.columns if each.treatment == "hash"]


def _change_of(column: Column, key: bytes) -> Change:
    if column.treatment == "hash":
        return _hashing(key, column.name)
    if column.sensitive == "coordinates":
        return tenth_of if column.kind == "number" else place_of
    changes: dict[str, Change] = {"birth_date": year_of, "ip": network_of, "postcode": region_of}
    return changes[column.sensitive]


def _hashing(key: bytes, name: str) -> Change:
    # With the column's name, so that equal values of two columns are not known to be equal.
    before = name.encode() + b"\0"

    def change(text: str) -> str:
        if _is_token(text):
            return text
        made = hmac.digest(key, before + text.encode(), "sha256")
        return PREFIX + base64.b32encode(made[:20]).decode().lower()

    return change

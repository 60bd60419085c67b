"""Which transformer gets which columns of a contract."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelwright.data import place_pairs
from modelwright.errors import DataError
from modelwright.features.boolean import BooleanColumns
from modelwright.features.category import CategoryColumns
from modelwright.features.coordinates import CoordinateColumns
from modelwright.features.number import NumberColumns
from modelwright.features.text import TextColumns
from modelwright.features.time import TimeColumns
from modelwright.features.transformer import ColumnTransformer

if TYPE_CHECKING:
    from modelwright.data import Column, Contract

KINDS: dict[str, type[ColumnTransformer]] = {
    transformer.kind: transformer
    for transformer in (
        NumberColumns,
        BooleanColumns,
        CategoryColumns,
        TimeColumns,
        TextColumns,
        CoordinateColumns,
    )
}
"""The transformer of each kind of column, in the order of their features."""

MATRIX_OF = {"number": 0, "coordinates": 0, "boolean": 0, "category": 1, "text": 1, "time": 2}
"""Which of the graph's inputs holds a kind's columns: 0 numbers, 1 texts, 2 times."""


@dataclass(frozen=True)
class Share:
    """The columns that one transformer gets.

    Attributes
    ----------
    transformer : type of ColumnTransformer
        The transformer of their kind.
    columns : tuple of Column
        In the order of the graph's input.
    positions : tuple of int or None
        Where they are in that input; None where they are all of it.
    """

    transformer: type[ColumnTransformer]
    columns: tuple[Column, ...]
    positions: tuple[int, ...] | None


def shares_of(contract: Contract, alone: Collection[str] = ()) -> list[Share]:
    """Return what each kind's transformer gets, kinds without columns left out.

    A latitude and its longitude are numbers, and together a place besides.

    Parameters
    ----------
    contract : Contract
    alone : collection of str
        Columns that are combined with no other.

    Raises
    ------
    DataError
        When the contract has no column to learn from.
    """
    shares = []
    for kind, transformer in KINDS.items():
        order = (contract.numbers, contract.texts, contract.times)[MATRIX_OF[kind]]
        by_name = {column.name: column for column in contract.features if column.kind == kind}
        positions = tuple(at for at, name in enumerate(order) if name in by_name)
        if positions:
            columns = tuple(by_name[order[at]] for at in positions)
            shares.append(Share(transformer, columns, None if len(positions) == len(order) else positions))
    pairs = [pair for pair in place_pairs(contract.features) if set(pair).isdisjoint(alone)]
    if pairs:
        names = [name for pair in pairs for name in pair]
        columns = tuple(contract.column(name) for name in names)
        positions = tuple(contract.numbers.index(name) for name in names)
        shares.append(Share(CoordinateColumns, columns, positions))
    if not shares:
        raise DataError(
            "the contract has no column to learn from: give at least one number, boolean, category, "
            "time or text column the role 'feature'"
        )
    return shares

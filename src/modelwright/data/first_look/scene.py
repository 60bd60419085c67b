"""What is looked at: a table, its contract, and what several looks need of them."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from modelwright.data.conforming import kind_of
from modelwright.data.contract import Contract
from modelwright.data.guess import Guess, guess
from modelwright.data.kinds import Converted


class Scene:
    """A table and its contract.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    contract : Contract
        Its columns that are not in the frame are passed over.
    """

    def __init__(self, frame: pl.DataFrame, contract: Contract) -> None:
        self.frame = frame
        present = tuple(each for each in contract.columns if each.name in frame.columns)
        self.contract = contract.but(columns=present)
        self.markers = frozenset(contract.missing_values)

    @cached_property
    def ignored(self) -> dict[str, Guess]:
        """What the ignored columns seem to be."""
        return {
            column.name: guess(self.frame[column.name], self.markers)
            for column in self.contract.columns
            if column.role == "ignore"
        }

    @cached_property
    def features(self) -> dict[str, pl.Series]:
        """The values of the features, typed; null where missing."""
        return {column.name: self._typed(column.name).values for column in self.contract.features}

    @cached_property
    def target(self) -> pl.Series:
        """The target: texts or numbers, null where a row has none."""
        return self._typed(self.contract.target.name).values

    def _typed(self, name: str) -> Converted:
        return kind_of(self.contract, self.contract.column(name)).series(self.frame[name])

"""What the search for weak slices found."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.intervals import Interval


class WeakSlice(BaseModel):
    """Rows that meet one or two conditions, and on which the model is worse than on the rest.

    Attributes
    ----------
    conditions : tuple of str
        In words.
    rows_searched : int
        How many of the rows that were searched meet them.
    excess_searched : float
        By how much their mean loss was above that of the rest, there.
    q_value : float
        The p-value there, adjusted for every slice that was looked at (Benjamini and Hochberg).
    rows : int
        How many of the rows kept back for the second test meet them.
    share : float
        Their share of those rows.
    loss, rest : float or None
        Mean loss on them and on the others; None where too few meet the conditions.
    excess : Interval or None
        The difference of the two, with limits that hold for all re-tested slices together.
    surprise : Interval or None
        By how much the loss on them is above what the model's own probabilities let expect, with limits that
        hold for all re-tested slices together. At 0 the rows are hard by nature, and the model says so. None
        for regression.
    wrong, rest_wrong : float or None
        Share of rows whose most probable label is wrong, on them and on the others; None for regression.
    confirmed : bool
        Whether the second test, on rows not used to find the slice, found it worse beyond chance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    conditions: tuple[str, ...]
    rows_searched: int
    excess_searched: float
    q_value: float
    rows: int = 0
    share: float = 0.0
    loss: float | None = None
    rest: float | None = None
    excess: Interval | None = None
    surprise: Interval | None = None
    wrong: float | None = None
    rest_wrong: float | None = None
    confirmed: bool = False

    @property
    def overconfident(self) -> bool:
        """Whether the model is surer on them than it may be, beyond chance."""
        return self.surprise is not None and self.surprise.low > 0

    @property
    def words(self) -> str:
        """The conditions as one text."""
        return " and ".join(self.conditions)


class SliceSearch(BaseModel):
    """The search for weak slices.

    Attributes
    ----------
    loss : str
        By which loss, in words.
    searched_in : str
        On which rows, in words.
    searched_rows, kept_rows : int
        How many rows were searched, and how many kept back for the second test.
    columns, tested : int
        How many columns and slices were looked at.
    false_discovery_rate : float
        Expected share of slices found by chance alone, before the second test.
    hidden : tuple of str
        Columns left out, because their values must not be shown.
    slices : tuple of WeakSlice
        Confirmed ones first, then the most certain.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    loss: str
    searched_in: str
    searched_rows: int
    kept_rows: int
    columns: int
    tested: int
    false_discovery_rate: float
    hidden: tuple[str, ...] = ()
    slices: tuple[WeakSlice, ...] = ()

    @property
    def confirmed(self) -> tuple[WeakSlice, ...]:
        """The slices that the second test found as well."""
        return tuple(each for each in self.slices if each.confirmed)

"""One thing whose distribution is watched: a column, the score, or the predicted label."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.monitoring.bins import MOST_LEVELS, Bins, level_bins, number_bins
from modelwright.monitoring.bounds import share_bounds
from modelwright.monitoring.season import Clock, Phases

Subject = Literal["column", "score", "label"]

MATERIAL = 0.01  # a change of a share by up to one percentage point is no news, however sure it is


class Stream(BaseModel):
    """How often each bin of a column or of the score was met in the reference.

    Attributes
    ----------
    subject : {"column", "score", "label"}
        A feature; the probability of the positive or of the predicted label, or the predicted value; the
        predicted label.
    column : str or None
        Name of the feature.
    protected : bool
        Whether its categories are kept out of messages.
    bins : NumberBins or LevelBins
    counts : tuple of int
        Rows of the reference in each bin.
    lower, upper : tuple of float
        Bounds within which the share of each bin lies while nothing has changed: simultaneous
        Clopper-Pearson bounds, widened by one percentage point.
    phases : Phases or None
        The same for each phase of the day and the week, where the values are cyclic.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Subject
    column: str | None = None
    protected: bool = False
    bins: Bins
    counts: tuple[int, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    phases: Phases | None = None

    @classmethod
    def count(
        cls, values: pl.Series, bins: Bins, mistake: float, subject: Subject, *, protected: bool = False
    ) -> Self:
        """Count the values in their bins.

        Parameters
        ----------
        values : Series
            The reference; its name is the column's where the subject is a column.
        bins : NumberBins or LevelBins
        mistake : float
            Probability that any bound is wrong.
        subject : {"column", "score", "label"}
        protected : bool
            Whether the categories are kept out of messages.
        """
        counts = np.bincount(bins.codes(values), minlength=bins.size)
        lower, upper = share_bounds(counts, len(values), mistake)
        return cls(
            subject=subject,
            column=values.name if subject == "column" else None,
            protected=protected,
            bins=bins,
            counts=tuple(counts.tolist()),
            lower=tuple(np.maximum(lower - MATERIAL, 0.0).tolist()),
            upper=tuple(np.minimum(upper + MATERIAL, 1.0).tolist()),
        )

    @classmethod
    def of_numbers(
        cls,
        values: pl.Series,
        mistake: float,
        subject: Subject = "column",
        *,
        protected: bool = False,
        rounded: bool = False,
    ) -> Self:
        """Choose bins for numbers and count them; see `count`.

        The edges of personal data are rounded, so that none is the value of a person.
        """
        return cls.count(values, number_bins(values, rounded=rounded), mistake, subject, protected=protected)

    @classmethod
    def of_levels(
        cls, values: pl.Series, mistake: float, subject: Subject = "column", *, protected: bool = False
    ) -> Self:
        """Choose bins for categories and count them; see `count`.

        Where there are too many levels, a third of the rows chooses those with a bin of their own and only
        the other rows are counted: levels that look frequent by chance would otherwise seem to become rarer.
        """
        few = values.n_unique() <= MOST_LEVELS
        a_third = pl.int_range(len(values), eager=True) % 3 == 0
        bins = level_bins(values if few else values.filter(a_third))
        counted = values if few else values.filter(~a_third)
        return cls.count(counted, bins, mistake, subject, protected=protected)

    def with_phases(
        self, values: pl.Series, clock: Clock, seconds: NDArray[np.float64], mistake: float
    ) -> Self:
        """Count the values at each phase of a clock, as well.

        Parameters
        ----------
        values : Series
            Those that were counted, or those of other rows.
        clock : Clock
        seconds : ndarray of shape (n,)
            When each was met, in seconds since 1970.
        mistake : float
            Probability that any bound is wrong.
        """
        shape = (clock.size, self.bins.size)
        found = Phases.count(self.bins.codes(values), clock.phases(seconds), shape, mistake, MATERIAL)
        return self.model_copy(update={"phases": found})

    @property
    def expected(self) -> NDArray[np.float64]:
        """Shares of the bins, smoothed so that none is zero (Krichevsky and Trofimov 1981)."""
        counts = np.array(self.counts) + 0.5
        shares: NDArray[np.float64] = counts / counts.sum()
        return shares

    def bin_name(self, code: int) -> str:
        """Say in words which values a bin holds, without the values of a protected column."""
        if self.protected and code > (1 if self.bins.kind == "level" else 0):
            return "in one of its groups"
        return self.bins.name(code)


def percent(share: float) -> str:
    """Write a share for people, small ones with a decimal."""
    return f"{100 * share:.1f} %" if share < 10 * MATERIAL else f"{100 * share:.0f} %"

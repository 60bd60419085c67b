"""The largest difference between groups, with limits that allow for its being the largest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.bootstrap import replicates
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.figures import span_text
from modelwright.evaluation.weighted import Statistic

_FEWEST_DRAWS = 100


class Gap(BaseModel):
    """The largest difference between two groups.

    Attributes
    ----------
    about : str
        The figure that differs.
    value : float
        The difference between the highest and the lowest group.
    low, high : float
        Limits, which hold for all pairs of groups at once; at a `low` of zero no two groups differ beyond
        doubt.
    highest, lowest : str
        The two groups.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    about: str
    value: float
    low: float
    high: float
    highest: str
    lowest: str

    def __str__(self) -> str:
        return span_text(self.value, self.low, self.high)


def largest_gap(
    about: str,
    names: list[str],
    statistic: Statistic,
    units: Units,
    *,
    smallest_group: int,
    alpha: float,
    resamples: int,
    seed: int,
    is_share: bool = False,
) -> Gap | None:
    """Bound the largest difference between groups.

    The largest of several noisy differences is larger than the truth on average, and its plain bootstrap
    would repeat that error. So all pairs are bounded at once (max-t bootstrap), and the limits of the
    largest follow: it is at least the largest lower limit of any pair, and at most the largest upper one.

    Parameters
    ----------
    about : str
        The figure that differs.
    names : list of str
        The m groups.
    statistic : callable
        From weights of shape (b, n) to the m figures of each, shape (b, m).
    units : Units
        What is resampled.
    smallest_group : int
        Rows of the smallest group, for Student's t.
    alpha : float
        Error that the limits may make.
    resamples, seed : int
        Of the bootstrap.
    is_share : bool, default False
        Whether the figure lies between 0 and 1. Where all groups are at its ends no resample differs; then
        the smallest one's doubt (the rule of three) widens the limits.

    Returns
    -------
    Gap or None
        None where hardly any resample defines the figure for all groups.

    References
    ----------
    J. Romano and M. Wolf, "Exact and approximate stepdown methods for multiple hypothesis testing", JASA 100
    (2005).
    """
    drawn = Drawn.of(names, statistic, units, resamples=resamples, seed=seed)
    return (
        None
        if drawn is None
        else drawn.gap(about, smallest_group=smallest_group, alpha=alpha, is_share=is_share)
    )


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure of several groups, on the rows as they are and on resamples of them.

    Attributes
    ----------
    names : list of str
        The m groups.
    figures : ndarray of shape (m,)
    draws : ndarray of shape (b, m)
        Without the resamples on which the figure of some group is not defined.
    """

    names: list[str]
    figures: Floats
    draws: Floats

    @classmethod
    def of(
        cls, names: list[str], statistic: Statistic, units: Units, *, resamples: int, seed: int
    ) -> Drawn | None:
        """Resample a statistic, from weights of shape (b, n) to figures of shape (b, m).

        Returns
        -------
        Drawn or None
            None where hardly any resample defines the figure for all groups.
        """
        figures = statistic(units.whole)[0]
        draws = replicates(statistic, units, resamples=resamples, seed=seed)
        draws = draws[np.isfinite(draws).all(axis=1)]
        return cls(names, figures, draws) if len(draws) >= _FEWEST_DRAWS else None

    def gap(self, about: str, *, smallest_group: int, alpha: float, is_share: bool = False) -> Gap:
        """Bound the largest difference between the groups; see `largest_gap`."""
        first, second = np.triu_indices(len(self.names), k=1)
        difference = self.figures[first] - self.figures[second]
        drawn = self.draws[:, first] - self.draws[:, second]
        error = drawn.std(axis=0, ddof=1)
        reach = _largest_t(drawn - difference, error, alpha) * _student_stretch(smallest_group, alpha) * error
        order = np.argsort(self.figures, kind="stable")
        low, high = int(order[0]), int(order[-1])  # two groups, also where all are alike
        size = np.abs(difference)
        if is_share and not error.any():
            reach = np.full(len(size), 1 - (alpha / 2) ** (1 / smallest_group))
        return Gap(
            about=about,
            value=float(self.figures[high] - self.figures[low]),
            low=max(0.0, float((size - reach).max())),
            high=min(float((size + reach).max()), 1.0 if is_share else np.inf),
            highest=self.names[high],
            lowest=self.names[low],
        )

    def limits(self, alpha: float) -> list[tuple[float, float]]:
        """Return the percentile limits of each group's figure by itself."""
        low, high = np.quantile(self.draws, [alpha / 2, 1 - alpha / 2], axis=0)
        return list(zip(low.tolist(), high.tolist(), strict=True))


def _largest_t(deviation: Floats, error: Floats, alpha: float) -> float:
    from scipy.special import ndtri

    t = np.abs(np.divide(deviation, error, out=np.zeros_like(deviation), where=error > 0)).max(axis=1)
    resolved = max(alpha, 10 / len(t))
    beyond = float(ndtri(1 - alpha / 2) / ndtri(1 - resolved / 2))
    return float(np.quantile(t, 1 - resolved)) * beyond


def _student_stretch(rows: int, alpha: float) -> float:
    from scipy.special import ndtri, stdtrit

    return float(stdtrit(max(rows - 1, 1), 1 - alpha / 2) / ndtri(1 - alpha / 2))

"""Which systems are better than others over many data sets, and which cannot be told apart.

References
----------
J. Demšar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006).
R. Iman and J. Davenport, "Approximations of the critical region of the Friedman statistic" (1980).
A. Benavoli, G. Corani and F. Mangili, "Should we really use post-hoc tests based on mean-ranks?", JMLR 17
(2016): pairs are therefore tested by Wilcoxon's signed ranks, with Holm's correction.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.errors import DataError
from modelwright.evaluation.contrasting import holm
from modelwright.evaluation.figures import p_text

_FEWEST = 2
_Floats = NDArray[np.float64]


class SystemPair(BaseModel):
    """Two systems over all data sets.

    Attributes
    ----------
    first, second : str
        The first has the better mean rank.
    difference : float
        Median improvement of the first over the second.
    p_value, adjusted_p : float
        Of Wilcoxon's signed-rank test, and after Holm's correction for all pairs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    first: str
    second: str
    difference: float
    p_value: float
    adjusted_p: float


class Across(BaseModel):
    """Systems over data sets.

    Attributes
    ----------
    systems : tuple of str
        The best mean rank first.
    mean_ranks, mean_scores : tuple of float
        In the order of `systems`; rank 1 is best, ties share theirs.
    data_sets : tuple of str
        Those that have a score of every system.
    left_out : tuple of str
        Data sets that lack a system.
    greater_is_better : bool
    level : float
        Of the critical difference and the cliques, such as 0.95.
    friedman, friedman_p : float
        Friedman's statistic and its p-value, with the correction for ties.
    iman_davenport, iman_davenport_p : float
        The sharper F statistic that follows from it, and its p-value.
    critical_difference : float
        By Nemenyi: mean ranks further apart than this differ.
    pairs : tuple of SystemPair
        Each with each.
    cliques : tuple of tuple of str
        The largest groups of neighbours in rank, no two of which are told apart (Wilcoxon, Holm).
    nemenyi_cliques : tuple of tuple of str
        The same by the critical difference.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    systems: tuple[str, ...]
    mean_ranks: tuple[float, ...]
    mean_scores: tuple[float, ...]
    data_sets: tuple[str, ...]
    left_out: tuple[str, ...]
    greater_is_better: bool
    level: float
    friedman: float
    friedman_p: float
    iman_davenport: float | None
    iman_davenport_p: float
    critical_difference: float
    pairs: tuple[SystemPair, ...]
    cliques: tuple[tuple[str, ...], ...]
    nemenyi_cliques: tuple[tuple[str, ...], ...]
    words: str

    def rows(self) -> list[tuple[str, float, float, str]]:
        """Return name, mean rank, mean score and letters; systems that share a letter are not told apart."""
        letters = {
            name: "".join(chr(ord("a") + at) for at, clique in enumerate(self.cliques) if name in clique)
            for name in self.systems
        }
        figures = zip(self.systems, self.mean_ranks, self.mean_scores, strict=True)
        return [(name, rank, score, letters[name]) for name, rank, score in figures]


def compare_across(results: pl.DataFrame, *, greater_is_better: bool = True, level: float = 0.95) -> Across:
    """Compare systems over many data sets.

    Parameters
    ----------
    results : polars.DataFrame
        As `read_results` returns it.
    greater_is_better : bool, default True
        Whether a larger score is a better one.
    level : float, default 0.95
        One less the error of each family of statements.

    Raises
    ------
    DataError
        If there are fewer than two systems or data sets, or two scores for the same.
    """
    wide = _wide(results)
    complete = wide.drop_nulls()
    names = [name for name in wide.columns if name != "data_set"]
    if len(names) < _FEWEST or len(complete) < _FEWEST:
        raise DataError(
            f"at least two systems on two data sets are compared, but there are {len(names)} systems with "
            f"{len(complete)} data sets in common; add results"
        )
    scores = complete.select(names).to_numpy()
    ranks = _ranks(-scores if greater_is_better else scores)
    order = np.argsort(ranks.mean(axis=0), kind="stable")
    systems, scores, ranks = [names[at] for at in order], scores[:, order], ranks[:, order]
    pairs = _pairs(systems, scores if greater_is_better else -scores)
    statistic, p_value, sharper, sharper_p = _friedman(ranks)
    apart = {(pair.first, pair.second) for pair in pairs if pair.adjusted_p < 1 - level}
    distance = _critical_difference(len(systems), len(scores), level)
    mean_ranks = dict(zip(systems, ranks.mean(axis=0).tolist(), strict=True))
    far = {both for both in combinations(systems, 2) if mean_ranks[both[1]] - mean_ranks[both[0]] > distance}
    return Across(
        systems=tuple(systems),
        mean_ranks=tuple(mean_ranks.values()),
        mean_scores=tuple(scores.mean(axis=0).tolist()),
        data_sets=tuple(complete["data_set"].to_list()),
        left_out=tuple(name for name in wide["data_set"] if name not in set(complete["data_set"])),
        greater_is_better=greater_is_better,
        level=level,
        friedman=statistic,
        friedman_p=p_value,
        iman_davenport=sharper,
        iman_davenport_p=sharper_p,
        critical_difference=distance,
        pairs=tuple(pairs),
        cliques=_cliques(systems, apart),
        nemenyi_cliques=_cliques(systems, far),
        words=_words(systems, len(scores), sharper_p, pairs, level),
    )


def _wide(results: pl.DataFrame) -> pl.DataFrame:
    twice = results.filter(results.select("system", "data_set").is_duplicated())
    if len(twice):
        system, data_set = twice.row(0)[:2]
        raise DataError(f"'{system}' has more than one score on '{data_set}'; keep one, or their mean")
    return results.pivot("system", index="data_set", values="score")


def _ranks(losses: _Floats) -> _Floats:
    """Rank each row, the smallest first; ties share the mean of their ranks."""
    smaller = (losses[:, None, :] < losses[:, :, None]).sum(axis=2)
    equal = (losses[:, None, :] == losses[:, :, None]).sum(axis=2)
    return np.asarray(smaller + (equal + 1) / 2)


def _friedman(ranks: _Floats) -> tuple[float, float, float | None, float]:
    from scipy.special import chdtrc, fdtrc

    n, k = ranks.shape
    between = float(((ranks.mean(axis=0) - (k + 1) / 2) ** 2).sum()) * n
    within = float(((ranks - (k + 1) / 2) ** 2).sum()) / (n * (k - 1))
    statistic = between / within if within > 0 else 0.0
    left = n * (k - 1) - statistic
    if left <= 0:  # every data set ranks the systems alike
        return statistic, float(chdtrc(k - 1, statistic)), None, 0.0
    sharper = (n - 1) * statistic / left
    sharper_p = float(fdtrc(k - 1, (k - 1) * (n - 1), sharper))
    return statistic, float(chdtrc(k - 1, statistic)), sharper, sharper_p


def _critical_difference(systems: int, data_sets: int, level: float) -> float:
    from scipy.stats import studentized_range

    quantile = float(studentized_range.ppf(level, systems, np.inf)) / np.sqrt(2)
    return float(quantile * np.sqrt(systems * (systems + 1) / (6 * data_sets)))


def _pairs(systems: list[str], scores: _Floats) -> list[SystemPair]:
    both = list(combinations(range(len(systems)), 2))
    ahead = [scores[:, one] - scores[:, other] for one, other in both]
    p_values = [_wilcoxon(each) for each in ahead]
    return [
        SystemPair(
            first=systems[one],
            second=systems[other],
            difference=float(np.median(each)),
            p_value=p_value,
            adjusted_p=adjusted,
        )
        for (one, other), each, p_value, adjusted in zip(both, ahead, p_values, holm(p_values), strict=True)
    ]


def _wilcoxon(difference: _Floats) -> float:
    from scipy.stats import wilcoxon

    return float(wilcoxon(difference).pvalue) if np.any(difference) else 1.0


def _cliques(systems: list[str], apart: set[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the largest runs of neighbours in rank without a pair that is told apart."""
    runs: list[tuple[int, int]] = []
    for start in range(len(systems)):
        end = start + 1
        while end < len(systems) and not any((each, systems[end]) in apart for each in systems[start:end]):
            end += 1
        if not runs or end > runs[-1][1]:
            runs.append((start, end))
    return tuple(tuple(systems[start:end]) for start, end in runs)


def _words(systems: list[str], data_sets: int, p_value: float, pairs: list[SystemPair], level: float) -> str:
    best = systems[0]
    beaten = [pair.second for pair in pairs if pair.first == best and pair.adjusted_p < 1 - level]
    over = f"Over {data_sets} data sets"
    if not beaten:
        return f"{over} {best} ranks best, but is not told apart from any other ({p_text(p_value)} for all)."
    rest = [name for name in systems[1:] if name not in beaten]
    others = f", not from {', '.join(rest)}" if rest else ""
    return (
        f"{over} {best} ranks best and is told apart from {', '.join(beaten)}{others} "
        f"({p_text(p_value)} that all are alike)."
    )

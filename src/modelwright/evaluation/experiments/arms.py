"""The rows of an experiment: who was assigned where, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.errors import DataError
from modelwright.evaluation.experiments.planning import OutcomeKind
from modelwright.problem import Finding

SUSPICIOUS = 1000.0
"""Evidence against the planned shares: a fair assignment ever reaches it with a probability of 0.1 %."""
_YES = {"1", "1.0", "true", "yes", "y"}


@dataclass(frozen=True, eq=False)
class Trial:
    """The rows of an experiment.

    Attributes
    ----------
    control : str
        The arm without treatment.
    kind : {"rate", "mean", "cost"}
        Of the outcome.
    arm : ndarray of str, shape (n,)
        Where each row was assigned.
    outcome : ndarray of shape (n,)
    covariates : ndarray of shape (n, k)
        From before the experiment.
    """

    control: str
    kind: OutcomeKind
    arm: NDArray[np.str_]
    outcome: NDArray[np.float64]
    covariates: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        frame: pl.DataFrame,
        arm: str,
        control: str,
        outcome: str,
        kind: OutcomeKind | None,
        positive: str | None,
        covariates: tuple[str, ...],
    ) -> Trial:
        """Read the columns of a table.

        Raises
        ------
        DataError
            Saying which column is not what it must be.
        """
        for name in (arm, outcome, *covariates):
            if name not in frame.columns:
                raise DataError(f"there is no column '{name}'; there are {', '.join(frame.columns[:20])}")
            missing = frame[name].null_count()
            if missing:
                raise DataError(
                    f"'{name}' is missing in {missing:,} rows. Leaving them out would break the comparison "
                    "where the treatment decides what is missing: fill in what a missing value stands for"
                )
        arms = frame[arm].cast(pl.String).to_numpy().astype(str)
        names = sorted(set(arms.tolist()))
        if control not in names or len(names) < 2:
            raise DataError(f"'{arm}' has the values {', '.join(names[:20])}; the control '{control}' and "
                            "at least one other must be among them")  # fmt: skip
        chosen, values = _outcome(frame[outcome], kind, positive)
        return cls(control, chosen, arms, values, _numbers(frame, covariates))

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def names(self) -> list[str]:
        """The arms in order."""
        return sorted(set(self.arm.tolist()))

    def contributions(self, treatment: str, rows: NDArray[np.bool_]) -> tuple[NDArray[np.float64], int]:
        """Return what each row adds to the mean difference, and the rows of the smaller arm.

        The mean of the contributions is the difference of the arms' means, adjusted for the covariates within
        each arm; their spread is its uncertainty (the influence function of Lin's estimator).
        """
        chosen = rows & np.isin(self.arm, [self.control, treatment])
        treated, y, X = self.arm[chosen] == treatment, self.outcome[chosen], self.covariates[chosen]
        fewest = int(min(treated.sum(), (~treated).sum())) if len(treated) else 0
        if fewest <= X.shape[1] + 1:
            return np.zeros(0), fewest
        with_it, without = _expected(X, y, treated), _expected(X, y, ~treated)
        share = treated.mean()
        own = np.where(treated, (y - with_it) / share, -(y - without) / (1 - share))
        return np.asarray(with_it - without + own, dtype=np.float64), fewest

    def saved(self) -> float:
        """Return the share of the outcome's variance within the arms that the covariates take away."""
        before = after = 0.0
        for name in self.names:
            inside = self.arm == name
            y = self.outcome[inside]
            before += float(((y - y.mean()) ** 2).sum())
            after += float(((y - _expected(self.covariates, self.outcome, inside)[inside]) ** 2).sum())
        return 1 - after / before if before else 0.0


def ratio_finding(trial: Trial, shares: dict[str, float] | None) -> Finding | None:
    """Say where the arms have not got the rows that they were to get.

    A Dirichlet mixture is bet against the planned shares, so that the answer holds at every look (Lindon and
    Malek 2022, "Anytime-valid inference for multinomial count data").

    **Why**: rows that went missing in one arm only did so because of the treatment, so the arms can no longer
    be compared.
    """
    from scipy.special import gammaln

    names = trial.names
    stated = dict.fromkeys(names, 1.0) if shares is None else shares
    planned = np.array([stated.get(name, 0.0) for name in names], dtype=np.float64)
    if (planned <= 0).any() or set(stated) != set(names):
        raise DataError(f"shares must name every arm with a share above 0: {', '.join(names)}")
    planned /= planned.sum()
    counts = np.array([(trial.arm == name).sum() for name in names])
    prior = 100 * planned
    evidence = (
        gammaln(prior.sum()) - gammaln(prior.sum() + counts.sum())
        + (gammaln(prior + counts) - gammaln(prior)).sum()
        - (counts * np.log(planned)).sum()
    )  # fmt: skip
    if evidence < np.log(SUSPICIOUS):
        return None
    got = ", ".join(
        f"{name} {count:,} ({count / counts.sum():.1%} where {share:.1%} were planned)"
        for name, count, share in zip(names, counts, planned, strict=True)
    )
    return Finding(
        code="MW-E040",
        severity="error",
        message=f"the arms have not got the rows that they were to get: {got}",
        why="Rows that went missing in one arm only make the arms incomparable.",
        advice="Find out where rows are lost or assigned twice before you believe any difference.",
    )


def _outcome(
    series: pl.Series, kind: OutcomeKind | None, positive: str | None
) -> tuple[OutcomeKind, NDArray[np.float64]]:
    texts = series.cast(pl.String)
    distinct = texts.unique().sort().to_list()
    chosen: OutcomeKind = kind or ("rate" if len(distinct) <= 2 or positive is not None else "mean")
    if chosen != "rate":
        if not series.dtype.is_numeric():
            raise DataError(f"'{series.name}' must be numbers to have a {chosen}; for a rate say --kind rate")
        values = series.cast(pl.Float64).to_numpy()
        if not np.isfinite(values).all():
            raise DataError(f"'{series.name}' has values that are not finite; correct them at their source")
        return chosen, values
    if len(distinct) > 2 and positive is None:
        raise DataError(f"'{series.name}' has {len(distinct):,} values; say which one is counted: --positive")
    counted = [positive] if positive is not None else [text for text in distinct if text.lower() in _YES]
    if len(counted) != 1 or counted[0] not in distinct:
        raise DataError(
            f"'{series.name}' has the values {', '.join(distinct[:8])}; say which one is counted: --positive"
        )
    return chosen, (texts == counted[0]).cast(pl.Float64).to_numpy()


def _numbers(frame: pl.DataFrame, names: tuple[str, ...]) -> NDArray[np.float64]:
    for name in names:
        if not (frame[name].dtype.is_numeric() or frame[name].dtype == pl.Boolean):
            raise DataError(f"covariate '{name}' must be numbers; leave it out, or make it a segment")
    return frame.select(pl.col(names).cast(pl.Float64)).to_numpy().reshape(frame.height, len(names))


def _expected(
    X: NDArray[np.float64], y: NDArray[np.float64], inside: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return what the rows of one arm make expect of every row: their mean, or a regression on X."""
    if not X.shape[1]:
        return np.full(len(y), y[inside].mean())
    design = np.column_stack([np.ones(len(y)), X - X.mean(axis=0)])
    weights, *_ = np.linalg.lstsq(design[inside], y[inside], rcond=None)
    return np.asarray(design @ weights, dtype=np.float64)

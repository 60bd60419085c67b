"""Framing's sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation import Comparison, Interval
from modelwright.framing.growth import Curve
from modelwright.framing.result import Signal
from modelwright.framing.signal import LEVEL, Tested
from modelwright.problem import Metric

_LITTLE = 0.05
_NEGLIGIBLE = 0.02
_STEEPEST = 0.7  # a loss that falls with the square root of the rows
_TITLES = {"linear": "a linear model", "rule": "a rule on one column", "lightgbm": "a quick boosted forest"}


def answer(
    metric: Metric,
    constant: Interval,
    best: tuple[str, Interval, Comparison],
    signal: Signal,
    accused: Sequence[str],
) -> str:
    """Say whether machine learning can answer the question.

    Parameters
    ----------
    metric : Metric
        The metric that decides.
    constant : Interval
        What a constant earns.
    best : tuple of (name, score, gain over the constant)
        The best of the models that were tried.
    signal : Signal
        The permutation test.
    accused : sequence of str
        Columns that give the target away, as the leak audit found.
    """
    name, score, gain = best
    earned = f"{_TITLES[name]} reaches {metric.title} {score}, where a constant earns {_plain(constant)}"
    if accused:
        named = ", ".join(f"'{name}'" for name in accused[:6])
        named += f" and {len(accused) - 6} more" if len(accused) > 6 else ""
        return (
            f"Not to be trusted yet: {named} seem{'s' if len(accused) == 1 else ''} to give the target away, "
            f"and {earned}. Ask first whether that is known when a prediction is asked for."
        )
    if gain.better and _share_of_possible(metric, constant, score) < _LITTLE:
        return f"A little: {earned}. That is more than chance, but decide whether it is enough to act on."
    if gain.better:
        return f"Yes: {earned}."
    if signal.significant:
        return (
            f"Perhaps: some columns say something about the target, but it does not yet help: {earned}. "
            "Training "
            "tries stronger models; columns that say more would help most."
        )
    return (
        f"Not as it stands: no model that was tried is shown to beat a constant ({earned}), and shuffled "
        "targets look as informative. Look for columns that say more, or for more rows, before building."
    )


def _plain(found: Interval) -> str:
    return str(found).split(" ", maxsplit=1)[0]


def _share_of_possible(metric: Metric, constant: Interval, score: Interval) -> float:
    """Return which share of the way from the constant to perfection was gone."""
    way = abs(metric.best - constant.value)
    return metric.improvement(score.value, constant.value) / way if way else 0.0


def signal(tested: Tested | None, unit: str) -> Signal:
    """Say what the permutation test found; `unit` is what was shuffled."""
    if tested is None:
        method = f"Not tested: fewer than 20 {unit} or no column that varies."
        return Signal(p_value=None, significant=False, columns=(), method=method)
    significant = tested.p_value <= LEVEL
    p_value = "p < 0.001" if tested.p_value < 0.001 else f"p = {tested.p_value:.2g}"
    said = "Yes" if significant else "Not shown"
    named = ", ".join(tested.columns[:6]) + (
        f" and {len(tested.columns) - 6} more" if len(tested.columns) > 6 else ""
    )
    by_themselves = f" These say something by themselves: {named}." if tested.columns else ""
    method = (
        f"{said}: {p_value} in a permutation test ({tested.shuffles} times, {tested.rows:,} {unit}; how "
        "much of the "
        f"target's spread lies between the ranges or categories of each column).{by_themselves}"
    )
    return Signal(p_value=tested.p_value, significant=significant, columns=tested.columns, method=method)


def more_rows(metric: Metric, curve: Curve, total: int, looked_at: int) -> str:
    """Say whether more rows would help."""
    doubling = curve.last_doubling
    if doubling is None:
        return "Not known: there are too few rows to learn from a part of them."
    (half, _), (whole, _) = curve.points[-2:]
    step = (
        f"from {half:,} to {whole:,} rows, {metric.title} of {_TITLES[curve.algorithm]} changes by {doubling}"
    )
    there = f" The table has {total:,} rows." if total > looked_at else ""
    remaining = abs(metric.best - curve.points[-2][1].value)
    if doubling.high < _NEGLIGIBLE * remaining:
        return f"A little at most: {step}.{there} Other columns would help more than yet more rows."
    if doubling.better:
        expected = _next_doubling(metric, curve)
        hint = f"; another doubling may bring about {_gain(expected)}" if expected > 0 else ""
        return f"Yes: {step}{hint}.{there}"
    return f"Not clear: {step}, which may be chance.{there}"


def _next_doubling(metric: Metric, curve: Curve) -> float:
    """Continue the last two gains as a power law, which is how learning curves end."""
    scores = [score.value for _, score in curve.points]
    last = metric.improvement(scores[-1], scores[-2])
    if len(scores) < 3:
        return last * _STEEPEST
    before = metric.improvement(scores[-2], scores[-3])
    return last * min(_STEEPEST, last / before) if before > 0 else last * _STEEPEST


def _gain(figure: float) -> str:
    return f"{figure:+,.{max(0, 1 - math.floor(math.log10(abs(figure))))}f}"


def spread(y: NDArray[np.generic]) -> str:
    """Say how a target of numbers is spread."""
    low, quarter, middle, three, high = np.quantile(y.astype(np.float64), (0, 0.25, 0.5, 0.75, 1))
    return (
        f"A number from {low:,.6g} to {high:,.6g}; half of the values lie between {quarter:,.6g} and "
        f"{three:,.6g}, "
        f"the middle is {middle:,.6g}."
    )


def how(total: int, looked_at: int, n_folds: int, kind: str) -> str:
    """Say which rows were used and what the figures rest on."""
    which = "All rows" if looked_at == total else f"A sample of {looked_at:,} of {total:,} rows"
    return (
        f"{which}, in {n_folds} folds ({kind}). Each score is the mean over the folds, with a 95 % "
        "bootstrap interval; "
        "it is a first look, and the vault of a build has the honest figure."
    )

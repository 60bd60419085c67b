"""The whole lifecycle over history: frame, build, answer, watch, learn, decide; once for each policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from modelwright import data
from modelwright.data import Contract
from modelwright.errors import DataError
from modelwright.lifecycle.asking import state_problem
from modelwright.lifecycle.backtesting.forest import MISSING, NAME, is_installed, live_forest
from modelwright.lifecycle.backtesting.history import FIRST_SHARE, History, first_rows, in_order, sorted_by
from modelwright.lifecycle.backtesting.learning import Workshop
from modelwright.lifecycle.backtesting.live import Life
from modelwright.lifecycle.backtesting.policies import Monthly, Never, Ours, Policy, scaled
from modelwright.lifecycle.backtesting.results import Backtested, PolicyResult
from modelwright.lifecycle.creating import framed
from modelwright.problem import Brief

POLICIES = ("never", "monthly", "ours", NAME)
CANDIDATES = 1
"""Of the plan, that a build tries beside the linear model, where nobody says how many."""

OnPolicy = Callable[[str], None]


def backtest(
    rows: pl.DataFrame,
    *,
    target: str,
    time: str | None = None,
    stated: dict[str, dict[str, Any]] | None = None,
    source: str = "",
    policies: Sequence[str] = (),
    delay: str = "",
    period: str = "",
    first: float = FIRST_SHARE,
    candidates: int = CANDIDATES,
    page: Path | None = None,
    on_policy: OnPolicy | None = None,
) -> Backtested:
    """Live through a history as if every row came today, once for each policy.

    The problem is framed, and the contract inferred, from the first rows alone. Every answer is given before
    the label of its row is known, and every decision rests on what was known then.

    Parameters
    ----------
    rows : polars.DataFrame
        The history.
    target : str
        The column to predict.
    time : str, optional
        When a row came; without it, rows are taken in their order.
    stated : dict, optional
        Sections and keys of a brief; the rest is inferred.
    source : str
        Where the rows come from, for people.
    policies : sequence of str
        Some of ``never``, ``monthly``, ``ours`` and ``forest``; all by default.
    delay : str
        How long labels take, such as ``7d``, or ``500 rows``.
    period : str
        What the policy ``monthly`` takes for a month; a calendar month by default, or a 24th of the stream
        where it has no calendar.
    first : float
        Share of the rows that the first model learns from.
    candidates : int
        How many candidates of the plan a build tries, beside the linear model.
    page : Path, optional
        Where to write the page with the timeline.
    on_policy : callable, optional
        Called with the name of each policy before it is lived.

    Raises
    ------
    DataError
        If the stream cannot be replayed.
    """
    chosen = _chosen(policies)
    history = _history(rows, target, time, stated or {}, first, delay, period)
    missing = NAME in chosen and not is_installed()
    if missing and chosen == [NAME]:
        raise DataError(MISSING)
    workshop = Workshop(history, candidates)
    lived = []
    for name in chosen:
        if name == NAME and missing:
            continue
        if on_policy is not None:
            on_policy(name)
        lived.append(_live(name, history, workshop))
    result = Backtested(
        source=source,
        target=target,
        time=time or "",
        task=history.brief.problem.task,
        metric=history.brief.problem.metric,
        rows=len(history.y),
        first=history.first,
        period=history.period,
        delay=delay,
        candidates=candidates,
        currency=history.brief.costs.currency,
        steps=tuple(history.at(step.start) for step in history.steps),
        until=history.at(len(history.y)),
        policies=tuple(lived),
        not_compared=(MISSING,) if missing else (),
        page=None if page is None else str(page),
    )
    if page is not None:
        from modelwright.lifecycle.backtesting.page import write_page

        write_page(result, page)
    return result


def stated_again(brief: Brief, besides: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what a brief states, for a history of its own; what is stated besides goes first."""
    content = brief.model_dump(
        mode="json", exclude={"data", "store", "split", "cleaning", "behaviour", "algorithms"}
    )
    kept = {key: content["problem"][key] for key in ("task", "positive", "metric") if content["problem"][key]}
    content["problem"] = kept
    return {section: keys | besides.get(section, {}) for section, keys in content.items()}


def _chosen(policies: Sequence[str]) -> list[str]:
    unknown = [name for name in policies if name not in POLICIES]
    if unknown:
        raise DataError(f"--policy: '{unknown[0]}' is unknown; use {', '.join(POLICIES)}")
    return list(dict.fromkeys(policies)) or list(POLICIES)


def _history(
    rows: pl.DataFrame,
    target: str,
    time: str | None,
    stated: dict[str, dict[str, Any]],
    share: float,
    delay: str,
    period: str,
) -> History:
    if not 0 < share < 1:
        raise DataError(f"--first: must be a share of the rows between 0 and 1, but got {share}")
    rows, column = in_order(rows, time, target)
    # How times are written is learnt from all rows, to put them in order; all else from the first alone.
    _, _, dated = _framed(rows.select(column, target), target, column, {})
    rows = sorted_by(rows, dated)
    first = first_rows(len(rows), share)
    beginning, brief, contract = _framed(rows[:first], target, column, stated)
    rows = pl.concat([beginning, data.treat(contract, rows[first:])], how="vertical_relaxed")
    rows = rows[data.labelled_rows(contract, rows)]
    return History.of(rows, brief, contract, first, delay=delay, period=period)


def _framed(
    rows: pl.DataFrame, target: str, column: str, stated: dict[str, dict[str, Any]]
) -> tuple[pl.DataFrame, Brief, Contract]:
    roles = dict(stated.get("columns", {})) | {"time": column}
    brief = state_problem(rows, name="replay", target=target, source="", stated=stated | {"columns": roles})
    rows, brief, contract = framed(rows, brief)
    steps = tuple(step for step in brief.cleaning if step.step != "constant")
    contract = data.follow_cleaning(contract, steps, rows)
    quiet = _with_quiet_columns(contract, rows, brief.columns.ignore)
    return rows, brief.model_copy(update={"cleaning": steps}), quiet


def _with_quiet_columns(contract: Contract, rows: pl.DataFrame, ignored: Sequence[str]) -> Contract:
    """Keep as features what says the same in all of the first rows: later it may say more."""
    quiet = {
        each.name
        for each in contract.columns
        if each.role == "ignore" and each.name not in ignored and rows[each.name].drop_nulls().n_unique() == 1
    }
    columns = [
        each.model_copy(update={"role": "feature"}) if each.name in quiet else each
        for each in contract.columns
    ]
    return contract.model_copy(update={"columns": tuple(columns)})


def _live(name: str, history: History, workshop: Workshop) -> PolicyResult:
    if name == NAME:
        return live_forest(history)
    brief = history.brief
    periods = sum(step.begins_period for step in history.steps)
    replayed = history.at(len(history.y)) - history.at(history.first)
    policy = scaled(brief.retraining, replayed, periods)
    known: dict[str, Policy] = {"never": Never(), "monthly": Monthly(), "ours": Ours(policy)}
    return Life(history, known[name], workshop).live()

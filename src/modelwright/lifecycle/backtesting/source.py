"""A source, and what is asked of it, replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelwright import data
from modelwright.lifecycle.backtesting.conduct import backtest, stated_again
from modelwright.lifecycle.backtesting.results import Backtested
from modelwright.lifecycle.creating import by_section
from modelwright.lifecycle.folder import Folder
from modelwright.problem import Brief


def replay_history(
    stream: Any,
    *,
    time: str | None = None,
    target: str | None = None,
    project: str | Path | None = None,
    query: str | None = None,
    metric: str | None = None,
    ignore: list[str] | None = None,
    **asked: Any,
) -> Backtested:
    """Live through a labelled history as if every row came today, once for each policy of retraining.

    Parameters
    ----------
    stream : str, Path or table
        The history.
    time : str, optional
        When a row came; by default as the project's brief says, or else rows are taken in their order.
    target : str, optional
        The column to predict; needed where there is no project.
    project : str or Path, optional
        A project whose brief says what is asked.
    query : str, optional
        SQL, for databases: its rows are the table.
    metric : str, optional
        The figure that decides.
    ignore : list of str, optional
        Columns that are not known in time.
    **asked
        As for `backtest`: ``policies``, ``delay``, ``period``, ``first``,
        ``candidates``, ``page`` and ``on_policy``.

    Raises
    ------
    ProjectError
        If there is neither a target nor a project.
    """
    stated = by_section(metric=metric, ignore=ignore)
    if target is None:
        brief = Brief.read(Folder.find(Path(project or ".")).brief)
        target, time = brief.problem.target, time or brief.columns.time or None
        stated = stated_again(brief, stated)
    rows = data.read(stream, query=query)
    return backtest(rows, target=target, time=time, stated=stated, source=data.shown(stream), **asked)

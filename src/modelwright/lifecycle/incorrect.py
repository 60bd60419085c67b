"""``errors``: which outcomes of a run's candidate are wrong, why, and where they are many."""

from __future__ import annotations

from dataclasses import dataclass

from modelwright.errors import RunError
from modelwright.evaluation import Outcomes
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.looking_back import report


@dataclass(frozen=True)
class IncorrectOutcomes:
    """What is known of a run's incorrect outcomes.

    Attributes
    ----------
    run : str
    metric : str
        The metric that decides.
    rows : int
        How many held-out rows there are.
    outcomes : Outcomes
    """

    run: str
    metric: str
    rows: int
    outcomes: Outcomes


def incorrect_outcomes(folder: Folder, run: str) -> IncorrectOutcomes:
    """Return what was found when a run was built; this is no look at the vault.

    Raises
    ------
    RunError
        If incorrect outcomes were not looked for.
    """
    evaluated = report(folder, run).evaluation
    if evaluated.outcomes is None:
        raise RunError(
            f"run {run[:8]} was built before incorrect outcomes were looked for; build again with "
            "`modelwright build`"
        )
    return IncorrectOutcomes(run, evaluated.metric, evaluated.rows, evaluated.outcomes)

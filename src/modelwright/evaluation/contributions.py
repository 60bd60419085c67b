"""How much each column adds to answers: additive explanations of single rows, summed up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from modelwright.explanation import Explanation


class Contribution(BaseModel):
    """How much one column adds to answers.

    Attributes
    ----------
    column : str
    mean : float
        Mean size of what it adds, either way.
    low, high : float
        The middle nine tenths of what it adds to single rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    column: str
    mean: float
    low: float
    high: float


class ExplainedRow(BaseModel):
    """One held-out row and why it got its answer.

    Attributes
    ----------
    row : int
        Position among the held-out rows.
    label : str
        Whose log-odds are explained; empty for regression.
    base, output : float
        The mean answer over the background, and the row's.
    reasons : tuple of str
        In words; values of sensitive columns are not shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    row: int
    label: str
    base: float
    output: float
    reasons: tuple[str, ...]


class Contributions(BaseModel):
    """Additive explanations of held-out rows.

    Attributes
    ----------
    scale : {"log-odds", "value"}
        On which all columns and the base add up to the answer.
    rows : int
        How many rows were explained.
    milliseconds : float
        Median time to explain one.
    columns : tuple of Contribution
        The largest first.
    examples : tuple of ExplainedRow
        The highest, the middle and the lowest answer among them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    scale: str
    rows: int
    milliseconds: float
    columns: tuple[Contribution, ...]
    examples: tuple[ExplainedRow, ...]


def sum_up(
    explanations: Sequence[Explanation], positions: Sequence[int], milliseconds: float
) -> Contributions:
    """Sum up the explanations of some rows.

    Parameters
    ----------
    explanations : sequence of Explanation
        At least one.
    positions : sequence of int
        Their places among the held-out rows.
    milliseconds : float
        Median time to explain one.
    """
    columns = sorted(explanations[0].columns)
    table = np.array([[each.columns[name] for name in columns] for each in explanations])
    low, high = np.quantile(table, [0.05, 0.95], axis=0)
    mean = np.abs(table).mean(axis=0)
    order = np.argsort(-mean, kind="stable")
    ranked = np.argsort([-each.output for each in explanations], kind="stable")
    shown = dict.fromkeys(int(ranked[at]) for at in (0, len(ranked) // 2, len(ranked) - 1))
    return Contributions(
        scale=explanations[0].scale,
        rows=len(explanations),
        milliseconds=milliseconds,
        columns=tuple(
            Contribution(column=columns[at], mean=float(mean[at]), low=float(low[at]), high=float(high[at]))
            for at in order
        ),
        examples=tuple(
            ExplainedRow(
                row=int(positions[at]),
                label=explanations[at].label,
                base=explanations[at].base,
                output=explanations[at].output,
                reasons=explanations[at].reasons,
            )
            for at in shown
        ),
    )

"""How a challenger on trial is held against the model in production, as the brief states it."""

from __future__ import annotations

from pydantic import Field

from modelwright.problem.section import Section


class RolloutSection(Section):
    """How a challenger on trial is held against the model in production.

    Attributes
    ----------
    key : str
        Column whose value decides which of the two answers in a canary, so that a customer keeps the model
        that answered before; empty for the id column, and where there is none the whole row decides.
    error : float
        A challenger that is not better is promoted, and one that does no harm is taken back, with at most
        this probability each, however often one looks.
    score_shift : float
        By how much the mean probability of a class may differ between the two before the challenger is taken
        back; for numbers, the mean rank of its values among those of the model in production, from 0 to 1.
    """

    key: str = ""
    error: float = Field(default=0.05, gt=0, lt=1)
    score_shift: float = Field(default=0.1, gt=0, lt=1)

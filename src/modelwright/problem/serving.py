"""How the released model answers, as the brief states it."""

from __future__ import annotations

from pydantic import Field

from modelwright.problem.section import Section


class ServingSection(Section):
    """How the released model answers.

    Attributes
    ----------
    abstain_below : float
        An answer whose most probable label is less probable than this says that it abstains; 0 means never.
        Classes only.
    """

    abstain_below: float = Field(default=0.0, ge=0, lt=1)

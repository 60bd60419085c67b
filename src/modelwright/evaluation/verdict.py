"""The release gate's answer, as the report shows it and the release keeps it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Rule(BaseModel):
    """One promise, its figure and whether it holds.

    Attributes
    ----------
    code : str
        Stable code, ``MW-R`` and three digits.
    name : str
        Short name of the promise.
    figure : str
        What is measured, in words.
    value, low, high : float or None
        The figure and its limits; None where there is none.
    bound : float or None
        What the promise allows.
    held : bool
        Whether the promise holds.
    words : str
        One sentence for a stakeholder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    figure: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: float | None = None
    held: bool
    words: str


class Verdict(BaseModel):
    """Whether a candidate may be released, and why.

    One object is the record of the release, what the screen shows, what the server answers, and the first
    section of the report.

    Attributes
    ----------
    held : bool
        Whether every rule holds.
    rules : tuple of Rule
        Every rule that was looked at.
    decided_by : str
        Code of the rule that decided.
    words : str
        The verdict in one or two sentences, for a stakeholder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    held: bool
    rules: tuple[Rule, ...]
    decided_by: str
    words: str

    @property
    def decisive(self) -> Rule:
        """The rule that decided."""
        return next(rule for rule in self.rules if rule.code == self.decided_by)

"""What framing found: the result of the stage."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from modelwright.data import Audit
from modelwright.evaluation import Comparison, Interval


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Signal(_Frozen):
    """Whether the columns say anything about the target.

    Attributes
    ----------
    p_value : float or None
        How often a shuffled target looks as informative; None where it could not be tested.
    significant : bool
        Whether that is at most 5 %.
    columns : tuple of str
        Columns that say something by themselves (level 5 % over all columns together), the strongest first.
    method : str
        What was done, or why it could not be.
    """

    p_value: float | None
    significant: bool
    columns: tuple[str, ...]
    method: str


class LearningPoint(_Frozen):
    """A score at a number of rows.

    Attributes
    ----------
    rows : int
        Rows learned from.
    score : Interval
        The metric on rows not learned from, the same for all points.
    """

    rows: int
    score: Interval


class LabelShare(_Frozen):
    """How frequent a label is.

    Attributes
    ----------
    label : str
    rows : int
    share : float
    """

    label: str
    rows: int
    share: float


class Framing(_Frozen):
    """Whether and how well machine learning can answer the question.

    Attributes
    ----------
    answer : str
        "Can machine learning answer this?", in words.
    rows : int
        Rows with a target.
    rows_looked_at : int
        How many of them were used.
    metric : str
        Name of the metric that decides.
    baselines : dict of str to Interval
        What the constant, the best single-column rule and a linear model earn, cross-validated.
    gain : Comparison
        The best of rule, linear model and learning curve against the constant, on the same rows.
    signal : Signal
        The permutation test.
    learning_curve : tuple of LearningPoint
        In ascending order of rows.
    learner : str
        The algorithm of the learning curve.
    more_rows : str
        Whether more rows would help, in words.
    balance : tuple of LabelShare
        The labels, most frequent first; empty for regression.
    spread : str
        The target's spread in words; empty for classes.
    audit : Audit
        Columns and rows that give the target away.
    split : str
        The proposed split: random, stratified, grouped or forward.
    split_reason : str
        Why.
    how : str
        Which rows were used and what the figures rest on.
    """

    answer: str
    rows: int
    rows_looked_at: int
    metric: str
    baselines: dict[str, Interval]
    gain: Comparison
    signal: Signal
    learning_curve: tuple[LearningPoint, ...]
    learner: str
    more_rows: str
    balance: tuple[LabelShare, ...]
    spread: str
    audit: Audit
    split: str
    split_reason: str
    how: str

    def paragraphs(self) -> list[tuple[str, str]]:
        """Return what a person should read, as headings and sentences."""
        return [
            ("Can machine learning answer this?", self.answer),
            ("Is there signal?", self.signal.method),
            ("Would more rows help?", self.more_rows),
            ("What is the target like?", self.spread or self._balance_in_words()),
            ("How will rows be held out?", f"{self.split}: {self.split_reason}."),
            ("What does this rest on?", self.how),
        ]

    def _balance_in_words(self) -> str:
        shown = ", ".join(f"'{each.label}' {100 * each.share:.3g} %" for each in self.balance[:6])
        more = f" and {len(self.balance) - 6} more" if len(self.balance) > 6 else ""
        rarest = self.balance[-1]
        few = f"The rarest, '{rarest.label}', has {rarest.rows:,} row{'s' * (rarest.rows != 1)}."
        return f"{len(self.balance)} labels: {shown}{more}. {few}"

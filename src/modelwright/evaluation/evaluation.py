"""Everything that is known about how good a candidate is: the result of the stage."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.abstention import Abstention
from modelwright.evaluation.behaviour import BehaviourResult
from modelwright.evaluation.calibration import Calibration
from modelwright.evaluation.comparison import Comparison
from modelwright.evaluation.confusion import Confusion, Errors
from modelwright.evaluation.contrasting import Difference
from modelwright.evaluation.contributions import Contributions
from modelwright.evaluation.cost import ExpectedCost
from modelwright.evaluation.coverage import Coverage
from modelwright.evaluation.groups import GroupTable
from modelwright.evaluation.importance import Importance
from modelwright.evaluation.intervals import Interval
from modelwright.evaluation.measuring import Figure
from modelwright.evaluation.mitigation import Mitigation
from modelwright.evaluation.outcomes import Outcomes
from modelwright.evaluation.proxies import Proxy
from modelwright.explanation import Effect
from modelwright.problem import Finding, Metric, Task, metric_named


class CheckResult(BaseModel):
    """What one check of the evaluation said.

    Attributes
    ----------
    code : str
        Stable code, such as ``MW-E001``.
    name : str
        What is checked, in words.
    finding : Finding or None
        What was found; None where all is well or the check is not applicable.
    not_applicable : str
        Why the check says nothing about this model; empty where it does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    finding: Finding | None = None
    not_applicable: str = ""

    @property
    def passed(self) -> bool:
        """Whether the check applies and found nothing."""
        return self.finding is None and not self.not_applicable


class Evaluation(BaseModel):
    """How good a candidate is, on rows it has never seen.

    Attributes
    ----------
    task : Task
    metric : str
        Name of the metric that decides.
    classes : tuple of str
        Labels in the order of the codes; empty for regression.
    rows : int
        How many rows were evaluated.
    class_rows : tuple of int
        How many of them have each label.
    looks : int
        Which look at the vault this is; 0 where the rows are no vault.
    level : float
        The probability with which all intervals hold, over all looks.
    score : Interval
        The metric.
    baselines : dict of str to Interval
        The metric of each baseline on the same rows.
    best_baseline : str or None
        The best of them; None where there are none.
    gain : Comparison or None
        The candidate against the best baseline, paired on the same rows.
    differences : tuple of Difference
        The candidate against the best baseline by every metric and in each protected group, and against the
        others by the metric that decides; the first is `gain`.
    figures : tuple of Figure
        Every metric of the task, the one that decides first; those that do not apply with the reason.
    cross_validated : float or None
        The metric on the rows that training held out by its folds.
    confusion : Confusion or None
        None for regression.
    errors : Errors or None
        None for classes.
    calibration : Calibration
        Predictions against what came true.
    groups : tuple of GroupTable
        One for each protected column, then one for each pair of them.
    proxies : tuple of Proxy
        Features that stand for a protected column, the strongest first.
    mitigation : Mitigation or None
        What thresholds of their own do for the groups of a protected column; None where there are none.
    cost : ExpectedCost or None
        None but for binary tasks.
    importance : tuple of Importance
        The most important column first; empty where it was not measured.
    outcomes : Outcomes or None
        The worst rows, confusions, doubted labels, weak slices and what disturbances cost; None where they
        were not looked for.
    coverage : Coverage or None
        How often prediction sets or intervals hold the truth; None where it was not checked.
    abstention : Abstention or None
        What abstaining costs and gains; None for regression, or where it was not measured.
    behaviour : tuple of BehaviourResult
        What the behaviour tests of the brief showed.
    contributions : Contributions or None
        How much each column adds to answers; None where it was not measured.
    effects : tuple of Effect
        How the answer moves with the most important columns.
    checks : tuple of CheckResult
        Every check of `modelwright.evaluation.checks`, with what it said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Task
    metric: str
    classes: tuple[str, ...]
    rows: int
    class_rows: tuple[int, ...]
    looks: int
    level: float
    score: Interval
    baselines: dict[str, Interval]
    best_baseline: str | None
    gain: Comparison | None
    differences: tuple[Difference, ...] = ()
    figures: tuple[Figure, ...]
    cross_validated: float | None = None
    confusion: Confusion | None = None
    errors: Errors | None = None
    calibration: Calibration
    groups: tuple[GroupTable, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    mitigation: Mitigation | None = None
    cost: ExpectedCost | None = None
    importance: tuple[Importance, ...] = ()
    outcomes: Outcomes | None = None
    coverage: Coverage | None = None
    abstention: Abstention | None = None
    behaviour: tuple[BehaviourResult, ...] = ()
    contributions: Contributions | None = None
    effects: tuple[Effect, ...] = ()
    checks: tuple[CheckResult, ...] = ()

    @property
    def decides(self) -> Metric:
        """The metric that decides."""
        return metric_named(self.metric, self.task)

    @property
    def intervals(self) -> dict[str, Interval]:
        """The figures that apply, by the names of their metrics."""
        return {figure.name: figure.interval for figure in self.figures if figure.interval is not None}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks found."""
        return tuple(check.finding for check in self.checks if check.finding is not None)

    @property
    def widest_group(self) -> GroupTable | None:
        """The protected column with the largest promised gap; None where no gap could be measured."""
        measured = [table for table in self.groups if table.promised is not None and not table.crossed]
        return max(measured, key=lambda table: table.promised.value if table.promised else 0.0, default=None)

    def __str__(self) -> str:
        against = f"; {self.gain} better than {self.best_baseline}" if self.gain else ""
        return f"{self.decides.title} {self.score} on {self.rows} held-out rows{against}"

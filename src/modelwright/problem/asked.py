"""What is asked, what a mistake costs and what is promised: the sections that say it."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from modelwright.problem.metric_lookup import metric_named
from modelwright.problem.section import Section
from modelwright.problem.task import Task


class Problem(Section):
    """What is asked, by whom, and how the answer is judged.

    Attributes
    ----------
    name : str
        Short name: letters, digits, ``-`` and ``_``. Also the name of the registered model.
    request : str
        The request in the stakeholder's words.
    stakeholder : str
        Who asks.
    target : str
        The column to predict.
    task : Task
        ``binary``, ``multiclass`` or ``regression``.
    positive : str
        The label whose probability is asked for; binary only.
    metric : str
        Name of the `Metric` that decides.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    request: str = ""
    stakeholder: str = ""
    target: str = Field(min_length=1)
    task: Task
    positive: str = ""
    metric: str

    @model_validator(mode="after")
    def _metric_fits_the_task(self) -> Self:
        metric_named(self.metric, self.task)
        return self

    @model_validator(mode="after")
    def _positive_belongs_to_binary(self) -> Self:
        if self.task is Task.BINARY and not self.positive:
            raise ValueError("positive: a binary task needs the label whose probability is asked for")
        if self.task is not Task.BINARY and self.positive:
            raise ValueError(
                f"positive: only a binary task has a positive label, but the task is {self.task}"
            )
        return self


class Costs(Section):
    """What a mistake costs; only the ratio decides, the currency is for people.

    Attributes
    ----------
    currency : str
        Name of the unit.
    false_positive : float
        Cost of acting on a row that was negative.
    false_negative : float
        Cost of missing a row that was positive.
    """

    currency: str = "EUR"
    false_positive: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    false_negative: float = Field(default=1.0, ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _some_mistake_costs(self) -> Self:
        if self.false_positive + self.false_negative == 0:
            raise ValueError("false_positive: at least one of the two mistakes must cost more than 0")
        return self


class Promises(Section):
    """What a released model must hold to; also the service level and the thresholds of monitoring.

    Attributes
    ----------
    gain : float
        Least improvement over the best baseline, in units of the metric.
    not_worse_than_champion : float
        0: a candidate must be better than the model in production. Above 0: it may be worse by at most this,
        in units of the metric (non-inferiority).
    latency_ms : float
        Longest time for a single row inside the scorer, 99th percentile, in milliseconds.
    group_gap : float
        Largest gap between the groups of a protected column, in selection rate (classes) or in
        mean error as a share of the overall mean error (regression).
    false_alarms_per_year : float
        Most false alarms that monitoring may raise in a year.
    """

    gain: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    not_worse_than_champion: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    latency_ms: float = Field(default=50.0, gt=0, allow_inf_nan=False)
    group_gap: float = Field(default=0.2, ge=0, allow_inf_nan=False)
    false_alarms_per_year: float = Field(default=1.0, gt=0, allow_inf_nan=False)


def decision_threshold(costs: Costs) -> float:
    """Return the probability of the positive label above which acting costs least.

    Elkan (2001), "The foundations of cost-sensitive learning", equation 2, with right answers free.
    """
    return costs.false_positive / (costs.false_positive + costs.false_negative)

"""The brief: the problem as ``modelwright.toml`` states it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from modelwright.errors import BriefError
from modelwright.problem.behaviour import BehaviourTest
from modelwright.problem.card import CardSection
from modelwright.problem.cleaning import CleaningStep
from modelwright.problem.data_section import DataSection
from modelwright.problem.duration import Seconds
from modelwright.problem.fairness import FairnessSection
from modelwright.problem.gap import Gap
from modelwright.problem.layout import render
from modelwright.problem.metrics import metric_named
from modelwright.problem.mistakes import explain
from modelwright.problem.serving import ServingSection
from modelwright.problem.task import Task


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Problem(_Section):
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


class Costs(_Section):
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


class Promises(_Section):
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


class ColumnRoles(_Section):
    """What some columns are there for; all others are features.

    Attributes
    ----------
    id : str
        Identifies a row; never a feature.
    time : str
        When the row was known; the data is split forward in time.
    group : str
        Rows of one group never straddle a split.
    protected : tuple of str
        Groups that must not be left worse off; stay features unless also ignored.
    ignore : tuple of str
        Not known at prediction time, or not allowed.
    """

    id: str = ""
    time: str = ""
    group: str = ""
    protected: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @field_validator("protected", "ignore", mode="before")
    @classmethod
    def _lists_only(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError(  # noqa: TRY004 - pydantic reports ValueError with the key, TypeError not at all
                f"must be a list of column names, such as [\"{value}\"], but got the text '{value}'"
            )
        return value


def _gap(value: Any) -> Any:
    """Accept a number beside texts such as ``"7d"`` and ``"500 rows"``."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = f"{value:g}" if is_number else value
    if isinstance(text, str):
        Gap.parse(text)
    return text


class SplitSection(_Section):
    """How rows are held out; what is not stated is proposed from the data.

    Attributes
    ----------
    kind : str
        ``random``, ``stratified``, ``grouped``, ``forward`` or ``grouped_forward``; empty is proposed.
    gap : str
        Forward in time: what lies between the rows that are learned from and those that are judged by,
        such as ``7d`` or ``500 rows``.
    share : float
        Of the rows, for the vault.
    """

    kind: Literal["", "random", "stratified", "grouped", "forward", "grouped_forward"] = ""
    gap: Annotated[str, BeforeValidator(_gap)] = ""
    share: float = Field(default=0.2, ge=0.01, le=0.9)

    @model_validator(mode="after")
    def _gap_needs_time(self) -> Self:
        if self.gap and self.kind in {"random", "stratified", "grouped"}:
            raise ValueError(
                f"gap: only a split forward in time has a gap, but kind is '{self.kind}'; use 'forward' or "
                "'grouped_forward', or clear the gap"
            )
        return self


class TrainingSection(_Section):
    """How much work a build may do.

    Attributes
    ----------
    time_limit : float
        Seconds; text such as ``"5m"`` is read too.
    seed : int
        The one seed of all randomness.
    cores : int
        Threads to use; 0 means all.
    """

    time_limit: Seconds = 60.0
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    cores: int = Field(default=0, ge=0)


class EvaluationSection(_Section):
    """Numbers that some figures of the evaluation need.

    Attributes
    ----------
    lift_share : float
        Share of the rows, those scored highest, whose lift is reported; binary only.
    quantile : float
        Quantile of the pinball loss that is reported; regression only.
    equivalence : float
        By how much two models may differ in the metric that decides and still count as practically equal, in
        its units; 0 means a hundredth: 0.01 for a metric between 0 and 1, else 1 % of the figure.
    """

    lift_share: float = Field(default=0.1, gt=0, le=1)
    quantile: float = Field(default=0.5, gt=0, lt=1)
    equivalence: float = Field(default=0.0, ge=0, allow_inf_nan=False)


class StoreSection(_Section):
    """Where things are kept; empty means SQLite files inside the project.

    Attributes
    ----------
    tracking : str
        MLflow tracking URI.
    database : str
        SQLAlchemy URL of the operations database.
    """

    tracking: str = ""
    database: str = ""


class Brief(_Section):
    """The problem: what is asked, what a mistake costs, what is promised.

    Attributes
    ----------
    problem : Problem
    costs : Costs
    promises : Promises
    data : DataSection
    columns : ColumnRoles
    split : SplitSection
    training : TrainingSection
    evaluation : EvaluationSection
    fairness : FairnessSection
    serving : ServingSection
    card : CardSection
    store : StoreSection
    cleaning : tuple of CleaningStep
        What is done to the data, in this order.
    behaviour : tuple of BehaviourTest
        What the model must do, whatever it has learnt.
    """

    problem: Problem
    costs: Costs = Costs()
    promises: Promises = Promises()
    data: DataSection = DataSection()
    columns: ColumnRoles = ColumnRoles()
    split: SplitSection = SplitSection()
    training: TrainingSection = TrainingSection()
    evaluation: EvaluationSection = EvaluationSection()
    fairness: FairnessSection = FairnessSection()
    serving: ServingSection = ServingSection()
    card: CardSection = CardSection()
    store: StoreSection = StoreSection()
    cleaning: tuple[CleaningStep, ...] = ()
    behaviour: tuple[BehaviourTest, ...] = ()

    @model_validator(mode="after")
    def _only_classes_abstain(self) -> Self:
        if self.serving.abstain_below and not self.problem.task.is_classification:
            raise ValueError(
                "serving.abstain_below: a number has no probability to be below; ask for intervals instead"
            )
        return self

    @model_validator(mode="after")
    def _split_has_its_columns(self) -> Self:
        needs = {"grouped": ("group",), "forward": ("time",), "grouped_forward": ("time", "group")}
        for role in needs.get(self.split.kind, ()):
            if not getattr(self.columns, role):
                raise ValueError(f"split.kind: '{self.split.kind}' needs columns.{role}, which is empty")
        if self.split.gap and not self.columns.time:
            raise ValueError("split.gap: a gap needs columns.time, which is empty")
        return self

    @model_validator(mode="after")
    def _target_is_nothing_else(self) -> Self:
        for role, named in self.columns.model_dump().items():
            if self.problem.target in ([named] if isinstance(named, str) else named):
                raise ValueError(
                    f"columns.{role}: '{self.problem.target}' is the target and can't be {role} as well"
                )
        return self

    @model_validator(mode="after")
    def _groups_can_be_evened_out(self) -> Self:
        is_binary = self.problem.task is Task.BINARY
        if said := self.fairness.complaint(self.columns.protected, is_binary=is_binary):
            raise ValueError(said)
        return self

    def question(self) -> dict[str, Any]:
        """Return the keys that decide what a model answers and how it is judged, each with its value.

        Promises are none of them: they are held against whatever model there is.
        """
        keys = {
            "problem": ("target", "task", "positive", "metric"),
            "costs": ("false_positive", "false_negative"),
            "columns": tuple(ColumnRoles.model_fields),
            "fairness": tuple(FairnessSection.model_fields),
        }
        return {
            f"{section}.{key}": getattr(getattr(self, section), key)
            for section, named in keys.items()
            for key in named
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any], where: str = "the brief") -> Brief:
        """Check the content of a brief.

        Parameters
        ----------
        content : dict
            Sections and their keys.
        where : str
            What to call it in an error.

        Raises
        ------
        BriefError
            Naming every key that is unknown (with the nearest that is known) or wrong.
        """
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise BriefError(explain(error, cls, where)) from error

    @classmethod
    def read(cls, path: Path) -> Brief:
        """Read and check a brief.

        Parameters
        ----------
        path : Path
            A ``modelwright.toml``.

        Raises
        ------
        BriefError
            If the file is missing, is not TOML, or says something impossible.
        """
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise BriefError(f"{path}: there is no brief here; `modelwright new` writes one") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BriefError(f"{path}: not valid TOML: {error}") from error
        return cls.from_dict(content, str(path))

    def to_toml(self) -> str:
        """Write the brief as TOML with a comment for every key, for people to edit."""
        content = self.model_dump(mode="json")
        cleaning = [step.declared() for step in self.cleaning]
        behaviour = [test.declared() for test in self.behaviour]
        return render(content | {"cleaning": cleaning, "behaviour": behaviour})


def decision_threshold(costs: Costs) -> float:
    """Return the probability of the positive label above which acting costs least.

    Elkan (2001), "The foundations of cost-sensitive learning", equation 2, with right answers free.
    """
    return costs.false_positive / (costs.false_positive + costs.false_negative)

"""How the question is gone about: the sections on columns, split, training, evaluation and stores."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from modelwright.problem.duration import Seconds
from modelwright.problem.gap import Gap
from modelwright.problem.memory import Memory
from modelwright.problem.section import Section


class ColumnRoles(Section):
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
    weight : str
        How much a row counts, in training and in every figure; never a feature.
    increasing, decreasing : tuple of str
        Features with which the prediction must not fall, or must not rise.
    """

    id: str = ""
    time: str = ""
    group: str = ""
    protected: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    weight: str = ""
    increasing: tuple[str, ...] = ()
    decreasing: tuple[str, ...] = ()

    @field_validator("protected", "ignore", "increasing", "decreasing", mode="before")
    @classmethod
    def _lists_only(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError(  # noqa: TRY004 - pydantic reports ValueError with the key, TypeError not at all
                f"must be a list of column names, such as [\"{value}\"], but got the text '{value}'"
            )
        return value

    @model_validator(mode="after")
    def _one_direction_each(self) -> Self:
        for name in self.increasing:
            if name in self.decreasing:
                raise ValueError(f"increasing: '{name}' is in decreasing too, so it could have no effect")
        for name in self.directions:
            taken = [role for role in ("id", "time", "group", "weight") if getattr(self, role) == name]
            if taken or name in self.ignore:
                role = taken[0] if taken else "ignore"
                raise ValueError(f"'{name}' has a direction, but models never see it: it is {role} as well")
        return self

    @property
    def directions(self) -> dict[str, int]:
        """The columns with which the prediction must not fall (1), or must not rise (-1)."""
        return dict.fromkeys(self.increasing, 1) | dict.fromkeys(self.decreasing, -1)


def _gap(value: Any) -> Any:
    """Accept a number beside texts such as ``"7d"`` and ``"500 rows"``."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = f"{value:g}" if is_number else value
    if isinstance(text, str):
        Gap.parse(text)
    return text


class SplitSection(Section):
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


class TrainingSection(Section):
    """How much work a build may do.

    Attributes
    ----------
    time_limit : float
        Seconds; text such as ``"5m"`` is read too.
    seed : int
        The one seed of all randomness.
    cores : int
        Threads to use; 0 means all.
    work : int
        A count of fits in place of the time limit, so that the same data gives the same model; 0 means that
        time is the limit.
    memory : str
        What the process may hold when a fit is begun: a size such as ``"8GB"``, or a share of the machine's.
    """

    time_limit: Seconds = 60.0
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    cores: int = Field(default=0, ge=0)
    work: int = Field(default=0, ge=0)
    memory: Memory = "70%"


class EvaluationSection(Section):
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


class StoreSection(Section):
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

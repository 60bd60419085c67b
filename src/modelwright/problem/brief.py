"""The brief: the problem as ``modelwright.toml`` states it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator

from modelwright.errors import BriefError
from modelwright.problem.alerts import AlertsSection
from modelwright.problem.asked import Costs, Problem, Promises
from modelwright.problem.behaviour import BehaviourTest
from modelwright.problem.card import CardSection
from modelwright.problem.cleaning import CleaningStep
from modelwright.problem.data_section import DataSection
from modelwright.problem.fairness import FairnessSection
from modelwright.problem.layout import render
from modelwright.problem.method import (
    ColumnRoles,
    EvaluationSection,
    SplitSection,
    StoreSection,
    TrainingSection,
)
from modelwright.problem.mistakes import explain
from modelwright.problem.own_algorithms import OwnAlgorithm
from modelwright.problem.retraining import RetrainingSection
from modelwright.problem.rollout import RolloutSection
from modelwright.problem.section import Section
from modelwright.problem.serving import ServingSection
from modelwright.problem.task import Task


class Brief(Section):
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
    rollout : RolloutSection
    alerts : AlertsSection
    retraining : RetrainingSection
    card : CardSection
    store : StoreSection
    cleaning : tuple of CleaningStep
        What is done to the data, in this order.
    algorithms : tuple of OwnAlgorithm
        Classes of one's own that are tried beside the catalogue.
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
    rollout: RolloutSection = RolloutSection()
    alerts: AlertsSection = AlertsSection()
    retraining: RetrainingSection = RetrainingSection()
    card: CardSection = CardSection()
    store: StoreSection = StoreSection()
    cleaning: tuple[CleaningStep, ...] = ()
    behaviour: tuple[BehaviourTest, ...] = ()
    algorithms: tuple[OwnAlgorithm, ...] = ()

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
    def _directions_have_a_scale(self) -> Self:
        if self.columns.directions and self.problem.task is Task.MULTICLASS:
            raise ValueError(
                "columns.increasing, columns.decreasing: with more than two labels there is no one "
                "probability that could rise or fall; clear them, or ask for one label against the rest"
            )
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
        own = [each.declared() for each in self.algorithms]
        return render(content | {"cleaning": cleaning, "behaviour": behaviour, "algorithms": own})

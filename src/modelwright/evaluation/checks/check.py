"""What a check of the evaluation is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from modelwright.evaluation.evaluation import CheckResult, Evaluation
from modelwright.problem import Brief, Finding, Severity, stated_reason


class Check(ABC):
    """One thing to notice in an evaluation.

    A check's docstring says how it is detected, why it matters and what to do; the docs page is made from it.

    Attributes
    ----------
    code : str
        Stable code, ``MW-E`` and three digits.
    name : str
        What is checked, in words.
    """

    code: ClassVar[str]
    name: ClassVar[str]

    def not_applicable(self, evaluation: Evaluation, brief: Brief) -> str:  # noqa: ARG002 - for overriders
        """Return why the check says nothing about this evaluation; empty where it applies."""
        return ""

    @abstractmethod
    def find(self, evaluation: Evaluation, brief: Brief) -> Finding | None:
        """Return what was found; None where all is well. Only called where the check applies."""

    def run(self, evaluation: Evaluation, brief: Brief) -> CheckResult:
        """Look, where it applies."""
        because = self.not_applicable(evaluation, brief)
        finding = None if because else self.find(evaluation, brief)
        return CheckResult(code=self.code, name=self.name, finding=finding, not_applicable=because)

    def finding(
        self,
        severity: Severity,
        message: str,
        advice: str,
        *,
        column: str | None = None,
        count: int | None = None,
    ) -> Finding:
        """Make a finding with the check's own code."""
        return Finding(
            code=self.code,
            severity=severity,
            message=message,
            column=column,
            count=count,
            why=stated_reason(self),
            advice=advice,
        )

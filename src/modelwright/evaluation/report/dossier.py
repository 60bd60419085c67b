"""All that is known of a run: what the page, the card and the JSON document say, each in its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python

from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.report import tables, words
from modelwright.evaluation.verdict import Verdict
from modelwright.problem import Brief, Finding
from modelwright.store import Look

if TYPE_CHECKING:
    from modelwright.data import Contract, Split
    from modelwright.training import LeaderboardRow


@dataclass(frozen=True)
class Dossier:
    """All that is known of a run.

    Attributes
    ----------
    evaluation : Evaluation
        How good the candidate is.
    brief : Brief
        What was asked and promised.
    contract : Contract
        What the columns are.
    verdict : Verdict or None
        The gate's answer; None where it has not judged yet.
    choice : str
        What the candidate is, in words.
    leaderboard : sequence of LeaderboardRow
        What training tried.
    findings : sequence of Finding
        What was noticed about the data.
    split : Split or None
        How rows were held out, and why.
    looks : sequence of Look
        Every look at the held-out rows, oldest first.
    proved : dict of str to str
        What was proved of the package, in words.
    identifiers : dict of str to str
        Such as run, snapshot, contract.
    versions : dict of str to str
        Of the libraries that made it.
    made : datetime
    """

    evaluation: Evaluation
    brief: Brief
    contract: Contract
    verdict: Verdict | None = None
    choice: str = ""
    leaderboard: Sequence[LeaderboardRow] = ()
    findings: Sequence[Finding] = ()
    split: Split | None = None
    looks: Sequence[Look] = ()
    proved: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    def beside(self) -> dict[str, Any]:
        """Return what the page says beside the evaluation and the verdict, as JSON.

        Columns and steps of cleaning are told without values of sensitive columns.
        """
        evaluated = self.evaluation
        labels = tables.confusion(evaluated)
        told: dict[str, Any] = to_jsonable_python(
            {
                "words": {
                    "answer": words.answer(evaluated, self.verdict),
                    "money": words.money(evaluated, self.brief),
                    "meaning": words.meaning(evaluated, self.brief),
                    "calibration": words.calibration(evaluated),
                    "promises": words.promises(evaluated, self.brief, self.verdict),
                },
                "labels": labels.by_label if labels else (),
                "choice": self.choice,
                "leaderboard": self.leaderboard,
                "findings": self.findings,
                "split": self.split,
                "brief": tables.stated(self.brief),
                "columns": tables.columns(self.contract),
                "cleaning": tables.cleaning(self.contract),
                "looks": self.looks,
                "proved": self.proved,
                "identifiers": self.identifiers,
                "versions": self.versions,
                "made": self.made,
            },
            inf_nan_mode="strings",
        )
        return told

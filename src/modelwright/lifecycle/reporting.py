"""A run's report, written when it is built and again whenever the gate's answer changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from modelwright import data, evaluation
from modelwright.evaluation import Evaluation, Verdict
from modelwright.lifecycle.auditing import kept_audit
from modelwright.lifecycle.preparation import Preparation
from modelwright.training import LeaderboardRow


def write_run_report(
    prepared: Preparation,
    evaluated: Evaluation,
    verdict: Verdict,
    place: Path,
    leaderboard: Sequence[LeaderboardRow],
) -> None:
    """Write ``report.html`` beside a run, with the gate's answer as it is now."""
    start, audited = prepared.start, kept_audit(place)
    leaks = audited.as_findings() if audited is not None else ()
    evaluation.write_report(
        evaluated,
        prepared.brief,
        prepared.contract,
        place / "report.html",
        verdict=verdict,
        leaderboard=leaderboard,
        findings=[*leaks, *data.first_findings(prepared.rows, prepared.contract)],
        split=data.propose_split(prepared.rows, prepared.contract, prepared.brief.split),
        identifiers={"run": start.run, "snapshot": start.snapshot, "contract": prepared.contract.hash},
    )

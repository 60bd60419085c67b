"""The loop closes: new labelled rows, a challenger, the gate, and back where it turns out to be worse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
from pydantic_core import to_jsonable_python

from modelwright import data
from modelwright.errors import ReleaseError
from modelwright.lifecycle.cleaning import contract_for
from modelwright.lifecycle.conduct import Builder
from modelwright.lifecycle.harvest import Harvest, harvest
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.release import Releases
from modelwright.lifecycle.results import Retrained
from modelwright.lifecycle.situation import doubts, newest_labelled, situation
from modelwright.monitoring import Monitoring, Situation, decide_retrain, span
from modelwright.store import Operations, Release, read_json

AWAITS = "awaits approval"


def retrain(
    builder: Builder, releases: Releases, monitoring: Monitoring, source: pl.DataFrame, *, if_needed: bool
) -> Retrained:
    """Build a challenger where it is called for, and release it where the gate lets it through.

    Where it was called for by the policy, a release that turns out to be worse than the one before it is
    taken back first. The decision, whatever it is, is recorded with its evidence.

    Parameters
    ----------
    builder : Builder
    releases : Releases
    monitoring : Monitoring
        What holds in production.
    source : polars.DataFrame
        The rows of the brief's source, read anew.
    if_needed : bool
        Whether to act only where the brief's policy calls for it.

    Raises
    ------
    ReleaseError
        If nothing is in production yet.
    """
    operations, policy = builder.operations, builder.brief.retraining
    current = operations.current_release()
    if current is None:
        raise ReleaseError(
            "nothing is in production yet, so there is nothing to retrain; run `modelwright build`"
        )
    found = situation(builder.folder, operations, monitoring, current)
    if if_needed and (reverted := _gives_way(releases, found, current)) is not None:
        return reverted
    advice = decide_retrain(found, policy, if_needed=if_needed)
    if advice.decision == "keep":
        return _record(operations, Retrained("kept", advice.reason), advice.evidence)
    doubted = doubts(newest_labelled(operations, current), builder.brief.problem.task) if if_needed else ()
    if doubted:
        said = " ".join(f"{each.code} {each.words}" for each in doubted)
        all_the_same = "`modelwright retrain` without --if-needed learns from it all the same."
        reason = f"{advice.reason} But {said} {all_the_same}"
        return _record(operations, Retrained("kept", reason), advice.evidence | {"doubts": said})
    return _challenge(builder, releases, source, advice.reason, advice.evidence)


def _challenge(
    builder: Builder, releases: Releases, source: pl.DataFrame, why: str, evidence: dict[str, Any]
) -> Retrained:
    operations = builder.operations
    source = data.treat(builder.folder.read_contract(), source)
    contract = contract_for(builder.folder, builder.brief, source)
    gathered = harvest(builder.brief, contract, source, operations)
    learnt = _learnt_already(builder, gathered)
    if learnt is not None:
        return _record(operations, Retrained("kept", f"{why} But {learnt}"), evidence)
    built = builder.build(gathered.rows, _describe(builder, gathered), vault_rows=gathered.judging)
    if builder.brief.retraining.approval:
        verdict = releases.judge(built.run)
        decision = AWAITS if verdict.held else "refused"
        asked = f" `modelwright approve {built.run[:8]}` releases it." if verdict.held else ""
        result = Retrained(decision, f"{why} {verdict.decisive.words}{asked}", built.run, None, verdict)
        return _record(operations, result, evidence)
    deployed = releases.deploy(built.run, retrained=True)
    decision = "released" if deployed.held else "refused"
    reason = f"{why} {deployed.verdict.decisive.words}"
    result = Retrained(decision, reason, built.run, deployed.release, deployed.verdict)
    return _record(operations, result, evidence)


def _gives_way(releases: Releases, found: Situation, current: Release) -> Retrained | None:
    """Take a release back that is worse than the one before it, for as long as it is watched closely."""
    closely = datetime.now(UTC) - current.at <= span(releases.brief.retraining.watch_for)
    if found.freshness is None or not closely or not found.freshness.is_worse:
        return None
    back = releases.rollback()
    reason = f"{current.id} is worse than the release before it: {found.freshness.words}."
    result = Retrained("reverted", reason, back.run, back.release)
    return _record(releases.operations, result, found.evidence())


def approve(releases: Releases, run: str) -> Retrained:
    """Release a challenger that awaits a person's approval, if the gate still lets it through.

    Raises
    ------
    ReleaseError
        If it awaits none.
    """
    _refuse_unless_awaiting(releases.operations, run)
    deployed = releases.deploy(run, retrained=True)
    decision = "released" if deployed.held else "refused"
    reason = f"Approved by hand. {deployed.verdict.decisive.words}"
    result = Retrained(decision, reason, run, deployed.release, deployed.verdict)
    return _record(releases.operations, result, {"approved": True})


def reject(releases: Releases, run: str, reason: str) -> Retrained:
    """Refuse a challenger that awaits a person's approval.

    Raises
    ------
    ReleaseError
        If it awaits none.
    """
    _refuse_unless_awaiting(releases.operations, run)
    return _record(
        releases.operations, Retrained("rejected", reason or "Rejected by hand.", run), {"approved": False}
    )


def _refuse_unless_awaiting(operations: Operations, run: str) -> None:
    decisions = [each for each in operations.decisions() if each.run == run]
    if not decisions or decisions[-1].decision != AWAITS:
        raise ReleaseError(
            f"run {run[:8]} awaits no approval; `modelwright retrain` says which run does, where "
            "retraining.approval is true in the brief"
        )


def _learnt_already(builder: Builder, gathered: Harvest) -> str | None:
    """Say which finished run learnt from the very same rows in the very same way, if one did."""
    folder, brief = builder.folder, builder.brief
    source = _describe(builder, gathered)
    snapshot = data.take_snapshot(gathered.rows, folder.snapshots, source, encrypt=brief.data.encrypt).hash
    contract = contract_for(folder, brief, gathered.rows)
    asked = (snapshot, contract, brief.question(), brief.training, brief.split)
    for finished in (folder.state / "runs").glob("*/built.json"):
        if read_json(finished).get("ended") == "interrupted":
            continue  # another attempt may find more
        run = Preparation.of(folder, finished.parent.name)
        if asked == (
            run.start.snapshot,
            run.contract,
            run.brief.question(),
            run.brief.training,
            run.brief.split,
        ):
            return (
                f"neither the source nor the labels have anything that run {run.start.run[:8]} did not have, "
                "and the same rows give the same model; `modelwright build --time-limit` searches longer."
            )
    return None


def _describe(builder: Builder, gathered: Harvest) -> str:
    labelled = f" and {gathered.labelled:,} labelled observations" if gathered.labelled else ""
    return f"{builder.brief.data.source}{labelled}"


def _record(operations: Operations, result: Retrained, evidence: dict[str, Any]) -> Retrained:
    kept = evidence | {"verdict": to_jsonable_python(result.verdict)}
    operations.add_decision(result.decision, result.reason, kept, run=result.run, release=result.release)
    return result

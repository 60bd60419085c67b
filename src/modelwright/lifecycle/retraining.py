"""The loop closes: new labelled rows, a challenger, and the gate."""

from __future__ import annotations

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
from modelwright.monitoring import Monitoring, decide_retrain
from modelwright.store import Operations, read_json


def retrain(
    builder: Builder, releases: Releases, monitoring: Monitoring, source: pl.DataFrame, *, if_needed: bool
) -> Retrained:
    """Build a challenger where it is called for, and release it where the gate lets it through.

    The decision, whatever it is, is recorded.

    Parameters
    ----------
    builder : Builder
    releases : Releases
    monitoring : Monitoring
        What holds in production.
    source : polars.DataFrame
        The rows of the brief's source, read anew.
    if_needed : bool
        Whether to build only where monitoring calls for it.

    Raises
    ------
    ReleaseError
        If nothing is in production yet.
    """
    operations = builder.operations
    if operations.current_release() is None:
        raise ReleaseError(
            "nothing is in production yet, so there is nothing to retrain; run `modelwright build`"
        )
    advice = decide_retrain(monitoring, if_needed=if_needed)
    if advice.decision == "keep":
        return _record(operations, Retrained("kept", advice.reason), advice.evidence)
    source = data.treat(builder.folder.read_contract(), source)
    contract = contract_for(builder.folder, builder.brief, source)
    gathered = harvest(builder.brief, contract, source, operations)
    learnt = _learnt_already(builder, gathered)
    if learnt is not None:
        reason = f"{advice.reason} But {learnt}"
        return _record(operations, Retrained("kept", reason), advice.evidence)
    built = builder.build(gathered.rows, _describe(builder, gathered), vault_rows=gathered.judging)
    deployed = releases.deploy(built.run)
    decision = "released" if deployed.held else "refused"
    reason = f"{advice.reason} {deployed.verdict.decisive.words}"
    result = Retrained(decision, reason, built.run, deployed.release, deployed.verdict)
    return _record(operations, result, advice.evidence)


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


def _record(operations: Operations, result: Retrained, evidence: dict[str, object]) -> Retrained:
    kept = evidence | {"verdict": to_jsonable_python(result.verdict)}
    operations.add_decision(result.decision, result.reason, kept, run=result.run, release=result.release)
    return result

"""The loop closes: new labelled rows, a challenger, and the gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic_core import to_jsonable_python

from modelwright.data import Contract
from modelwright.errors import ReleaseError
from modelwright.lifecycle.conduct import Builder
from modelwright.lifecycle.judging import FEWEST_NEW_ROWS
from modelwright.lifecycle.release import Releases
from modelwright.lifecycle.results import Retrained
from modelwright.monitoring import Monitoring, decide_retrain
from modelwright.problem import Brief
from modelwright.store import Operations

JUDGING_SHARE = 0.5


@dataclass(frozen=True)
class Harvest:
    """Old and new rows.

    Attributes
    ----------
    rows : polars.DataFrame
        The source's rows, then the labelled observations, oldest first.
    judging : ndarray of int or None
        Positions of the newest labelled observations, which neither model may learn from; None where there
        are too few of them.
    labelled : int
        How many observations have a label.
    """

    rows: pl.DataFrame
    judging: NDArray[np.int64] | None
    labelled: int


def harvest(brief: Brief, contract: Contract, source: pl.DataFrame, operations: Operations) -> Harvest:
    """Join the source's rows with what production has taught since."""
    observed = operations.observations(labelled=True).sort("at", "id")
    if observed.is_empty():
        return Harvest(source, None, 0)
    new = observed["row"].struct.unnest().with_columns(observed["label"].alias(brief.problem.target))
    new = _with_time(new, observed["at"], contract, source)
    shared = pl.Schema({name: dtype for name, dtype in source.schema.items() if name in new.columns})
    new = new.select(shared.names()).cast(shared, strict=False)
    rows = pl.concat([source, new], how="diagonal")
    judges = int(len(new) * JUDGING_SHARE)
    judging = np.arange(len(rows) - judges, len(rows)) if judges >= FEWEST_NEW_ROWS else None
    return Harvest(rows, judging, len(new))


def _with_time(new: pl.DataFrame, at: pl.Series, contract: Contract, source: pl.DataFrame) -> pl.DataFrame:
    """Date the rows that did not say when by the moment of their prediction."""
    timed = [column for column in contract.columns if column.role == "time"]
    if not timed or timed[0].name in new.columns:
        return new
    name, stated = timed[0].name, timed[0].format
    moments = at.dt.to_string(stated) if source.schema[name] == pl.String else at.cast(source.schema[name])
    return new.with_columns(moments.alias(name))


def retrain(
    builder: Builder, releases: Releases, monitoring: Monitoring, source: pl.DataFrame, *, if_needed: bool
) -> Retrained:
    """Build a challenger where it is called for, and release it where the gate lets it through.

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
    operations, brief = builder.operations, builder.brief
    champion = operations.current_release()
    if champion is None:
        raise ReleaseError(
            "nothing is in production yet, so there is nothing to retrain; run `modelwright build`"
        )
    advice = decide_retrain(monitoring, if_needed=if_needed)
    if advice.decision == "keep":
        return _record(operations, Retrained("kept", advice.reason), advice.evidence)
    gathered = harvest(brief, builder.folder.read_contract(), source, operations)
    built = builder.build(gathered.rows, _describe(brief, gathered), vault_rows=gathered.judging)
    deployed = releases.deploy(built.run)
    decision = "released" if deployed.held else "refused"
    reason = f"{advice.reason} {deployed.words}"
    result = Retrained(decision, reason, built.run, deployed.release, deployed.rules)
    return _record(operations, result, advice.evidence)


def _describe(brief: Brief, gathered: Harvest) -> str:
    return f"{brief.data.source} and {gathered.labelled} labelled observations"


def _record(operations: Operations, result: Retrained, evidence: dict[str, object]) -> Retrained:
    kept = evidence | {"rules": to_jsonable_python(result.rules)}
    operations.add_decision(result.decision, result.reason, kept, run=result.run, release=result.release)
    return result

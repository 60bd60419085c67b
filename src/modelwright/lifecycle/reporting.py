"""A run's report, written when it is built and again whenever the gate's answer changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from modelwright import data, evaluation
from modelwright.deployment import Package
from modelwright.evaluation import Dossier, Evaluation, Verdict
from modelwright.lifecycle.auditing import kept_audit
from modelwright.lifecycle.preparation import Preparation
from modelwright.store import Operations, read_json, write_atomic, write_json
from modelwright.training import LeaderboardRow

REPORT, BESIDE, CARD = "report.html", "report.json", "model_card.md"


def write_run_report(
    prepared: Preparation,
    evaluated: Evaluation,
    verdict: Verdict,
    place: Path,
    leaderboard: Sequence[LeaderboardRow],
    operations: Operations,
) -> None:
    """Write a run's report, model card and what they say as JSON, with the gate's answer as it is now."""
    package = Package.open(place / "package")
    manifest = package.manifest
    begun = dossier_of(prepared, evaluated, leaderboard, str(manifest.metadata.get("choice", "")))
    dossier = replace(
        begun,
        verdict=verdict,
        looks=prepared.vault.ledger(operations),
        proved=_proved(package),
        identifiers={**begun.identifiers, "graph": manifest.files["model.onnx"].sha256},
        versions=manifest.versions,
        made=manifest.created,
    )
    write_json(place / BESIDE, dossier.beside())
    write_atomic(place / CARD, evaluation.render_model_card(dossier))
    evaluation.write_report(dossier, place / REPORT)


def dossier_of(
    prepared: Preparation, evaluated: Evaluation, leaderboard: Sequence[LeaderboardRow], choice: str
) -> Dossier:
    """Collect what is known of a run before it is packaged and judged."""
    start, audited = prepared.start, kept_audit(prepared.folder.run(prepared.start.run))
    leaks = audited.as_findings() if audited is not None else ()
    return Dossier(
        evaluation=evaluated,
        brief=prepared.brief,
        contract=prepared.contract,
        choice=choice,
        leaderboard=leaderboard,
        findings=[*leaks, *data.first_findings(prepared.rows, prepared.contract)],
        split=data.propose_split(prepared.rows, prepared.contract, prepared.brief.split),
        identifiers={
            "run": f"{start.run} ({start.name})",
            "snapshot of the data": start.snapshot,
            "held-out rows": start.vault,
            "contract": prepared.contract.hash,
        },
    )


def kept_beside(place: Path) -> dict[str, Any]:
    """Return what a run's report says beside the evaluation and the verdict."""
    kept: dict[str, Any] = read_json(place / BESIDE)
    return kept


def _proved(package: Package) -> dict[str, str]:
    parity, latency = package.manifest.parity, package.manifest.latency
    relative = "relative " if parity.measure == "relative" else ""
    return {
        "scores like the trained model": f"on {parity.rows:,} rows, largest {relative}difference "
        f"{parity.largest_difference:.1e}",
        "time for one row": f"median {latency.p50_ms:.3f} ms, 99th percentile {latency.p99_ms:.3f} ms, on "
        "the machine that built it",
    }

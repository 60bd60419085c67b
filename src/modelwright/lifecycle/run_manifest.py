"""A run's manifest: everything needed to do it again, in one file beside the run."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from modelwright.errors import RunError
from modelwright.lifecycle.preparation import Preparation
from modelwright.store import read_json, write_json
from modelwright.training import Trained, TrainingRecord, hash_of

FILE = "manifest.json"
LIBRARIES = (
    "modelwright",
    "numpy",
    "scipy",
    "polars",
    "scikit-learn",
    "lightgbm",
    "xgboost-cpu",
    "catboost",
    "onnx",
    "onnxruntime",
)


@dataclass(frozen=True)
class RunManifest:
    """What a run was made of, and what it did.

    Attributes
    ----------
    run, name : str
    seed : int
        The one seed of all randomness.
    snapshot, vault, way : str
        Hash of the data, name of the sealed rows, and how these were chosen.
    brief, contract : dict
        As they were then.
    contract_hash : str
    versions : dict of str to str
        Of the libraries.
    machine : dict of str to str
        What predictions may depend on besides.
    training : TrainingRecord
        The plan, the fits with their rounds, and where and why it ended.
    weights : dict of str to float
        Of the candidates in the ensemble, where they are not 0.
    linear_alone : bool
        Whether the linear model was preferred to the ensemble.
    cross_validated : float
        The metric on the rows that the folds held out.
    predictions, proof : str
        SHA-256 of what the candidate says of those rows, and of all rows.
    """

    run: str
    name: str
    seed: int
    snapshot: str
    vault: str
    way: str
    brief: dict[str, Any]
    contract: dict[str, Any]
    contract_hash: str
    versions: dict[str, str]
    machine: dict[str, str]
    training: TrainingRecord
    weights: dict[str, float]
    linear_alone: bool
    cross_validated: float
    predictions: str
    proof: str


def manifest_of(prepared: Preparation, trained: Trained) -> RunManifest:
    """Note down what a training was made of, and what it did."""
    start = prepared.start
    return RunManifest(
        run=start.run,
        name=start.name,
        seed=prepared.brief.training.seed,
        snapshot=start.snapshot,
        vault=start.vault,
        way=start.way,
        brief=start.brief,
        contract=start.contract,
        contract_hash=prepared.contract.hash,
        versions={"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        machine={
            "system": platform.system(),
            "architecture": platform.machine(),
            "threads": str(trained.record.threads),
        },
        training=trained.record,
        weights={row.name: row.weight for row in trained.leaderboard if row.weight > 0},
        linear_alone="linear" not in trained.baselines,
        cross_validated=trained.score,
        predictions=hash_of(trained.out_of_fold),
        proof=hash_of(trained.proof),
    )


def keep_manifest(manifest: RunManifest, place: Path) -> None:
    """Write the manifest into a run's folder."""
    write_json(place / FILE, asdict(manifest))


def manifest_in(place: Path) -> RunManifest:
    """Read a run's manifest.

    Raises
    ------
    RunError
        If the run has none: it did not train to its end here, or an earlier version of Modelwright built it.
    """
    if not (place / FILE).exists():
        raise RunError(
            f"run {place.name[:8]} has no manifest: it did not train to its end here, or an earlier version "
            "built it; `modelwright build` makes a run that has one"
        )
    kept = read_json(place / FILE)
    return RunManifest(**kept | {"training": TrainingRecord.from_dict(kept["training"])})

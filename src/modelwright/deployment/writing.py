"""Write a package: the graph, what proves it, and what MLflow needs to load it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data import Contract, Inputs
from modelwright.deployment.card import render_card
from modelwright.deployment.graph import build_graph
from modelwright.deployment.manifest import FileEntry, Manifest, Measured
from modelwright.deployment.package import (
    CARD,
    CONTRACT,
    GRAPH,
    LOADER,
    MANIFEST,
    MLMODEL,
    Package,
    is_allowed_name,
)
from modelwright.deployment.parity import measure_latency, prove_parity
from modelwright.deployment.session import Session
from modelwright.errors import PackageError
from modelwright.problem import Brief, Task, decision_threshold
from modelwright.store import atomic_folder

if TYPE_CHECKING:
    from modelwright.training import Model

_LIBRARIES = ("modelwright", "onnx", "onnxruntime", "numpy", "spox")


def write_package(
    folder: Path,
    model: Model,
    contract: Contract,
    *,
    run: str,
    snapshot: str,
    brief: Brief,
    proof: tuple[Inputs, NDArray[np.floating]],
    metadata: Mapping[str, Any] | None = None,
    attachments: Mapping[str, bytes | str] | None = None,
    measured: Measured | None = None,
) -> Package:
    """Turn a trained model into a folder of data that any ONNX runtime can score.

    Parameters
    ----------
    folder : Path
        Where it shall be; must not exist yet. It appears whole or not at all.
    model : Model
    contract : Contract
    run, snapshot : str
        Where the model comes from.
    brief : Brief
        Gives the name and, by the costs of mistakes, the decision threshold.
    proof : tuple of Inputs and ndarray
        Rows and the trained model's own predictions for them; parity is proved on all of them.
    metadata : mapping, optional
        Kept in the manifest, as JSON.
    attachments : mapping of str to bytes or str, optional
        Further files by name; ``.json``, ``.html``, ``.md`` or ``.toml``.
    measured : Measured, optional
        When and how fast, as an earlier package of the same run says: with it the two are the same to the
        byte. Measured anew otherwise.

    Returns
    -------
    Package
        As `Package.open` checked it.

    Raises
    ------
    ParityError
        If the graph does not score like the trained model; then nothing is written.
    PackageError
        If an attachment may not be in a package.
    """
    task = brief.problem.task
    graph = build_graph(model, contract).SerializeToString(deterministic=True)
    session = Session(graph)
    parity = prove_parity(session, *proof, task)
    content = {GRAPH: graph, CONTRACT: _json(contract.to_dict())} | _attached(attachments or {})
    manifest = Manifest(
        name=brief.problem.name,
        task=task,
        target=brief.problem.target,
        classes=tuple(contract.classes),
        threshold=decision_threshold(brief.costs) if task is Task.BINARY else None,
        abstain_below=brief.serving.abstain_below or None,
        run=run,
        snapshot=snapshot,
        contract=contract.hash,
        created=datetime.now(UTC) if measured is None else measured.created,
        parity=parity,
        latency=measure_latency(session, proof[0]) if measured is None else measured.latency,
        versions={"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
        metadata=dict(metadata or {}),
        files={},
    )
    content[CARD] = render_card(manifest, contract, brief).encode()
    content[MLMODEL] = _json(_mlmodel(manifest, contract))
    manifest = manifest.model_copy(
        update={"files": {name: _entry(content[name]) for name in sorted(content)}}
    )
    with atomic_folder(folder) as temporary:
        for name, data in content.items():
            (temporary / name).write_bytes(data)
        (temporary / MANIFEST).write_bytes(_json(manifest.model_dump(mode="json")))
    return Package.open(folder)


def _attached(attachments: Mapping[str, bytes | str]) -> dict[str, bytes]:
    for name in attachments:
        if not is_allowed_name(name) or name in {GRAPH, CONTRACT, CARD, MLMODEL}:
            raise PackageError(f"a package may not have a file {name!r}; attach .json, .html, .md or .toml")
    return {name: data.encode() if isinstance(data, str) else data for name, data in attachments.items()}


def _entry(content: bytes) -> FileEntry:
    return FileEntry(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))


def _json(content: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _mlmodel(manifest: Manifest, contract: Contract) -> dict[str, Any]:
    """Describe the package for MLflow, in JSON, which is YAML too.

    Columns have MLflow's type ``any``: what may be in them is for the contract to say, and MLflow's own
    check would refuse what the contract accepts, such as missing whole numbers or numbers kept as text.
    """
    inputs = [
        {"name": column.name, "type": "any", "required": column.required} for column in contract.features
    ]
    outputs = [{"name": name, "type": kind} for name, kind in _output_columns(manifest)]
    return {
        "flavors": {
            "python_function": {"loader_module": LOADER, "python_version": manifest.versions["python"]},
        },
        "mlflow_version": version("mlflow-skinny"),
        "model_uuid": hashlib.sha256(f"{manifest.run} {manifest.contract}".encode()).hexdigest()[:32],
        "run_id": manifest.run,
        "signature": {
            "inputs": msgspec.json.encode(inputs).decode(),
            "outputs": msgspec.json.encode(outputs).decode(),
            "params": None,
        },
        "utc_time_created": manifest.created.strftime("%Y-%m-%d %H:%M:%S.%f"),
    }


def _output_columns(manifest: Manifest) -> list[tuple[str, str]]:
    if not manifest.classes:
        return [("prediction", "double")]
    return [("prediction", "string"), *((f"probability_{label}", "double") for label in manifest.classes)]

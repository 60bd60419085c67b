"""Why a model answered as it did: for a prediction that was given, or for a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelwright import data
from modelwright.data import Inputs, Treatments, Validator
from modelwright.deployment import Package, PackageExplainer, Scorer
from modelwright.errors import DataError, ReleaseError, RunError, TraceError
from modelwright.explanation import Explanation
from modelwright.lifecycle.folder import Folder
from modelwright.store import Operations


@dataclass(frozen=True)
class Explained:
    """Why a row gets its answer.

    Attributes
    ----------
    about : str
        What was explained: a prediction, or a row of a file.
    run : str
        The run whose model answered.
    prediction : str or float
        The answer.
    probabilities : dict of str to float
        Empty for regression.
    explanation : Explanation
        What each column adds to it, and the reasons in words.
    """

    about: str
    run: str
    prediction: str | float
    probabilities: dict[str, float]
    explanation: Explanation


def explain(folder: Folder, operations: Operations, what: Any, *, row: int, run: str | None) -> Explained:
    """Explain a prediction or a row.

    Parameters
    ----------
    folder : Folder
    operations : Operations
    what : str, Path, dict or table
        The identifier of a prediction, a source, or one record.
    row : int
        Which row of a source, from 0.
    run : str or None
        Explain with this run's candidate.

    Raises
    ------
    TraceError
        If the prediction is unknown.
    ReleaseError
        If nothing is released and no run is named.
    DataError
        If there is no such row.
    """
    if isinstance(what, str) and what.startswith("prediction_"):
        record, package = _given(folder, operations, what, run)
        return _explained(package, _one(package, record), f"prediction {what}")
    package = _package(folder, operations, run)
    if isinstance(what, Mapping):
        return _explained(package, _one(package, what), "the record")
    frame = data.treat(package.contract, data.read(what))
    if not -frame.height <= row < frame.height:
        raise DataError(f"there is no row {row}: the source has {frame.height:,} rows, counted from 0")
    shown = str(what) if isinstance(what, str | Path) else "the table"
    contract = package.contract.accepting()
    chosen = frame[row % frame.height : row % frame.height + 1]
    inputs = data.matrices(contract, data.conform(contract, chosen))
    return _explained(package, inputs, f"row {row} of {shown}")


def _given(
    folder: Folder, operations: Operations, prediction: str, run: str | None
) -> tuple[Mapping[str, Any], Package]:
    observation = operations.observation(prediction)
    if observation is None:
        raise TraceError(
            f"no prediction is called '{prediction}'; give the `id` that /predict answered with, or a file"
        )
    if run is not None:
        return observation.row, _package(folder, operations, run)
    release = next((each for each in operations.releases() if each.id == observation.release), None)
    if release is None:
        raise TraceError(
            f"prediction '{prediction}' was given by '{observation.release}', which is no release of this "
            "project; name the run that shall explain it"
        )
    return observation.row, Package.open(folder.state / release.package)


def _package(folder: Folder, operations: Operations, run: str | None) -> Package:
    if run is not None:
        place = folder.run(run) / "package"
        if not place.exists():
            raise RunError(f"run {run[:8]} has no package; `modelwright build --resume` finishes a build")
        return Package.open(place)
    release = operations.current_release()
    if release is None:
        raise ReleaseError(
            "nothing is released yet; `modelwright deploy` releases the newest candidate, and --run names "
            "one to explain with"
        )
    return Package.open(folder.state / release.package)


def _one(package: Package, record: Mapping[str, Any]) -> Inputs:
    treated = Treatments(package.contract).records([dict(record)])
    inputs, _ = Validator(package.contract).records(treated)
    return inputs


def _explained(package: Package, inputs: Inputs, about: str) -> Explained:
    scores = Scorer(package).score(inputs)
    (explanation,) = PackageExplainer(package).explain(inputs, scores)
    probabilities: dict[str, float] = {}
    if scores.probabilities is not None:
        probabilities = dict(zip(scores.classes, map(float, scores.probabilities[0]), strict=True))
    return Explained(about, package.manifest.run, scores.predictions[0], probabilities, explanation)

"""Finished fits on disk, so that a killed build goes on where it stopped."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Candidate, Portable, load_portable
from modelwright.store import make_private_folder, read_json, write_atomic, write_json


@dataclass(frozen=True)
class Fit:
    """One candidate fitted on one fold.

    Attributes
    ----------
    learner : Portable
        The fitted learner.
    out_of_fold : ndarray of shape (n_validation, n_outputs)
        Its own library's prediction of the rows it was not fitted on.
    proof : ndarray of shape (n_proof, n_outputs)
        Its own library's prediction of the proof rows; no rows where no proof is asked for.
    seconds : float
        How long the fit took, predictions included.
    rounds : int or None
        Boosting rounds or trees kept.
    """

    learner: Portable
    out_of_fold: NDArray[np.float32]
    proof: NDArray[np.float32]
    seconds: float
    rounds: int | None


class Checkpoint:
    """A folder of finished fits, each written to a temporary name and renamed.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        make_private_folder(folder)

    def load(self, key: str) -> Fit | None:
        """Return a finished fit, or None where it has not finished."""
        if not self.has(key):
            return None
        about = read_json(self._path(key, "json"))
        with np.load(self._path(key, "predictions.npz"), allow_pickle=False) as arrays:
            out_of_fold, proof = arrays["out_of_fold"], arrays["proof"]
        learner = load_portable(self._path(key, "learner.npz"))
        return Fit(learner, out_of_fold, proof, about["seconds"], about["rounds"])

    def has(self, key: str) -> bool:
        """Whether a fit has finished."""
        return self._path(key, "json").exists()

    def save(self, key: str, fit: Fit) -> None:
        """Keep a finished fit; the JSON file comes last and says that the others are whole."""
        predictions = io.BytesIO()
        np.savez(predictions, out_of_fold=fit.out_of_fold, proof=fit.proof)
        fit.learner.save(self._path(key, "learner.npz"))
        write_atomic(self._path(key, "predictions.npz"), predictions.getvalue())
        write_json(self._path(key, "json"), {"seconds": fit.seconds, "rounds": fit.rounds})

    def note_spent(self, seconds: float) -> None:
        """Record how much of the time limit is used."""
        write_json(self.folder / "spent.json", {"seconds": seconds})

    def spent(self) -> float:
        """Return the seconds that earlier attempts used."""
        path = self.folder / "spent.json"
        return float(read_json(path)["seconds"]) if path.exists() else 0.0

    def note_ended(self, record: dict[str, Any]) -> None:
        """Keep what training decided once it is done, so that a resumed build decides nothing anew."""
        write_json(self.folder / "ended.json", record)

    def ended(self) -> dict[str, Any] | None:
        """Return what training decided, where an earlier attempt got that far."""
        path = self.folder / "ended.json"
        return read_json(path) if path.exists() else None

    def _path(self, key: str, suffix: str) -> Path:
        return self.folder / f"{key}.{suffix}"


def fit_key(candidate: Candidate, fold: int) -> str:
    """Return a file name for one candidate on one fold, the same in every process."""
    told_apart: list[object] = [candidate.parameters, candidate.style]
    if candidate.memory != "all":
        told_apart.append(candidate.memory)
    text = json.dumps(told_apart, sort_keys=True)
    return f"{candidate.algorithm}-{sha256(text.encode()).hexdigest()[:12]}-fold{fold}"

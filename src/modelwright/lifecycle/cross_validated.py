"""What a run's candidate and baselines said of the rows that their folds held out, kept beside the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation import OutOfFold
from modelwright.lifecycle.preparation import Preparation
from modelwright.training import Trained

FILE = "out_of_fold.npz"
"""What a run keeps of its training rows: their positions in the snapshot, folds, targets and predictions."""


def out_of_fold(prepared: Preparation, trained: Trained) -> OutOfFold:
    """Return the predictions of the folds by name, with the rows' labels."""
    predictions = {"candidate": trained.out_of_fold, **trained.baseline_out_of_fold}
    weight = None if prepared.weight is None else prepared.weight[trained.judged]
    return OutOfFold(prepared.y[trained.judged], trained.folds, predictions, weight)


def keep_out_of_fold(prepared: Preparation, trained: Trained, place: Path) -> None:
    """Keep the candidate's predictions of the folds, with which rows of the snapshot they are of."""
    rows = np.load(place / "rows.npy", allow_pickle=False)[trained.judged]
    said = out_of_fold(prepared, trained)
    kept = {"rows": rows, "folds": said.folds, "y": said.y, "candidate": trained.out_of_fold}
    with (place / FILE).open("wb") as file:
        np.savez(file, **kept if said.weight is None else kept | {"weight": said.weight})


def candidate_out_of_fold(place: Path) -> NDArray[np.float64]:
    """Return what a run's candidate said of the rows that the folds held out."""
    return _read(place / FILE)["candidate"]


def shared_folds(places: dict[str, Path]) -> tuple[OutOfFold | None, str]:
    """Return the predictions of several runs' folds, or why they cannot be compared.

    Parameters
    ----------
    places : dict of str to Path
        The runs' folders, by the names that their predictions shall have.
    """
    if not all((place / FILE).exists() for place in places.values()):
        return None, "a run kept no predictions of its folds"
    kept = {name: _read(place / FILE) for name, place in places.items()}
    first = next(iter(kept.values()))
    same = all(
        np.array_equal(each["rows"], first["rows"]) and np.array_equal(each["folds"], first["folds"])
        for each in kept.values()
    )
    if not same:
        return None, "the runs were cross-validated on different folds"
    predictions = {name: each["candidate"] for name, each in kept.items()}
    return OutOfFold(first["y"], first["folds"], predictions, first.get("weight")), ""


def _read(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as content:
        return {name: content[name] for name in content.files}

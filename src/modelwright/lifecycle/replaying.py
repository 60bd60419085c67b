"""A run done again: the same fits, and whether they come to the same."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from modelwright import training
from modelwright.lifecycle.cross_validated import candidate_out_of_fold
from modelwright.lifecycle.differing import Change, changes
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.run_manifest import RunManifest, manifest_in, manifest_of
from modelwright.training import Checkpoint, Deadline, Trained


@dataclass(frozen=True)
class Replayed:
    """A run done again.

    Attributes
    ----------
    run, name : str
        What was replayed.
    fits : int
        How many fits were done again.
    equal : bool
        Whether the model says the same of every row, to the bit.
    largest_difference : float
        Between the two, over the rows that the folds held out; 0 where they are equal.
    different_fits : tuple of str
        The candidates and folds whose own predictions are not the same to the bit.
    differs : tuple of Change
        What is not as it was then and may explain a difference: versions, and the machine.
    seconds : float
    words : str
    """

    run: str
    name: str
    fits: int
    equal: bool
    largest_difference: float
    different_fits: tuple[str, ...]
    differs: tuple[Change, ...]
    seconds: float
    words: str


def replay(folder: Folder, run: str) -> Replayed:
    """Do a run's fits again, from its own data, brief and contract, and compare what they say.

    Nothing is evaluated, so this is no look at the held-out rows, and no candidate comes of it.

    Raises
    ------
    RunError
        If the run has no manifest.
    DataError
        If its data is no longer there.
    """
    began = time.monotonic()
    place = folder.run(run)
    then = manifest_in(place)
    prepared = Preparation.of(folder, run)
    work = replace(prepared.work(), threads=then.training.threads)
    with TemporaryDirectory(dir=place, prefix="replay-") as meanwhile:
        checkpoint = Checkpoint(Path(meanwhile))
        different = training.repeat_fits(then.training, work, checkpoint)
        again = _joined(then, work, checkpoint)
    now = manifest_of(prepared, again)
    before = candidate_out_of_fold(place)
    equal = (then.predictions, then.proof) == (now.predictions, now.proof)
    largest = float(np.abs(before - again.out_of_fold).max())
    differs = tuple(each for each in changes(then, now) if each.section in {"versions", "machine"})
    return Replayed(
        run=run,
        name=then.name,
        fits=len(list(then.training.fits)),
        equal=equal,
        largest_difference=0.0 if equal else largest,
        different_fits=different,
        differs=differs,
        seconds=time.monotonic() - began,
        words=_words(then, equal=equal, largest=largest, differs=differs),
    )


def _joined(then: RunManifest, work: training.Work, checkpoint: Checkpoint) -> Trained:
    """Join the fits as training does; its deadline is over, so that it fits nothing more."""
    over = Deadline(then.training.seconds)
    over.cut(then.training.ended)
    trained = training.train(work, over, checkpoint=checkpoint, record=then.training)
    return trained.simpler if then.linear_alone and trained.simpler is not None else trained


def _words(then: RunManifest, *, equal: bool, largest: float, differs: tuple[Change, ...]) -> str:
    done = f"Run {then.name}: its {len(list(then.training.fits))} fits were done again"
    if equal:
        return f"{done}, and the model says the same of every row, to the bit."
    why = ", ".join(each.key for each in differs)
    reason = f"; not as it was then: {why}" if why else ""
    return f"{done}, and the model differs, by at most {largest:.3g}{reason}."

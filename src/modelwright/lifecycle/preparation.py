"""What a run began with, and its data made ready: the same however often the run is resumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright import algorithms, data, training
from modelwright.data import Contract
from modelwright.engine import cores
from modelwright.errors import TrainingError
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.newest import newest_fold
from modelwright.problem import Brief, metric_named
from modelwright.store import read_json


@dataclass(frozen=True)
class Start:
    """What a run began with; kept in its folder, so that a killed build can be resumed.

    Attributes
    ----------
    run, name : str
        Identifier and readable name.
    snapshot : str
        Hash of the snapshot.
    vault : str
        Name of the sealed rows.
    brief, contract : dict
        As they were then.
    way : str
        How the vault's rows were chosen; the next build of the snapshot in the same way has the same vault.
    by_age : bool
        Whether rows come with the oldest first and the newest judge, so that candidates also learn from the
        newest alone, and from all but the older the less.
    reading : list of dict
        What was noticed while the source was read.
    """

    run: str
    name: str
    snapshot: str
    vault: str
    brief: dict[str, Any]
    contract: dict[str, Any]
    way: str
    by_age: bool = False
    reading: list[dict[str, Any]] = field(default_factory=list)


def use_own_algorithms(brief: Brief, folder: Folder) -> None:
    """Take the classes that the brief names under ``[[algorithms]]`` into the catalogue; this imports them.

    Raises
    ------
    TrainingError
        If one can't be imported, can't be made, or can't learn the task.
    """
    own = [algorithms.algorithm_class(each.place, each.made_with, folder.root)() for each in brief.algorithms]
    for each, stated in zip(own, brief.algorithms, strict=True):
        if brief.problem.task not in each.tasks:
            raise TrainingError(f"'{stated.place}' can't learn a {brief.problem.task} task; leave it out")
        each.ensure_ready(brief.problem.task)
    algorithms.use_algorithms(own)


class Preparation:
    """A run's data, made ready.

    Parameters
    ----------
    folder : Folder
        The project.
    start : Start
        What the run began with.
    """

    @classmethod
    def of(cls, folder: Folder, run: str) -> Preparation:
        """Read what a run began with."""
        return cls(folder, Start(**read_json(folder.run(run) / "start.json")))

    def __init__(self, folder: Folder, start: Start) -> None:
        self.folder = folder
        self.start = start
        self.brief = Brief.from_dict(start.brief, f"the brief of run {start.run}")
        self.contract = Contract.from_dict(start.contract)
        self.vault = data.open_vault(folder.vault, start.vault)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Raw training rows, without those in the vault."""
        frame = data.open_snapshot(self.folder.snapshots, self.start.snapshot).read()
        positions = np.load(self.folder.run(self.start.run) / "rows.npy", allow_pickle=False)
        chosen: pl.DataFrame = frame[positions]
        return chosen

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Conformed training rows."""
        return data.conform(self.contract, self.rows)

    @cached_property
    def sealed_frame(self) -> pl.DataFrame:
        """Conformed features of the vault's rows, without their target; this is no look."""
        return data.conform(self.contract, self.vault.features())

    @cached_property
    def y(self) -> NDArray[Any]:
        """Target of the training rows."""
        return data.encode_target(self.contract, self.rows[self.brief.problem.target])

    @cached_property
    def weight(self) -> NDArray[np.float64] | None:
        """How much each training row counts; None where the brief names no weight."""
        return data.weights_of(self.rows, self.contract)

    def seconds(self, rows: pl.DataFrame) -> NDArray[np.float64] | None:
        """Return when each row was known, in seconds since 1970; None where the brief names no such time."""
        column = self.contract.with_role("time")
        if column is None or column.kind != "time":
            return None
        return data.times_of(data.clean(rows, self.contract.cleaning), self.contract)

    def work(self) -> training.Work:
        """Return what there is to train."""
        use_own_algorithms(self.brief, self.folder)
        seed = self.brief.training.seed
        task = self.brief.problem.task
        split = data.propose_split(self.rows, self.contract, self.brief.split)
        newest = self._newest(split) if self.start.by_age else None
        return training.Work(
            frame=self.frame,
            y=self.y,
            contract=self.contract,
            task=task,
            n_outputs=max(len(self.contract.classes), 1),
            metric=metric_named(self.brief.problem.metric, task),
            folds=[newest]
            if newest is not None
            else data.folds(
                self.rows, self.contract, split, self.y, seed, training.fold_count(len(self.rows))
            ),
            forward=newest is not None or split.kind == "forward",
            seed=seed,
            threads=cores(self.brief.training.cores),
            proof=pl.concat([self.frame, self.sealed_frame]),
            weight=self.weight,
            monotone=self.brief.columns.directions,
            together=data.alike_rows(self.rows, self.contract, split),
            age=None if newest is None else -np.arange(len(self.rows), dtype=np.float64),
        )

    def _newest(self, split: data.Split) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        """Return the fold that the newest rows judge; None where they say too little or groups forbid it."""
        if split.groups_apart:
            return None
        return newest_fold(self.y, is_class=bool(self.contract.classes))

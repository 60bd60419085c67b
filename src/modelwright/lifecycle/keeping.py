"""The snapshots of a project: which runs need each, and taking away those that none needs."""

from __future__ import annotations

import time
from dataclasses import dataclass

from modelwright import data
from modelwright.data import Snapshot
from modelwright.lifecycle.folder import Folder
from modelwright.problem import Brief
from modelwright.store import Operations, read_json

SAFE_SECONDS = 3600.0
"""A snapshot that was asked for so recently may be one that a build is about to use."""


@dataclass(frozen=True)
class KeptSnapshot:
    """One snapshot, and who needs it.

    Attributes
    ----------
    hash : str
    rows, columns : int
    source, query : str
        Where it came from, without passwords.
    at : str
        When it was first taken; ISO 8601, UTC.
    bytes : int
        Size of its file.
    runs : tuple of str
        The runs that were built from it.
    releases : tuple of str
        The releases of these runs.
    needed : bool
        Whether a run, a release or the brief needs it, or it was asked for within the last hour.
    """

    hash: str
    rows: int
    columns: int
    source: str
    query: str
    at: str
    bytes: int
    runs: tuple[str, ...]
    releases: tuple[str, ...]
    needed: bool


@dataclass(frozen=True)
class Snapshots:
    """Every snapshot of a project.

    Attributes
    ----------
    snapshots : tuple of KeptSnapshot
        The newest first.
    """

    snapshots: tuple[KeptSnapshot, ...]


@dataclass(frozen=True)
class Pruned:
    """The snapshots that nothing needs.

    Attributes
    ----------
    snapshots : tuple of KeptSnapshot
    bytes : int
        What they take, or took, together.
    removed : bool
        Whether they are gone; False for a rehearsal.
    """

    snapshots: tuple[KeptSnapshot, ...]
    bytes: int
    removed: bool


def list_kept(folder: Folder, brief: Brief, operations: Operations) -> Snapshots:
    """List the snapshots of a project, and what needs each."""
    runs: dict[str, list[str]] = {}
    for path in sorted((folder.state / "runs").glob("*/start.json")):
        runs.setdefault(read_json(path)["snapshot"], []).append(path.parent.name)
    released: dict[str, list[str]] = {}
    for release in operations.releases():
        released.setdefault(release.run, []).append(release.id)
    listed = data.list_snapshots(folder.snapshots)
    return Snapshots(tuple(_kept(each, runs.get(each.hash, []), released, brief) for each in listed))


def prune(folder: Folder, brief: Brief, operations: Operations, *, remove: bool) -> Pruned:
    """Find the snapshots that nothing needs, and remove them where that is asked for."""
    spare = {each.hash: each for each in list_kept(folder, brief, operations).snapshots if not each.needed}
    if remove:
        for snapshot in data.list_snapshots(folder.snapshots):
            if snapshot.hash in spare:
                data.remove_snapshot(snapshot)
        for path in folder.snapshots.glob(f"{data.STAGED}*"):
            if time.time() - path.stat().st_mtime > SAFE_SECONDS:
                path.unlink()
    return Pruned(tuple(spare.values()), sum(each.bytes for each in spare.values()), remove)


def _kept(snapshot: Snapshot, runs: list[str], released: dict[str, list[str]], brief: Brief) -> KeptSnapshot:
    releases = tuple(release for run in runs for release in released.get(run, []))
    asked = snapshot.path.with_suffix(".json").stat().st_mtime
    needed = bool(runs) or snapshot.hash in brief.data.source or time.time() - asked < SAFE_SECONDS
    return KeptSnapshot(
        hash=snapshot.hash,
        rows=snapshot.rows,
        columns=snapshot.columns,
        source=snapshot.source,
        query=snapshot.query,
        at=snapshot.at,
        bytes=snapshot.path.stat().st_size if snapshot.path.exists() else 0,
        runs=tuple(runs),
        releases=releases,
        needed=needed,
    )

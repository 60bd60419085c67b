"""What differs between two runs, from their manifests and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.run_manifest import RunManifest, manifest_in
from modelwright.store import read_json

FIGURES = ("score", "interval", "baseline", "baseline_name", "choice", "seconds")


@dataclass(frozen=True)
class Change:
    """One thing that is not the same in two runs.

    Attributes
    ----------
    section : str
        ``data``, ``brief``, ``contract``, ``versions``, ``machine``, ``plan``, ``training`` or ``figures``.
    key : str
        What it is, with dots between the parts.
    first, second : object
        What it is in each; None where it is not there.
    """

    section: str
    key: str
    first: Any
    second: Any


@dataclass(frozen=True)
class RunDifferences:
    """What differs between two runs.

    Attributes
    ----------
    runs, names : tuple of str
    changes : tuple of Change
    same : tuple of str
        The sections in which nothing differs.
    """

    runs: tuple[str, str]
    names: tuple[str, str]
    changes: tuple[Change, ...]
    same: tuple[str, ...]


def diff(folder: Folder, first: str, second: str) -> RunDifferences:
    """Say what differs between two runs: this is no look at the held-out rows.

    Raises
    ------
    RunError
        If one of them has no manifest.
    """
    one, other = (manifest_in(folder.run(run)) for run in (first, second))
    found = (
        *changes(one, other),
        *_between("figures", _figures(folder, first), _figures(folder, second)),
    )
    sections = (*_sections(one), "figures")
    touched = {each.section for each in found}
    return RunDifferences(
        runs=(first, second),
        names=(one.name, other.name),
        changes=found,
        same=tuple(section for section in sections if section not in touched),
    )


def changes(one: RunManifest, other: RunManifest) -> tuple[Change, ...]:
    """Say what differs between two manifests, section by section."""
    first, second = _sections(one), _sections(other)
    return tuple(change for section in first for change in _between(section, first[section], second[section]))


def _sections(manifest: RunManifest) -> dict[str, dict[str, Any]]:
    record = manifest.training
    columns = {each["name"]: each for each in manifest.contract.get("columns", [])}
    others = {key: value for key, value in manifest.contract.items() if key != "columns"}
    rounds: dict[str, list[int | None]] = {}
    for entry, fit in record.fits:
        rounds.setdefault(entry.name, []).append(fit.rounds)
    return {
        "data": {"snapshot": manifest.snapshot, "vault": manifest.vault, "way": manifest.way},
        "brief": manifest.brief,
        "contract": {**others, "columns": columns},
        "versions": manifest.versions,
        "machine": manifest.machine,
        "plan": {f"{at + 1}. {each.algorithm}": each.parameters for at, each in enumerate(record.plan)},
        "training": {
            "ended": record.ended,
            "tried": record.tried,
            "folds": record.folds,
            "linear alone": manifest.linear_alone,
            "weights": manifest.weights,
            "rounds": {name: str(kept) for name, kept in rounds.items()},
            "cross-validated": manifest.cross_validated,
            "predictions": manifest.predictions,
        },
    }


def _figures(folder: Folder, run: str) -> dict[str, Any]:
    path = folder.run(run) / "built.json"
    built = read_json(path) if path.exists() else {}
    return {key: built.get(key) for key in FIGURES}


def _between(section: str, first: Any, second: Any, at: str = "") -> Iterator[Change]:
    if isinstance(first, dict) and isinstance(second, dict):
        for key in [*first, *(key for key in second if key not in first)]:
            yield from _between(section, first.get(key), second.get(key), f"{at}.{key}" if at else str(key))
    elif first != second:
        yield Change(section, at, first, second)

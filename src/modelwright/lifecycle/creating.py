"""From a table and a target to a project: brief, contract, first look."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from modelwright.data import (
    Batches,
    Contract,
    batches,
    first_findings,
    infer_treated,
    propose_cleaning,
    protect,
    refuse_impossible_directions,
    rows_to_learn_from,
    take_snapshot,
    treat,
    treated_personal,
    untreated_personal,
)
from modelwright.errors import DataError, ProjectError
from modelwright.framing import frame as frame_problem
from modelwright.lifecycle.asking import protected_candidates, state_problem
from modelwright.lifecycle.cleaning import steps_apart_from
from modelwright.lifecycle.folder import Folder, keeps_broken_text
from modelwright.lifecycle.results import Created
from modelwright.problem import Brief, Finding, anchored
from modelwright.store import atomic_folder, write_atomic

_ASIDE = "new.jsonl"

_MOST_NAMED = 8
_ROLE_SAID = {"ignore": "ignored"}

MOST_COLUMNS = 10_000
"""Of more, nobody could read the contract, and framing would take hours."""


def create(root: Path, data: Any, target: str, stated: dict[str, dict[str, Any]]) -> Created:
    """Frame a problem and write its project.

    Parameters
    ----------
    root : Path
        The project's folder; must not exist yet, or be empty.
    data : str, Path or table
        A source that `modelwright.data.read` takes.
    target : str
        The column to predict.
    stated : dict
        Sections and keys of the brief that are stated rather than inferred.

    Raises
    ------
    ProjectError
        If there is something in the folder already.
    DataError
        If the data has no rows, too many columns, or a target that cannot be predicted.
    """
    root = root.expanduser().resolve()
    _is_free(root)
    source = anchored(str(data), Path.cwd()) if isinstance(data, str | Path) else ""
    with TemporaryDirectory(prefix="modelwright-") as meanwhile:
        # What cannot be read is put aside before there is a project to put it into.
        aside = Path(meanwhile, "rows.jsonl")
        parts = batches(data, rows=1 << 20, query=stated.get("data", {}).get("query"), quarantine=aside)
        frame = parts.whole()
        broken = aside.read_bytes() if aside.exists() else None
    _is_of_a_size(frame)
    brief = state_problem(frame, name=root.name, target=target, source=source, stated=stated)
    frame, brief, contract = framed(frame, brief)
    findings = (
        *first_findings(frame, contract),
        *protected_candidates(brief, frame.columns),
        *treated_personal(contract),
        *untreated_personal(contract, frame),
    )
    _can_be_learned_from(contract, findings)
    refuse_impossible_directions(contract, brief)
    framing = frame_problem(frame[rows_to_learn_from(contract, frame)], contract, brief)
    if root.exists():
        root.rmdir()
    with atomic_folder(root, private=False) as temporary:
        layout = Folder(temporary)
        snapshot = take_snapshot(
            frame,
            layout.snapshots,
            source or "a table handed over in Python",
            encrypt=brief.data.encrypt,
            query=brief.data.query,
        )
        if not source:
            kept = snapshot.path.relative_to(temporary).as_posix()
            brief = brief.model_copy(update={"data": brief.data.model_copy(update={"source": kept})})
        if broken is not None:
            broken = broken if keeps_broken_text(contract, brief) else _without_text(broken)
            write_atomic(layout.quarantine / _ASIDE, broken, mode=0o600)
        layout.brief.write_text(brief.to_toml(), encoding="utf-8")
        layout.contract.write_text(contract.to_toml(), encoding="utf-8")
    return Created(
        project=str(root),
        task=brief.problem.task,
        metric=brief.problem.metric,
        baselines=framing.baselines,
        findings=(*_noticed(parts, aside, root), *_together(findings, framing.audit.as_findings())),
        framing=framing,
        cleaning=brief.cleaning,
    )


def _is_of_a_size(frame: pl.DataFrame) -> None:
    if not frame.height:
        raise DataError("the data has a header, but no rows; check the source")
    if frame.width > MOST_COLUMNS:
        raise DataError(
            f"the data has {frame.width:,} columns, but a model can be asked to learn from {MOST_COLUMNS:,} "
            "at most; leave out at the source what is not needed, or put columns of one kind together"
        )


def framed(frame: pl.DataFrame, brief: Brief) -> tuple[pl.DataFrame, Brief, Contract]:
    """Propose cleaning and treatments; the rows come back treated, so that nothing sees more of them."""
    brief = _with_cleaning(frame, brief)
    contract = protect(Contract.infer(frame, brief), frame, brief)
    personal = {each.name for each in contract.columns if each.is_personal}
    if not personal:
        return frame, brief, contract
    # Steps hold values: they are proposed anew, from the treated rows and for other columns alone.
    frame = treat(contract, frame)
    brief = _with_cleaning(frame, brief, personal)
    return frame, brief, infer_treated(contract, frame, brief)


def _with_cleaning(frame: pl.DataFrame, brief: Brief, personal: Collection[str] = ()) -> Brief:
    proposed = propose_cleaning(frame, brief.problem.target, brief.columns)
    return brief.model_copy(update={"cleaning": steps_apart_from(personal, proposed)})


def _can_be_learned_from(contract: Contract, findings: Collection[Finding]) -> None:
    """Refuse a table that leaves nothing to learn from, and say why each column is no feature."""
    if contract.features:
        return
    ignored = {each.column: each.message for each in findings if each.message.startswith("ignored: ")}
    said = [
        f"'{each.name}' ({ignored.get(each.name) or _ROLE_SAID.get(each.role, f'the {each.role}')})"
        for each in contract.columns[:_MOST_NAMED]
    ]
    more = ", …" if len(contract.columns) > _MOST_NAMED else ""
    raise DataError(
        f"no column of the data can be learned from: {', '.join(said)}{more}; add columns of numbers, "
        "categories or times at the source"
    )


def _together(looked: Collection[Finding], audited: Collection[Finding]) -> list[Finding]:
    """Return what the first look and the leak audit found; what both did, in the audit's words."""
    told = {(each.code, each.column) for each in audited}
    codes = {code for code, _ in told}
    return [
        each
        for each in looked
        if not (each.code == "MW-D007" and "MW-L009" in codes)
        and not (each.code == "MW-D015" and ("MW-L013", each.column) in told)
    ] + list(audited)


def _without_text(broken: bytes) -> bytes:
    rows = map(json.loads, broken.splitlines())
    left = ({key: value for key, value in row.items() if key != "text"} for row in rows)
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in left)


def _noticed(parts: Batches, meanwhile: Path, root: Path) -> list[Finding]:
    """Return what reading noticed, with the place in the project where broken rows are now."""
    now = str(Folder(root).quarantine / _ASIDE)
    return [
        each.model_copy(update={"message": each.message.replace(str(meanwhile), now)})
        for each in parts.findings
    ]


def by_section(**stated: Any) -> dict[str, dict[str, Any]]:
    """Sort what is stated under the sections of the brief; what is empty is left to be inferred."""
    sections = {
        "problem": ("task", "positive", "metric", "request", "stakeholder"),
        "columns": ("id", "time", "group", "weight", "protected", "ignore", "increasing", "decreasing"),
        "data": ("query", "encrypt"),
    }
    return {
        section: {key: stated[key] for key in keys if stated.get(key)} for section, keys in sections.items()
    }


def _is_free(root: Path) -> None:
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        what = "is a project already" if (root / "modelwright.toml").exists() else "exists and is not empty"
        raise ProjectError(f"{root} {what}; choose another name, or remove it first")

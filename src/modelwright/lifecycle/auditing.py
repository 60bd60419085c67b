"""The leak audit of any table, without a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelwright.data import Audit, Contract, read
from modelwright.data import audit as audit_table
from modelwright.errors import LeakError
from modelwright.lifecycle.asking import state_problem
from modelwright.store import read_json, write_json

_FILE = "audit.json"


def audit(source: Any, target: str, stated: dict[str, dict[str, Any]]) -> Audit:
    """Say which columns or rows of a table give the target away.

    Parameters
    ----------
    source : str, Path or table
        What `modelwright.data.read` takes.
    target : str
        The column to predict.
    stated : dict
        Sections and keys of a brief that are stated rather than inferred, such as ``columns.time``.
    """
    frame = read(source)
    brief = state_problem(frame, name="audit", target=target, source="", stated=stated)
    return audit_table(frame, Contract.infer(frame, brief), passed_over=brief.columns.ignore)


def refuse_leaks(audited: Audit) -> None:
    """Stop a strict build.

    Raises
    ------
    LeakError
        If columns are accused.
    """
    if audited.clean:
        return
    first = "; ".join(
        f"{leak.code} {', '.join(leak.columns[:4])}{', …' if len(leak.columns) > 4 else ''}: {leak.evidence}"
        for leak in audited.findings[:3]
        if leak.accuses
    )
    raise LeakError(
        f"{len(audited.accused)} column{'s' * (len(audited.accused) != 1)} of the data may give the target "
        f"away ({first}). `modelwright audit` lists everything; name what is not known at prediction "
        "time under columns.ignore in modelwright.toml, or build without --strict"
    )


def keep_audit(place: Path, audited: Audit) -> None:
    """Keep what the audit found with a run."""
    from pydantic_core import to_jsonable_python

    write_json(place / _FILE, to_jsonable_python(audited))


def kept_audit(place: Path) -> Audit | None:
    """Return what the audit found before a run; None for a run of an earlier version."""
    from pydantic import TypeAdapter

    path = place / _FILE
    return TypeAdapter(Audit).validate_python(read_json(path)) if path.exists() else None

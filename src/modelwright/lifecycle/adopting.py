"""From a prototype's code to a project: brief, contract, pipeline, proof, what it earns on sealed rows."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic_core import to_jsonable_python

from modelwright import adoption, data, evaluation
from modelwright.adoption import Proof, Prototype, Studied
from modelwright.data import open_snapshot
from modelwright.errors import DataError, ProjectError, PrototypeError
from modelwright.evaluation import Interval
from modelwright.lifecycle.creating import by_section, create
from modelwright.lifecycle.folder import Folder
from modelwright.problem import METRICS, Brief, Finding, Task, metric_named
from modelwright.store import write_atomic

_FLATTERS = ("MW-N001", "MW-N002", "MW-N003", "MW-N004", "MW-N005", "MW-N006", "MW-N007", "MW-N008",
             "MW-N009", "MW-N010", "MW-N011", "MW-N012", "MW-N013")  # fmt: skip
_FEWEST = 30
_ROUNDED = 0.006


@dataclass(frozen=True)
class Adopted:
    """A prototype that became a project.

    Attributes
    ----------
    prototype : Prototype
    project : str
        The folder.
    files : tuple of str
        What was written besides the brief and the contract.
    proof : Proof or None
        The pipeline's predictions beside the prototype's; None where they were not run.
    shown : float or None
        What the prototype shows when it is run clean, from the top.
    findings : tuple of Finding
        What came out when it was run.
    sealed : Interval or None
        What it earns on sealed rows.
    sealed_rows : int
    offline : bool or None
        Whether the system let it be run without network; None where it was not run.
    words : str
        All of it in one sentence.
    not_done : tuple of str
        What could not be done, and why.
    """

    prototype: Prototype
    project: str
    files: tuple[str, ...]
    proof: Proof | None
    shown: float | None
    findings: tuple[Finding, ...]
    sealed: Interval | None
    sealed_rows: int
    offline: bool | None
    words: str
    not_done: tuple[str, ...]


def adopt(
    path: Path, root: Path, *, source: Path | None = None, target: str | None = None, run: bool = False
) -> Adopted:
    """Write the project of a prototype.

    Parameters
    ----------
    path : Path
        The notebook or script.
    root : Path
        The project's folder; must not exist yet, or be empty.
    source : Path, optional
        Its data, where it is not beside the prototype.
    target : str, optional
        The column to predict, where the code does not name it.
    run : bool, default False
        Whether the prototype and its pipeline are run, in processes of their own.

    Raises
    ------
    PrototypeError
        If it can't be read, or its data or target is not known.
    """
    studied = adoption.study(path)
    table = adoption.locate_data(studied.prototype, source)
    framed = create(root, *_asked(studied.prototype, table, target))
    folder = Folder.find(Path(framed.project))
    adopted = Adopted(studied.prototype, framed.project, (), None, None, (), None, 0, None, "", ())
    try:
        pipeline, files = _written(studied, folder, table)
    except PrototypeError as error:
        adopted = replace(adopted, not_done=(f"no pipeline: {error}",))
    else:
        adopted = replace(adopted, files=files)
        if run:
            adopted = _run(adopted, studied, pipeline, folder, table)
    adopted = replace(adopted, words=_words(adopted))
    write_atomic(folder.root / "adoption.json", json.dumps(to_jsonable_python(adopted), indent=2).encode())
    return adopted


def _asked(
    prototype: Prototype, table: Any, target: str | None
) -> tuple[Any, str, dict[str, dict[str, Any]]]:
    """Return the data, the target and what the brief shall state."""
    named = target or prototype.target
    if not named:
        raise PrototypeError(
            f"{prototype.path.name} takes its target by its place or works it out; name the column with "
            "--target"
        )
    columns = list(table.columns) if not isinstance(table, Path) else data.read(str(table)).columns
    if named not in columns:
        raise PrototypeError(
            f"the target '{named}' is no column of the data (it has {', '.join(map(str, columns[:8]))}, "
            "…); name the "
            "column that it is worked out from with --target"
        )
    metric = prototype.metric if prototype.metric in METRICS else None
    task = prototype.task if prototype.task is Task.REGRESSION else None
    if metric is not None and Task.MULTICLASS not in METRICS[metric].tasks and task is None:
        metric = metric if prototype.task is Task.BINARY else None
    ignored = [each for each in prototype.ignored if each in columns and each != named]
    request = f"Adopted from {prototype.path.name}."
    return table, named, by_section(task=task, metric=metric, ignore=ignored, request=request)


def _written(studied: Studied, folder: Folder, table: Any) -> tuple[adoption.Pipeline, tuple[str, ...]]:
    place = os.path.relpath(table, folder.root) if isinstance(table, Path) else None
    score = adoption.judging(studied.seen)
    pipeline = adoption.write_pipeline(studied.code, studied.seen, score, place)
    files = adoption.pipeline_files(pipeline)
    for name, text in files.items():
        write_atomic(folder.root / name, text.encode())
    return pipeline, tuple(files)


def _run(
    adopted: Adopted, studied: Studied, pipeline: adoption.Pipeline, folder: Folder, table: Any
) -> Adopted:
    """Run the prototype as it stands, its pipeline on the same rows, and the pipeline on rows of its own."""
    adopted = replace(adopted, offline=bool(adoption.without_network()))
    beside = studied.prototype.path.resolve().parent
    where = "" if not isinstance(table, Path) else str(table)
    score = adoption.judging(studied.seen)
    program = adoption.write_pipeline(studied.code, studied.seen, score, where or None).original
    not_done: list[str] = []
    try:
        labels, said = adoption.run_program(program, beside)
        adopted = _shown(adopted, labels, said, Brief.read(folder.brief))
        write_atomic(folder.root / "prototype_predictions.json", json.dumps(said.tolist()).encode())
        _, ours = adoption.run_program(_PIPELINE, folder.root)
        adopted = replace(adopted, proof=adoption.prove(said, ours))
    except PrototypeError as error:
        not_done.append(f"the prototype could not be compared with its pipeline: {error}")
    try:
        sealed, rows = _on_sealed_rows(adopted.prototype, pipeline, folder)
        adopted = replace(adopted, sealed=sealed, sealed_rows=rows)
    except (PrototypeError, DataError) as error:
        not_done.append(f"no figure of sealed rows: {error}")
    return replace(adopted, not_done=(*adopted.not_done, *not_done))


def _shown(adopted: Adopted, labels: NDArray[Any], said: NDArray[Any], brief: Brief) -> Adopted:
    """Say what the prototype shows when it is run clean, and whether that is what it claims."""
    metric = adopted.prototype.metric
    claim = adopted.prototype.claim
    task = brief.problem.task
    if metric not in METRICS or task not in METRICS[metric].tasks:
        return adopted
    y, prediction = adoption.as_outcome(labels, said, task)
    value = METRICS[metric](y, prediction)
    if claim is None or claim.metric != metric or abs(claim.value - value) <= _ROUNDED * max(1.0, abs(value)):
        return replace(adopted, shown=value)
    found = Finding(
        code="MW-N031",
        severity="warning",
        message=f"run clean, from the top, it shows {metric} {value:.4g}, but it claims {claim.value:.4g} "
        f"({claim.where})",
        why="What it claims came of other data, another order of its cells, or luck without a seed.",
        advice="Run it again from the top and keep what it shows then.",
    )
    return replace(adopted, shown=value, findings=(found,))


_PIPELINE = "import pipeline\n_labels, _told = pipeline.predictions()\n"
_JUDGED = """
import pipeline
_labels, _told = pipeline.judged(numpy.load("_learn.npy"), numpy.load("_sealed.npy"))
"""


def _on_sealed_rows(
    prototype: Prototype, pipeline: adoption.Pipeline, folder: Folder
) -> tuple[Interval, int]:
    """Return what the pipeline earns on the rows that the first build seals; the look is counted."""
    if pipeline.refused:
        raise PrototypeError(f"{', '.join(pipeline.refused)} learns from rows in a way that can't be kept")
    brief, contract = Brief.read(folder.brief), folder.read_contract()
    name = next(folder.snapshots.glob("*.parquet")).stem
    frame = open_snapshot(folder.snapshots, name).read()
    learn, sealed = _divided(frame, brief, folder)
    labels, told = adoption.run_program(_JUDGED, folder.root, {"_learn": learn, "_sealed": sealed})
    if len(labels) > len(sealed):
        raise PrototypeError(f"of {len(sealed)} sealed rows the pipeline makes {len(labels)}")
    vault = data.seal(frame[sealed], folder.vault, name, contract, encrypt=brief.data.encrypt)
    operations = folder.open_operations(brief)
    operations.record_look(vault.snapshot, "adopt", f"what {prototype.path.name} earns")
    task = brief.problem.task
    y, prediction = adoption.as_outcome(labels, told, task)
    metric = metric_named(prototype.metric if prototype.metric in METRICS else brief.problem.metric, task)
    looks = vault.looks(operations)
    return evaluation.interval(metric, y, prediction, looks=looks, seed=brief.training.seed), len(y)


def _divided(
    frame: pl.DataFrame, brief: Brief, folder: Folder
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows to learn from and those to seal, as a build of this project divides them."""
    contract = folder.read_contract()
    usable = data.rows_to_learn_from(contract, frame)
    split = data.propose_split(frame[usable], contract, brief.split)
    learn, sealed = data.hold_out(frame[usable], contract, split, brief.training.seed)
    if len(sealed) < _FEWEST:
        raise DataError(f"only {len(sealed)} rows would be sealed; at least {_FEWEST} are needed")
    return usable[learn], usable[sealed]


def _words(adopted: Adopted) -> str:
    """Say what the prototype claims and what it earns, and why these differ."""
    prototype, sealed = adopted.prototype, adopted.sealed
    claim = prototype.claim
    what = f"the {prototype.kind}"
    shown = "shows no figure" if adopted.shown is None else f"shows {adopted.shown:.2f} when it is run"
    claimed = f"{what} claims {claim.value:.4g}" if claim else f"{what} {shown}"
    if sealed is None:
        return claimed
    earned = f"on sealed rows it earns {sealed.value:.2f} ({sealed.low:.2f} to {sealed.high:.2f})"
    reasons = [each for each in prototype.findings if each.code in _FLATTERS and each.severity != "info"]
    reasons.sort(key=lambda each: each.severity != "error")
    because = "; ".join(_reason(each) for each in reasons[:3])
    more = f"; and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    says = claim.value if claim is not None else adopted.shown
    if says is not None and sealed.low <= says <= sealed.high:
        return f"{claimed}; {earned}: the figure holds"
    return f"{claimed}; {earned}" + (f", because {because}{more}" if because and says is not None else "")


def _reason(finding: Finding) -> str:
    return f"{finding.message.partition(': ')[2]} ({finding.code})"


def default_folder(prototype: Path) -> Path:
    """Return where the project of a prototype is put, where nobody says."""
    plain = (each if each.isalnum() or each in "-_" else "-" for each in prototype.stem)
    name = "".join(plain).strip("-").lower()
    if not name:
        raise ProjectError(f"{prototype.name} gives no name for a project; name its folder with --into")
    return Path(name)

"""``clean``: what the declared steps change on the data now, and what else it calls for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelwright import data
from modelwright.data import Contract, Effect
from modelwright.errors import SourceError
from modelwright.lifecycle.folder import Folder
from modelwright.problem import Brief, CleaningStep
from modelwright.store import atomic_file


@dataclass(frozen=True)
class Cleaned:
    """Data as the declared steps clean it.

    Attributes
    ----------
    source : str
    rows : int
        Before.
    kept : int
        How many of them are learned from.
    steps : tuple of Effect
        What each declared step changes, or would change where it is switched off.
    proposed : tuple of CleaningStep
        What else the data calls for; to be copied into the brief by a person.
    output : str or None
        Where the cleaned table was written.
    """

    source: str
    rows: int
    kept: int
    steps: tuple[Effect, ...]
    proposed: tuple[CleaningStep, ...]
    output: str | None = None


def contract_for(folder: Folder, brief: Brief, frame: pl.DataFrame) -> Contract:
    """Return the project's contract, as the steps that the brief switches on and off now make it.

    Parameters
    ----------
    folder : Folder
    brief : Brief
    frame : polars.DataFrame
        Raw rows.
    """
    return data.follow_cleaning(folder.read_contract(), brief.cleaning, frame)


def clean(folder: Folder, brief: Brief, frame: pl.DataFrame, source: str, output: Path | None) -> Cleaned:
    """Say what each declared step changes, propose more, and write the cleaned table where it is wanted.

    Raises
    ------
    SourceError
        If the output is not called ``.parquet``.
    """
    if output is not None and output.suffix.lower() != ".parquet":
        raise SourceError(f"{output}: the cleaned table is written as .parquet; choose this ending")
    frame = data.treat(folder.read_contract(), frame)
    contract = contract_for(folder, brief, frame)
    kept = len(data.rows_to_learn_from(contract, frame))
    if output is not None:
        with atomic_file(output, mode=0o666) as temporary:
            data.cleaned_table(contract, frame).write_parquet(temporary)
    return Cleaned(
        source=source,
        rows=frame.height,
        kept=kept,
        steps=data.effects(frame, brief.cleaning, contract),
        proposed=_further(brief, contract, data.clean(frame, brief.cleaning)),
        output=None if output is None else str(output),
    )


def _further(brief: Brief, contract: Contract, cleaned: pl.DataFrame) -> tuple[CleaningStep, ...]:
    hidden = tuple(column.name for column in contract.columns if column.is_sensitive)
    roles = brief.columns.model_copy(update={"protected": (*brief.columns.protected, *hidden)})
    proposed = data.propose_cleaning(cleaned, brief.problem.target, roles, contract.missing_values)
    personal = {each.name for each in contract.columns if each.is_personal}
    return tuple(
        step for step in steps_apart_from(personal, proposed) if not _is_declared(step, brief.cleaning)
    )


def steps_apart_from(personal: Collection[str], steps: Iterable[CleaningStep]) -> tuple[CleaningStep, ...]:
    """Return steps without the columns of personal data: steps hold values, and are written and shown."""
    found = []
    for step in steps:
        columns = tuple(name for name in step.columns if name not in personal)
        if columns == step.columns:
            found.append(step)
        elif columns:
            found.append(step.model_copy(update={"columns": columns}))
    return tuple(found)


def _is_declared(step: CleaningStep, declared: tuple[CleaningStep, ...]) -> bool:
    """Whether the brief says of all that a step would change whether it shall."""
    same = [other for other in declared if other.step == step.step]
    if not step.columns:
        return any(other.ignoring == step.ignoring for other in same)
    return all(
        any(
            name in other.columns
            and set(step.values) <= set(other.values)
            and step.replace.keys() <= other.replace.keys()
            for other in same
        )
        for name in step.columns
    )

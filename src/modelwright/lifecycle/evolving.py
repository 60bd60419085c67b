"""The contract over the years: held against data, compared with new data, changed in the open."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from modelwright import data
from modelwright.data import Change, Contract
from modelwright.deployment import Package
from modelwright.errors import ContractError
from modelwright.lifecycle.folder import STANDARD_INPUT, Folder
from modelwright.lifecycle.results import Checked
from modelwright.problem import Brief, Finding
from modelwright.store import Event, Operations, current_user, write_atomic

LEDGER, SEEN = "contract accepted", "contract changes"
EDITED = 0o666
"""Permissions of what people edit and hand on: as their umask says."""


@dataclass(frozen=True)
class Differences:
    """New data compared with the contract.

    Attributes
    ----------
    source : str
    rows : int
    released : str or None
        The release whose model was asked whether it refuses the data.
    breaks : bool
        Whether the released model refuses rows of the data.
    changes : tuple of Change
    """

    source: str
    rows: int
    released: str | None
    breaks: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Exported:
    """The contract, written for another tool.

    Attributes
    ----------
    to : str
        The tool.
    output : str or None
        The file that was written, if one was asked for.
    text : str
    """

    to: str
    output: str | None
    text: str


@dataclass(frozen=True)
class Accepted:
    """What was taken into the contract.

    Attributes
    ----------
    contract : str
        The file that was written.
    changes : tuple of Change
        Those that were accepted.
    left : tuple of Change
        Those that were not: not asked for, or nothing that a contract can take in.
    build : bool
        Whether a model makes use of it only once it was built anew.
    breaks : bool
        Whether the released model refuses such data until another one is released.
    by : str
        Who accepted.
    ledger : str or None
        Identifier of the ledger's entry; None where nothing was accepted.
    words : str
        What it means for the model in production.
    """

    contract: str
    changes: tuple[Change, ...]
    left: tuple[Change, ...]
    build: bool
    breaks: bool
    by: str
    ledger: str | None
    words: str


def check(folder: Folder, brief: Brief, source: Any) -> Checked:
    """Hold a source against a project's contract, one batch after another, once personal data is treated.

    No example is shown of a column that seems to hold personal data which nobody expects there, as where the
    columns of a file are shifted.
    """
    untreated: tuple[Finding, ...] | None = None
    with _arrived(source) as arrived:
        contract = folder.read_contract()
        treatments = data.Treatments(contract)
        if at_odds := data.at_odds(contract, brief.cleaning):
            parts = [
                pl.DataFrame([batch[name] for name in at_odds if name in batch.columns])
                for batch in map(treatments.table, data.batches(arrived))
            ]
            contract = data.follow_cleaning(contract, brief.cleaning, pl.concat(parts))
        checker = data.Checker(contract)
        batches = data.batches(arrived)
        for batch in batches:
            if untreated is None:
                untreated = tuple(data.untreated_personal(contract, batch))
            checker.add(treatments.table(batch))
    unexpected = {each.column for each in untreated or ()}
    found = (
        each.model_copy(update={"examples": ()}) if each.column in unexpected else each
        for each in checker.findings()
    )
    findings = (*batches.findings, *found, *(untreated or ()))
    held = not any(finding.severity == "error" for finding in findings)
    return Checked(_named(source), checker.rows, held, findings)


class Evolution:
    """The contract of a project, and how it changes.

    Parameters
    ----------
    folder : Folder
    operations : Operations
        Holds the releases, and the ledger of what was accepted.
    """

    def __init__(self, folder: Folder, operations: Operations) -> None:
        self.folder = folder
        self.operations = operations

    def diff(self, source: Any) -> Differences:
        """Compare the contract with what would be inferred from a source, and note whether it differs."""
        found = self._differences(source)
        columns = sorted({str(each.column) for each in found.changes if each.act != "none"})
        self.operations.add_event(SEEN, {"source": found.source, "columns": columns})
        return found

    def _differences(self, source: Any) -> Differences:
        contract = self.folder.read_contract()
        with _arrived(source) as arrived:
            frame = data.treat(contract, data.read(arrived))
        release = self.operations.current_release()
        refused: set[str | None] = set()
        if release is not None:
            released = Package.open(self.folder.state / release.package).contract
            features = {column.name for column in released.features}
            broken = (each for each in data.check(released, frame) if each.severity == "error")
            refused = {each.column for each in broken if each.column in features}
        changes = tuple(
            change.model_copy(update={"breaks": change.column in refused})
            for change in self._protected(contract, frame, data.differences(contract, frame))
        )
        return Differences(
            _named(source), frame.height, release.id if release else None, bool(refused), changes
        )

    def _protected(self, contract: Contract, frame: pl.DataFrame, changes: list[Change]) -> Iterator[Change]:
        """Have the personal data of new columns treated from the first."""
        added = [each for each in changes if each.act == "add"]
        names = [each.column for each in added]
        whole = data.with_changes(contract, added)
        settled = data.protect(whole, frame.select(names), Brief.read(self.folder.brief))
        for change in changes:
            column = settled.column(change.column) if change.act == "add" else None
            if column is None or not column.is_personal:
                yield change
                continue
            stated = column.model_dump(mode="json", exclude_defaults=True)
            message = f"a new column of personal data ({column.reason}): {column.treatment}"
            yield change.model_copy(update={"message": message, "updates": stated})

    def accept(self, source: Any, *, only: Sequence[str] = (), by: str = "") -> Accepted:
        """Take what a source shows into ``contract.toml``, and record who did.

        Parameters
        ----------
        source : str, Path or table
        only : sequence of str
            Columns; all by default.
        by : str
            Who accepts; the user of this machine by default.

        Raises
        ------
        ContractError
            If a named column shows nothing new, or the file cannot be edited.
        """
        found = self._differences(source)
        if unknown := [name for name in only if name not in {each.column for each in found.changes}]:
            raise ContractError(
                f"column '{unknown[0]}' shows nothing new in {found.source}; `modelwright contract diff` "
                "lists what does"
            )
        taken = tuple(
            each for each in found.changes if each.act != "none" and (not only or each.column in only)
        )
        left = tuple(each for each in found.changes if each not in taken)
        by = by or current_user()
        entry = self._write(taken, found, by) if taken else None
        return Accepted(
            contract=str(self.folder.contract),
            changes=taken,
            left=left,
            build=any(each.build for each in taken),
            breaks=any(each.breaks for each in taken),
            by=by,
            ledger=entry.id if entry else None,
            words=_words(taken, found.released),
        )

    def export(self, to: str, output: str | Path | None = None) -> Exported:
        """Write the contract for another tool, where asked into a file."""
        text = data.export(self.folder.read_contract(), to)
        if output is not None:
            write_atomic(Path(output), text, mode=EDITED)
        return Exported(to, None if output is None else str(output), text)

    def history(self) -> list[Event]:
        """Return the ledger of what was accepted, oldest first."""
        return self.operations.events(LEDGER)

    def _write(self, taken: tuple[Change, ...], found: Differences, by: str) -> Event:
        text = self.folder.contract.read_text(encoding="utf-8")
        before = Contract.read(self.folder.contract)
        after = data.with_changes(before, taken)
        write_atomic(self.folder.contract, data.amend(text, before, after), mode=EDITED)
        try:
            self.folder.read_contract()
        except BaseException:
            write_atomic(self.folder.contract, text, mode=EDITED)
            raise
        sensitive = {each.name for each in (*before.columns, *after.columns) if each.is_sensitive}
        body = {
            "by": by,
            "source": found.source,
            "rows": found.rows,
            "before": before.hash,
            "after": after.hash,
            "changes": [_recorded(each, hidden=each.column in sensitive) for each in taken],
        }
        return self.operations.add_event(LEDGER, body)


def _recorded(change: Change, *, hidden: bool) -> dict[str, Any]:
    """Return a change for the ledger, which never holds a value of a sensitive column."""
    kept = change.model_dump(mode="json", include={"code", "column", "act", "message", "updates", "breaks"})
    return kept | ({"updates": sorted(change.updates)} if hidden else {})


def _words(taken: tuple[Change, ...], released: str | None) -> str:
    if not taken:
        return "Nothing was accepted; contract.toml is as it was."
    if released is None:
        return "The next build is made by the changed contract."
    if any(each.breaks for each in taken):
        return (
            "The model in production keeps the contract it was built with, and refuses such rows until one "
            "that was built anew is released: modelwright build, then modelwright deploy."
        )
    if any(each.build for each in taken):
        return (
            "The model in production keeps the contract it was built with, and goes on answering; to make "
            "use of the change, build and release another: modelwright build, then modelwright deploy."
        )
    return "The model in production goes on as it is; `check` and the next build go by the changed contract."


@contextmanager
def _arrived(source: Any) -> Iterator[Any]:
    """Give a source that can be read twice: what comes by standard input is put into a file first."""
    if not _is_standard_input(source):
        yield source
        return
    with data.spooled(sys.stdin.buffer) as path:
        yield path


def _named(source: Any) -> str:
    if _is_standard_input(source):
        return "standard input"
    return data.shown(source)


def _is_standard_input(source: Any) -> bool:
    return isinstance(source, str) and source == STANDARD_INPUT

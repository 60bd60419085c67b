"""What a project says of data: whether it holds to the contract, what is in it, and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from modelwright import data, lifecycle
from modelwright.data import Audit, Contract, Profile
from modelwright.lifecycle import (
    Accepted,
    Checked,
    Cleaned,
    Differences,
    Encrypted,
    Exported,
    Folder,
    Privacy,
)
from modelwright.problem import Brief
from modelwright.store import Event, Operations


class ProjectData:
    """The first half of `modelwright.project.Project`: its brief, its contract and its data.

    Parameters
    ----------
    folder : str or Path, default "."
        A folder with a ``modelwright.toml``.
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.folder = Folder.find(Path(folder))

    @property
    def brief(self) -> Brief:
        """What is asked, read anew each time, since people edit it."""
        return Brief.read(self.folder.brief)

    @property
    def contract(self) -> Contract:
        """What each column must be, read anew each time, since people edit it."""
        return self.folder.read_contract()

    def profile(self, source: Any = None) -> Profile:
        """Say what data holds, without values of sensitive columns; by default of the brief's source."""
        return lifecycle.profile(self._given(source), self.brief, self.contract)

    def check(self, source: Any = None) -> Checked:
        """Check data against the contract.

        Parameters
        ----------
        source : str, Path or table, optional
            By default the brief's source; ``"-"`` is standard input.
        """
        return lifecycle.check(self.folder, self.brief, self._given(source))

    def contract_diff(self, source: Any = None) -> Differences:
        """Compare the contract with what would be inferred from new data, by default the brief's source."""
        return self._evolution().diff(self._given(source))

    def contract_accept(self, source: Any = None, *, only: Sequence[str] = (), by: str = "") -> Accepted:
        """Take what new data shows into ``contract.toml``, all or some columns of it, and record who did."""
        return self._evolution().accept(self._given(source), only=only, by=by)

    def contract_history(self) -> list[Event]:
        """List what was taken into the contract, by whom and when, oldest first."""
        return self._evolution().history()

    def contract_export(self, to: str, output: str | Path | None = None) -> Exported:
        """Write the contract for ``"pandera"`` or as ``"json-schema"``, where asked into a file."""
        return self._evolution().export(to, output)

    def audit(self, source: Any = None) -> Audit:
        """Say which columns or rows give the target away; by default of the brief's source."""
        frame = data.treat(self.contract, data.read(self._given(source)))
        contract = lifecycle.contract_for(self.folder, self.brief, frame)
        return data.audit(frame, contract, passed_over=self.brief.columns.ignore)

    def privacy(
        self, source: Any = None, *, column: str | None = None, treatment: str | None = None, reason: str = ""
    ) -> Privacy:
        """Say which columns are personal data and what is done with them; or change it for one.

        Parameters
        ----------
        source : str, Path or table, optional
            By default the brief's source.
        column, treatment : str, optional
            A column, and what shall be done with it: ``drop``, ``hash``, ``generalise``, ``keep``, or
            ``none`` where it is no personal data. Written to ``contract.toml``.
        reason : str
            Why; needed to keep personal data.
        """
        chosen = self._source() if source is None else source
        frame = data.read(self._given(source))
        if column is not None or treatment is not None:
            lifecycle.change_treatment(self.folder, self.brief, frame, column, treatment, reason)
        return lifecycle.privacy(self.contract, frame, chosen)

    def encrypt(self) -> Encrypted:
        """Encrypt the snapshots and held-out rows that are not yet, or not with the newest key."""
        return lifecycle.encrypt(self.folder, self.brief)

    def clean(self, source: Any = None, *, output: str | Path | None = None) -> Cleaned:
        """Show what the brief's steps of cleaning change on data, and propose more.

        Parameters
        ----------
        source : str, Path or table, optional
            By default the brief's source.
        output : str or Path, optional
            Where to write the cleaned table, as Parquet.
        """
        chosen = self._source() if source is None else source
        shown = str(chosen) if isinstance(chosen, str | Path) else "the table"
        written = None if output is None else Path(output)
        return lifecycle.clean(self.folder, self.brief, data.read(self._given(source)), shown, written)

    @cached_property
    def _operations(self) -> Operations:
        return self.folder.open_operations(self.brief)

    def _source(self) -> str:
        return self.folder.locate(self.brief.data.source)

    def _given(self, source: Any = None) -> Any:
        """Return a source as it can be read, by default the brief's: a snapshot may be encrypted."""
        return self.folder.arrive(self._source() if source is None else source)

    def _evolution(self) -> lifecycle.Evolution:
        return lifecycle.Evolution(self.folder, self._operations)

"""What a project says of data: whether it holds to the contract, what is in it, and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from modelwright import adoption, data, lifecycle, monitoring
from modelwright.data import Audit, Contract, Origin, Profile
from modelwright.deployment import Package
from modelwright.errors import ReleaseError
from modelwright.lifecycle import (
    Accepted,
    Checked,
    Cleaned,
    Differences,
    Encrypted,
    Exported,
    Folder,
    Privacy,
    Pruned,
    Snapshots,
)
from modelwright.monitoring import Drift
from modelwright.problem import Brief
from modelwright.store import Event, Operations, Release


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

    @staticmethod
    def read_prototype(path: str | Path) -> adoption.Prototype:
        """Read a notebook or a script, without running it: what it does, and what flatters its score."""
        return adoption.read_prototype(Path(path))

    @staticmethod
    def adopt(
        path: str | Path,
        folder: str | Path | None = None,
        *,
        data: str | Path | None = None,
        target: str | None = None,
        run: bool = False,
    ) -> lifecycle.Adopted:
        """Write the project of a prototype; with `run`, prove its pipeline and judge it on sealed rows."""
        path = Path(path)
        root = lifecycle.default_folder(path) if folder is None else Path(folder)
        return lifecycle.adopt(
            path, root, source=None if data is None else Path(data), target=target, run=run
        )

    def profile(self, source: Any = None, *, query: str | None = None) -> Profile:
        """Say what data holds, without values of sensitive columns; by default of the brief's source."""
        return lifecycle.profile(self._given(source, query), self.brief, self.contract)

    def check(self, source: Any = None, *, query: str | None = None) -> Checked:
        """Check data against the contract.

        Parameters
        ----------
        source : str, Path or table, optional
            By default the brief's source; ``"-"`` is standard input.
        query : str, optional
            SQL, for databases.
        """
        return lifecycle.check(self.folder, self.brief, self._given(source, query))

    def drift(self, source: Any, *, query: str | None = None) -> Drift:
        """Say whether a table's columns are spread as the training rows of the current release were."""
        _, package = self._current()
        return monitoring.compare_with_reference(
            monitoring.reference_of(package), package.contract, data.batches(self._given(source, query))
        )

    def contract_diff(self, source: Any = None, *, query: str | None = None) -> Differences:
        """Compare the contract with what would be inferred from new data, by default the brief's source."""
        return self._evolution().diff(self._given(source, query))

    def contract_accept(
        self, source: Any = None, *, query: str | None = None, only: Sequence[str] = (), by: str = ""
    ) -> Accepted:
        """Take what new data shows into ``contract.toml``, all or some columns of it, and record who did."""
        return self._evolution().accept(self._given(source, query), only=only, by=by)

    def contract_history(self) -> list[Event]:
        """List what was taken into the contract, by whom and when, oldest first."""
        return self._evolution().history()

    def contract_export(self, to: str, output: str | Path | None = None) -> Exported:
        """Write the contract for ``"pandera"`` or as ``"json-schema"``, where asked into a file."""
        return self._evolution().export(to, output)

    def audit(self, source: Any = None, *, query: str | None = None) -> Audit:
        """Say which columns or rows give the target away; by default of the brief's source."""
        frame = data.treat(self.contract, data.read(self._given(source, query)))
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

    def clean(
        self, source: Any = None, *, query: str | None = None, output: str | Path | None = None
    ) -> Cleaned:
        """Show what the brief's steps of cleaning change on data, and propose more.

        Parameters
        ----------
        source : str, Path or table, optional
            By default the brief's source.
        query : str, optional
            SQL, for databases.
        output : str or Path, optional
            Where to write the cleaned table, as Parquet.
        """
        chosen = self._source() if source is None else source
        written = None if output is None else Path(output)
        rows = data.read(self._given(source, query))
        return lifecycle.clean(self.folder, self.brief, rows, data.shown(chosen), written)

    def snapshots(self) -> Snapshots:
        """List the snapshots of the data, and what needs each."""
        return lifecycle.list_kept(self.folder, self.brief, self._operations)

    def prune_snapshots(self, *, remove: bool = False) -> Pruned:
        """Find the snapshots that no run or release needs, and remove them where that is asked for."""
        return lifecycle.prune(self.folder, self.brief, self._operations, remove=remove)

    @cached_property
    def _operations(self) -> Operations:
        return self.folder.open_operations(self.brief)

    def _current(self) -> tuple[Release, Package]:
        release = self._operations.current_release()
        if release is None:
            raise ReleaseError("nothing is released yet; `modelwright deploy` releases the newest candidate")
        signers = self.brief.serving.signed_by
        return release, Package.open(self.folder.state / release.package, signers)

    def _source(self) -> Origin:
        return self.folder.origin(self.brief.data)

    def _given(self, source: Any = None, query: str | None = None) -> Any:
        """Return a source as it can be read, by default the brief's: a snapshot may be encrypted."""
        return self.folder.arrive(self._source() if source is None else source, query)

    def _evolution(self) -> lifecycle.Evolution:
        return lifecycle.Evolution(self.folder, self._operations)

"""Where a project keeps its things."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modelwright.data import Contract, Origin, open_snapshot
from modelwright.errors import ProjectError
from modelwright.lifecycle.agreement import agree
from modelwright.problem import Brief, DataSection, anchored
from modelwright.store import Operations, Tracking, is_encrypted

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Folder:
    """The paths of one project.

    ::

        modelwright.toml        the brief, edited by people
        contract.toml           the contract, edited by people
        .modelwright/
            snapshots/          immutable copies of the data
            vault/              sealed held-out rows
            quarantine/         rows of sources that could not be read
            runs/RUN/           checkpoint, package, evaluation and report of each build
            mlflow.db           runs and the model registry
            artifacts/          MLflow's artefacts
            operations.db       looks, releases, observations, labels, alarms, decisions

    Attributes
    ----------
    root : Path
        The project's folder, absolute.
    """

    root: Path

    @property
    def brief(self) -> Path:
        """``modelwright.toml``."""
        return self.root / "modelwright.toml"

    @property
    def contract(self) -> Path:
        """``contract.toml``."""
        return self.root / "contract.toml"

    @property
    def state(self) -> Path:
        """All that Modelwright writes and people do not edit."""
        return self.root / ".modelwright"

    @property
    def snapshots(self) -> Path:
        """Immutable copies of the data."""
        return self.state / "snapshots"

    @property
    def vault(self) -> Path:
        """Sealed held-out rows."""
        return self.state / "vault"

    @property
    def quarantine(self) -> Path:
        """Rows of sources that could not be read."""
        return self.state / "quarantine"

    def run(self, run: str) -> Path:
        """Return the folder of one run."""
        return self.state / "runs" / run

    def open_operations(self, brief: Brief) -> Operations:
        """Open the operations database that the brief names, by default SQLite in the project."""
        return Operations(brief.store.database or f"sqlite:///{self.state / 'operations.db'}")

    def open_tracking(self, brief: Brief) -> Tracking:
        """Open the MLflow store that the brief names, by default SQLite in the project."""
        uri = brief.store.tracking or f"sqlite:///{self.state / 'mlflow.db'}"
        return Tracking(uri, self.state / "artifacts", brief.problem.name)

    def read_contract(self) -> Contract:
        """Read ``contract.toml``, with the roles and labels that the brief states."""
        return agree(Contract.read(self.contract), Brief.read(self.brief))

    def origin(self, asked: DataSection) -> Origin:
        """Return the brief's source; a relative path is meant from the project."""
        keeps = self._keeps_text()
        return Origin(anchored(asked.source, self.root), asked.reading(), self._aside(), keeps_text=keeps)

    def _keeps_text(self) -> bool:
        if not self.contract.is_file():
            return False
        return keeps_broken_text(Contract.read(self.contract), Brief.read(self.brief))

    def _aside(self) -> Path:
        return self.quarantine / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}.jsonl"

    def arrive(self, source: Any, query: str | None = None) -> Any:
        """Return a source as it can be read: with a place for broken rows; a snapshot may be encrypted."""
        if isinstance(source, str | Path) and str(source) != STANDARD_INPUT:
            source = Origin(str(source), quarantine=self._aside(), keeps_text=self._keeps_text())
        if not isinstance(source, Origin):
            return source
        path = Path(source.text)
        if path.parent == self.snapshots and path.is_file() and is_encrypted(path):
            return open_snapshot(self.snapshots, path.stem).read()
        return source.asking(query) if query else source

    @classmethod
    def find(cls, root: Path) -> Folder:
        """Return the layout of an existing project.

        Raises
        ------
        ProjectError
            If there is no ``modelwright.toml`` in the folder.
        """
        folder = cls(root.expanduser().resolve())
        if not folder.brief.is_file():
            raise ProjectError(
                f"{folder.root} is not a project: it has no modelwright.toml; run the command inside a "
                "project, name one with --project, or make one with `modelwright new`"
            )
        return folder


def keeps_broken_text(contract: Contract, brief: Brief) -> bool:
    """Say whether a row that could not be read may be kept as it stands in its file.

    Not where a column is personal data, since what was not parted into cells can't be treated; nor where
    what is kept is encrypted.
    """
    return not brief.data.encrypt and not any(each.is_personal for each in contract.columns)

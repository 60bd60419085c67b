"""Where a project keeps its things."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelwright.data import Contract, open_snapshot
from modelwright.errors import ProjectError
from modelwright.lifecycle.agreement import agree
from modelwright.problem import Brief
from modelwright.store import Operations, Tracking, is_encrypted


@dataclass(frozen=True)
class Folder:
    """The paths of one project.

    ::

        modelwright.toml        the brief, edited by people
        contract.toml           the contract, edited by people
        .modelwright/
            snapshots/          immutable copies of the data
            vault/              sealed held-out rows
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

    def locate(self, source: str) -> str:
        """Return a source of the brief as an absolute path: relative ones are meant from the project."""
        return source if "://" in source else str(self.root / source)

    def arrive(self, source: Any) -> Any:
        """Return a source as it can be read: the rows of an encrypted snapshot, all else as it is."""
        path = Path(source) if isinstance(source, str | Path) else None
        if path is None or path.parent != self.snapshots or not path.is_file() or not is_encrypted(path):
            return source
        return open_snapshot(self.snapshots, path.stem).read()

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

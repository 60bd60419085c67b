"""Runs and the model registry, kept by MLflow."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from modelwright.errors import RunError, StoreError
from modelwright.store.files import make_private, make_private_file, make_private_folder
from modelwright.store.identity import current_user

if TYPE_CHECKING:
    from mlflow import MlflowClient

RunStatus = Literal["RUNNING", "FINISHED", "FAILED", "KILLED"]

_PARAMS_AT_ONCE = 100  # MLflow's limit for one batch
_METRICS_AT_ONCE = 1000
_LONGEST_PARAM = 6000
_RUNS_AT_ONCE = 1000


@dataclass(frozen=True)
class RunRecord:
    """One run as MLflow keeps it.

    Attributes
    ----------
    id : str
    name : str
    status : {"RUNNING", "FINISHED", "FAILED", "KILLED"}
    started : datetime
        In UTC.
    seconds : float or None
        How long it took; None while it runs.
    metrics : dict of str to float
        The latest value of each.
    params : dict of str to str
    tags : dict of str to str
        Without MLflow's own.
    by : str
        Who started it; empty where nobody noted it.
    """

    id: str
    name: str
    status: RunStatus
    started: datetime
    seconds: float | None
    metrics: dict[str, float]
    params: dict[str, str]
    tags: dict[str, str]
    by: str = ""


class Tracking:
    """Reach an MLflow store; nothing is opened before the first call.

    Parameters
    ----------
    uri : str
        MLflow tracking URI: ``sqlite:///PATH``, another SQLAlchemy URL, or ``http(s)://`` of a server.
    artifacts : Path
        Folder for artefacts, used where the URI is a database; a server has its own place.
    experiment : str
        Name of the experiment; made when it does not exist.
    """

    def __init__(self, uri: str, artifacts: Path, experiment: str) -> None:
        self._uri = uri
        self._artifacts = artifacts
        self._experiment = experiment

    # ---- runs

    def start(
        self, name: str, params: Mapping[str, Any] | None = None, tags: Mapping[str, str] | None = None
    ) -> str:
        """Start a run and return its identifier."""
        with self._errors():
            kept = {"mlflow.user": current_user(), **(tags or {})}
            run = self._client.create_run(self._experiment_id, run_name=name, tags=kept)
            run_id = str(run.info.run_id)
        self.log(run_id, params=params)
        return run_id

    def resume(self, run_id: str) -> None:
        """Mark a run that ended early as running again."""
        with self._errors():
            self._client.set_terminated(run_id, status="RUNNING")

    def log(
        self,
        run_id: str,
        metrics: Mapping[str, float] | None = None,
        params: Mapping[str, Any] | None = None,
        step: int | None = None,
    ) -> None:
        """Add metrics and parameters to a run.

        Parameters
        ----------
        run_id : str
        metrics : mapping of str to float, optional
        params : mapping, optional
            Kept as text, cut at 6,000 characters as MLflow demands; a parameter can't be changed later.
        step : int, optional
            Position of the metrics in a series.
        """
        from mlflow.entities import Metric, Param

        now = int(datetime.now(UTC).timestamp() * 1000)
        values = [Metric(key, float(value), now, step or 0) for key, value in (metrics or {}).items()]
        texts = [Param(key, str(value)[:_LONGEST_PARAM]) for key, value in (params or {}).items()]
        with self._errors():
            for start in range(0, len(values), _METRICS_AT_ONCE):
                self._client.log_batch(run_id, metrics=values[start : start + _METRICS_AT_ONCE])
            for start in range(0, len(texts), _PARAMS_AT_ONCE):
                self._client.log_batch(run_id, params=texts[start : start + _PARAMS_AT_ONCE])

    def log_folder(self, run_id: str, folder: Path, artifact_path: str) -> None:
        """Copy a folder, or one file, to the artefacts of a run, under ``artifact_path``."""
        kept_here = not self._uri.startswith("http")
        if kept_here:
            make_private_folder(self._artifacts)
        with self._errors():
            if folder.is_dir():
                self._client.log_artifacts(run_id, str(folder), artifact_path)
            else:
                self._client.log_artifact(run_id, str(folder), artifact_path or None)
        if kept_here:
            make_private(self._artifacts / run_id)

    def finish(self, run_id: str, status: RunStatus = "FINISHED") -> None:
        """Close a run."""
        with self._errors():
            self._client.set_terminated(run_id, status=status)

    def runs(self) -> list[RunRecord]:
        """List all runs of the experiment, newest first."""
        found: list[RunRecord] = []
        token: str | None = None
        with self._errors():
            while True:
                page = self._client.search_runs(
                    [self._experiment_id], max_results=_RUNS_AT_ONCE, page_token=token
                )
                found.extend(_record(run) for run in page)
                token = page.token
                if not token:
                    return found

    def find(self, prefix: str) -> RunRecord:
        """Find one run by its name or by the beginning of its identifier.

        Raises
        ------
        RunError
            If no run, or more than one, is meant.
        """
        runs = self.runs()
        matching = [run for run in runs if run.name == prefix or run.id.startswith(prefix)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            choices = ", ".join(f"{run.name} ({run.id[:8]})" for run in matching[:5])
            raise RunError(f"'{prefix}' could be any of {len(matching)} runs: {choices}; give more of its id")
        latest = f"the latest is {runs[0].name} ({runs[0].id[:8]})" if runs else "there is none yet"
        raise RunError(f"no run is called '{prefix}'; {latest}; `modelwright runs` lists them")

    # ---- the registry

    def register(self, model_name: str, run_id: str, artifact_path: str) -> int:
        """Make a version of the registered model from a run's artefacts and return its number."""
        with self._errors():
            self._make_model(model_name)
            run = self._client.get_run(run_id)
            source = f"{run.info.artifact_uri}/{artifact_path}"
            return int(self._client.create_model_version(model_name, source, run_id).version)

    def set_alias(self, model_name: str, alias: str, version: int) -> None:
        """Point an alias, such as ``champion``, at a version."""
        with self._errors():
            self._client.set_registered_model_alias(model_name, alias, str(version))

    def alias(self, model_name: str, alias: str) -> int | None:
        """Return the version that an alias points at, or None where there is none."""
        from mlflow.exceptions import MlflowException

        with self._errors():
            try:
                return int(self._client.get_model_version_by_alias(model_name, alias).version)
            except MlflowException as error:
                if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    return None
                raise

    def _make_model(self, model_name: str) -> None:
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(model_name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    # ---- the client

    @cached_property
    def _client(self) -> MlflowClient:
        hush_mlflow()
        _make_folder(self._uri)
        from mlflow import MlflowClient

        with warnings.catch_warnings():  # MLflow's own models, when its SQL store is first imported
            warnings.filterwarnings("ignore", message="The ``noload`` loader strategy")
            return MlflowClient(tracking_uri=self._uri, registry_uri=self._uri)

    @cached_property
    def _experiment_id(self) -> str:
        from mlflow.exceptions import MlflowException

        found = self._client.get_experiment_by_name(self._experiment)
        if found is None:
            place = None if self._uri.startswith("http") else self._artifacts.absolute().as_uri()
            try:
                return str(self._client.create_experiment(self._experiment, artifact_location=place))
            except MlflowException:  # another process may have been first
                found = self._client.get_experiment_by_name(self._experiment)
                if found is None:
                    raise
        return str(found.experiment_id)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        hush_mlflow()
        from mlflow.exceptions import MlflowException

        try:
            yield
        except MlflowException as error:
            raise StoreError(f"the tracking store refused: {error.message}") from error


_hushing = threading.Lock()


def hush_mlflow() -> None:
    """Import MLflow without its telemetry and without its progress lines on standard error."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    with _hushing:
        import mlflow  # noqa: F401

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)


def _make_folder(uri: str) -> None:
    if uri.startswith("sqlite:///"):
        make_private_file(Path(uri.removeprefix("sqlite:///")))


def _record(run: Any) -> RunRecord:
    started, ended = run.info.start_time, run.info.end_time
    return RunRecord(
        id=run.info.run_id,
        name=run.info.run_name,
        status=run.info.status,
        started=datetime.fromtimestamp(started / 1000, UTC),
        seconds=None if ended is None or run.info.status == "RUNNING" else (ended - started) / 1000,
        metrics=dict(run.data.metrics),
        params=dict(run.data.params),
        tags={key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")},
        by=run.data.tags.get("mlflow.user", ""),
    )

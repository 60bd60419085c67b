"""From a prediction back to the rows it was learnt from and the request it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from modelwright.errors import TraceError
from modelwright.store import Operations


@dataclass(frozen=True)
class Origin:
    """Where a run came from, as its own store tells.

    Attributes
    ----------
    run_name : str
    snapshot : str
        Hash of the rows.
    source : str
        Where these were read.
    contract : str
        Hash of the contract.
    request : str
        The request in the stakeholder's words.
    stakeholder : str
        Who asked.
    """

    run_name: str
    snapshot: str
    source: str
    contract: str
    request: str
    stakeholder: str


class Trace(BaseModel):
    """The way from a prediction back to the request.

    Attributes
    ----------
    prediction : str
        Its identifier.
    at : datetime
        When it was given.
    answer : str or float
        The predicted label or value.
    probabilities : dict of str to float, or None
    label : str, float or None
        What turned out to be true.
    labelled_at : datetime or None
    alarms : tuple of str
        Alarms of the release that it came from.
    fed : tuple of str
        The runs of the retrainings that had its label, oldest first, each with what became of it.
    release : str
    released_at : datetime
    run, run_name : str
    snapshot, source : str
        Hash of the rows that the model learnt from, and where these were read.
    contract : str
        Hash of the contract.
    request, stakeholder : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prediction: str
    at: datetime
    answer: str | float
    probabilities: dict[str, float] | None
    label: str | float | None
    labelled_at: datetime | None
    alarms: tuple[str, ...]
    fed: tuple[str, ...] = ()
    release: str
    released_at: datetime
    run: str
    run_name: str
    snapshot: str
    source: str
    contract: str
    request: str
    stakeholder: str

    def steps(self) -> list[tuple[str, str]]:
        """Return the way step by step: what, and which."""
        label = "not known yet" if self.label is None else f"{self.label} (came {_when(self.labelled_at)})"
        return [
            ("prediction", f"{self.prediction} ({_when(self.at)})"),
            ("answer", str(self.answer)),
            ("label", label),
            ("release", f"{self.release} ({_when(self.released_at)})"),
            ("alarms", f"{len(self.alarms)} of this release"),
            ("fed", ", ".join(self.fed) or "no retraining yet"),
            ("run", f"{self.run_name} ({self.run})"),
            ("snapshot", f"{self.snapshot} (from {self.source})"),
            ("contract", self.contract),
            ("request", self.request or "(the brief states none)"),
            ("stakeholder", self.stakeholder or "(the brief names none)"),
        ]


def trace(operations: Operations, prediction_id: str, origin: Callable[[str], Origin]) -> Trace:
    """Walk from a prediction back to the request.

    Parameters
    ----------
    operations : Operations
    prediction_id : str
    origin : callable
        Given the identifier of a run, where it came from.

    Raises
    ------
    TraceError
        If no such prediction was given, or its release is not known here.
    """
    observation = operations.observation(prediction_id)
    if observation is None:
        raise TraceError(
            f"no prediction is called '{prediction_id}'; give the `id` that /predict answered with"
        )
    releases = {each.id: each for each in operations.releases()}
    if observation.release not in releases:
        raise TraceError(
            f"prediction '{prediction_id}' was given by '{observation.release}', which is no release of this "
            "project; its package was served on its own"
        )
    release = releases[observation.release]
    source = origin(release.run)
    return Trace(
        prediction=observation.id,
        at=observation.at,
        answer=observation.prediction,
        probabilities=observation.probabilities,
        label=observation.label,
        labelled_at=observation.labelled_at,
        alarms=tuple(alarm.id for alarm in operations.alarms(release=release.id)),
        release=release.id,
        released_at=release.at,
        run=release.run,
        run_name=source.run_name,
        snapshot=source.snapshot,
        source=source.source,
        contract=source.contract,
        request=source.request,
        stakeholder=source.stakeholder,
    )


def _when(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S UTC")

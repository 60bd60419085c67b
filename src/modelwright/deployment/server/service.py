"""What the server does with a request's content, apart from HTTP."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from modelwright.data import label_text
from modelwright.deployment.asking import NOTHING_MORE, Asked
from modelwright.deployment.package import Package
from modelwright.deployment.server.arm import Arm, Said, details_of, shortened
from modelwright.deployment.server.messages import (
    Detail,
    FeedbackAnswer,
    FeedbackRequest,
    LabelIn,
    PredictAnswer,
    PredictRequest,
    Refusal,
)
from modelwright.deployment.server.more import MOST_EXPLAINED
from modelwright.deployment.server.trial import CLOCK, OnTrial
from modelwright.errors import FeedbackError
from modelwright.store import Label, Observation, Operations

MOST_ROWS = 10_000

T = TypeVar("T")

_predict_decoder = msgspec.json.Decoder(PredictRequest)
_feedback_decoder = msgspec.json.Decoder(FeedbackRequest)


class Service:
    """What is in production, ready to answer.

    Parameters
    ----------
    package : Package
    operations : Operations
        Where predictions and labels are kept.
    release : str
        Identifier of the release that is served.
    threads : int, default 1
        Threads of one scoring call.
    """

    def __init__(self, package: Package, operations: Operations, release: str, threads: int = 1) -> None:
        self.operations = operations
        self._threads = threads
        # One reference, replaced as a whole: whoever has read it goes on with what it held.
        self._standing: tuple[Arm, OnTrial | None] = (Arm(package, release, threads), None)

    @property
    def champion(self) -> Arm:
        """The release in production."""
        return self._standing[0]

    @property
    def trial(self) -> OnTrial | None:
        """The challenger beside it."""
        return self._standing[1]

    @property
    def package(self) -> Package:
        """The package in production."""
        return self.champion.package

    @property
    def release(self) -> str:
        """Identifier of the release in production."""
        return self.champion.release

    def arm(self, package: Package, release: str) -> Arm:
        """Make a package ready to answer."""
        return Arm(package, release, self._threads)

    def stand(self, champion: Arm, trial: OnTrial | None) -> None:
        """Answer with another release, or beside another challenger, from the next request on."""
        self._standing = (champion, trial)

    def predict(self, body: bytes, asked: Asked = NOTHING_MORE) -> tuple[PredictAnswer, list[Observation]]:
        """Score the rows of a request.

        Parameters
        ----------
        body : bytes
            JSON of a `PredictRequest`.
        asked : Asked, optional
            What the answer shall carry beside the predictions.

        Returns
        -------
        tuple of PredictAnswer and list of Observation
            The answer, to be given once the observations are kept.

        Raises
        ------
        Refusal
            400 where the body is not JSON, 413 where it has too many rows, 422 where it says something else
            than it should or rows break the contract.
        """
        start = time.perf_counter()
        records = _records(body, asked)
        champion, trial = self._standing
        chosen = trial.chosen(records) if trial is not None and trial.answers else None
        if chosen is None or not any(chosen):
            said = champion.say(records, asked, time.perf_counter if trial is None else CLOCK)
            if trial is not None:
                trial.beside(records, said)
            return _answer(champion.release, said, start)
        assert trial is not None  # noqa: S101 - it has chosen
        return self._split(champion, trial, records, chosen, asked, start)

    def _split(
        self,
        champion: Arm,
        trial: OnTrial,
        records: list[dict[str, Any]],
        chosen: Sequence[bool],
        asked: Asked,
        start: float,
    ) -> tuple[PredictAnswer, list[Observation]]:
        """Let the challenger answer the rows that are its own; those that it can't answer, the champion."""
        theirs = [row for row, each in enumerate(chosen) if each]
        said = trial.say([records[row] for row in theirs], asked)
        if said is None:
            theirs = []
        ours = sorted(set(range(len(records))) - set(theirs))
        parts: list[tuple[str, list[int], Said]] = []
        if said is not None:
            parts.append((trial.release, theirs, said))
        if ours:
            parts.append((champion.release, ours, _say_some(champion, records, ours, asked)))
        trial.answered(parts)
        return _merged(champion.release, parts, len(records), start)

    def feedback(self, body: bytes) -> FeedbackAnswer:
        """Keep labels that came later.

        Parameters
        ----------
        body : bytes
            JSON of a `FeedbackRequest`.

        Raises
        ------
        Refusal
            400 where the body is not JSON; 422 where a prediction is unknown or a label impossible, naming
            each; then none is kept.
        """
        asked = decode(_feedback_decoder, body).labels
        if not asked:
            raise Refusal(422, "labels: at least one label is needed, but got none")
        unknown = self.operations.unknown_predictions([each.id for each in asked])
        details: list[Detail] = []
        labels: list[Label] = []
        for row, each in enumerate(asked):
            if each.id in unknown:
                details.append(Detail(row, "id", "no prediction is called so"))
                continue
            value = self._label(each)
            if value is None:
                details.append(Detail(row, "label", self._expected))
            else:
                labels.append(Label(each.id, value))
        if details:
            raise Refusal(422, *shortened(details))
        try:
            return FeedbackAnswer(len(labels), self.operations.add_labels(labels))
        except FeedbackError as error:
            raise Refusal(422, str(error)) from error

    def about(self) -> dict[str, Any]:
        """Return the release that is served as it was recorded, with the gate's verdict.

        Raises
        ------
        Refusal
            404 where the operations database does not know it.
        """
        kept = next((each for each in self.operations.releases() if each.id == self.release), None)
        if kept is None:
            raise Refusal(404, f"the operations database has no release called '{self.release}'")
        return {
            "release": kept.id,
            "run": kept.run,
            "at": kept.at,
            "kind": kept.kind,
            "replaced": kept.replaced,
            "verdict": kept.verdict,
        }

    @property
    def _expected(self) -> str:
        classes = self.package.manifest.classes
        if not classes:
            return "must be a finite number"
        return f"must be one of {', '.join(classes[:20])}{', …' if len(classes) > 20 else ''}"

    def _label(self, asked: LabelIn) -> str | float | None:
        """Return the label as it is kept, or None where it is impossible."""
        classes, label = self.package.manifest.classes, asked.label
        if classes:
            text = label_text(label)
            return text if text in classes else None
        number = isinstance(label, int | float) and not isinstance(label, bool) and math.isfinite(label)
        return float(label) if number else None


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Read a request's JSON.

    Raises
    ------
    Refusal
        400 where it is not JSON, 422 where it is JSON of another shape.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Refusal(422, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise Refusal(400, "the body is not valid JSON (UTF-8, no NaN or Infinity)") from error


def _records(body: bytes, asked: Asked) -> list[dict[str, Any]]:
    records = decode(_predict_decoder, body).records
    if not records:
        raise Refusal(422, "records: at least one row is needed, but got none")
    if len(records) > MOST_ROWS:
        raise Refusal(413, f"records: at most {MOST_ROWS} rows are scored at once, but got {len(records)}")
    if asked.explain and len(records) > MOST_EXPLAINED:
        raise Refusal(
            413, f"records: at most {MOST_EXPLAINED} rows are explained at once, but got {len(records)}"
        )
    return records


def _say_some(arm: Arm, records: list[dict[str, Any]], rows: list[int], asked: Asked) -> Said:
    """Score some of a request's rows; faults and warnings name their place in the request."""
    try:
        said = arm.say([records[row] for row in rows], asked, CLOCK)
    except Refusal as refusal:
        for each in refusal.details:
            each.row = None if each.row is None else rows[each.row]
        raise
    return replace(said, warnings=[replace(each, row=rows[each.row]) for each in said.warnings])


def _answer(release: str, said: Said, start: float) -> tuple[PredictAnswer, list[Observation]]:
    milliseconds = (time.perf_counter() - start) * 1000
    answer = PredictAnswer(release, said.predictions, details_of(said.warnings) if said.warnings else [])
    return answer, _observations(release, said, milliseconds)


def _merged(
    release: str, parts: list[tuple[str, list[int], Said]], rows: int, start: float
) -> tuple[PredictAnswer, list[Observation]]:
    """Put what two packages said in the order of the request."""
    milliseconds = (time.perf_counter() - start) * 1000
    if len(parts) == 1:
        release = parts[0][0]
    predictions: list[Any] = [None] * rows
    observations: list[Any] = [None] * rows
    warnings = []
    for by, places, said in parts:
        kept = _observations(by, said, milliseconds)
        for place, prediction, observation in zip(places, said.predictions, kept, strict=True):
            prediction.release = None if by == release else by
            predictions[place], observations[place] = prediction, observation
        warnings += details_of(said.warnings)
    return PredictAnswer(release, predictions, warnings), observations


def _observations(release: str, said: Said, milliseconds: float) -> list[Observation]:
    now = datetime.now(UTC)
    return [
        Observation(each.id, now, release, record, each.prediction, each.probabilities, milliseconds)
        for record, each in zip(said.records, said.predictions, strict=True)
    ]

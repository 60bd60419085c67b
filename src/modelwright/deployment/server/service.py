"""What the server does with a request's content, apart from HTTP."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from modelwright.data import Treatments, Validator, label_text
from modelwright.deployment.asking import NOTHING_MORE, Asked
from modelwright.deployment.explaining import PackageExplainer
from modelwright.deployment.package import Package
from modelwright.deployment.scorer import Scorer, Scores
from modelwright.deployment.server.messages import (
    Detail,
    FeedbackAnswer,
    FeedbackRequest,
    LabelIn,
    PredictAnswer,
    Prediction,
    PredictRequest,
    Refusal,
)
from modelwright.deployment.server.more import MOST_EXPLAINED, complete
from modelwright.errors import DataError, FeedbackError, PackageError, RowError, RowFault
from modelwright.store import Label, Observation, Operations, ident

MOST_ROWS = 10_000
MOST_DETAILS = 100

T = TypeVar("T")

_predict_decoder = msgspec.json.Decoder(PredictRequest)
_feedback_decoder = msgspec.json.Decoder(FeedbackRequest)


class Service:
    """A package, ready to answer.

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
        self.package = package
        self.operations = operations
        self.release = release
        self._validator = Validator(package.contract)
        self._treatments = Treatments(package.contract)
        self._scorer = Scorer(package, threads)
        self._explainer = PackageExplainer(package)

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
        records = decode(_predict_decoder, body).records
        if not records:
            raise Refusal(422, "records: at least one row is needed, but got none")
        if len(records) > MOST_ROWS:
            raise Refusal(
                413, f"records: at most {MOST_ROWS} rows are scored at once, but got {len(records)}"
            )
        if self._treatments.active:
            records = self._treatments.records(records)
        if asked.explain and len(records) > MOST_EXPLAINED:
            raise Refusal(
                413, f"records: at most {MOST_EXPLAINED} rows are explained at once, but got {len(records)}"
            )
        try:
            inputs, warnings = self._validator.records(records)
            scores = self._scorer.score(inputs, asked)
            explanations = self._explainer.explain(inputs, scores) if asked.explain else None
        except RowError as error:
            raise Refusal(422, *_details(error.faults)) from error
        except (DataError, PackageError) as error:
            raise Refusal(422, str(error)) from error
        predictions = _predictions(scores)
        if scores.abstained is not None or asked is not NOTHING_MORE:
            complete(predictions, scores, explanations)
        milliseconds = (time.perf_counter() - start) * 1000
        answer = PredictAnswer(self.release, predictions, _details(warnings) if warnings else [])
        return answer, self._observations(records, predictions, milliseconds)

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
            raise Refusal(422, *_shortened(details))
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

    def _observations(
        self, records: list[dict[str, Any]], predictions: list[Prediction], milliseconds: float
    ) -> list[Observation]:
        now = datetime.now(UTC)
        return [
            Observation(each.id, now, self.release, record, each.prediction, each.probabilities, milliseconds)
            for record, each in zip(records, predictions, strict=True)
        ]


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


def _predictions(scores: Scores) -> list[Prediction]:
    if scores.probabilities is None:
        return [Prediction(ident("prediction"), value) for value in scores.predictions]
    classes = scores.classes
    return [
        Prediction(ident("prediction"), label, dict(zip(classes, row, strict=True)))
        for label, row in zip(scores.predictions, scores.probabilities.tolist(), strict=True)
    ]


def _details(faults: Sequence[RowFault]) -> list[Detail]:
    return _shortened([Detail(each.row, each.column, each.message) for each in faults])


def _shortened(details: list[Detail]) -> list[Detail]:
    more = len(details) - MOST_DETAILS
    return details if more <= 0 else [*details[:MOST_DETAILS], Detail(None, None, f"and {more} more")]

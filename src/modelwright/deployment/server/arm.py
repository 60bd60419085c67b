"""One package that answers: its contract's check, its scorer and its explanations."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from modelwright.data import Treatments, Validator
from modelwright.deployment.asking import NOTHING_MORE, Asked
from modelwright.deployment.explaining import PackageExplainer
from modelwright.deployment.package import Package
from modelwright.deployment.scorer import Scorer, Scores
from modelwright.deployment.server.messages import Detail, Prediction, Refusal
from modelwright.deployment.server.more import complete
from modelwright.errors import DataError, PackageError, RowError, RowFault
from modelwright.store import ident

MOST_DETAILS = 100


@dataclass(frozen=True)
class Said:
    """What a package says of some records.

    Attributes
    ----------
    records : sequence of dict
        As they may be kept: personal data is treated.
    predictions : list of Prediction
    warnings : sequence of RowFault
        What the contract accepts but is worth knowing.
    scores : Scores
    milliseconds : float
        By the clock that was asked for.
    """

    records: Sequence[dict[str, Any]]
    predictions: list[Prediction]
    warnings: Sequence[RowFault]
    scores: Scores
    milliseconds: float


class Arm:
    """A release that is ready to answer.

    Parameters
    ----------
    package : Package
    release : str
    threads : int, default 1
        Threads of one scoring call.
    """

    def __init__(self, package: Package, release: str, threads: int = 1) -> None:
        self.package = package
        self.release = release
        self._validator = Validator(package.contract)
        self._treatments = Treatments(package.contract)
        self._scorer = Scorer(package, threads)

    @cached_property
    def _explainer(self) -> PackageExplainer:
        return PackageExplainer(self.package)

    def say(
        self,
        records: list[dict[str, Any]],
        asked: Asked = NOTHING_MORE,
        clock: Callable[[], float] = time.perf_counter,
    ) -> Said:
        """Score records.

        Parameters
        ----------
        records : list of dict
        asked : Asked, optional
        clock : callable, optional
            Tells seconds.

        Raises
        ------
        Refusal
            422 where rows break the contract, or more is asked than the package has.
        """
        start = clock()
        if self._treatments.active:
            records = self._treatments.records(records)
        try:
            inputs, warnings = self._validator.records(records)
            scores = self._scorer.score(inputs, asked)
            explanations = self._explainer.explain(inputs, scores) if asked.explain else None
        except RowError as error:
            raise Refusal(422, *details_of(error.faults)) from error
        except (DataError, PackageError) as error:
            raise Refusal(422, str(error)) from error
        predictions = _predictions(scores)
        if scores.abstained is not None or asked is not NOTHING_MORE:
            complete(predictions, scores, explanations)
        return Said(records, predictions, warnings, scores, (clock() - start) * 1000)


def details_of(faults: Sequence[RowFault]) -> list[Detail]:
    """Name each fault, the first hundred of them."""
    return shortened([Detail(each.row, each.column, each.message) for each in faults])


def shortened(details: list[Detail]) -> list[Detail]:
    """Leave out what no client would read."""
    more = len(details) - MOST_DETAILS
    return details if more <= 0 else [*details[:MOST_DETAILS], Detail(None, None, f"and {more} more")]


def _predictions(scores: Scores) -> list[Prediction]:
    if scores.probabilities is None:
        return [Prediction(ident("prediction"), value) for value in scores.predictions]
    classes = scores.classes
    return [
        Prediction(ident("prediction"), label, dict(zip(classes, row, strict=True)))
        for label, row in zip(scores.predictions, scores.probabilities.tolist(), strict=True)
    ]

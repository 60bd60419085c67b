"""How far single answers can be relied on: uncertainty, behaviour and explanations of a candidate."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright import data, evaluation, explanation, uncertainty
from modelwright.deployment import EXPLANATION, UNCERTAINTY, Package, Session
from modelwright.evaluation import BehaviourResult, Contributions, Evaluation
from modelwright.explanation import Effect, Explaining
from modelwright.lifecycle.behaving import refuse_impossible_behaviour, with_cases
from modelwright.lifecycle.judging import Sealed, groups_in, protected_in, sealed_prediction, times_in
from modelwright.lifecycle.mitigating import thresholds_in
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.rows_explained import labels_to_explain, rows_to_explain
from modelwright.problem import Brief, decision_threshold
from modelwright.training import GroupThresholds, Model, Trained
from modelwright.uncertainty import Uncertainty

COLUMNS_DRAWN = 6


@dataclass(frozen=True)
class Trust:
    """What was found, and what the package needs of it.

    Attributes
    ----------
    evaluation : Evaluation
        With coverage, abstention, behaviour, contributions and effects.
    attachments : dict of str to str
        ``uncertainty.json`` and ``explanation.json``.
    """

    evaluation: Evaluation
    attachments: dict[str, str]


def trust(prepared: Preparation, trained: Trained, sealed: Sealed, evaluated: Evaluation) -> Trust:
    """Find out how far single answers of a candidate can be relied on."""
    fitted = fit_uncertainty(prepared, trained)
    explaining, contributions = _explain(prepared, trained.model)
    return Trust(
        evaluation=evaluation.with_trust(
            evaluated,
            prepared.brief,
            sealed.y,
            sealed_prediction(prepared, trained),
            uncertainty=fitted,
            behaviour=_behave(prepared, trained.model.predict, prepared.brief, trained.model.thresholds),
            effects=_effects(prepared, trained.model, evaluated),
            contributions=contributions,
            protected=protected_in(prepared, sealed),
            groups=groups_in(prepared, sealed),
            times=times_in(prepared, sealed),
            thresholds=thresholds_in(prepared, trained),
        ),
        attachments={
            UNCERTAINTY: fitted.model_dump_json(),
            EXPLANATION: explaining.model_dump_json(),
        },
    )


def fit_uncertainty(prepared: Preparation, trained: Trained) -> Uncertainty:
    """Fit prediction sets or intervals on the out-of-fold predictions; the vault has no part in it."""
    kind = data.propose_split(prepared.rows, prepared.contract, prepared.brief.split).kind
    assumes = uncertainty.assumptions(grouped=kind == "grouped", ordered=kind == "forward")
    y = prepared.y[trained.judged]
    if prepared.brief.problem.task.is_classification:
        return uncertainty.fit_sets(y, trained.out_of_fold, assumes)
    return uncertainty.fit_intervals(y, trained.out_of_fold[:, 0], assumes)


def behaving_now(prepared: Preparation, package: Package, brief: Brief, evaluated: Evaluation) -> Evaluation:
    """Return an evaluation with the tests that the brief declares now; those of the build are kept."""
    brief = with_cases(brief, prepared.folder.root)
    if brief.behaviour == prepared.brief.behaviour:
        return evaluated
    refuse_impossible_behaviour(prepared.contract, brief)
    model = _Packaged(prepared, package)
    results = _behave(prepared, model.predict, brief, model)
    return evaluated.model_copy(update={"behaviour": results})


class _Packaged:
    """A package as behaviour tests ask it: from conformed frames to predictions and thresholds."""

    def __init__(self, prepared: Preparation, package: Package) -> None:
        self._contract = prepared.contract
        self._threshold = decision_threshold(prepared.brief.costs)
        self._session = Session(package.graph, threads=0)

    def predict(self, frame: pl.DataFrame) -> NDArray[np.float32]:
        return self._session.predict(data.matrices(self._contract, frame))

    def of(self, frame: pl.DataFrame) -> NDArray[np.float32]:
        _, thresholds = self._session.predict_with_thresholds(data.matrices(self._contract, frame))
        return np.full(len(frame), self._threshold, dtype=np.float32) if thresholds is None else thresholds


def _behave(
    prepared: Preparation,
    predict: explanation.Predict,
    brief: Brief,
    thresholds: GroupThresholds | _Packaged | None,
) -> tuple[BehaviourResult, ...]:
    return evaluation.run_behaviour(
        brief.behaviour,
        predict,
        prepared.sealed_frame,
        prepared.contract,
        prepared.frame,
        threshold=decision_threshold(brief.costs) if thresholds is None else thresholds.of,
        seed=brief.training.seed,
    )


def _explain(prepared: Preparation, model: Model) -> tuple[Explaining, Contributions]:
    """Explain some of the vault's rows, without their labels."""
    contract, seed = prepared.contract, prepared.brief.training.seed
    background = explanation.draw_background(prepared.frame, contract, seed=seed)
    explainer = explanation.explainer_of(model, contract, background)
    order = np.random.default_rng(seed).permutation(len(prepared.sealed_frame))
    chosen = np.sort(order[: rows_to_explain(model)])
    rows = prepared.sealed_frame[chosen]
    inputs = data.matrices(contract, rows)
    labels = labels_to_explain(model, rows)
    features = [made.transform(rows) for made in model.representations]
    explained, seconds = [], []
    for row, label in enumerate(labels):
        began = time.perf_counter()
        attribution = explainer.explain([each[row] for each in features], label)
        seconds.append(time.perf_counter() - began)
        explained.append(explanation.in_words(attribution, contract, inputs[row : row + 1], label))
    milliseconds = 1000 * float(np.median(seconds))
    described = explanation.describe(model, contract, background)
    contributions = evaluation.sum_up(explained, chosen.tolist(), milliseconds)
    return described.model_copy(update={"milliseconds": milliseconds}), contributions


def _effects(prepared: Preparation, model: Model, evaluated: Evaluation) -> tuple[Effect, ...]:
    # A curve over a column shows its values.
    shown = {column.name for column in prepared.contract.features if not column.is_sensitive}
    columns = [each.column for each in evaluated.importance if each.column in shown][:COLUMNS_DRAWN]
    seed = prepared.brief.training.seed
    return explanation.column_effects(
        model.predict, prepared.sealed_frame, prepared.contract, columns, seed=seed
    )

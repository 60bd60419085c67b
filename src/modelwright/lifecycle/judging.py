"""The candidate on the vault: against its baselines, and against the model in production."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright import data, evaluation
from modelwright.deployment import Package, Scorer
from modelwright.errors import ContractError, DataError
from modelwright.evaluation import Comparison, Difference, Evaluation, Rivals, metrics_of
from modelwright.lifecycle.cross_validated import out_of_fold
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.mitigating import thresholds_in
from modelwright.lifecycle.outcomes import background_of
from modelwright.lifecycle.preparation import Preparation
from modelwright.problem import Metric, metric_named
from modelwright.store import Operations, Release
from modelwright.training import Trained

FEWEST_NEW_ROWS = 30


@dataclass(frozen=True)
class Sealed:
    """The vault's rows, opened.

    Attributes
    ----------
    rows : polars.DataFrame
        Raw rows, the target included.
    y : ndarray of shape (n,)
        Class codes or values.
    looks : int
        Which look at the vault this is.
    weight : ndarray of shape (n,) or None
        How much each row counts; None where all count alike.
    """

    rows: pl.DataFrame
    y: NDArray[np.generic]
    looks: int
    weight: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Contest:
    """A candidate against the model in production.

    Attributes
    ----------
    release : str or None
        The release in production; None where there is none.
    comparison : Comparison or None
        On held-out rows that neither has learnt from; None where there is no release or no fair comparison.
    why_not : str
        Why there is no fair comparison.
    differences : tuple of Difference
        The same by every metric, and in each protected group.
    """

    release: str | None = None
    comparison: Comparison | None = None
    why_not: str = ""
    differences: tuple[Difference, ...] = ()


def open_sealed(prepared: Preparation, operations: Operations, reason: str) -> Sealed:
    """Open the vault; the look is recorded and counted."""
    rows = prepared.vault.open(operations, prepared.start.run, reason)
    y = data.encode_target(prepared.contract, rows[prepared.brief.problem.target])
    looks = prepared.vault.looks(operations)
    return Sealed(rows, y, looks, data.weights_of(rows, prepared.contract))


def simplest(prepared: Preparation, trained: Trained, sealed: Sealed) -> Trained:
    """Prefer the linear model where the ensemble is not better beyond doubt, on the vault's rows.

    The gate would refuse the ensemble on the same evidence. What is simpler is easier to explain, faster to
    serve and less to go wrong; it then has to beat the simpler baselines.
    """
    if trained.simpler is None:
        return trained
    compared = evaluation.compare(
        metric_named(prepared.brief.problem.metric, prepared.brief.problem.task),
        sealed.y,
        sealed_prediction(prepared, trained),
        sealed_prediction(prepared, trained.simpler),
        looks=sealed.looks,
        groups=groups_in(prepared, sealed),
        times=times_in(prepared, sealed),
        weight=sealed.weight,
        seed=prepared.brief.training.seed,
    )
    return trained if compared.better else trained.simpler


def evaluate(prepared: Preparation, trained: Trained, sealed: Sealed) -> Evaluation:
    """Evaluate a candidate and its baselines on the vault."""
    frame = prepared.sealed_frame
    return evaluation.evaluate(
        prepared.brief,
        sealed.y,
        sealed_prediction(prepared, trained),
        classes=prepared.contract.classes,
        baselines={name: model.predict(frame) for name, model in trained.baselines.items()},
        protected=protected_in(prepared, sealed),
        thresholds=thresholds_in(prepared, trained),
        groups=groups_in(prepared, sealed),
        times=times_in(prepared, sealed),
        weight=sealed.weight,
        cross_validated=trained.score,
        out_of_fold=out_of_fold(prepared, trained),
        predict=trained.model.predict,
        frame=frame,
        background=background_of(prepared, trained, sealed.rows),
        looks=sealed.looks,
    )


def sealed_prediction(prepared: Preparation, trained: Trained) -> NDArray[np.float64]:
    """Return what the trained learners say of the vault's rows: the proof rows after those of training."""
    return trained.proof[len(prepared.frame) :]


def contest(
    folder: Folder,
    prepared: Preparation,
    sealed: Sealed,
    prediction: NDArray[np.floating],
    champion: Release | None,
) -> Contest:
    """Compare a candidate with the model in production, on the same rows.

    Only rows that the champion has not learnt from count, so that it gets no credit for remembering.
    """
    if champion is None:
        return Contest()
    package = Package.open(folder.state / champion.package)
    if (
        package.manifest.classes != prepared.contract.classes
        or package.manifest.target != prepared.contract.target.name
    ):
        return Contest(champion.id, None, "the model in production answers another question")
    try:
        new = _new_to(folder, champion, prepared, sealed.rows)
        theirs = score(package, sealed.rows)
    except ContractError as error:
        return Contest(champion.id, None, f"it cannot score the held-out rows ({error})")
    if new.sum() < FEWEST_NEW_ROWS:
        few = f"only {new.sum()} held-out rows are new to the model in production"
        return Contest(champion.id, None, f"{few}; at least {FEWEST_NEW_ROWS} are needed")
    rivals = rivals_in(prepared, sealed, {"candidate": prediction, "champion": theirs})
    positions = np.flatnonzero(new)
    try:
        differences = evaluation.contrast(
            metrics_of(prepared.brief),
            rivals.of(positions),
            [("candidate", "champion")],
            task=prepared.brief.problem.task,
            protected=protected_in(prepared, sealed, positions),
            looks=sealed.looks,
            seed=prepared.brief.training.seed,
        )
    except DataError as error:
        return Contest(champion.id, None, f"on the {new.sum()} held-out rows that are new to it, {error}")
    if not differences or differences[0].metric != prepared.brief.problem.metric or differences[0].group:
        undefined = f"{prepared.brief.problem.metric} is not defined on them"
        return Contest(champion.id, None, f"on the {new.sum()} held-out rows that are new to it, {undefined}")
    return Contest(champion.id, differences[0].comparison, "", differences)


def score(package: Package, rows: pl.DataFrame) -> NDArray[np.float64]:
    """Score raw rows with a package, those too that its contract would have the server refuse."""
    contract = package.contract.accepting()
    scores = Scorer(package, threads=0).score(data.matrices(contract, data.conform(contract, rows)))
    if scores.probabilities is not None:
        return np.asarray(scores.probabilities, dtype=np.float64)
    return np.asarray(scores.predictions, dtype=np.float64)[:, None]


def metric_in(prepared: Preparation) -> Metric:
    """Return the metric that decides."""
    return metric_named(prepared.brief.problem.metric, prepared.brief.problem.task)


def rivals_in(
    prepared: Preparation, sealed: Sealed, predictions: Mapping[str, NDArray[np.floating]]
) -> Rivals:
    """Return predictions of the vault's rows, with what decides how these are resampled."""
    groups, times = groups_in(prepared, sealed), times_in(prepared, sealed)
    return Rivals(sealed.y, predictions, groups, times, sealed.weight)


def protected_in(
    prepared: Preparation, sealed: Sealed, rows: NDArray[np.int64] | None = None
) -> pl.DataFrame | None:
    """Return the protected columns of the vault's rows, or of some of them; None where there are none.

    The groups of personal data have numbers for names.
    """
    named = prepared.brief.columns.protected
    if not named:
        return None
    cleaned = data.clean(sealed.rows, prepared.contract.cleaning).select(named)
    personal = [each.name for each in prepared.contract.protected if each.treatment == "keep"]
    cleaned = cleaned.with_columns(
        pl.format("group {}", pl.col(name).rank("dense")).alias(name) for name in personal
    )
    return cleaned if rows is None else cleaned[rows]


def groups_in(prepared: Preparation, sealed: Sealed) -> NDArray[np.generic] | None:
    """Return the group of each of the vault's rows, where the brief names one."""
    group = prepared.brief.columns.group
    return sealed.rows[group].to_numpy() if group else None


def times_in(prepared: Preparation, sealed: Sealed) -> NDArray[np.float64] | None:
    """Return when each of the vault's rows was known, where the brief names a time."""
    timed = prepared.contract.with_role("time") is not None
    cleaned = data.clean(sealed.rows, prepared.contract.cleaning)
    return data.times_of(cleaned, prepared.contract) if timed else None


def evaluation_in(package: Package) -> Evaluation:
    """Return the evaluation that was packaged."""
    return Evaluation.model_validate_json(package.content["evaluation.json"])


def _new_to(
    folder: Folder, champion: Release, prepared: Preparation, rows: pl.DataFrame
) -> NDArray[np.bool_]:
    theirs = Preparation.of(folder, champion.run)
    if theirs.start.vault == prepared.start.vault:
        return np.ones(len(rows), dtype=bool)
    return data.unknown_rows(theirs.contract, theirs.rows, rows)

"""What was built: a run's report, and runs compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from modelwright.deployment import Package
from modelwright.errors import RunError
from modelwright.evaluation import Difference, contrast, metrics_of, p_text
from modelwright.lifecycle.cross_validated import shared_folds
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.judging import (
    evaluation_in,
    metric_in,
    open_sealed,
    protected_in,
    rivals_in,
    score,
)
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.release import kept_verdict
from modelwright.lifecycle.reporting import CARD, REPORT, kept_beside
from modelwright.lifecycle.results import Compared, Reported
from modelwright.problem import Metric
from modelwright.store import Operations


def report(folder: Folder, run: str) -> Reported:
    """Return a finished run's evaluation and where its report lies."""
    place = _finished(folder, run)
    package = Package.open(place / "package")
    _, verdict = kept_verdict(place)
    return Reported(
        run, str(place / REPORT), str(place / CARD), evaluation_in(package), verdict, **kept_beside(place)
    )


def compare(folder: Folder, runs: Sequence[str], operations: Operations) -> Compared:
    """Compare runs on the held-out rows that all have in common, each with each.

    Raises
    ------
    RunError
        If there are fewer than two, were judged on different rows, or ask different questions.
    """
    if len(set(runs)) < max(len(runs), 2):
        raise RunError("name at least two different runs; `modelwright runs` lists them")
    places = {run: _finished(folder, run) for run in runs}
    prepared = {run: Preparation.of(folder, run) for run in runs}
    for run in runs[1:]:
        _comparable(prepared[runs[0]], prepared[run])
    one = prepared[runs[0]]
    names = {run: f"{each.start.name} ({run[:8]})" for run, each in prepared.items()}
    sealed = open_sealed(one, operations, f"comparison with {', '.join(runs[1:])}")
    predictions = {
        names[run]: score(Package.open(place / "package"), sealed.rows) for run, place in places.items()
    }
    said, why_no_folds = shared_folds({names[run]: place for run, place in places.items()})
    differences = contrast(
        metrics_of(one.brief),
        rivals_in(one, sealed, predictions),
        list(combinations(predictions, 2)),
        task=one.brief.problem.task,
        protected=protected_in(one, sealed),
        out_of_fold=said,
        equivalence=one.brief.evaluation.equivalence,
        looks=sealed.looks,
        seed=one.brief.training.seed,
    )
    metric = metric_in(one)
    return Compared(
        runs=tuple(runs),
        names=tuple(names.values()),
        metric=metric.name,
        rows=len(sealed.y),
        scores={name: metric(sealed.y, each, sealed.weight) for name, each in predictions.items()},
        differences=differences,
        not_over_folds=why_no_folds,
        words=_words(metric, differences),
    )


def _comparable(one: Preparation, other: Preparation) -> None:
    first, second = one.start.run[:8], other.start.run[:8]
    if one.start.vault != other.start.vault:
        raise RunError(
            f"runs {first} and {second} were judged on different held-out rows, so no paired "
            "comparison is possible; build one of them again on the other's data"
        )
    asked = (one.contract.classes, one.brief.problem.target)
    if asked != (other.contract.classes, other.brief.problem.target):
        raise RunError(f"runs {first} and {second} answer different questions; compare runs of one target")


def _words(metric: Metric, differences: Sequence[Difference]) -> str:
    """Say of each pair how large the difference is in the metric that decides, then how sure it is."""
    return " ".join(
        f"In {each.title} {each.first} is {_standing(each)} than {each.second}, by {each.comparison} "
        f"({p_text(each.adjusted_p)} after correction)."
        for each in differences
        if each.metric == metric.name and not each.group
    )


def _standing(each: Difference) -> str:
    word = "better" if each.comparison.difference >= 0 else "worse"
    return word if each.adjusted_p < 1 - each.comparison.level else f"not beyond doubt {word}"


def _finished(folder: Folder, run: str) -> Path:
    place = folder.run(run)
    if not (place / "built.json").exists():
        raise RunError(f"run {run[:8]} did not finish here; `modelwright build --resume` goes on with it")
    return place

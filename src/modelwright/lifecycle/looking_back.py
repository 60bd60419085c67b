"""What was built: a run's report, and two runs compared."""

from __future__ import annotations

from pathlib import Path

from modelwright.deployment import Package
from modelwright.errors import RunError
from modelwright.evaluation import compare as compare_predictions
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.judging import evaluation_in, groups_in, metric_in, open_sealed, score
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.release import kept_verdict
from modelwright.lifecycle.results import Compared, Reported
from modelwright.store import Operations


def report(folder: Folder, run: str) -> Reported:
    """Return a finished run's evaluation and where its report lies."""
    place = _finished(folder, run)
    package = Package.open(place / "package")
    _, verdict = kept_verdict(place)
    return Reported(run, str(place / "report.html"), evaluation_in(package), verdict)


def compare(folder: Folder, first: str, second: str, operations: Operations) -> Compared:
    """Compare two runs on the held-out rows that both have in common.

    Raises
    ------
    RunError
        If they are one run, were judged on different rows, or ask different questions.
    """
    if first == second:
        raise RunError(f"both names mean run {first[:8]}; name two runs, `modelwright runs` lists them")
    packages = [Package.open(_finished(folder, run) / "package") for run in (first, second)]
    one, other = prepared = [Preparation.of(folder, run) for run in (first, second)]
    if one.start.vault != other.start.vault:
        raise RunError(
            f"runs {first[:8]} and {second[:8]} were judged on different held-out rows, so no paired "
            "comparison is possible; build one of them again on the other's data"
        )
    if (
        one.contract.classes != other.contract.classes
        or one.brief.problem.target != other.brief.problem.target
    ):
        raise RunError(
            f"runs {first[:8]} and {second[:8]} answer different questions; compare runs of one target"
        )
    sealed = open_sealed(one, operations, f"comparison with run {second}")
    scores = [score(package, sealed.rows) for package in packages]
    metric = metric_in(one)
    compared = compare_predictions(
        metric,
        sealed.y,
        *scores,
        looks=sealed.looks,
        groups=groups_in(one, sealed),
        seed=one.brief.training.seed,
    )
    names = [f"{item.start.name} ({item.start.run[:8]})" for item in prepared]
    figures = [metric(sealed.y, each) for each in scores]
    verb = (
        "is better"
        if compared.better
        else ("is worse" if compared.high < 0 else "is neither better nor worse, beyond doubt")
    )
    words = (
        f"{names[0]} scores {figures[0]:.4g} and {names[1]} {figures[1]:.4g} in {metric.title} on the same "
        f"{len(sealed.y):,} held-out rows: the first {verb} (improvement {compared})."
    )
    return Compared(first, second, metric.name, (figures[0], figures[1]), compared, words)


def _finished(folder: Folder, run: str) -> Path:
    place = folder.run(run)
    if not (place / "built.json").exists():
        raise RunError(f"run {run[:8]} did not finish here; `modelwright build --resume` goes on with it")
    return place

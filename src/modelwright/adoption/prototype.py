"""A prototype as it was read: what it answers, from which data, by which model, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from modelwright.adoption.checks import findings_of
from modelwright.adoption.claims import Claim, claim_of, judging, metric_of
from modelwright.adoption.reading import Code, Fit, Read, Score, Seen, Value, read_code, walk
from modelwright.problem import METRICS, Finding, Task

_REGRESSORS = re.compile(r"Regress|Ridge|Lasso|ElasticNet|SVR|LinearRegression|MSELoss|L1Loss")
_CLASSIFIERS = re.compile(r"Classif|Logistic|SVC|NB$|CrossEntropy|BCE")


@dataclass(frozen=True)
class Prototype:
    """What was found by reading a prototype's code.

    Attributes
    ----------
    path : Path
    kind : {"notebook", "script"}
    source : str
        What the data is read from, as the code says; empty where that is worked out.
    reader : str
        The function that reads it.
    target : str
        The column to predict; empty where no name is known.
    task : Task or None
    features : tuple of str
        The columns that are learned from, where the code names them.
    ignored : tuple of str
        Columns that it leaves out.
    split : str
        How rows are held out, in words.
    metric : str
        By the brief's name, where there is one.
    estimator : str
        Qualified name of the class that is judged.
    parameters : dict
        Of the estimator, those that are constants.
    claim : Claim or None
        What it says it earns.
    findings : tuple of Finding
        What would break in production or flatters the score.
    """

    path: Path
    kind: Literal["notebook", "script"]
    source: str
    reader: str
    target: str
    task: Task | None
    features: tuple[str, ...]
    ignored: tuple[str, ...]
    split: str
    metric: str
    estimator: str
    parameters: dict[str, object]
    claim: Claim | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Studied:
    """A prototype with the code and the walk that it was found by."""

    prototype: Prototype
    code: Code
    seen: Seen


def read_prototype(path: Path) -> Prototype:
    """Read a notebook or a script; nothing of it is run.

    Raises
    ------
    PrototypeError
        If it is neither, or holds no Python.
    """
    return study(path).prototype


def study(path: Path) -> Studied:
    """Read a prototype, and keep what it was found by."""
    code = read_code(path)
    seen = walk(code)
    score = judging(seen)
    fit = _judged_fit(seen, score)
    X, y = (fit.X, fit.y) if fit else (score.X, score.y) if score else (Value(), Value())
    read = _read_of(seen, X)
    task = _task(seen, score, fit)
    metric = metric_of(score, task)
    model = fit.model if fit else score.model if score else None
    prototype = Prototype(
        path=path,
        kind="notebook" if code.is_notebook else "script",
        source=read.source if read else "",
        reader=read.function if read else "",
        target=_target(y),
        task=task,
        features=tuple(sorted(X.columns)) if not X.is_open else (),
        ignored=tuple(sorted(name for name in X.without - set(X.columns) if name != _target(y))),
        split=_split_words(seen),
        metric=metric if metric in METRICS else "rmse" if metric == "mse" else metric,
        estimator=model.name if model else "",
        parameters=_constants(model.parameters) if model else {},
        claim=claim_of(code, score, metric),
        findings=findings_of(code, seen),
    )
    return Studied(prototype, code, seen)


def _judged_fit(seen: Seen, score: Score | None) -> Fit | None:
    """Return the fit of the model that the last figure judges, else the last fit."""
    if score is not None and score.model is not None:
        own = [each for each in seen.fits if each.model is score.model]
        if own:
            return own[-1]
    named = [each for each in seen.fits if each.y.kind == "column"]
    candidates = named or seen.fits
    return candidates[-1] if candidates else None


def _read_of(seen: Seen, X: Value) -> Read | None:
    """Return where the features come from; the first read, where that is not known."""
    own = [
        each
        for each in seen.reads
        if X.origin
        and f"@{each.place.line}" in X.origin
        and X.origin.startswith(each.source or each.function)
    ]
    candidates = own or seen.reads
    return candidates[0] if candidates else None


def _target(y: Value) -> str:
    name = y.name if y.kind == "column" else ""
    if not name and len(y.trace.sources) == 1:
        name = next(iter(y.trace.sources))
    if not name and len(y.columns) == 1:
        name = next(iter(y.columns))
    return "" if name.startswith("#") else name


def _task(seen: Seen, score: Score | None, fit: Fit | None) -> Task | None:
    names = [
        step.name
        for each in (fit.model if fit else None, score.model if score else None)
        if each
        for step in each.all_steps()
    ]
    losses = [
        str(p.constant)
        for each in seen.models
        for key, p in each.parameters.items()
        if key.endswith(("loss", "objective"))
    ]
    words = " ".join(
        [*(n.rpartition(".")[2] for n in names), *(m.short for m in seen.models if "Loss" in m.short)]
    )
    metric = (
        metric_of(score, None)
        if score and score.metric not in {"score", "evaluate"} and score.parts != {"folds"}
        else ""
    )
    regression = bool(_REGRESSORS.search(words)) or metric in {"r2", "mae", "mse", "rmse"}
    regression = regression or any(re.search(r"mse|mae|squared_error|absolute", each) for each in losses)
    if (
        regression
        and not any("crossentropy" in each for each in losses)
        and "LogisticRegression" not in words
    ):
        return Task.REGRESSION
    binary = metric in {"roc_auc", "average_precision", "brier"} or any("binary" in each for each in losses)
    if binary:
        return Task.BINARY
    return (
        Task.MULTICLASS
        if any("categorical_crossentropy" in each or "softmax" in each for each in losses)
        else None
    )


def _split_words(seen: Seen) -> str:
    said = []
    for each in seen.splits:
        name = each.how.rpartition(".")[2] or each.how
        share = f", {each.share:.0%} held out" if each.share else ""
        said.append(f"{name}{share}{'' if each.shuffled else ', forward in time or in place'}")
    if not said and any(each.parts == {"folds"} for each in seen.scores):
        return "cross-validation"
    return "; ".join(dict.fromkeys(said)) or "none"


def _constants(parameters: dict[str, Value]) -> dict[str, object]:
    return {
        name: value.constant
        for name, value in parameters.items()
        if value.kind == "constant"
        and isinstance(value.constant, str | int | float | bool | None)
        and name.isidentifier()
    }

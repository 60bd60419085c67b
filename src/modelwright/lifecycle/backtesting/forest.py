"""An outside reference: river's adaptive random forest, which learns from every label as it comes."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import DataError
from modelwright.lifecycle.backtesting.history import History
from modelwright.lifecycle.backtesting.live import mean_loss, money, step_losses
from modelwright.lifecycle.backtesting.results import PolicyResult

NAME = "forest"
MISSING = (
    "river's adaptive random forest is left out, since river is not installed; `pip install river` adds it"
)
_WORDS = "river's adaptive random forest, which learns from every single label as it comes"


def is_installed() -> bool:
    """Return whether river can be imported."""
    from importlib.util import find_spec

    return find_spec("river") is not None


def live_forest(history: History) -> PolicyResult:
    """Let the forest answer each row and learn each label, in the order in which they come.

    Gomes, Bifet, Read, Barddal, Enembreck, Pfahringer, Holmes and Abdessalem (2017), "Adaptive random forests
    for evolving data stream classification".

    Raises
    ------
    DataError
        If river is not installed.
    """
    if not is_installed():
        raise DataError(MISSING)
    from river import forest

    began = time.monotonic()
    classes, seed = history.contract.classes, history.brief.training.seed
    model = forest.ARFClassifier(seed=seed) if classes else forest.ARFRegressor(seed=seed)
    prediction = _prequential(history, model)
    losses = step_losses(history, prediction)
    return PolicyResult(
        name=NAME,
        words=_WORDS,
        loss=mean_loss(history, losses),
        retrains=0,
        alarms=0,
        reverts=0,
        refused=0,
        fits=0,
        money=money(history, prediction),
        losses=losses,
        events=(),
        seconds=time.monotonic() - began,
    )


def _prequential(history: History, model: Any) -> NDArray[np.float64]:
    """Return what a river model says of each row before it knows its label."""
    classes = history.contract.classes
    y = [classes[int(code)] for code in history.y] if classes else history.y.astype(float).tolist()
    said = np.full((len(y), max(len(classes), 1)), np.nan)
    rows = [
        {name: value for name, value in row.items() if value is not None}
        for row in history.frame.iter_rows(named=True)
    ]
    by_label = np.argsort(history.known, kind="stable")
    learnt = 0
    for now, row in enumerate(rows):
        while learnt < len(y) and history.known[by_label[learnt]] <= now:
            at = by_label[learnt]
            model.learn_one(rows[at], y[at])
            learnt += 1
        if now >= history.first:
            said[now] = _answer(model, row, classes)
    return said


def _answer(model: Any, row: dict[str, Any], classes: tuple[str, ...]) -> list[float]:
    if not classes:
        return [float(model.predict_one(row))]
    given = model.predict_proba_one(row)
    values = np.array([given.get(name, 0.0) for name in classes])
    total = values.sum()
    return list(values / total if total > 0 else np.full(len(classes), 1 / len(classes)))

"""What a prototype says of itself: the figure that it shows for the rows that judge."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from modelwright.adoption.reading import Cell, Code, Score, Seen
from modelwright.problem import Task

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*%?")
_OURS = {
    "accuracy_score": "accuracy",
    "accuracy": "accuracy",
    "roc_auc_score": "roc_auc",
    "f1_score": "f1",
    "log_loss": "log_loss",
    "brier_score_loss": "brier",
    "average_precision_score": "average_precision",
    "balanced_accuracy_score": "balanced_accuracy",
    "matthews_corrcoef": "mcc",
    "r2_score": "r2",
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
    "root_mean_squared_error": "rmse",
    "MSELoss": "mse",
    "L1Loss": "mae",
    "mse_loss": "mse",
}
_WORDS = {
    "accuracy": r"acc",
    "roc_auc": r"auc|roc",
    "f1": r"\bf1",
    "log_loss": r"log.?loss",
    "r2": r"\br2|r\^2|r²|score",
    "mae": r"\bmae|absolute",
    "mse": r"\bmse|squared",
    "rmse": r"\brmse",
    "average_precision": r"\bap\b|precision",
    "brier": r"brier",
    "mcc": r"mcc|matthews",
    "balanced_accuracy": r"balanced",
}
_REGRESSION = {"r2", "mae", "mse", "rmse"}


@dataclass(frozen=True)
class Claim:
    """What a prototype says it earns.

    Attributes
    ----------
    metric : str
        By the brief's name where there is one.
    value : float
    where : str
        Where it says so.
    """

    metric: str
    value: float
    where: str


def judging(seen: Seen) -> Score | None:
    """Return the score that a prototype ends with: of its test rows, else of what else it holds out."""
    ranked = [("test",), ("valid",), ("fold",), ("folds",), ("train",), ("all",)]
    for parts in ranked:
        fitting = [each for each in seen.scores if set(parts) & each.parts and not _only_seen(each)]
        named = [
            each for each in fitting if metric_of(each, Task.BINARY) or each.metric in {"score", "evaluate"}
        ]
        if named or fitting:
            return (named or fitting)[-1]
    return None


def _only_seen(score: Score) -> bool:
    """Say whether it is a picture or a table rather than a figure."""
    return score.metric in {
        "confusion_matrix",
        "classification_report",
        "roc_curve",
        "precision_recall_curve",
    }


def metric_of(score: Score | None, task: Task | None) -> str:
    """Return the name of a score's metric as the brief has it; empty where it has none."""
    if score is None:
        return ""
    if score.metric in {"score", "evaluate"} or score.parts == {"folds"}:
        return "r2" if task is Task.REGRESSION else "accuracy"
    return _OURS.get(score.metric, "")


def claim_of(code: Code, score: Score | None, metric: str) -> Claim | None:
    """Return the figure that stands in the output of the cell that computes it, or beside it in the text."""
    if score is None or not metric:
        return None
    pattern = re.compile(_WORDS.get(metric, metric), re.IGNORECASE)
    for cell in _showing(code, score):
        if (value := _figure(cell.output, pattern)) is not None:
            return Claim(metric, value, f"the output of cell {cell.number}")
    said = [line for line in code.prose.splitlines() if pattern.search(line)]
    for line in reversed(said):
        if (value := _figure(line, pattern)) is not None:
            return Claim(metric, value, "the text" if code.is_notebook else "a comment")
    return None


def _showing(code: Code, score: Score) -> list[Cell]:
    """Return the cells that may show a score: its own, then those below that use its name."""
    at = next((each for each in code.cells if each.number == score.place.cell), None)
    if at is None:
        return []
    made = {n.id for n in ast.walk(at.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    below = [
        each for each in code.cells
        if each.number > at.number
        and made & {n.id for n in ast.walk(each.tree) if isinstance(n, ast.Name) and isinstance(n.ctx,
        ast.Load)}
    ]  # fmt: skip
    return [at, *below[:3]]


def _figure(text: str, pattern: re.Pattern[str]) -> float | None:
    lines = text.splitlines()
    named = [line for line in lines if pattern.search(line)]
    for line in reversed(named):
        found = pattern.search(line)
        after = line[found.end() :] if found else line
        numbers = _NUMBER.findall(after) or _NUMBER.findall(line)
        if numbers:
            return _read(numbers[0])
    numbers = [each for line in lines for each in _NUMBER.findall(line)]
    return _read(numbers[-1]) if len(numbers) == 1 else None


def _read(number: str) -> float:
    number = number.strip()
    return float(number[:-1]) / 100 if number.endswith("%") else float(number)

"""What a prototype is for: the expression that predicts, and the labels that it is judged by."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from modelwright.adoption.reading import Code, Score, Seen
from modelwright.errors import PrototypeError


@dataclass(frozen=True)
class Goal:
    """Where a prototype ends.

    Attributes
    ----------
    told : ast.expr
        What gives the predictions.
    labels : ast.expr
        What they are compared with.
    line, cell : int
        Where.
    fitting : ast.stmt or None
        What fits the model first, where the prototype only cross-validates it.
    """

    told: ast.expr
    labels: ast.expr
    cell: int
    line: int
    fitting: ast.stmt | None = None


def find_goal(code: Code, seen: Seen, score: Score | None) -> Goal:
    """Return the predictions that the last figure judges.

    Raises
    ------
    PrototypeError
        If no figure is computed from predictions of a fitted model.
    """
    if score is None:
        raise PrototypeError(
            f"{code.path.name} computes no figure from predictions, so nothing says which predictions are "
            "meant; add "
            "one, such as accuracy_score(y_test, model.predict(X_test))"
        )
    tree = next(cell.tree for cell in code.cells if cell.number == score.place.cell)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.lineno == score.place.line:
            found = _of_call(node, score.metric)
            if found is not None:
                told, labels = (_of_best(copy.deepcopy(each), seen, score) for each in found)
                fitting = _fitting(node) if score.parts == {"folds"} and "cross_val" in score.metric else None
                return Goal(told, labels, score.place.cell, score.place.line, fitting)
    raise PrototypeError(
        f"{code.where(score.place.cell, score.place.line)}: the figure is not computed from predictions by "
        "a call that "
        "is known; compute it as metric(y_test, model.predict(X_test))"
    )


def _of_call(node: ast.Call, metric: str) -> tuple[ast.expr, ast.expr] | None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if (
        metric in {"score", "evaluate"}
        and name == metric
        and isinstance(node.func, ast.Attribute)
        and len(node.args) > 1
    ):
        return _predicting(node.func.value, "predict", node.args[0]), node.args[1]
    if name in {"cross_val_score", "cross_validate"} and name == metric and len(node.args) > 2:
        return _predicting(ast.Name("fitted", ast.Load()), "predict", node.args[1]), node.args[2]
    if "loss" in metric.lower() and name != "backward" and len(node.args) == 2:
        return node.args[0], node.args[1]
    if name == metric and len(node.args) > 1:
        return node.args[1], node.args[0]
    return None


def _fitting(node: ast.Call) -> ast.stmt:
    fitted = ast.Call(ast.Attribute(node.args[0], "fit", ast.Load()), [node.args[1], node.args[2]], [])
    return ast.fix_missing_locations(
        ast.Assign([ast.Name("fitted", ast.Store())], fitted, lineno=node.lineno)
    )


def _predicting(model: ast.expr, method: str, X: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(model, method, ast.Load()), [X], [])


def _of_best(node: ast.expr, seen: Seen, score: Score) -> ast.expr:
    """Name the model that was kept as the best, where a loop went through several."""
    model = score.model
    if model is None or not score.in_loop:
        return node
    same = [name for name, value in seen.names.items() if value.model is model and value.kind == "model"]
    best = next((name for name in same if "best" in name.lower()), "")
    for each in ast.walk(node):
        if best and isinstance(each, ast.Name) and each.id in same:
            each.id = best
    return node

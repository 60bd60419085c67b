"""The slice put in stages: what reads, prepares, splits, trains and predicts."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from modelwright.adoption.reading import Code, Seen
from modelwright.adoption.rewriting.goal import Goal
from modelwright.adoption.rewriting.statements import Step, names_read, program, sliced, step_of
from modelwright.errors import PrototypeError


@dataclass
class Stages:
    """A prototype in stages.

    Attributes
    ----------
    top : list of Step
        Imports, functions, classes and constants.
    load, prepare, split, train, predict : list of Step
    goal : Goal
    """

    goal: Goal
    top: list[Step] = field(default_factory=list)
    load: list[Step] = field(default_factory=list)
    prepare: list[Step] = field(default_factory=list)
    split: list[Step] = field(default_factory=list)
    train: list[Step] = field(default_factory=list)
    predict: list[Step] = field(default_factory=list)

    @property
    def parted(self) -> list[tuple[str, str, str]]:
        """What the split makes of each of its arguments: the argument, and the names of its two parts."""
        if not self.split:
            return []
        node = self.split[0].node
        assert isinstance(node, ast.Assign)  # noqa: S101 - as `stage` asks
        assert isinstance(node.value, ast.Call)  # noqa: S101
        assert isinstance(node.targets[0], ast.Tuple)  # noqa: S101
        names = [ast.unparse(each) for each in node.targets[0].elts]
        given = [ast.unparse(each) for each in node.value.args]
        pairs = zip(given, names[::2], names[1::2], strict=True)
        return list(pairs)


_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def stage(code: Code, seen: Seen, goal: Goal) -> Stages:
    """Put the statements that the goal's predictions need into stages.

    Raises
    ------
    PrototypeError
        If the data is not read by one statement at the top, or the rows are split in a way that can't be
        followed.
    """
    wanted = names_read(goal.told) | names_read(goal.labels)
    wanted |= names_read(goal.fitting) if goal.fitting is not None else set()
    kept = sliced(program(code), wanted)
    found = Stages(goal)
    reads = {(each.place.cell, each.place.line) for each in seen.reads}
    readers = {
        each.node.name for each in kept if isinstance(each.node, ast.FunctionDef) and _lines(each) & reads
    }
    whole = [each for each in seen.splits if each.data.parts == {"all"}]
    splits = {(e.place.cell, e.place.line) for e in whole if e.how.endswith("train_test_split")}
    for step in kept:
        where = _lines(step)
        if isinstance(step.node, _DEFINITIONS) or _is_constant(step.node):
            found.top.append(step)
        elif where & splits and not found.split:
            found.split.append(_simple_split(code, step))
        elif (where & reads or step.reads & readers) and not found.split:
            found.load.append(step)
        elif _comes_after(step, found, seen):
            (found.predict if _predicts(step, seen) else found.train).append(step)
        else:
            (found.prepare if found.load else found.top).append(step)
    if goal.fitting is not None:
        found.train.append(step_of(goal.fitting, goal.cell))
    if len(found.load) != 1:
        raise PrototypeError(
            f"{code.path.name} reads its data in {len(found.load)} statements; it becomes a pipeline where "
            "one "
            "statement at the top reads one table"
        )
    return found


def _lines(step: Step) -> set[tuple[int, int]]:
    return {(step.cell, line) for line in range(step.node.lineno, (step.node.end_lineno or 0) + 1)}


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)


def _simple_split(code: Code, step: Step) -> Step:
    node = step.node
    simple = isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    if not simple or not isinstance(node.targets[0], ast.Tuple):  # type: ignore[attr-defined]  # as asked before
        raise PrototypeError(
            f"{code.where(step.cell, node.lineno)}: the rows are split inside of something else; write it "
            "as a "
            "statement of its own: X_train, X_test, y_train, y_test = train_test_split(X, y, ...)"
        )
    return step


def _comes_after(step: Step, found: Stages, seen: Seen) -> bool:
    """Say whether a statement learns or predicts: it is below the split, or fits a model."""
    fits = {(each.place.cell, each.place.line) for each in seen.fits}
    where = _lines(step)
    named = {name: seen.names[name] for name in step.defines if name in seen.names}
    models = [name for name, value in named.items() if value.kind == "model"]
    predictors = [name for name in models if not _transforms(seen, name)]
    return bool(found.split or found.train or where & fits or predictors)


def _transforms(seen: Seen, name: str) -> bool:
    from modelwright.adoption.reading.learners import transforms

    model = seen.names[name].model
    return model is not None and transforms(model)


def _predicts(step: Step, seen: Seen) -> bool:
    values = [seen.names[name] for name in step.defines if name in seen.names]
    if not values or isinstance(step.node, ast.For | ast.While):
        return False
    return all(each.kind == "prediction" or each.parts in ({"test"}, {"valid"}) for each in values)

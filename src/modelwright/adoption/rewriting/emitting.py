"""The text of ``pipeline.py``: small typed functions in place of cells."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modelwright.adoption.reading import Code, Score, Seen, Value
from modelwright.adoption.rewriting.goal import find_goal
from modelwright.adoption.rewriting.keeping import KEPT, Keeping
from modelwright.adoption.rewriting.stages import Stages, stage
from modelwright.adoption.rewriting.statements import Step, names_read, program

_HEAD = '''"""The pipeline of {name}: what its predictions need, and nothing else.

Written by `modelwright adopt`; edit it freely. `predictions` does what the prototype did, on the same rows.
`judged` is what it comes to when the rows that judge are held out before anything is learned.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
{imports}
SOURCE = {source}
'''
_MAIN = """

if __name__ == "__main__":
    labels, told = predictions()
    print(f"{len(told)} predictions")
"""
_TAKE = '''
def take(loaded: Any, at: Any) -> Any:
    """Return some rows of what was loaded: of a table, an array, or a bunch of them."""
    if isinstance(loaded, dict):
        held = ("data", "target", "frame", "images")
        rows = {key: take(each, at) for key, each in loaded.items() if key in held and each is not None}
        return type(loaded)(**{**loaded, **rows})
    if hasattr(loaded, "iloc"):
        return loaded.iloc[at].reset_index(drop=True)
    return loaded[at]

'''


@dataclass(frozen=True)
class Pipeline:
    """A prototype written as a pipeline.

    Attributes
    ----------
    text : str
        Of ``pipeline.py``.
    original : str
        The whole prototype as one program, in the order of its cells, that ends with its predictions in
        ``_told`` and the labels in ``_labels``.
    refused : tuple of str
        What learns from rows in a way that can't be kept, so that no sealed rows can be prepared.
    """

    text: str
    original: str
    refused: tuple[str, ...]


def write_pipeline(code: Code, seen: Seen, score: Score | None, source: str | None) -> Pipeline:
    """Write a prototype's code as a pipeline.

    Parameters
    ----------
    code : Code
    seen : Seen
    score : Score or None
        The figure that it ends with.
    source : str or None
        Where the data is, from the folder of the pipeline; None where the code loads it from a library.

    Raises
    ------
    PrototypeError
        If the code can't be put in stages; says which part and how to write it.
    """
    goal = find_goal(code, seen, score)
    stages = stage(code, seen, goal)
    keeping = Keeping(seen)
    writer = _Writer(stages, seen, keeping, source)
    text = writer.whole(code)
    lines = [ast.unparse(_pointing(each.node, source)) for each in program(code)]
    if goal.fitting is not None:
        lines.append(ast.unparse(goal.fitting))
    lines += [f"_labels = {ast.unparse(goal.labels)}", f"_told = {ast.unparse(goal.told)}"]
    return Pipeline(text, "\n".join(lines) + "\n", tuple(keeping.refused))


class _Pointing(ast.NodeTransformer):
    """Replaces the first argument of what reads the data."""

    def __init__(self, source: str) -> None:
        self.source = source

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name.startswith(("read_", "loadtxt", "genfromtxt")) and node.args:
            node.args[0] = ast.parse(self.source, mode="eval").body
        return node


def _pointing(node: ast.stmt, source: str | None) -> ast.stmt:
    """Return a statement that reads from another place."""
    fresh = ast.parse(ast.unparse(node)).body[0]
    return fresh if source is None else _Pointing(repr(source)).visit(fresh)


class _Writer:
    def __init__(self, stages: Stages, seen: Seen, keeping: Keeping, source: str | None) -> None:
        self.stages, self.seen, self.keeping, self.source = stages, seen, keeping, source
        tail = names_read(stages.goal.told) | names_read(stages.goal.labels)
        last = [("split_rows", stages.split), ("train_model", stages.train)]
        order = [("load_rows", stages.load), *self._prepare(), *last]
        self.order = [(name, steps) for name, steps in order if steps]
        self.told_reads = tail | _reads(stages.predict)
        self.made = {name for _, steps in self.order for step in steps for name in step.defines}

    def _prepare(self) -> list[tuple[str, list[Step]]]:
        """Return a function for each cell that prepares."""
        cells = list(dict.fromkeys(step.cell for step in self.stages.prepare))
        if len(cells) <= 1:
            return [("prepare_rows", self.stages.prepare)]
        return [
            (f"prepare_rows_{cell}", [s for s in self.stages.prepare if s.cell == cell]) for cell in cells
        ]

    def whole(self, code: Code) -> str:
        top = [step.node for step in self.stages.top]
        imports = [ast.unparse(each) for each in top if isinstance(each, ast.Import | ast.ImportFrom)]
        given = ("import pandas as pd", "from __future__ import annotations", "import copy")
        imports = [each for each in dict.fromkeys(imports) if each not in given]
        rest = [each for each in top if not isinstance(each, ast.Import | ast.ImportFrom)]
        if self.source is not None:
            rest = [_Pointing("SOURCE").visit(each) for each in rest]
        others = [ast.unparse(each) for each in rest]
        source = "None" if self.source is None else f"Path(__file__).resolve().parent / {self.source!r}"
        head = _HEAD.format(name=code.path.name, imports="\n".join(imports), source=source)
        parts = [head, *others, KEPT, _TAKE]
        for at, (name, steps) in enumerate(self.order):
            parts.append(self._function(name, steps, at, code))
        parts += [self._prepared(), self._told(), self._predictions(), self._judged()]
        body = "\n\n".join(part.strip("\n") for part in parts) + "\n"
        return body + _MAIN

    def _later(self, at: int) -> set[str]:
        later = {name for _, steps in self.order[at + 1 :] for name in _reads(steps)}
        return later | self.told_reads

    def _params(self, steps: Sequence[Step], at: int) -> list[str]:
        before = {name for _, earlier in self.order[:at] for step in earlier for name in step.defines}
        return sorted(_needed(steps) & before)

    def _returns(self, at: int) -> list[str]:
        steps = self.order[at][1]
        return sorted({name for step in steps for name in step.defines} & self._later(at))

    def _function(self, name: str, steps: list[Step], at: int, code: Code) -> str:
        params, returns = self._params(steps, at), self._returns(at)
        nodes = [ast.parse(ast.unparse(step.node)).body[0] for step in steps]
        if name.startswith("prepare"):
            for node, step in zip(nodes, steps, strict=True):
                ast.increment_lineno(node, step.node.lineno - 1)
            nodes = [ast.fix_missing_locations(self.keeping.visit(node)) for node in nodes]
        if name == "load_rows" and self.source is not None:
            nodes = [_Pointing("SOURCE").visit(node) for node in nodes]
        typed = [f"{each}: {_type(self.seen.names.get(each))}" for each in params]
        typed += ["kept: Kept"] if name.startswith("prepare") else []
        back = [_type(self.seen.names.get(each)) for each in returns]
        kind = "None" if not back else back[0] if len(back) == 1 else f"tuple[{', '.join(back)}]"
        where = code.where(steps[0].cell, steps[0].node.lineno)
        said = _DOCS[name.partition("_")[0]]
        lines = [f"def {name}({', '.join(typed)}) -> {kind}:", f'    """{said} ({where})."""']
        lines += [textwrap.indent(ast.unparse(node), "    ") for node in nodes]
        if returns:
            lines.append(f"    return {', '.join(returns)}")
        return "\n".join(lines)

    def _call(self, at: int) -> str:
        name, steps = self.order[at]
        params = self._params(steps, at) + (["kept"] if name.startswith("prepare") else [])
        returns = self._returns(at)
        call = f"{name}({', '.join(params)})"
        return f"{', '.join(returns)} = {call}" if returns else call

    def _chain(self, *kinds: str) -> list[str]:
        return [self._call(at) for at, (name, _) in enumerate(self.order) if name.startswith(kinds)]

    def _loaded(self) -> list[str]:
        return self._returns(0)

    def _ready(self) -> list[str]:
        """Return the names that are there once rows are prepared, and that something later reads."""
        count = sum(name.startswith(("load", "prepare")) for name, _ in self.order)
        made = {name for _, steps in self.order[:count] for step in steps for name in step.defines}
        return sorted(made & self._later(count - 1))

    def _prepared(self) -> str:
        loaded, ready = self._loaded(), self._ready()
        given = ", ".join(f"{each}: Any" for each in loaded)
        lines = [f"def prepared({given}, kept: Kept) -> tuple[Any, ...]:",
                 '    """Prepare rows: learning from them, or with what was learned before."""']  # fmt: skip
        lines += [f"    {each}" for each in self._chain("prepare")]
        return "\n".join([*lines, f"    return {', '.join(ready)},"])

    def _told(self) -> str:
        params = sorted(self.told_reads & self.made)
        lines = [f"def tell({', '.join(f'{each}: Any' for each in params)}) -> tuple[Any, Any]:",
                 '    """Return the labels and the predictions of the rows that judge."""']  # fmt: skip
        lines += [textwrap.indent(ast.unparse(step.node), "    ") for step in self.stages.predict]
        goal = self.stages.goal
        return "\n".join([*lines, f"    return {ast.unparse(goal.labels)}, {ast.unparse(goal.told)}"])

    def _tell(self) -> str:
        return f"return tell({', '.join(sorted(self.told_reads & self.made))})"

    def _predictions(self) -> str:
        ready, loaded = self._ready(), self._loaded()
        lines = ["kept = Kept()", f"{', '.join(loaded)} = load_rows()",
                 f"{', '.join(ready)}, = prepared({', '.join(loaded)}, kept)"]  # fmt: skip
        lines += [*self._chain("split"), *self._chain("train"), self._tell()]
        said = "Do what the prototype did: its labels and predictions."
        head = ["def predictions() -> tuple[Any, Any]:", f'    """{said}"""']
        return "\n".join([*head, *(f"    {each}" for each in lines)])

    def _judged(self) -> str:
        ready, loaded = self._ready(), self._loaded()
        names = ", ".join(loaded)
        one = len(loaded) == 1
        lines = ["kept = Kept()", f"{names} = load_rows()", f"held = {names if one else f'({names})'}"]
        part = "{0} = take(held, {1})" if one else "{0} = (take(each, {1}) for each in held)"
        lines += [part.format(names, "learn"), "kept.begin(learning=True)"]
        lines.append(f"{', '.join(ready)}, = prepared({names}, kept)")
        lines += self._as_training() + self._chain("train")
        lines += [part.format(names, "sealed"), "kept.begin(learning=False)"]
        again = [each for each in ready if self._holds_rows(each)]
        taken = ", ".join(each if each in again else "_" for each in ready)
        lines.append(f"{taken}, = prepared({names}, kept)")
        lines += [f"{test} = {given}" for given, _, test in self.stages.parted]
        head = ["def judged(learn: Any, sealed: Any) -> tuple[Any, Any]:",
                '    """Learn from some rows alone; return labels and predictions of others."""']  # fmt: skip
        return "\n".join([*head, *(f"    {each}" for each in [*lines, self._tell()])])

    def _holds_rows(self, name: str) -> bool:
        value = self.seen.names.get(name)
        return value is None or value.kind not in {"model", "function"}

    def _as_training(self) -> list[str]:
        """Return how training rows are made: all rows to learn from, where nothing else is needed."""
        parted = self.stages.parted
        if not parted:
            return []
        needed = _needed(self.stages.train)
        if needed & {test for _, _, test in parted}:
            return self._chain("split")
        return [f"{train} = {given}" for given, train, _ in parted]


_DOCS = {
    "load": "Read the rows",
    "prepare": "Prepare the rows",
    "split": "Put rows apart as the prototype did",
    "train": "Fit the model",
}


def _reads(steps: Iterable[Step]) -> set[str]:
    return {name for step in steps for name in step.reads}


def _needed(steps: Sequence[Step]) -> set[str]:
    """Return the names that steps read before they define them."""
    needed: set[str] = set()
    known: set[str] = set()
    for step in steps:
        names = [each for each in ast.walk(step.node) if isinstance(each, ast.Name)]
        stores = {each.id for each in names if isinstance(each.ctx, ast.Store)}
        needed |= (step.reads | (step.defines - stores)) - known
        known |= stores
    return needed


def _type(value: Value | None) -> str:
    if value is None:
        return "Any"
    if value.kind == "column":
        return "pd.Series"
    return "pd.DataFrame" if value.kind == "table" and value.columns and not value.all_learned else "Any"

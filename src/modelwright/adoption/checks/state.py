"""Whether the code gives the same once more: MW-N020 to MW-N023."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from itertools import pairwise

from modelwright.adoption.checks.names import defined_in, used_first
from modelwright.adoption.checks.scene import Scene, found
from modelwright.adoption.reading.vocabulary import BY_CHANCE
from modelwright.problem import Finding

_GIVEN = set(dir(builtins)) | {
    "display",
    "get_ipython",
    "In",
    "Out",
    "_",
    "__",
    "exit",
    "quit",
    "__file__",
    "__name__",
    "__doc__",
    "_dh",
    "_i",
    "dbutils",
    "spark",
}
_HIDES = ("%run", "%load", "%pylab", "%store", "%%cython", "%load_ext")


def cells_out_of_order(scene: Scene) -> Iterator[Finding]:
    """The cells were run in another order than they stand in.

    **Why**: what the notebook shows is not what it gives when it is run from the top.
    """
    cells = [each for each in scene.code.cells if each.tree.body]
    runs = [(each.run, each.number) for each in cells if each.run is not None]
    late = [(cell, before) for (before, _), (run, cell) in pairwise(runs) if run < before]
    if late:
        cell, before = late[0]
        own = next(run for run, number in runs if number == cell)
        more = f", and {len(late) - 1} more" if len(late) > 1 else ""
        yield found(
            cells_out_of_order,
            "MW-N020",
            "warning",
            f"cell {cell} was run before the cell above it (In [{own}] stands below In [{before}]){more}",
            "Restart the kernel, run all cells from the top, and look whether the figures are the same; "
            "`modelwright adopt --run` does it.",
        )
    skipped = [each.number for each in cells if each.run is None]
    if runs and skipped:
        yield found(
            cells_out_of_order,
            "MW-N020",
            "info",
            f"cell {', '.join(map(str, skipped[:5]))} was not run when the notebook was saved",
            "Run all cells from the top, or delete what is not needed.",
        )


def hidden_state(scene: Scene) -> Iterator[Finding]:
    """A name is used that is not there yet when the cells are run from the top.

    **Why**: the notebook worked because a cell was run that has been moved, changed or deleted since. Nobody
    else can run it.
    """
    cells = scene.code.cells
    if any(magic.startswith(_HIDES) for each in cells for magic in each.magics):
        return
    trees = [(each.number, each.tree) for each in cells]
    if any(
        isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for _, tree in trees for n in ast.walk(tree)
    ):
        return
    lost = {name for each in cells if each.broken for name in _words(each.source)}
    known, told = set(_GIVEN), set()
    for number, tree in trees:
        for name, line in used_first(tree, known):
            if name in told or name in lost:
                continue
            told.add(name)
            later = [other for other, its in trees if name in defined_in(its) and other > number]
            where = f"only cell {later[0]} below defines it" if later else "nothing defines it"
            yield found(
                hidden_state,
                "MW-N021",
                "error",
                f"{scene.code.where(number, line)}: '{name}' is used, but {where}",
                "Put the cell that defines it above, or write it again.",
            )
        known |= defined_in(tree)


def _words(source: str) -> set[str]:
    return set("".join(c if c.isalnum() or c == "_" else " " for c in source).split())


def not_python(scene: Scene) -> Iterator[Finding]:
    """A cell can't be read as Python.

    **Why**: what it does is not in this report.
    """
    for cell in scene.code.cells:
        if cell.broken:
            yield found(
                not_python, "MW-N022", "warning",
                f"cell {cell.number} is no Python that can be read: {cell.broken}",
                "Mend or delete it, and adopt the prototype again.",
            )  # fmt: skip


def no_seed(scene: Scene) -> Iterator[Finding]:
    """Something is drawn at random without a seed.

    **Why**: each run gives other figures, so nobody can tell a better model from luck.
    """
    seen = scene.seen
    unseeded: list[tuple[object, str]] = []
    if "numpy" not in seen.seeds and not seen.seeds & {"keras"}:
        unseeded += [(each.place, each.how.rpartition(".")[2]) for each in seen.splits if not each.seeded]
        for model in seen.models:
            stated = model.parameters.get("random_state")
            if model.short in BY_CHANCE and (
                stated is None or (stated.kind == "constant" and stated.constant is None)
            ):
                unseeded.append((model, model.short))
        unseeded += [
            (each.place, each.what.rpartition(".")[2]) for each in seen.looked if each.kind == "random"
        ]
    networks = {"torch": "torch", "keras": "keras"}
    for library, seed in networks.items():
        made = [
            each
            for each in seen.models
            if each.name.startswith(f"{library}.") and ".layers." not in each.name
        ]
        if made and seed not in seen.seeds:
            unseeded.append((made[0], f"the weights of {made[0].short} ({library})"))
    if unseeded:
        names = list(dict.fromkeys(what for _, what in unseeded))
        yield found(
            no_seed,
            "MW-N023",
            "warning",
            f"{scene.at(unseeded[0][0])}: {', '.join(names[:4])} {'draws' if len(names) == 1 else 'draw'} "
            "at random "
            "without a seed",
            "Pass random_state=, and seed NumPy, torch or Keras once at the top.",
        )

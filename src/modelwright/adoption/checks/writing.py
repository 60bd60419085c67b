"""How the code is written: MW-N024 to MW-N030."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from modelwright.adoption.checks.outdated import outdated
from modelwright.adoption.checks.scene import Scene, found
from modelwright.problem import Finding

_ABSOLUTE = re.compile(
    r"^(?:/(?:home|Users|content|kaggle|mnt|media|data|tmp|root|dbfs|Volumes|workspace|opt|var|srv|scratch)/\S|"
    r"[A-Za-z]:[\\/]|~[\\/]|\\\\\w|(?:/[\w .-]+)+\.(?:csv|tsv|parquet|xlsx?|json|pkl|joblib|"
    r"npy|npz|h5|pt|pth|txt|db)$)"
)
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|pwd|secret|api_?key|apikey|access_?key|auth_?token|access_?token|token|private_?key|"
    r"secret_?key)$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{20,}|xox[abps]-[A-Za-z0-9-]{10,}|"
    r"AIza[0-9A-Za-z_-]{30,}|hf_[A-Za-z0-9]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY|"
    r"\w+://[^\s:/@]+:[^\s:/@{}$<*]{3,}@[\w.-]+"
)
_PLACEHOLDER = re.compile(
    r"^$|^[xX*.<>\-_\s]+$|your|change|example|dummy|placeholder|todo|<|\{|^none$|^test$|^token$|^password$",
    re.IGNORECASE,
)
_PIP = re.compile(r"^[!%]\s*(?:pip3?|conda|mamba|uv pip)\s+install\s+(.*)")


def _strings(scene: Scene) -> Iterator[tuple[int, ast.Constant]]:
    """Yield the texts of the code with their cell; docstrings and single expressions are none."""
    for cell in scene.code.cells:
        said = {id(node.value) for node in ast.walk(cell.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                yield cell.number, node


def absolute_paths(scene: Scene) -> Iterator[Finding]:
    """A file is named by its place on one machine.

    **Why**: it is not there on any other machine, nor in production.
    """
    for cell, node in _strings(scene):
        if _ABSOLUTE.search(str(node.value)):
            yield found(
                absolute_paths, "MW-N024", "warning",
                f"{scene.code.where(cell, node.lineno)}: '{node.value!s}' is a path of one machine",
                "Name it relative to the project, or once in the brief: data.source.",
            )  # fmt: skip


def secrets(scene: Scene) -> Iterator[Finding]:
    """A password or a key is in the code. The finding never shows it.

    **Why**: who may read the code, or any of its versions, has it.
    """
    told = set()
    for cell, line, name in _secrets(scene):
        if (cell, line) not in told:
            told.add((cell, line))
            yield found(
                secrets, "MW-N025", "error",
                f"{scene.code.where(cell, line)}: {name} is written into the code",
                "Make it invalid and issue another; read it from the environment: os.environ[...].",
            )  # fmt: skip


def _secrets(scene: Scene) -> Iterator[tuple[int, int, str]]:
    for cell, node in _strings(scene):
        if _SECRET_VALUE.search(str(node.value)) and not _PLACEHOLDER.search(
            str(node.value).partition("@")[0]
        ):
            yield cell, node.lineno, "what looks like a key or password"
    for each in scene.code.cells:
        for name, value, line in _assigned_texts(each.tree):
            if (
                _SECRET_NAME.search(name)
                and len(value) >= 6
                and " " not in value
                and not _PLACEHOLDER.search(value)
            ):
                yield each.number, line, f"'{name}'"


def _assigned_texts(tree: ast.Module) -> Iterator[tuple[str, str, int]]:
    """Yield what gets a text for its value: names, keys, arguments."""
    for node in ast.walk(tree):
        pairs: list[tuple[ast.expr | str | None, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
        elif isinstance(node, ast.keyword):
            pairs = [(node.arg, node.value)]
        for target, value in pairs:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield _name(target), value.value, value.lineno


def _name(target: ast.expr | str | None) -> str:
    match target:
        case str():
            return target
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=str(name)):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case _:
            return ""


def outdated_calls(scene: Scene) -> Iterator[Finding]:
    """Something is called that the libraries have removed, or will.

    **Why**: the code stops with an error, or gives another result, with the versions of today.
    """
    for cell, line, what, instead, removed in outdated(scene.code):
        yield found(
            outdated_calls, "MW-N026", "error" if removed else "warning",
            f"{scene.code.where(cell, line)}: {what} {'is no longer there' if removed else 'is deprecated'}",
            f"Use {instead}.",
        )  # fmt: skip


def dead_code(scene: Scene) -> Iterator[Finding]:
    """Something is imported, defined or written that nothing uses.

    **Why**: who reads the code has to find out that it does not matter.
    """
    read = {
        n.id
        for c in scene.code.cells
        for n in ast.walk(c.tree)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    imported = [
        (cell.number, node.lineno, (each.asname or each.name).partition(".")[0])
        for cell in scene.code.cells
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__"
        for each in node.names
        if each.name != "*"
    ]
    magical = " ".join(magic for each in scene.code.cells for magic in each.magics)
    unused = list(dict.fromkeys(name for _, _, name in imported if name not in read and name not in magical))
    functions = [
        name
        for name in scene.seen.functions
        if name not in read and name != "main" and not name.startswith("_")
    ]
    said = [f"imported and never used: {', '.join(unused[:8])}"] if unused else []
    said += [f"defined and never used: {', '.join(functions[:8])}"] if functions else []
    said += [f"after a return or raise: {', '.join(_unreachable(scene)[:5])}"] if _unreachable(scene) else []
    for each in said:
        yield found(dead_code, "MW-N027", "info", each, "Delete it; pipeline.py leaves it out.")


def _unreachable(scene: Scene) -> list[str]:
    ends = ast.Return | ast.Raise | ast.Continue | ast.Break
    return [
        scene.code.where(cell.number, after.lineno)
        for cell in scene.code.cells
        for node in ast.walk(cell.tree)
        for body in (getattr(node, "body", None), getattr(node, "orelse", None))
        if isinstance(body, list)
        for before, after in pairwise(body)
        if isinstance(before, ends)
    ]


def installed_in_passing(scene: Scene) -> Iterator[Finding]:
    """A package is installed by a cell, without its version.

    **Why**: next year another version comes, and with it other results or an error.
    """
    for cell in scene.code.cells:
        for magic in cell.magics:
            asked = _PIP.match(magic)
            if asked and "==" not in asked[1] and not asked[1].startswith("-r"):
                yield found(
                    installed_in_passing, "MW-N028", "info",
                    f"cell {cell.number}: {magic}",
                    "Pin the versions; the project that is written has a requirements.lock.",
                )  # fmt: skip


def pickled(scene: Scene) -> Iterator[Finding]:
    """The model is kept as a pickle.

    **Why**: who opens it runs whatever is in it, and it needs the same versions of all libraries.
    """
    for looked in scene.seen.looked:
        if looked.kind == "pickle":
            yield found(
                pickled, "MW-N029", "info",
                f"{scene.at(looked.place)}: {looked.what} keeps the model as code that is run when it is "
                "opened",
                "`modelwright deploy` keeps it as data (ONNX).",
            )  # fmt: skip


def silenced(scene: Scene) -> Iterator[Finding]:
    """All warnings are switched off.

    **Why**: they say what is deprecated, what did not converge and what was not defined.
    """
    for cell in scene.code.cells:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Call) and ast.unparse(node) in {
                "warnings.filterwarnings('ignore')",
                "warnings.simplefilter('ignore')",
                "filterwarnings('ignore')",
            }:
                yield found(
                    silenced, "MW-N030", "info",
                    f"{scene.code.where(cell.number, node.lineno)}: all warnings are switched off",
                    "Switch off by category and message what you have understood.",
                )  # fmt: skip

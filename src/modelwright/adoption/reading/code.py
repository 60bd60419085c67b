"""A notebook or a script as cells of Python."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelwright.errors import PrototypeError

LARGEST = 50 * 2**20
"""Bytes; a notebook with pictures in its outputs is large, but not of any size."""

_MAGIC = re.compile(r"^(\s*)([%!?].*|[\w.]+\?{1,2})$")
_ASSIGNED_MAGIC = re.compile(r"^(\s*[\w, ]+=\s*)[%!].*$")
_TIMED = re.compile(r"^(\s*)%(?:time|prun|memit)\s+(.*)")
_PERCENT = re.compile(r"^# ?%%")
_FOREIGN = (
    "%%bash",
    "%%sh",
    "%%html",
    "%%javascript",
    "%%js",
    "%%latex",
    "%%markdown",
    "%%sql",
    "%%R",
    "%%writefile",
)


@dataclass(frozen=True)
class Cell:
    """One cell of code; a script without ``# %%`` marks is a single one.

    Attributes
    ----------
    number : int
        Its place among all cells of the notebook, from 1.
    source : str
        Python, with magics blanked out so that lines keep their numbers.
    tree : ast.Module
        Empty where the cell is no Python.
    run : int or None
        In which order it was run (``In [3]``); None where the notebook does not say.
    output : str
        What it printed and showed, as text.
    broken : str
        Why it is no Python; empty where it is.
    magics : tuple of str
        The lines that only a notebook understands.
    first_line : int
        Line of the script at which it begins, from 1; 1 for notebooks.
    """

    number: int
    source: str
    tree: ast.Module
    run: int | None = None
    output: str = ""
    broken: str = ""
    magics: tuple[str, ...] = ()
    first_line: int = 1


@dataclass(frozen=True)
class Code:
    """A prototype's code.

    Attributes
    ----------
    path : Path
    cells : tuple of Cell
    prose : str
        Markdown cells of a notebook, comments of a script.
    is_notebook : bool
    """

    path: Path
    cells: tuple[Cell, ...]
    prose: str
    is_notebook: bool

    def where(self, cell: int, line: int) -> str:
        """Say where a line is, as a person would look for it."""
        if not self.is_notebook:
            return f"line {line}"
        return f"cell {cell}, line {line}"


def read_code(path: Path) -> Code:
    """Read a notebook or a script; nothing of it is run.

    Raises
    ------
    PrototypeError
        If the file is neither, is not there, or holds no Python that can be read.
    """
    if not path.is_file():
        raise PrototypeError(f"{path}: there is no such file; name a notebook (.ipynb) or a script (.py)")
    if path.stat().st_size > LARGEST:
        raise PrototypeError(
            f"{path} has {path.stat().st_size:,} bytes; at most {LARGEST:,} are read. Clear the outputs of "
            "the notebook and save it again"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PrototypeError(f"{path} is not UTF-8 text: {error.reason}; save it again as UTF-8") from error
    code = _notebook(path, text) if path.suffix == ".ipynb" else _script(path, text)
    if not any(cell.tree.body for cell in code.cells):
        broken = next((cell.broken for cell in code.cells if cell.broken), "it holds no statement")
        raise PrototypeError(f"{path} holds no Python that can be read: {broken}")
    return code


def _script(path: Path, text: str) -> Code:
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if _PERCENT.match(line)]
    starts = sorted({0, *starts}) if lines else [0]
    parts = ["\n".join(lines[at:end]) for at, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    cells = [
        _cell(number, part, first_line=start + 1)
        for number, (start, part) in enumerate(zip(starts, parts, strict=True), 1)
    ]
    if any(cell.broken for cell in cells) and len(cells) > 1:  # a mark inside a text or a block
        cells = [_cell(1, text)]
    prose = "\n".join(line.partition("#")[2] for line in lines if "#" in line)
    return Code(path, tuple(cells), prose, is_notebook=False)


def _notebook(path: Path, text: str) -> Code:
    try:
        document = json.loads(text)
        listed = _cells_of(document)
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise PrototypeError(
            f"{path} is not a Jupyter notebook: {error}; open and save it in Jupyter"
        ) from error
    language = str(document.get("metadata", {}).get("kernelspec", {}).get("language", "python"))
    if language.lower() not in {"python", "python3", ""}:
        raise PrototypeError(f"{path} is written in {language}; only Python can be adopted")
    cells = [
        _cell(number, _joined(each), run=each.get("execution_count"), output=_output(each))
        for number, each in enumerate(listed, 1)
        if each.get("cell_type") == "code"
    ]
    prose = "\n".join(_joined(each) for each in listed if each.get("cell_type") == "markdown")
    return Code(path, tuple(cells), prose, is_notebook=True)


def _cells_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells; format 3 has them in worksheets."""
    if "worksheets" in document:
        return [cell for sheet in document["worksheets"] for cell in sheet["cells"]]
    return list(document["cells"])


def _joined(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(source)


def _output(cell: dict[str, Any]) -> str:
    said = []
    for each in cell.get("outputs", []):
        text = each.get("text") or each.get("data", {}).get("text/plain") or ""
        said.append(text if isinstance(text, str) else "".join(text))
    return "\n".join(said)


def _cell(number: int, source: str, *, run: int | None = None, output: str = "", first_line: int = 1) -> Cell:
    plain, magics = without_magics(source)
    try:
        tree, broken = ast.parse(plain), ""
    except (SyntaxError, ValueError, RecursionError) as error:
        line = first_line + (getattr(error, "lineno", None) or 1) - 1
        tree, broken = ast.Module([], []), f"{getattr(error, 'msg', error)} (line {line})"
    ast.increment_lineno(tree, first_line - 1)
    tree.body = [inner for each in tree.body for inner in _unwrapped(each)]
    return Cell(number, plain, tree, run, output, broken, magics, first_line)


def _unwrapped(statement: ast.stmt) -> list[ast.stmt]:
    """Return what a cell magic runs, where a notebook was saved as a script: it is there as a text."""
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(attr="run_cell_magic" | "run_line_magic" as how), args=args)
        ):
            texts = [
                each.value for each in args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if texts and texts[0] in {"time", "timeit", "capture", "prun"}:
                try:
                    inner = ast.parse(texts[-1] if how == "run_cell_magic" or len(texts) > 1 else "")
                except SyntaxError:
                    return [statement]
                ast.increment_lineno(inner, statement.lineno - 1)
                return inner.body or [statement]
    return [statement]


def without_magics(source: str) -> tuple[str, tuple[str, ...]]:
    """Blank out what only a notebook understands, line by line.

    Returns
    -------
    tuple of (str, tuple of str)
        Python, and the lines that were blanked out.
    """
    lines, magics = source.splitlines(), []
    if lines and lines[0].startswith(_FOREIGN):
        return "", (lines[0],)
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        pass
    else:
        return source, ()
    for at, line in enumerate(lines):
        if found := _TIMED.match(line):
            lines[at] = found[1] + found[2]
            magics.append(line.strip())
        elif found := _MAGIC.match(line):
            lines[at] = f"{found[1]}pass" if found[1] else ""
            magics.append(line.strip())
        elif found := _ASSIGNED_MAGIC.match(line):
            lines[at] = f"{found[1]}None"
            magics.append(line.strip())
    return "\n".join(lines), tuple(magics)

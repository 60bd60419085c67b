"""The statements that predictions need, in their order: a backward slice (Weiser 1981, "Program slicing")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from modelwright.adoption.reading import Code

_SHOWS = {
    "print", "display", "plt", "sns", "warnings", "head", "tail", "info", "describe", "show", "px", "ax",
    "fig", "summary", "value_counts", "hist", "plot", "to_csv", "logging", "logger", "tqdm", "os", "sys",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One statement of the program, with its cell, what it defines or changes, and what it reads."""

    node: ast.stmt
    cell: int
    defines: frozenset[str]
    reads: frozenset[str]


def program(code: Code) -> list[Step]:
    """Return the statements in order, with ``main()`` written out where it has no arguments."""
    flat = [(cell.number, each) for cell in code.cells for each in cell.tree.body]
    functions = {each.name: each for _, each in flat if isinstance(each, ast.FunctionDef)}
    return [step_of(inner, cell) for cell, each in flat for inner in _written_out(each, functions)]


def _written_out(node: ast.stmt, functions: dict[str, ast.FunctionDef]) -> Iterator[ast.stmt]:
    if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
        for each in node.body:
            yield from _written_out(each, functions)
        return
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])) if name in functions:
            body = functions[name].body
            if not any(isinstance(each, ast.Return) for one in body for each in ast.walk(one)):
                yield from body
                return
    yield node


def step_of(node: ast.stmt, cell: int) -> Step:
    """Return what a statement defines and reads."""
    return Step(node, cell, frozenset(_defined(node)), frozenset(names_read(node)))


def names_read(node: ast.AST) -> set[str]:
    """Return the names that code reads, those inside its functions too."""
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
        return
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store | ast.Del):
            yield each.id
        elif isinstance(each, ast.Subscript | ast.Attribute) and isinstance(each.ctx, ast.Store | ast.Del):
            yield from _root(each)
        elif isinstance(each, ast.alias):
            yield (each.asname or each.name).partition(".")[0]
        elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Call):
            yield from _changed(each.value)
        elif (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and each.func.attr.startswith("fit")
        ):
            yield from _root(each.func)


def _changed(call: ast.Call) -> Iterator[str]:
    """Yield what a call may change whose result nobody takes: what it belongs to, and what it is given."""
    names = [each.attr for each in ast.walk(call.func) if isinstance(each, ast.Attribute)]
    names += [each.id for each in ast.walk(call.func) if isinstance(each, ast.Name)]
    if set(names) & _SHOWS:
        return
    yield from _root(call.func)
    if isinstance(call.func, ast.Name):
        for each in call.args:
            yield from _root(each)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def sliced(steps: list[Step], wanted: set[str]) -> list[Step]:
    """Return the statements that the wanted names need."""
    needed, kept = set(wanted), []
    for step in reversed(steps):
        if step.defines & needed and not _only_shows(step.node):
            kept.append(step)
            needed |= step.reads
    return kept[::-1]


def _only_shows(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

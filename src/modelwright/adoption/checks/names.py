"""Which names a cell defines, and which it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
           ast.GeneratorExp)  # fmt: skip


def defined_in(tree: ast.AST) -> set[str]:
    """Return the names that code defines at its own level; not those inside its functions."""
    names: set[str] = set()
    for node in _own(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(each.asname or each.name).partition(".")[0] for each in node.names}
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, ast.MatchAs | ast.MatchStar) and node.name
        ):
            names.add(node.name)
    names |= {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    return names


def _own(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of code, without the insides of its functions and classes."""
    for child in ast.iter_child_nodes(tree):
        yield child
        if isinstance(child, ast.NamedExpr):
            yield child.target
        if not isinstance(child, (*_SCOPES, ast.ClassDef)):
            yield from _own(child)


def used_first(tree: ast.Module, known: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the names that are read before anything defines them, statement by statement, with their line.

    Insides of functions are passed over: they run when they are called.
    """
    here = set(known)
    for statement in tree.body:
        inner = defined_in(statement) | defined_in(ast.Module([statement], []))
        is_block = isinstance(statement, ast.For | ast.While | ast.If | ast.With | ast.Try | ast.ClassDef)
        for name, line in _reads(statement):
            if name not in here and not (is_block and name in inner):
                yield name, line
        here |= inner
        if isinstance(statement, ast.Delete):
            here -= {each.id for each in statement.targets if isinstance(each, ast.Name)}


def _reads(  # noqa: C901, PLR0912 - a case for each kind of node
    node: ast.AST, bound: frozenset[str] = frozenset()
) -> Iterator[tuple[str, int]]:
    """Yield the names that a statement reads when it runs."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            if name not in bound:
                yield name, node.lineno
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for each in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
                yield from _reads(each, bound)
        case ast.Lambda():
            for each in node.args.defaults:
                yield from _reads(each, bound)
        case ast.ClassDef():
            for each in (*node.decorator_list, *node.bases):
                yield from _reads(each, bound)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            own = bound | {
                each.id
                for gen in node.generators
                for each in ast.walk(gen.target)
                if isinstance(each, ast.Name)
            }
            for child in ast.iter_child_nodes(node):
                yield from _reads(child, own)
        case ast.AugAssign(target=ast.Name(id=name)):
            yield name, node.lineno
            yield from _reads(node.value, bound)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _reads(child, bound)

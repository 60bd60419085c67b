"""The walk: statement by statement, in the order in which the cells stand."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from modelwright.adoption.reading import expressions
from modelwright.adoption.reading.binding import bind, element, forget
from modelwright.adoption.reading.code import Code
from modelwright.adoption.reading.events import Place, Score, Seen
from modelwright.adoption.reading.library import models_in
from modelwright.adoption.reading.naming import qualified_names
from modelwright.adoption.reading.values import Value, joined

DEEPEST = 6
"""Calls of the prototype's own functions inside each other that are followed."""

MOST_CALLS = 3_000
"""Of its own functions, all together: more are a recursion, or a program that no person would read."""


def walk(code: Code) -> Seen:
    """Follow what a prototype does to its rows, without running it."""
    walker = Walker(code)
    for cell in code.cells:
        walker.cell = cell.number
        walker.block(cell.tree.body)
    walker.seen.names = walker.env
    return walker.seen


class Walker:
    """Where the walk is, and what every name means there.

    Attributes
    ----------
    imported : dict of str to str
        Names of libraries.
    seen : Seen
    env : dict of str to Value
    cell : int
    loops : int
        How many loops the walk is inside of.
    times : set of str
        Columns that hold times.
    splits : int
        Splits so far.
    several : int
        How many of the loops go through several models.
    """

    def __init__(self, code: Code) -> None:
        self.imported = qualified_names(cell.tree for cell in code.cells)
        self.seen = Seen()
        self.env: dict[str, Value] = {}
        self.cell = 0
        self.loops = 0
        self.times: set[str] = set()
        self.splits = 0
        self.several = 0
        self.returned: list[list[Value]] = []
        self.calls = 0

    def note_score(self, node: ast.AST, metric: str, parts: frozenset[str], X: Value, y: Value) -> Value:
        """Note a figure of the model whose predictions `X` holds, and return it."""
        model = X.model
        several = self.loops > 0 and (self.several > 0 or (model is not None and model.in_loop))
        learnt = model.fitted[-1] if model is not None and model.fitted else None
        self.seen.scores.append(Score(self.place(node), metric, parts, model, X, y, several, learnt))
        return Value("score", metric, parts=parts, model=model)

    def place(self, node: ast.AST) -> Place:
        """Return where a node stands."""
        return Place(self.cell, getattr(node, "lineno", 0))

    def block(self, statements: Iterable[ast.stmt]) -> None:
        """Walk statements in turn."""
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Walk one statement."""
        match node:
            case ast.Assign():
                value = self.ev(node.value)
                for target in node.targets:
                    bind(self, target, value)
            case ast.AnnAssign():
                if node.value is not None:
                    bind(self, node.target, self.ev(node.value))
            case ast.AugAssign():
                both = joined([self.ev(node.target), self.ev(node.value)], self.ev(node.target).kind)
                bind(self, node.target, both)
            case ast.Expr():
                self.ev(node.value)
            case ast.For() | ast.AsyncFor():
                iterated = self.ev(node.iter)
                bind(self, node.target, element(node.iter, iterated))
                several = len(models_in(iterated)) > 1
                self.several += several
                self._looped([*node.body, *node.orelse])
                self.several -= several
            case ast.While():
                self.ev(node.test)
                self._looped([*node.body, *node.orelse])
            case ast.If():
                self.ev(node.test)
                self.block([*node.body, *node.orelse])
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    opened = self.ev(item.context_expr)
                    if item.optional_vars is not None:
                        bind(self, item.optional_vars, opened)
                self.block(node.body)
            case _:
                self._rarer(node)

    def _rarer(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.env[node.name] = Value("function", node.name, constant=(node, self.cell))
                self.seen.functions[node.name] = node
            case ast.ClassDef():
                self.env[node.name] = Value("class", node.name, constant=(node, self.cell))
                self.seen.functions[node.name] = node
            case ast.Return():
                value = Value() if node.value is None else self.ev(node.value)
                if self.returned:
                    self.returned[-1].append(value)
            case ast.Try() | ast.TryStar():
                self.block(
                    [*node.body, *(s for h in node.handlers for s in h.body), *node.orelse, *node.finalbody]
                )
            case ast.Delete():
                for target in node.targets:
                    forget(self, target)
            case ast.Match():
                self.ev(node.subject)
                for case in node.cases:
                    self.block(case.body)
            case _:
                pass  # imports, pass, raise, global: nothing happens to rows

    def _looped(self, body: Sequence[ast.stmt]) -> None:
        self.loops += 1
        self.block(body)
        self.loops -= 1

    def ev(self, node: ast.expr | None) -> Value:
        """Return what is known of an expression's value."""
        return Value() if node is None else expressions.evaluate(self, node)

    def call_own(
        self, function: Value, given: Sequence[Value], named: dict[str, Value], nodes: Sequence[ast.expr] = ()
    ) -> Value:
        """Walk a function of the prototype with these arguments, and return what it gives."""
        node, cell = function.constant
        self.seen.called.add(function.name)
        if len(self.returned) >= DEEPEST or self.calls > MOST_CALLS:
            return joined([*given, *named.values()])
        self.calls += 1
        kept_env, kept_cell = self.env, self.cell
        self.env, self.cell = {**kept_env, **self._arguments(node.args, given, named)}, cell
        self.returned.append([])
        self.block(node.body if isinstance(node.body, list) else [ast.Return(node.body)])
        found, inner = self.returned.pop(), self.env
        self.env, self.cell = kept_env, kept_cell
        self._changed_in_place(node.args, given, nodes, inner)
        return _one_of(found)

    def _arguments(
        self, stated: ast.arguments, given: Sequence[Value], named: dict[str, Value]
    ) -> dict[str, Value]:
        names = [each.arg for each in (*stated.posonlyargs, *stated.args)]
        found = dict(zip(names, given, strict=False))
        defaults = zip(reversed(names), reversed(stated.defaults), strict=False)
        keyword = zip(stated.kwonlyargs, stated.kw_defaults, strict=True)
        later: dict[str, Any] = {**dict(defaults), **{each.arg: default for each, default in keyword}}
        found |= {
            name: self.ev(default)
            for name, default in later.items()
            if name not in found and name not in named
        }
        if stated.vararg is not None:
            found[stated.vararg.arg] = Value("items", items=tuple(given[len(names) :]))
        return found | named

    def _changed_in_place(
        self,
        stated: ast.arguments,
        given: Sequence[Value],
        nodes: Sequence[ast.expr],
        inner: dict[str, Value],
    ) -> None:
        """Let the caller see columns that the function wrote into its table."""
        names = [each.arg for each in (*stated.posonlyargs, *stated.args)]
        for name, before, node in zip(names, given, nodes, strict=False):
            after = inner.get(name)
            grown = (
                after is not None
                and after.kind == before.kind == "table"
                and set(before.columns) < set(after.columns)
            )
            if grown and isinstance(node, ast.Name) and after is not None:
                self.env[node.id] = after


def _one_of(found: Sequence[Value]) -> Value:
    """Return what a function gives: of several returns, the one that says most."""
    if not found:
        return Value()
    return max(found, key=lambda value: (bool(value.items), value.holds_rows, len(value.learned)))

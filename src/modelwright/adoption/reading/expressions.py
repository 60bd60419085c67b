"""Expressions: what is known of the value of each."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from modelwright.adoption.reading.binding import SUBSET, bind, element, texts
from modelwright.adoption.reading.calls import called
from modelwright.adoption.reading.events import Choice
from modelwright.adoption.reading.naming import name_of
from modelwright.adoption.reading.values import Trace, Value, joined

if TYPE_CHECKING:
    from modelwright.adoption.reading.walking import Walker

_SAME = {
    "values",
    "T",
    "loc",
    "iloc",
    "at",
    "iat",
    "ix",
    "str",
    "dt",
    "cat",
    "array",
    "data",
    "real",
    "codes",
}
_FIGURES = {"shape", "size", "ndim", "index", "dtypes", "dtype"}


def evaluate(walker: Walker, node: ast.expr) -> Value:
    """Return what is known of an expression's value."""
    match node:
        case ast.Constant():
            return Value("constant", constant=node.value)
        case ast.Name():
            return _name(walker, node)
        case ast.Attribute():
            return _attribute(walker, node)
        case ast.Subscript():
            return _subscript(walker, node)
        case ast.Call():
            return called(walker, node)
        case ast.Compare():
            return _compared(walker, node)
        case ast.BinOp():
            return _computed(walker, [node.left, node.right])
        case ast.BoolOp():
            return _computed(walker, node.values)
        case ast.UnaryOp():
            value = walker.ev(node.operand)
            if isinstance(value.constant, int | float) and isinstance(node.op, ast.USub):
                return Value("constant", constant=-value.constant)
            return value
        case ast.IfExp():
            walker.ev(node.test)
            return joined([walker.ev(node.body), walker.ev(node.orelse)], walker.ev(node.body).kind)
        case _:
            return _built(walker, node)


def _built(walker: Walker, node: ast.expr) -> Value:
    match node:
        case ast.List() | ast.Tuple() | ast.Set():
            return Value("items", items=tuple(walker.ev(each) for each in node.elts))
        case ast.Dict():
            keys = tuple(each.value if isinstance(each, ast.Constant) else "" for each in node.keys)
            return Value(
                "items", items=tuple(map(walker.ev, node.values)), keys=tuple(map(str, keys)), name="dict"
            )
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return _comprehended(walker, node.generators, node.elt)
        case ast.DictComp():
            return _comprehended(walker, node.generators, node.value)
        case ast.Lambda():
            return Value("function", "lambda", constant=(node, walker.cell))
        case ast.NamedExpr():
            value = walker.ev(node.value)
            bind(walker, node.target, value)
            return value
        case ast.Starred() | ast.Await():
            return walker.ev(node.value)
        case ast.Slice():
            return joined([walker.ev(each) for each in (node.lower, node.upper, node.step)])
        case ast.JoinedStr():
            inner = [walker.ev(each.value) for each in node.values if isinstance(each, ast.FormattedValue)]
            return joined(inner).but(
                origin="", parts=frozenset(), learned=frozenset(), trace=Trace(), columns={}
            )
        case _:
            return Value()


def _comprehended(walker: Walker, generators: list[ast.comprehension], wanted: ast.expr) -> Value:
    for each in generators:
        bind(walker, each.target, element(each.iter, walker.ev(each.iter)))
        for test in each.ifs:
            walker.ev(test)
    walker.loops += 1
    found = walker.ev(wanted)
    walker.loops -= 1
    filtered = [walker.ev(test) for each in generators for test in each.ifs]
    learned = frozenset().union(found.learned, *(each.learned for each in filtered))
    return Value("items", items=(found.but(learned=learned),))


def _name(walker: Walker, node: ast.Name) -> Value:
    if node.id in walker.env:
        value = walker.env[node.id]
        if value.kind in {"function", "class"} and value.constant is not None:
            walker.seen.called.add(node.id)
        return value
    if node.id in walker.imported:
        return Value("module", walker.imported[node.id])
    return Value()


def _attribute(walker: Walker, node: ast.Attribute) -> Value:
    dotted = ast.unparse(node)
    if dotted in walker.env:
        return walker.env[dotted]
    if full := _library_name(walker, node):
        return Value("function", full)
    base = walker.ev(node.value)
    if base.kind == "object" and base.name == "bunch":
        return _of_bunch(base, node.attr)
    if base.kind == "model":
        learned = node.attr.endswith("_") and node.attr not in {"best_estimator_", "classes_"}
        return base.but(kind="statistic") if learned else base
    if node.attr in _FIGURES and not (node.attr == "index" and base.kind == "statistic"):
        return Value()
    if node.attr == "columns":
        return Value(
            "items", name="columns", items=tuple(Value("constant", constant=each) for each in base.columns)
        )
    if base.kind == "table" and node.attr not in _SAME:
        return base.column(node.attr)
    if base.kind == "column" and node.attr in {"dt", "str"}:
        return base
    return base


def _library_name(walker: Walker, node: ast.expr) -> str:
    root = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name) and root.id in walker.env:
        return ""
    return name_of(node, walker.imported)


def _of_bunch(bunch: Value, attribute: str) -> Value:
    if attribute == "target":
        return bunch.but(kind="column", name="target", trace=Trace(frozenset({"target"})), is_open=False)
    if attribute in {"data", "images"}:
        return bunch.but(kind="table", name="", is_open=True, without=frozenset({"target"}))
    return bunch.but(kind="table", name="", is_open=True) if attribute == "frame" else Value()


def _computed(walker: Walker, nodes: list[ast.expr]) -> Value:
    values = [walker.ev(each) for each in nodes]
    if all(isinstance(each.constant, str) for each in values):
        return Value("constant", constant="".join(each.constant for each in values))
    if all(each.kind == "items" for each in values):
        return Value("items", items=tuple(item for each in values for item in each.items))
    kinds = [each.kind for each in values]
    for kind in ("score", "prediction", "table", "column", "statistic"):
        if kind in kinds:
            return joined(values, kind)
    return joined(values)


def _compared(walker: Walker, node: ast.Compare) -> Value:
    nodes = [node.left, *node.comparators]
    values = [walker.ev(each) for each in nodes]
    kinds = [each.kind for each in values]
    if "prediction" in kinds and isinstance(node.ops[0], ast.Eq) and _against_labels(values):
        told = next(each for each in values if each.kind == "prediction")
        parts = joined(values).parts
        return walker.note_score(node, "accuracy", parts, told, joined(values))
    is_order = isinstance(node.ops[0], ast.Gt | ast.GtE | ast.Lt | ast.LtE)
    others = [each for each, value in zip(nodes, values, strict=True) if value.kind != "score"]
    named = kinds.count("score") > 1 or any(
        isinstance(each, ast.Name | ast.Attribute | ast.Subscript) for each in others
    )
    if "score" in kinds and is_order and named and walker.loops:
        score = next(each for each in values if each.kind == "score")
        walker.seen.choices.append(Choice(walker.place(node), score.parts, "the best so far is kept"))
    return _computed(walker, nodes) if not isinstance(node.ops[0], ast.In | ast.NotIn) else Value()


def _against_labels(values: list[Value]) -> bool:
    return len(values) == 2 and all(
        each.holds_rows or (each.kind == "unknown" and each.parts) for each in values
    )


def _subscript(walker: Walker, node: ast.Subscript) -> Value:
    dotted = ast.unparse(node)
    if dotted in walker.env:
        return walker.env[dotted]
    base = walker.ev(node.value)
    is_located = isinstance(node.value, ast.Attribute) and node.value.attr in {"loc", "iloc", "ix"}
    if base.kind == "object" and base.name == "bunch" and isinstance(node.slice, ast.Constant):
        return _of_bunch(base, str(node.slice.value))
    if base.kind == "items":
        return _item(walker, base, node.slice)
    if base.kind == "grouped":
        keys = frozenset(texts(walker.ev(node.slice)))
        return base.but(name=", ".join(sorted(keys)), trace=Trace(keys))
    if base.kind == "statistic":
        keys = frozenset(texts(walker.ev(node.slice)))
        about = {replace(each, about=each.about or keys) for each in base.learned}
        return base.but(learned=frozenset(about), trace=Trace(keys) if keys else base.trace)
    if (
        isinstance(node.slice, ast.Tuple)
        and len(node.slice.elts) == 2
        and base.kind in {"table", "prediction", "unknown", "column"}
    ):
        rows, columns = node.slice.elts
        return _some_columns(walker, _some_rows(walker, base, rows), columns)
    if is_located or base.kind != "table" or isinstance(node.slice, ast.Slice):
        return _some_rows(walker, base, node.slice)
    return _some_columns(walker, base, node.slice)


def _item(walker: Walker, base: Value, key: ast.expr) -> Value:
    given = walker.ev(key)
    if isinstance(given.constant, str) and given.constant in base.keys:
        at = base.keys.index(given.constant)
        return base.items[at] if at < len(base.items) else Value()
    if (
        isinstance(given.constant, int)
        and -len(base.items) <= given.constant < len(base.items)
        and not base.keys
    ):
        return base.items[given.constant]
    if isinstance(key, ast.Slice):
        return base
    kinds = {each.kind for each in base.items}
    return joined(base.items, kinds.pop() if len(kinds) == 1 else "unknown")


def _some_rows(walker: Walker, base: Value, rows: ast.expr) -> Value:
    if isinstance(rows, ast.Slice):
        walker.ev(rows)
        is_whole = rows.lower is None and rows.upper is None
        return base if is_whole or not base.holds_rows or base.split > 0 else base.but(split=SUBSET)
    which = walker.ev(rows)
    if which.kind == "index" and base.parts:
        return base.but(parts=which.parts, split=which.split, learned=base.learned)
    if which.kind in {"column", "table", "prediction"}:
        found = base.but(learned=base.learned | which.learned)
        return found if found.split > 0 else found.but(split=SUBSET)
    return base


def _some_columns(walker: Walker, base: Value, columns: ast.expr) -> Value:
    if isinstance(columns, ast.Slice):
        return _by_place(base, columns)
    given = walker.ev(columns)
    if given.kind == "index":
        return _some_rows(walker, base, columns)
    if isinstance(given.constant, str):
        return base.column(given.constant).but(kind="prediction" if base.kind == "prediction" else "column")
    if isinstance(given.constant, int) and not isinstance(given.constant, bool):
        if base.kind == "prediction":
            return base
        name = f"#{given.constant}"
        return base.column(name).but(trace=Trace(frozenset({name})))
    if given.kind in {"column", "prediction"} and given.name != "columns":
        found = base.but(learned=base.learned | given.learned)
        return found if found.split > 0 else found.but(split=SUBSET)
    names = texts(given)
    if names and (given.kind == "items" and all(isinstance(each.constant, str) for each in given.items)):
        kept = {name: base.columns.get(name, Trace(frozenset({name}))) for name in names}
        return base.but(columns=kept, is_open=False)
    return base.but(learned=base.learned | joined([given]).learned, is_open=False, columns={})


def _by_place(base: Value, columns: ast.Slice) -> Value:
    """Follow ``[:, :-1]`` and the like: columns by their place."""
    low, high = _whole(columns.lower), _whole(columns.upper)
    if low is None and high is None:
        return base
    if not base.is_open and base.columns:
        return base.but(columns=dict(list(base.columns.items())[low:high]))
    if (low or 0) >= 0 and (high is None or high < 0):
        gone = {f"#{at}" for at in range(low or 0)} | {f"#{-at}" for at in range(1, -(high or 0) + 1)}
        return base.but(without=base.without | gone)
    return base.but(is_open=False, columns={})


def _whole(node: ast.expr | None) -> int | None:
    if (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.operand, ast.Constant)
        and isinstance(node.operand.value, int)
    ):
        return -node.operand.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None

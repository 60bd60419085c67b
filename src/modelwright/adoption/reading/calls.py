"""Calls: who is called, with what."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelwright.adoption.reading import learners, library, rows
from modelwright.adoption.reading.binding import rebind
from modelwright.adoption.reading.events import Choice
from modelwright.adoption.reading.naming import name_of
from modelwright.adoption.reading.values import Model, Value, joined

if TYPE_CHECKING:
    from modelwright.adoption.reading.walking import Walker

_LIKE_ESTIMATORS = {"fit", "forward"}
_BEST = {"max", "min", "sorted"}
_GROWS = {"append", "extend", "add", "insert", "update", "setdefault"}


@dataclass(frozen=True)
class Call:
    """One call: its node, and its arguments as values."""

    node: ast.Call
    given: tuple[Value, ...]
    named: dict[str, Value]

    def argument(self, position: int, *names: str) -> Value:
        """Return an argument, by its place or one of its names."""
        for name in names:
            if name in self.named:
                return self.named[name]
        return self.given[position] if position < len(self.given) else Value()

    def says(self, name: str) -> bool:
        """Say whether an argument is passed as true."""
        return name in self.named and self.named[name].constant is True


def called(walker: Walker, node: ast.Call) -> Value:
    """Follow a call."""
    given = tuple(walker.ev(each) for each in node.args)
    named = {each.arg: walker.ev(each.value) for each in node.keywords if each.arg}
    for each in node.keywords:
        if each.arg is None:
            walker.ev(each.value)
    call = Call(node, given, named)
    root: ast.expr = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    is_own = isinstance(root, ast.Name) and root.id in walker.env
    if not is_own and (full := name_of(node.func, walker.imported)):
        return library.call(walker, full, call)
    if isinstance(node.func, ast.Name):
        return _by_name(walker, node.func.id, call)
    if isinstance(node.func, ast.Attribute):
        return _method(walker, node.func, call)
    return _of_value(walker, walker.ev(node.func), call)


def _by_name(walker: Walker, name: str, call: Call) -> Value:
    if name in walker.env:
        return _of_value(walker, walker.env[name], call)
    if name in _BEST:
        _note_best(walker, call, name)
    if name in {"range", "len", "print", "isinstance", "type", "open", "input", "display", "id", "hasattr"}:
        return Value()
    if name in {"enumerate", "zip"}:
        items = tuple(
            each.items[0] if each.kind == "items" and len(each.items) == 1 else each for each in call.given
        )
        pairs = (Value(), *items) if name == "enumerate" else items
        return Value("items", name, items=(Value("items", items=pairs),))
    if name == "dict":
        return Value("items", "dict", items=tuple(call.named.values()), keys=tuple(call.named))
    if name in {"sum", "max", "min", "round", "float", "abs", "int"} and call.given:
        kind = (
            "score"
            if _has_score(call.given[0])
            else "statistic"
            if call.given[0].holds_rows
            else call.given[0].kind
        )
        return joined(call.given, kind)
    if name in {"list", "tuple", "set", "sorted", "reversed", "next", "iter"} and call.given:
        return call.given[0]
    return joined([*call.given, *call.named.values()])


def _of_value(walker: Walker, function: Value, call: Call) -> Value:
    """Call what a name stands for."""
    if function.kind == "function" and function.constant is not None:
        return walker.call_own(function, call.given, call.named, call.node.args)
    if function.kind == "function" and function.name:
        return library.call(walker, function.name, call)
    if function.kind == "class":
        return _made(walker, function, call)
    if function.kind == "model" and function.model is not None:
        return learners.called_as_function(walker, function.model, call)
    return joined([function, *call.given, *call.named.values()])


def _made(walker: Walker, own: Value, call: Call) -> Value:
    """Make an object of one of the prototype's classes."""
    stated, _ = own.constant
    walker.seen.called.add(own.name)
    defined = {each.name for each in stated.body if isinstance(each, ast.FunctionDef)}
    if not defined & _LIKE_ESTIMATORS:
        return Value("object", own.name, constant=own.constant, items=call.given)
    place = walker.place(call.node)
    steps = [each.model for each in (*call.given, *call.named.values()) if each.model is not None]
    bases = " ".join(ast.unparse(each) for each in stated.bases)
    suffix = ".transformer" if "predict" not in defined and "transform" in defined else ""
    torch = "torch." if "forward" in defined or "Module" in bases else "own."
    name = f"{torch}{own.name}{suffix}"
    model = Model(name, place.cell, place.line, call.named, steps, in_loop=walker.loops > 0)
    walker.seen.models.append(model)
    return Value("model", model.name, model=model)


def _method(walker: Walker, func: ast.Attribute, call: Call) -> Value:
    receiver, name = walker.ev(func.value), func.attr
    if receiver.kind == "function" and receiver.constant is None and receiver.name:
        return library.call(walker, f"{receiver.name}.{name}", call)
    if receiver.kind == "object" and receiver.constant is not None:
        return _own_method(walker, receiver, name, call)
    if receiver.kind == "model" and receiver.model is not None:
        return learners.method(walker, receiver.model, name, call)
    if name in {"argmax", "idxmax", "argmin", "idxmin", "sort_values", "nlargest", "sort"} and _has_score(
        receiver
    ):
        parts = joined([receiver]).parts or receiver.parts
        walker.seen.choices.append(Choice(walker.place(call.node), parts, f"the best is taken by {name}"))
    if receiver.kind in {"items", "constant"} or (receiver.kind == "unknown" and not receiver.parts):
        return _of_container(walker, func, receiver, call)
    if name == "backward":
        return learners.step(walker, receiver, call)
    if receiver.kind == "score":
        return joined([receiver, *call.given], "score")
    if name == "mean" and receiver.kind == "unknown" and receiver.model is not None:
        return receiver
    return rows.method(walker, func, receiver, call)


def _own_method(walker: Walker, receiver: Value, name: str, call: Call) -> Value:
    stated, cell = receiver.constant
    found = next((e for e in stated.body if isinstance(e, ast.FunctionDef) and e.name == name), None)
    if found is None:
        return joined([receiver, *call.given, *call.named.values()])
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in found.decorator_list)
    given = call.given if static else (receiver, *call.given)
    return walker.call_own(Value("function", name, constant=(found, cell)), given, call.named)


def _of_container(walker: Walker, func: ast.Attribute, receiver: Value, call: Call) -> Value:
    if func.attr in _GROWS and call.given:
        grown = receiver.but(kind="items", items=(*receiver.items, *call.given), keys=())
        rebind(walker, func.value, grown)
        return Value()
    if func.attr == "items" and receiver.kind == "items":
        pairs = tuple(Value("items", items=(Value(), each)) for each in receiver.items)
        return Value("items", items=pairs)
    if func.attr in {"values", "keys", "copy"}:
        return receiver if func.attr != "keys" else Value()
    if (
        func.attr in {"difference", "drop", "tolist", "remove", "intersection", "union"}
        and receiver.name == "columns"
    ):
        return receiver.but(items=())
    return joined([receiver, *call.given]) if receiver.kind == "items" else Value()


def _has_score(value: Value) -> bool:
    return value.kind == "score" or any(_has_score(each) for each in value.items)


def _note_best(walker: Walker, call: Call, name: str) -> None:
    for each in call.given:
        if _has_score(each) and each.kind == "items":
            parts = frozenset().union(*(found.parts for found in _scores(each)))
            if len(_scores(each)) > 1 or walker.loops or each.items:
                walker.seen.choices.append(
                    Choice(walker.place(call.node), parts, f"the best is taken by {name}()")
                )


def _scores(value: Value) -> list[Value]:
    if value.kind == "score":
        return [value]
    return [found for each in value.items for found in _scores(each)]


def scored(walker: Walker, call: Call, metric: str, y: Value, told: Value) -> Value:
    """Note a figure, and return it."""
    return walker.note_score(call.node, metric, frozenset(y.parts | told.parts), told, y)

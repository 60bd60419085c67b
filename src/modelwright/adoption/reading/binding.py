"""Names and columns that get a value."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from modelwright.adoption.reading.events import Split
from modelwright.adoption.reading.values import Trace, Value, joined
from modelwright.adoption.reading.vocabulary import IS_TEST, IS_TRAIN, IS_VALID

if TYPE_CHECKING:
    from modelwright.adoption.reading.walking import Walker

SUBSET = -1
"""Of `Value.split`: some of the rows, by a condition or a place, of which nobody has said yet what they
are."""


def bind(walker: Walker, target: ast.expr, value: Value) -> None:
    """Give a target its value: a name, several names, a column, an attribute."""
    match target:
        case ast.Name():
            walker.env[target.id] = _as_named(walker, target, value)
            _name_last_read(walker, target.id)
        case ast.Tuple() | ast.List():
            _bind_each(walker, target.elts, value)
        case ast.Starred():
            bind(walker, target.value, value)
        case ast.Subscript():
            _write_into(walker, target, value)
        case ast.Attribute():
            _write_attribute(walker, target, value)
        case _:
            pass


def rebind(walker: Walker, node: ast.expr, value: Value) -> None:
    """Give what an expression stands for its value after it was changed in place."""
    if isinstance(node, ast.Name | ast.Subscript | ast.Attribute):
        bind(walker, node, value)


def forget(walker: Walker, target: ast.expr) -> None:
    """Follow a ``del``."""
    if isinstance(target, ast.Subscript):
        table = walker.ev(target.value)
        names = texts(walker.ev(target.slice))
        rebind(walker, target.value, dropped(table, names))
    elif isinstance(target, ast.Name):
        walker.env.pop(target.id, None)


def dropped(table: Value, names: list[str]) -> Value:
    """Return a table without some columns."""
    left = {name: trace for name, trace in table.columns.items() if name not in names}
    return table.but(columns=left, without=table.without | set(names))


def texts(value: Value) -> list[str]:
    """Return the texts that a value is known to hold."""
    if isinstance(value.constant, str):
        return [value.constant]
    return [found for item in value.items for found in texts(item)]


def element(node: ast.expr, iterated: Value) -> Value:
    """Return what a loop gets of what it goes through."""
    if iterated.kind == "split":
        return iterated
    if iterated.kind == "items" and iterated.items:
        if len(iterated.items) == 1 or iterated.name in {"zip", "enumerate"}:
            return iterated.items[0]
        return _alternatives(iterated.items)
    if iterated.kind in {"table", "unknown"} and isinstance(node, ast.Name | ast.Call | ast.Attribute):
        return iterated.but(kind="unknown")
    return iterated


def _alternatives(items: tuple[Value, ...]) -> Value:
    """Return what one of several values is: pairs stay pairs, models stay models."""
    width = len(items[0].items)
    if width and all(each.kind == "items" and len(each.items) == width for each in items):
        return Value(
            "items",
            items=tuple(_alternatives(tuple(each.items[at] for each in items)) for at in range(width)),
        )
    kinds = {each.kind for each in items}
    found = joined(items, items[0].kind if len(kinds) == 1 else "unknown")
    return found.but(items=items) if kinds == {"model"} else found


def _bind_each(walker: Walker, targets: list[ast.expr], value: Value) -> None:
    if value.kind == "split":
        parts = ("train", value.name)
        for target, part in zip(targets, parts, strict=False):
            bind(walker, target, value.but(kind="index", parts=frozenset({part})))
        return
    if len(value.items) == len(targets):
        for target, item in zip(targets, value.items, strict=True):
            bind(walker, target, item)
        return
    for target in targets:
        bind(walker, target, value.but(items=(), keys=()))


def _name_last_read(walker: Walker, name: str) -> None:
    value = walker.env[name]
    reads = walker.seen.reads
    if reads and not reads[-1].name and value.origin and value.kind in {"table", "object"}:
        last = reads[-1]
        reads[-1] = type(last)(last.place, last.function, last.source, name)


def _as_named(walker: Walker, target: ast.Name, value: Value) -> Value:
    """Believe a name that says which rows it holds, where the code alone does not."""
    name = target.id
    is_valid, is_test = bool(IS_VALID.search(name)), bool(IS_TEST.search(name))
    if (
        value.split > 0
        and value.parts in ({"test"}, {"valid"})
        and value.holds_rows
        and value.kind != "prediction"
    ):
        part = "valid" if is_valid else "test" if is_test else next(iter(value.parts))
        return value.but(parts=frozenset({part}))
    if value.split != SUBSET or not value.holds_rows or value.parts != {"all"}:
        return value
    part = "valid" if is_valid else "test" if is_test else "train" if IS_TRAIN.search(name) else ""
    if not part:
        return value
    if not any(each.how == "by hand" for each in walker.seen.splits):
        walker.splits += 1
        place = walker.place(target)
        walker.seen.splits.append(Split(place, "by hand", shuffled=False, grouped=False, data=value))
    return value.but(parts=frozenset({part}), split=walker.splits)


def _write_into(walker: Walker, target: ast.Subscript, value: Value) -> None:
    holder, key = target.value, target.slice
    if isinstance(holder, ast.Attribute) and holder.attr in {"loc", "iloc", "at", "iat"}:
        holder = holder.value
        key = key.elts[-1] if isinstance(key, ast.Tuple) else key
    table = walker.ev(holder)
    names = texts(walker.ev(key))
    if table.kind == "table" or (table.holds_rows and names):
        is_whole = not names and (
            value.holds_rows or value.kind == "statistic"
        )  # columns that nobody can name here
        learned = table.learned | (value.all_learned if is_whole else frozenset())
        changed = table.but(kind="table", learned=learned, ordered=table.ordered or value.ordered)
        for name in names:
            trace = value.columns[name] if name in value.columns else value.whole_trace()
            trace = replace(trace, learned=trace.learned | value.learned)
            before = table.columns.get(name, Trace())
            trace = trace | before if holder is not target.value else trace
            changed = changed.but(columns={**changed.columns, name: trace}, without=changed.without - {name})
        rebind(walker, holder, changed)
    elif table.kind in {"items", "unknown", "constant"}:
        grown = Value("items", items=(*table.items, value), keys=(*table.keys, *names))
        rebind(walker, holder, grown)


def _write_attribute(walker: Walker, target: ast.Attribute, value: Value) -> None:
    holder = walker.ev(target.value)
    if holder.kind == "table" and target.attr == "columns":
        names = texts(value)
        if names:
            renamed = {name: Trace(frozenset({name})) for name in names}
            rebind(walker, target.value, holder.but(columns=renamed, is_open=False))
        return
    walker.env[ast.unparse(target)] = value

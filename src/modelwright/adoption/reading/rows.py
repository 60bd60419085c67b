"""What the methods of tables and columns do."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from modelwright.adoption.reading.binding import SUBSET, dropped, rebind, texts
from modelwright.adoption.reading.events import Looked
from modelwright.adoption.reading.values import How, Learned, Trace, Value, joined
from modelwright.adoption.reading.vocabulary import DATE, FROM_LATER, ORDERED, STATISTICS

if TYPE_CHECKING:
    from modelwright.adoption.reading.calls import Call
    from modelwright.adoption.reading.walking import Walker

_NOTHING = {"head", "tail", "info", "plot", "hist", "boxplot", "to_csv", "to_excel", "to_parquet", "show",
            "items",
            "memory_usage", "to_pickle", "keys"}  # fmt: skip


_WINDOWS = {"rolling", "expanding", "ewm"}


def method(walker: Walker, func: ast.Attribute, receiver: Value, call: Call) -> Value:
    """Follow a method of a table, a column or rows of another kind."""
    if not (receiver.holds_rows or receiver.parts or receiver.kind == "statistic"):
        return joined([receiver, *call.given, *call.named.values()])
    found = _of_name(walker, func.attr, receiver, call)
    if call.says("inplace"):
        rebind(walker, func.value, found)
        return Value()
    if func.attr == "pop":
        rebind(walker, func.value, dropped(receiver, texts(call.argument(0))))
    return found


def _of_name(walker: Walker, name: str, receiver: Value, call: Call) -> Value:
    if name in _NOTHING:
        return receiver if name in {"head", "tail"} else Value()
    if name == "groupby":
        return _grouped(receiver, call)
    if receiver.kind == "grouped":
        return _of_group(walker, name, receiver, call)
    if receiver.kind == "window":  # figures of neighbouring rows, a value for each row
        return (
            receiver
            if name in {"shift"} | _WINDOWS
            else receiver.but(kind="table" if receiver.columns else "column")
        )
    if name in ORDERED or name in FROM_LATER:
        return _by_order(name, receiver, call)
    if name in STATISTICS:
        return statistic(walker, receiver, name, call.node)
    if name in _SPECIAL:
        return _SPECIAL[name](walker, receiver, call)
    if name in {"map", "apply", "transform", "applymap", "pipe"}:
        return _applied(walker, name, receiver, call)
    kind = receiver.kind if receiver.kind != "statistic" else "statistic"
    found = joined([receiver, *call.given, *call.named.values()], kind)
    return found.but(
        name=receiver.name, split=receiver.split, without=receiver.without, ordered=receiver.ordered
    )


def statistic(walker: Walker, rows: Value, name: str, node: ast.AST) -> Value:
    """Return a figure of many rows: where it gets into a table, so does what it was learned from."""
    if rows.kind == "statistic":
        return rows
    place = walker.place(node)
    if rows.kind == "prediction" or any(
        kw.arg == "axis" and _is_one(kw.value) for kw in getattr(node, "keywords", [])
    ):
        return rows
    columns = rows.whole_trace().sources | frozenset(rows.columns)
    about = rows.trace.sources or ({rows.name} if rows.name else columns if not rows.is_open else frozenset())
    how: How = "quantile" if name in {"quantile", "percentile"} else "mean"
    learned = Learned(name, how, rows.parts, place.cell, place.line, frozenset(about))
    return Value("statistic", rows.name, rows.origin, rows.parts, rows.learned | {learned}, model=rows.model)


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in {1, "columns"}


def _grouped(receiver: Value, call: Call) -> Value:
    keys = tuple(texts(call.argument(0, "by")))
    return receiver.but(kind="grouped", keys=keys, name="")


def _of_group(walker: Walker, name: str, group: Value, call: Call) -> Value:
    walker.seen.looked.append(Looked(walker.place(call.node), "grouped", ",".join(group.keys), group))
    column = group.but(kind="column", keys=())
    if name in ORDERED or name in FROM_LATER:
        return _by_order(name, column, call)
    if name in {"ffill", "head", "tail", "nth", "ngroup", "get_group"}:
        return column
    if name in {"rolling", "expanding"}:
        return _by_order(name, column, call)
    wanted = call.argument(0, "func")
    if name in {"transform", "apply"} and wanted.kind == "function" and wanted.constant is not None:
        return walker.call_own(wanted, [column], {}).but(is_open=False)
    figure = (
        str(wanted.constant) if name in {"transform", "agg"} and isinstance(wanted.constant, str) else name
    )
    if figure in {"cumsum", "cumcount", "shift", "diff", "rank"}:
        return _by_order(figure, column, call)
    place = walker.place(call.node)
    about = group.trace.sources or frozenset(group.columns if not group.is_open else ())
    about = about | frozenset(texts(wanted)) if wanted.name == "dict" else about
    about = about | frozenset(wanted.keys)
    words = f"{figure} of {group.name or 'columns'} by {', '.join(group.keys) or 'group'}"
    learned = Learned(words, "mean", group.parts, place.cell, place.line, about)
    kind = "column" if name == "transform" else "statistic"
    own = {} if kind == "statistic" else column.columns
    trace = Trace(frozenset(group.keys))
    return column.but(kind=kind, learned=group.learned | {learned}, trace=trace, columns=own, is_open=False)


def _by_order(name: str, receiver: Value, call: Call) -> Value:
    """Follow what looks at other rows: what comes of it is of the past, the future, or this row too."""
    trace = receiver.whole_trace() if receiver.kind != "grouped" else receiver.trace
    periods = call.argument(0, "periods").constant
    backwards = name == "shift" and isinstance(periods, int) and periods < 0
    if call.says("center"):
        moved = Trace(trace.sources, trace.past | trace.sources, trace.sources | trace.future)
    elif backwards or name in FROM_LATER:
        moved = Trace(past=trace.past, future=trace.sources | trace.future)
    elif name in {"shift", "ffill"}:
        moved = Trace(past=trace.sources | trace.past, future=trace.future)
    else:
        moved = trace
    kind = "window" if name in _WINDOWS else "column" if receiver.kind == "grouped" else receiver.kind
    changed = dict.fromkeys(receiver.columns, moved) if receiver.kind == "table" else receiver.columns
    return receiver.but(kind=kind, trace=moved, columns=changed, name="", ordered=True)


def _applied(walker: Walker, name: str, receiver: Value, call: Call) -> Value:
    function = call.argument(0, "func", "arg")
    if function.kind == "function" and function.constant is not None:
        found = walker.call_own(function, [receiver], {})
        # Element by element, a mean inside is one of the row's own values.
        learned = found.learned if name == "pipe" else receiver.learned | _outer(found, receiver)
        kind = (
            found.kind
            if name == "pipe" and found.holds_rows
            else receiver.kind
            if name != "apply"
            else "column"
        )
        trace = receiver.trace | found.trace if receiver.kind != "table" else found.whole_trace()
        if receiver.kind == "table" and name != "apply":
            return receiver.but(learned=learned)
        return receiver.but(
            kind=kind, learned=learned, trace=trace, columns={}, is_open=False, name=receiver.name
        )
    if function.kind in {"statistic", "column"}:
        return receiver.but(learned=receiver.learned | function.learned)
    return receiver.but(learned=receiver.learned | joined([function]).learned)


def _outer(found: Value, receiver: Value) -> frozenset[Learned]:
    """Return what was learned elsewhere and is used inside a function that is applied row by row."""
    return frozenset(
        each for each in found.learned - receiver.learned if each.how not in {"mean", "quantile"}
    )


def _drop(walker: Walker, receiver: Value, call: Call) -> Value:  # noqa: ARG001
    axis = call.argument(1, "axis").constant
    if "columns" in call.named or axis in {1, "columns"}:
        names = texts(
            call.argument(0, "labels", "columns") if "columns" not in call.named else call.named["columns"]
        )
        if not names:  # columns that are worked out: nobody knows which are left
            chosen = call.named.get("columns") or call.argument(0)
            return receiver.but(
                is_open=False, columns={}, learned=receiver.learned | joined([chosen]).learned
            )
        return dropped(receiver, names)
    which = call.argument(0, "index", "labels")
    return receiver.but(learned=receiver.learned | joined([which]).learned)


def _assigned(walker: Walker, receiver: Value, call: Call) -> Value:
    found = receiver
    for name, value in call.named.items():
        made = walker.call_own(value, [found], {}) if value.kind == "function" and value.constant else value
        columns = {**found.columns, name: made.whole_trace()}
        found = found.but(columns=columns, ordered=found.ordered or made.ordered)
    return found


def _sorted(walker: Walker, receiver: Value, call: Call) -> Value:
    by = texts(call.argument(0, "by", "keys"))
    timed = any(each in walker.times or DATE.search(each) for each in by)
    return receiver.but(ordered=receiver.ordered or timed)


def _indexed(walker: Walker, receiver: Value, call: Call) -> Value:
    by = texts(call.argument(0, "keys"))
    timed = any(each in walker.times or DATE.search(each) for each in by)
    return dropped(receiver, by).but(ordered=receiver.ordered or timed)


def _merged(walker: Walker, receiver: Value, call: Call) -> Value:  # noqa: ARG001
    other = call.argument(0, "right", "other")
    columns = {**receiver.columns, **other.columns}
    return receiver.but(
        columns=columns, learned=receiver.learned | other.learned, is_open=receiver.is_open or other.is_open
    )


def _drawn(walker: Walker, receiver: Value, call: Call) -> Value:
    place = walker.place(call.node)
    if "random_state" not in call.named and "seed" not in call.named:
        walker.seen.looked.append(Looked(place, "random", "DataFrame.sample"))
    if call.says("replace"):
        learned = Learned("rows drawn again (sample)", "resample", receiver.parts, place.cell, place.line)
        return receiver.but(learned=receiver.learned | {learned})
    share = call.argument(0, "frac", "n").constant
    whole = call.named.get("frac", Value()).constant == 1 or share == 1
    return receiver if whole or receiver.split > 0 else receiver.but(split=SUBSET)


def _renamed(walker: Walker, receiver: Value, call: Call) -> Value:  # noqa: ARG001
    stated = call.argument(0, "columns", "mapper")
    own = Trace(learned=receiver.learned) if receiver.kind == "statistic" else None
    new = dict(zip(stated.keys, (each.constant for each in stated.items), strict=False))
    if not new:
        return receiver
    found = {str(new.get(name, name)): trace for name, trace in receiver.columns.items()}
    found |= {
        str(to): own or receiver.columns.get(name, Trace(frozenset({name}))) for name, to in new.items()
    }
    return receiver.but(columns=found, without=receiver.without | set(new))


def _encoded(walker: Walker, receiver: Value, call: Call) -> Value:
    place = walker.place(call.node)
    return receiver.but(
        learned=receiver.learned | {Learned("factorize", "encode", receiver.parts, place.cell, place.line)}
    )


def _some(walker: Walker, receiver: Value, call: Call) -> Value:
    which = joined([walker.ev(each) for each in call.node.args])
    found = receiver.but(learned=receiver.learned | which.learned)
    return found if found.split > 0 else found.but(split=SUBSET)


def _popped(walker: Walker, receiver: Value, call: Call) -> Value:  # noqa: ARG001
    names = texts(call.argument(0))
    return receiver.column(names[0]) if names else receiver


def _typed(walker: Walker, receiver: Value, call: Call) -> Value:  # noqa: ARG001
    return receiver


def _of_types(walker: Walker, receiver: Value, call: Call) -> Value:  # noqa: ARG001
    return receiver.but(is_open=receiver.is_open)


_SPECIAL: dict[str, Callable[[Walker, Value, Call], Value]] = {
    "drop": _drop,
    "assign": _assigned,
    "sort_values": _sorted,
    "sort_index": _sorted,
    "set_index": _indexed,
    "merge": _merged,
    "join": _merged,
    "sample": _drawn,
    "rename": _renamed,
    "factorize": _encoded,
    "query": _some,
    "filter": _some,
    "pop": _popped,
    "astype": _typed,
    "select_dtypes": _of_types,
    "iterrows": _typed,
    "dropna": _typed,
    "drop_duplicates": _typed,
    "copy": _typed,
    "reset_index": _typed,
}

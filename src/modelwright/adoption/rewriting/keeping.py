"""What is learned from rows is kept, so that the same code can be applied to other rows."""

from __future__ import annotations

import ast

from modelwright.adoption.reading import Model, Seen
from modelwright.adoption.reading.vocabulary import STATISTICS, TRANSFORMERS

_FITS = {"fit_transform", "fit_resample", "fit_sample", "fit"}

KEPT = '''
class Kept:
    """What was learned from rows: by the place in the code, in the order of the visits.

    While it is learning, everything is worked out from the rows at hand and kept; afterwards it is only
    applied.
    """

    def __init__(self) -> None:
        self.learning = True
        self._held: dict[tuple[str, int], Any] = {}
        self._visits: dict[str, int] = {}

    def begin(self, *, learning: bool) -> None:
        """Begin a pass over the code."""
        self.learning, self._visits = learning, {}

    def value(self, place: str, work_out: Callable[[], Any]) -> Any:
        """Return a figure of the rows: worked out while learning, else the one that was kept."""
        key = (place, self._visits.get(place, 0))
        self._visits[place] = key[1] + 1
        if self.learning:
            self._held[key] = work_out()
        return self._held[key]

    def transform(self, place: str, made: Any, *given: Any) -> Any:
        """Fit a transformer while learning, and only transform afterwards."""
        if self.learning:
            changed = made.fit_transform(*given)
            self.value(place, lambda: copy.deepcopy(made))
            return changed
        return self.value(place, lambda: None).transform(given[0])

    def fit(self, place: str, made: Any, *given: Any) -> Any:
        """Fit while learning; afterwards give the object what it had learned."""
        if self.learning:
            made.fit(*given)
            self.value(place, lambda: copy.deepcopy(made.__dict__))
        else:
            made.__dict__.update(self.value(place, lambda: None))
        return made

    def resample(self, place: str, made: Any, X: Any, y: Any) -> Any:
        """Make rows while learning; leave them as they are afterwards."""
        return made.fit_resample(X, y) if self.learning else (X, y)

    def drawn(self, draw: Callable[[], Any], *given: Any) -> Any:
        """Draw rows while learning; take them as they are afterwards."""
        if self.learning:
            return draw()
        return given if len(given) > 1 else given[0]

    def dummies(self, place: str, encoded: pd.DataFrame) -> pd.DataFrame:
        """Keep the columns of an encoding: what is new has no column, what is absent has zeros."""
        columns = self.value(place, lambda: list(encoded.columns))
        return encoded.reindex(columns=columns, fill_value=0)

    def grouped(self, place: str, rows: pd.DataFrame, by: Any, column: str, figure: str) -> pd.Series:
        """Return each row's figure of its group, as it was learned; of all rows, for a group that is new."""
        by = [by] if isinstance(by, str) else list(by)
        held = self.value(place, lambda: rows.groupby(by)[column].agg(figure).rename("figure").reset_index())
        every = self.value(f"{place}, all", lambda: rows[column].agg(figure))
        return rows[by].merge(held, on=by, how="left")["figure"].set_axis(rows.index).fillna(every)

'''


class Keeping(ast.NodeTransformer):
    """Rewrite what learns from rows.

    Attributes
    ----------
    places : int
        How many places learn.
    refused : list of str
        What learns in a way that can't be kept.
    """

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.places = 0
        self.refused: list[str] = []

    def _place(self, node: ast.AST) -> ast.Constant:
        self.places += 1
        return ast.Constant(f"line {getattr(node, 'lineno', 0)}, {self.places}")

    def _kept(self, how: str, node: ast.AST, *given: ast.expr) -> ast.Call:
        return ast.Call(
            ast.Attribute(ast.Name("kept", ast.Load()), how, ast.Load()), [self._place(node), *given], []
        )

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Rewrite a call that learns."""
        if isinstance(node.func, ast.Attribute):
            rewritten = self._grouped(node) or self._method(node)
            if rewritten is not None:
                return rewritten
        self.generic_visit(node)
        if _name(node.func) == "resample" and node.args:
            return _drawn(node, *node.args)
        if _name(node.func) == "sample" and isinstance(node.func, ast.Attribute):
            return _drawn(node, node.func.value)
        if _name(node.func) == "get_dummies":
            return self._kept("dummies", node, node)
        if _name(node.func) in {"qcut", "factorize"}:
            self.refused.append(f"{_name(node.func)} (line {node.lineno})")
        return node

    def _method(self, node: ast.Call) -> ast.expr | None:
        func = node.func
        assert isinstance(func, ast.Attribute)  # noqa: S101 - as visit_Call asks
        if func.attr in _FITS:
            how = {"fit_transform": "transform", "fit": "fit"}.get(func.attr, "resample")
            model = self._model(func.value)
            if how == "fit" and (model is None or model.short not in TRANSFORMERS):
                return None
            self.generic_visit(node)
            return self._kept(how, node, func.value, *node.args, *(each.value for each in node.keywords))
        if func.attr in STATISTICS and not any(each.arg == "axis" for each in node.keywords):
            self.generic_visit(node)
            return self._kept("value", node, ast.Lambda(_NO_ARGUMENTS, node))
        return None

    def _model(self, node: ast.expr) -> Model | None:
        value = self.seen.names.get(node.id) if isinstance(node, ast.Name) else None
        return value.model if value is not None else None

    def _grouped(self, node: ast.Call) -> ast.expr | None:
        """Rewrite ``rows.groupby(by)[column].transform("mean")``: a figure for each row."""
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Subscript(
                        value=ast.Call(func=ast.Attribute(value=rows, attr="groupby"), args=[by]),
                        slice=ast.Constant() as column,
                    ),
                    attr="transform",
                ),
                args=[ast.Constant(value=str()) as figure],
            ):
                return self._kept("grouped", node, rows, by, column, figure)
            case ast.Call(func=ast.Attribute(value=inner, attr="transform")) if "groupby" in ast.unparse(
                inner
            ):
                self.refused.append(f"groupby(...).transform (line {node.lineno})")
        return None


_NO_ARGUMENTS = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _drawn(node: ast.Call, *given: ast.expr) -> ast.Call:
    drawn = ast.Attribute(ast.Name("kept", ast.Load()), "drawn", ast.Load())
    return ast.Call(drawn, [ast.Lambda(_NO_ARGUMENTS, node), *given], [])


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")

"""What `modelwright.features.ColumnTransformer` promises, tried out on a transformer.

Run `check_column_transformer` on a transformer of your own, or give `COLUMN_TRANSFORMER_CHECKS` and
`column_transformer_settings` to ``pytest.mark.parametrize`` and see each check by its name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, fields

import numpy as np
import polars as pl

from modelwright.data import Column
from modelwright.features import ColumnTransformer, Setting, Style
from modelwright.problem import Task
from modelwright.testing.columns import example_columns, example_frame, graph_matrix

_ROWS = 240
_TARGET_SHOWS = 0.3
"""A feature of noise correlates with a random target of 600 rows by more than this once in 10^13."""


@dataclass(frozen=True)
class _Example:
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    y: np.ndarray

    @classmethod
    def of(cls, transformer: type[ColumnTransformer], setting: Setting, rows: int = _ROWS) -> _Example:
        columns = example_columns(transformer.kind)
        return cls(columns, example_frame(transformer.kind, rows), _target(setting, rows))

    def fit(self, transformer: type[ColumnTransformer], setting: Setting) -> ColumnTransformer:
        return transformer.fit(self.frame, self.columns, self.y, setting)


def column_transformer_settings() -> list[Setting]:
    """Return the settings that every transformer must work in: each style with each task."""
    classes = {Task.BINARY: ("no", "yes"), Task.MULTICLASS: ("a", "b", "c"), Task.REGRESSION: ()}
    styles = (Style.TREE, Style.LINEAR)
    return [Setting(task, style, names, seed=7) for style in styles for task, names in classes.items()]


def check_column_transformer(transformer: type[ColumnTransformer]) -> None:
    """Raise AssertionError, saying what was found, at the first promise that a transformer breaks.

    Parameters
    ----------
    transformer : type of ColumnTransformer
        The class; its `kind` decides the columns that it is tried on.
    """
    for setting in column_transformer_settings():
        for check in COLUMN_TRANSFORMER_CHECKS:
            check(transformer, setting)


def graph_features(transformer: ColumnTransformer, frame: pl.DataFrame) -> np.ndarray:
    """Return what a fitted transformer's graph makes of a conformed frame, by ONNX Runtime.

    Parameters
    ----------
    transformer : ColumnTransformer
        The fitted transformer.
    frame : polars.DataFrame
        Conformed frame of `n` rows with its columns.

    Returns
    -------
    numpy.ndarray
        float32 ``[n, d]``.
    """
    import onnxruntime
    import spox

    matrix = graph_matrix(frame, transformer.kind, transformer.columns)
    element = np.str_ if matrix.dtype == object else matrix.dtype
    given = spox.argument(spox.Tensor(element, ("N", matrix.shape[1])))
    model = spox.build({"columns": given}, {"features": transformer.graph(given)})
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    features: np.ndarray = session.run(None, {"columns": matrix})[0]
    return features


def check_features_have_names(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """Features are float32, as many as their names, which differ; the columns are those of fit."""
    example = _Example.of(transformer, setting)
    fitted = example.fit(transformer, setting)
    features = fitted.transform(example.frame)
    assert fitted.columns == tuple(column.name for column in example.columns), (
        f"columns must be the columns' names in the order given, but got {fitted.columns}"
    )
    assert features.dtype == np.float32, f"features must be float32, but are {features.dtype}"
    assert features.shape == (_ROWS, len(fitted.names)), (
        f"features must be [rows, names] = [{_ROWS}, {len(fitted.names)}], but are {features.shape}"
    )
    assert len(set(fitted.names)) == len(fitted.names), f"names must differ: {fitted.names}"


def check_features_suit_the_style(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """No feature is infinite, and none is NaN for linear learners."""
    example = _Example.of(transformer, setting)
    features = example.fit(transformer, setting).transform(example.frame)
    assert not np.isinf(features).any(), "learners refuse infinite features"
    if setting.style == Style.LINEAR:
        assert not np.isnan(features).any(), "linear learners refuse NaN: fill missing values"


def check_graph_equals_transform(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """The graph makes the same features to the last bit: of many rows, of each row alone, of none."""
    example = _Example.of(transformer, setting)
    fitted = example.fit(transformer, setting)
    _assert_same(graph_features(fitted, example.frame), fitted.transform(example.frame), "graph", fitted)
    for rows in (0, 1):
        few = example.frame.head(rows)
        _assert_same(graph_features(fitted, few), fitted.transform(few), f"graph of {rows} rows", fitted)


def check_unknown_is_accepted(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """Fitted on tame rows, it takes wild ones, the same in the graph as by transform."""
    example = _Example.of(transformer, setting)
    tame = example.frame.select(pl.all().first().repeat_by(20).explode())
    fitted = transformer.fit(tame, example.columns, example.y[:20], setting)
    _assert_same(graph_features(fitted, example.frame), fitted.transform(example.frame), "graph", fitted)


def check_state_survives_json(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """The state goes through strict JSON, and what comes back makes the same features both ways."""
    example = _Example.of(transformer, setting)
    fitted = example.fit(transformer, setting)
    again = transformer.from_dict(json.loads(json.dumps(fitted.to_dict(), allow_nan=False)))
    assert again.names == fitted.names, "names must survive to_dict and from_dict"
    expected = fitted.transform(example.frame)
    _assert_same(again.transform(example.frame), expected, "transform after from_dict", fitted)
    _assert_same(graph_features(again, example.frame), expected, "graph after from_dict", fitted)


def check_rows_are_independent(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """A row's features do not depend on the rows beside it."""
    example = _Example.of(transformer, setting)
    fitted = example.fit(transformer, setting)
    some = np.random.default_rng(1).permutation(_ROWS)[: _ROWS // 3]
    expected = fitted.transform(example.frame)[some]
    _assert_same(fitted.transform(example.frame[some]), expected, "transform of some rows", fitted)


def check_fit_repeats(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """The same rows and seed give the same features, by fit as by fit_transform."""
    example = _Example.of(transformer, setting)
    given = (example.frame, example.columns, example.y, setting)
    first, features = transformer.fit_transform(*given)
    second, again = transformer.fit_transform(*given)
    _assert_same(again, features, "the second fit_transform", first)
    expected = first.transform(example.frame)
    _assert_same(second.transform(example.frame), expected, "the second fit", first)
    alone = transformer.fit(*given).transform(example.frame)
    _assert_same(alone, expected, "fit alone, beside fit_transform", first)


def check_input_is_left_alone(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """Neither the frame nor the target is changed."""
    example, untouched = _Example.of(transformer, setting), _Example.of(transformer, setting)
    fitted, _ = transformer.fit_transform(example.frame, example.columns, example.y, setting)
    fitted.transform(example.frame)
    assert example.frame.equals(untouched.frame), "the frame was changed"
    assert np.array_equal(example.y, untouched.y), "the target was changed"


def check_few_rows_are_enough(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """It can be fitted on a single row, and on rows that are all the same."""
    example = _Example.of(transformer, setting)
    for rows in (example.frame.head(1), example.frame.head(1).select(pl.all().repeat_by(9).explode())):
        fitted, features = transformer.fit_transform(rows, example.columns, example.y[: rows.height], setting)
        assert features.shape == (rows.height, len(fitted.names)), f"features are {features.shape}"
        assert fitted.transform(example.frame).shape == (_ROWS, len(fitted.names))


def check_training_features_hide_the_target(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """What fit_transform gives for training knows nothing of a row's own target.

    The target is noise, so a feature that correlates with it was made from it.
    """
    example = _Example.of(transformer, setting, rows=600)
    features = transformer.fit_transform(example.frame, example.columns, example.y, setting)[1]
    features = np.nan_to_num(features, nan=-1.0).astype(np.float64)
    ranks = np.argsort(np.argsort(features, axis=0), axis=0)  # one extreme value would hide a relation
    for code in np.unique(example.y)[:3] if setting.classes else (None,):
        noise = example.y if code is None else example.y == code
        found = np.abs([np.corrcoef(column, noise)[0, 1] for column in ranks.T]).max()
        assert found < _TARGET_SHOWS, (
            f"a training feature correlates with a random target by {found:.2f}: cross-fit what is made "
            "from the target"
        )


def check_features_name_their_column(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """A feature depends on the column that `sources` names, and on no other."""
    example = _Example.of(transformer, setting)
    fitted = example.fit(transformer, setting)
    sources = [{of} if isinstance(of, int) else set(of) for of in fitted.sources]
    assert len(sources) == len(fitted.names), f"{len(fitted.names)} features have {len(sources)} sources"
    expected = fitted.transform(example.frame)
    for at, column in enumerate(fitted.columns):
        moved = fitted.transform(example.frame.with_columns(example.frame[column].reverse()))
        changed = ~((moved == expected) | (np.isnan(moved) & np.isnan(expected))).all(axis=0)
        wrong = np.flatnonzero(changed & np.array([at not in of for of in sources], dtype=bool))
        assert not wrong.size, f"'{fitted.names[wrong[0]]}' is also made from '{column}': correct `sources`"


def check_fitted_is_frozen(transformer: type[ColumnTransformer], setting: Setting) -> None:
    """A fitted transformer cannot be changed."""
    fitted = _Example.of(transformer, setting).fit(transformer, setting)
    for field in fields(fitted):  # type: ignore[arg-type]
        try:
            setattr(fitted, field.name, None)
        except FrozenInstanceError:
            continue
        raise AssertionError(f"'{field.name}' of a fitted transformer can be set: freeze the dataclass")


COLUMN_TRANSFORMER_CHECKS: tuple[Callable[[type[ColumnTransformer], Setting], None], ...] = (
    check_features_have_names,
    check_features_suit_the_style,
    check_graph_equals_transform,
    check_unknown_is_accepted,
    check_state_survives_json,
    check_rows_are_independent,
    check_fit_repeats,
    check_input_is_left_alone,
    check_few_rows_are_enough,
    check_training_features_hide_the_target,
    check_features_name_their_column,
    check_fitted_is_frozen,
)
"""Every check of a column transformer; each takes the class and a `Setting`."""


def _target(setting: Setting, rows: int) -> np.ndarray:
    random = np.random.default_rng(11)
    if setting.classes:
        return random.integers(0, len(setting.classes), rows)
    return random.normal(loc=1e6, scale=10.0, size=rows)


def _assert_same(found: np.ndarray, expected: np.ndarray, what: str, fitted: ColumnTransformer) -> None:
    assert found.dtype == np.float32, f"{what}: features must be float32, but are {found.dtype}"
    assert found.shape == expected.shape, f"{what}: expected {expected.shape} features, but got {found.shape}"
    wrong = ~((found == expected) | (np.isnan(found) & np.isnan(expected)))
    if wrong.any():
        row, at = (int(places[0]) for places in np.nonzero(wrong))
        raise AssertionError(
            f"{what}: {int(wrong.sum())} features differ from transform, first '{fitted.names[at]}' in row "
            f"{row}: {found[row, at]!r} instead of {expected[row, at]!r}"
        )

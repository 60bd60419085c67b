"""The representation: all kinds of columns joined, equal by numpy and by graph."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data import Column, Contract, conform, encode_target, matrices
from modelwright.errors import DataError
from modelwright.features import Representation
from modelwright.problem import Brief, Problem, Task

from .strategies import CELLS

LABELS = {Task.BINARY: ("no", "yes"), Task.MULTICLASS: tuple("abcd"), Task.REGRESSION: ()}


def contract_of(columns: tuple[Column, ...], task: Task) -> Contract:
    kind = "category" if LABELS[task] else "number"
    target = Column(name="the target", kind=kind, role="target", categories=LABELS[task])
    return Contract(columns=(*columns, target))


def by_graph(representation: Representation, contract: Contract, frame: pl.DataFrame) -> np.ndarray:
    """Return the features that ONNX Runtime makes of a conformed frame."""
    import onnxruntime
    import spox

    inputs = matrices(contract, frame)
    given = {"numbers": inputs.numbers, "texts": inputs.texts, "times": inputs.times}
    given = {name: matrix for name, matrix in given.items() if matrix.shape[1]}
    types = {"numbers": np.float32, "texts": np.str_, "times": np.int64}
    args = {name: spox.argument(spox.Tensor(types[name], ("N", given[name].shape[1]))) for name in given}
    features = representation.graph(args.get("numbers"), args.get("texts"), args.get("times"))
    model = spox.build(args, {"features": features})
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, given)[0]


@st.composite
def mixed(draw: st.DrawFn):
    """Draw a contract of columns of any kinds in any order, rows to fit on and rows to transform."""
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=6))
    rows = draw(st.integers(1, 8))
    task = draw(st.sampled_from(Task))
    columns, series = [], []
    for at, kind in enumerate(kinds):
        cell, dtype = CELLS[kind]
        values = draw(st.lists(cell, min_size=2 * rows, max_size=2 * rows))
        series.append(pl.Series(f"{kind} {at}", values, dtype=dtype))
        known = tuple(dict.fromkeys(value for value in values[:rows] if value)) if kind == "category" else ()
        columns.append(Column(name=f"{kind} {at}", kind=kind, categories=known))
    frame, codes = pl.DataFrame(series), draw(st.lists(st.integers(0, 1), min_size=rows, max_size=rows))
    y = np.array(codes, dtype=np.int64 if LABELS[task] else np.float64)
    return contract_of(tuple(columns), task), task, frame[:rows], y, frame


@settings(max_examples=60)
@given(mixed(), st.sampled_from(["tree", "linear", "enriched"]))
def test_graph_equals_transform_whatever_the_columns_and_cells(table, style):
    contract, task, rows, y, frame = table
    representation, features = Representation.fit_transform(rows, y, contract, task, style, seed=0)
    expected = representation.transform(frame)
    assert features.shape == (len(rows), len(representation.names))
    assert len(set(representation.names)) == len(representation.names)
    again = Representation.from_dict(json.loads(json.dumps(representation.to_dict(), allow_nan=False)))
    np.testing.assert_array_equal(again.transform(frame), expected)
    np.testing.assert_array_equal(by_graph(again, contract, frame), expected)


@pytest.fixture(scope="module")
def people() -> tuple[Contract, pl.DataFrame, np.ndarray]:
    table = pl.read_parquet(str(files("modelwright") / "demo" / "adult.parquet"))
    problem = Problem(name="adult", target="class", task=Task.BINARY, positive=">50K", metric="roc_auc")
    contract = Contract.infer(table, Brief(problem=problem))
    return contract, conform(contract, table), encode_target(contract, table["class"])


@pytest.mark.parametrize("style", ["tree", "linear"])
def test_on_census_rows_graph_and_transform_are_the_same(people, style):
    contract, frame, y = people
    fold = np.arange(len(y)) % 3 != 0
    representation = Representation.fit(frame.filter(fold), y[fold], contract, Task.BINARY, style, seed=0)
    np.testing.assert_array_equal(by_graph(representation, contract, frame), representation.transform(frame))


@pytest.mark.parametrize("style", ["tree", "linear"])
def test_only_the_rows_given_are_learned_from(people, style):
    contract, frame, y = people
    some = slice(0, 500)
    other = frame[500:900]
    one = Representation.fit(frame[some], y[some], contract, Task.BINARY, style, seed=0)
    two = Representation.fit(pl.concat([frame[some], other])[some], y[some], contract, Task.BINARY, style, 0)
    assert one.to_dict() == two.to_dict()


def test_features_of_several_columns_name_them_and_are_the_same_in_the_graph(people):
    contract, frame, _ = people
    rows = frame[:800]
    hours, age = (rows[name].to_numpy() for name in ("hours_per_week", "age"))
    noise = np.random.default_rng(0).normal(size=len(rows))
    y = (np.sin((hours - age) / 3) + 0.1 * noise > 0).astype(np.int64)
    fitted, features = Representation.fit_transform(rows, y, contract, Task.BINARY, "enriched", 0)
    of = dict(zip(fitted.names, fitted.sources, strict=True))
    assert of["age"] == ("age",)
    assert {"hours_per_week", "age"} in [set(columns) for columns in of.values()]
    with pytest.raises(DataError, match="keep to a direction"):
        fitted.directions({"age": 1})
    again = Representation.from_dict(json.loads(json.dumps(fitted.to_dict(), allow_nan=False)))
    expected = fitted.transform(frame[:1500])
    assert features.shape[1] == expected.shape[1] == len(fitted.names) > len(fitted.parts)
    np.testing.assert_array_equal(by_graph(again, contract, frame[:1500]), expected)


def test_hours_between_times_are_tried():
    rng = np.random.default_rng(0)
    opened = rng.integers(0, 10**8, 600)
    closed = opened + rng.integers(0, 10**6, 600)
    columns = tuple(Column(name=name, kind="time") for name in ("closed", "opened"))
    frame = pl.DataFrame({"closed": closed, "opened": opened})
    y = (closed - opened) / 3600
    contract = contract_of(columns, Task.REGRESSION)
    fitted = Representation.fit(frame, y, contract, Task.REGRESSION, "enriched", seed=0)
    at = fitted.names.index("closed: day number - opened: day number, in hours")
    assert fitted.sources[at] == ("closed", "opened")
    np.testing.assert_allclose(fitted.transform(frame)[:, at], y, atol=0.01)
    np.testing.assert_array_equal(by_graph(fitted, contract, frame), fitted.transform(frame))


def test_columns_that_stay_alone_are_combined_with_none(people):
    contract, frame, y = people
    given = (frame[:400], y[:400], contract, Task.BINARY, "enriched", 0)
    names = [column.name for column in contract.features]
    fitted = Representation.fit(*given, alone=names)
    assert fitted.names == Representation.fit(*given[:4], "tree", 0).names
    assert 1 in fitted.directions({"age": 1})


def test_the_same_seed_gives_the_same_training_features_and_another_does_not(people):
    contract, frame, y = people
    given = (frame[:2000], y[:2000], contract, Task.BINARY, "tree")
    first, again, other = (Representation.fit_transform(*given, seed=seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other, equal_nan=True)


def test_fit_and_fit_transform_learn_the_same(people):
    contract, frame, y = people
    given = (frame[:2000], y[:2000], contract, Task.BINARY, "linear", 0)
    assert Representation.fit(*given).to_dict() == Representation.fit_transform(*given)[0].to_dict()


def test_a_graph_has_as_many_nodes_for_180_columns_as_for_6():
    """A node per column would cost more than the arithmetic in it."""

    def nodes(width: int, style: str) -> int:
        import spox

        kinds = ("number", "category", "time")
        known = {"category": ("a", "b")}
        columns = [
            Column(name=f"{kind} {at}", kind=kind, categories=known.get(kind, ()))
            for kind in kinds
            for at in range(width)
        ]
        contract = contract_of(tuple(columns), Task.REGRESSION)
        values = {"number": 1.0, "category": "a", "time": 3}
        frame = pl.DataFrame({c.name: [None, values[c.kind]] for c in columns}).with_columns(
            pl.col(contract.numbers).cast(pl.Float32)
        )
        fitted = Representation.fit(frame, np.array([0.0, 1.0]), contract, Task.REGRESSION, style, seed=0)
        types = (np.float32, np.str_, np.int64)
        args = [spox.argument(spox.Tensor(each, ("N", width))) for each in types]
        names = ("numbers", "texts", "times")
        model = spox.build(dict(zip(names, args, strict=True)), {"features": fitted.graph(*args)})
        return len([node for node in model.graph.node if node.op_type != "Constant"])

    for style in ("tree", "linear"):
        assert nodes(60, style) == nodes(2, style) < 80


def test_two_representations_look_texts_and_dates_up_once(people):
    import spox
    import spox.opset.ai.onnx.v21 as op

    contract, frame, y = people
    folds = [
        Representation.fit(frame[at::2], y[at::2], contract, Task.BINARY, "tree", seed=0) for at in (0, 1)
    ]
    numbers = spox.argument(spox.Tensor(np.float32, ("N", len(contract.numbers))))
    texts = spox.argument(spox.Tensor(np.str_, ("N", len(contract.texts))))
    both = op.concat([fold.graph(numbers, texts, None) for fold in folds], axis=1)
    model = spox.build({"numbers": numbers, "texts": texts}, {"features": both})
    assert [node.op_type for node in model.graph.node].count("LabelEncoder") == 1


def test_a_column_called_like_a_feature_does_not_clash_with_it():
    columns = (Column(name="x", kind="number"), Column(name="x: missing", kind="number"))
    frame = pl.DataFrame({"x": [1.0, None], "x: missing": [0.0, 1.0]}).cast(pl.Float32)
    contract = contract_of(columns, Task.REGRESSION)
    fitted = Representation.fit(frame, np.array([0.0, 1.0]), contract, Task.REGRESSION, "linear", seed=0)
    assert fitted.names == ("x", "x: missing", "x: missing (2)")


FRAME = pl.DataFrame({"x": [1.0, 2.0]}).cast(pl.Float32)
CONTRACT = contract_of((Column(name="x", kind="number"),), Task.REGRESSION)


def test_a_contract_without_features_is_refused():
    nothing = contract_of((Column(name="note", kind="text", role="ignore"),), Task.REGRESSION)
    with pytest.raises(DataError, match="no column to learn from"):
        Representation.fit(FRAME, np.zeros(2), nothing, Task.REGRESSION, "tree", seed=0)


@pytest.mark.parametrize(
    ("frame", "y", "message"),
    [
        (FRAME.clear(), np.zeros(0), "at least one row"),
        (FRAME, np.zeros(3), "2 rows and 3 targets"),
        (FRAME, np.array([0.0, np.nan]), "finite target"),
        (FRAME.rename({"x": "z"}), np.zeros(2), r"lacks the columns \['x'\].*conform"),
    ],
    ids=["no rows", "other length", "missing target", "absent column"],
)
def test_rows_that_cannot_be_learned_from_are_refused(frame, y, message):
    with pytest.raises(DataError, match=message):
        Representation.fit(frame, y, CONTRACT, Task.REGRESSION, "tree", seed=0)


def test_an_absent_column_is_named_when_transforming():
    fitted = Representation.fit(FRAME, np.zeros(2), CONTRACT, Task.REGRESSION, "tree", seed=0)
    with pytest.raises(DataError, match="lacks the columns"):
        fitted.transform(FRAME.rename({"x": "z"}))


def test_an_absent_input_of_the_graph_is_named():
    fitted = Representation.fit(FRAME, np.zeros(2), CONTRACT, Task.REGRESSION, "tree", seed=0)
    with pytest.raises(DataError, match="needs the input"):
        fitted.graph(None, None, None)


def test_fitting_and_transforming_import_no_training_library():
    heavy = {"sklearn", "pandas", "onnx", "spox", "scipy"}
    code = f"import sys, modelwright.features; print({heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

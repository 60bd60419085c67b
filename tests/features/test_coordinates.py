"""Coordinates: distances and slanted directions of a latitude and its longitude together."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract
from modelwright.errors import DataError
from modelwright.features import CoordinateColumns, Representation, Setting, Style
from modelwright.problem import Task

from .test_representation import by_graph

COLUMNS = (Column(name="lat", kind="number"), Column(name="lon", kind="number"))
CONTRACT = Contract(
    columns=(*COLUMNS, Column(name="size", kind="number"), Column(name="y", kind="number", role="target"))
)


def places(rows: int = 200) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    cells = rng.normal([50.0, 4.0, 10.0], [1.0, 2.0, 3.0], (rows, 3)).astype(np.float32)
    frame = pl.DataFrame(cells, schema=["lat", "lon", "size"])
    return frame.with_columns(lat=pl.when(pl.int_range(rows) % 9 > 0).then("lat"))


def fitted(style: Style, frame: pl.DataFrame) -> CoordinateColumns:
    setting = Setting(Task.REGRESSION, style)
    return CoordinateColumns.fit(frame, COLUMNS, np.zeros(frame.height), setting)


def test_a_degree_of_longitude_is_shorter_away_from_the_equator():
    frame = pl.DataFrame(
        {"lat": [60.0, 60.0], "lon": [10.0, 12.0]}, schema=dict.fromkeys(("lat", "lon"), pl.Float32)
    )
    found = fitted(Style.TREE, frame)
    assert found.stretch[0] == pytest.approx(0.5)
    assert found.transform(frame)[:, -2:].tolist() == [[0, pytest.approx(1)], [pytest.approx(1), 0]]


def test_both_columns_are_the_source_and_a_missing_one_makes_the_place_missing():
    frame = places()
    features = fitted(Style.TREE, frame).transform(frame)
    assert set(fitted(Style.TREE, frame).sources) == {(0, 1)}
    np.testing.assert_array_equal(np.isnan(features).all(axis=1), frame["lat"].is_null().to_numpy())
    assert not np.isnan(fitted(Style.LINEAR, frame).transform(frame)).any()


@pytest.mark.parametrize("style", list(Style))
def test_a_representation_has_them_beside_the_numbers_the_same_in_the_graph(style):
    frame = places()
    y = (frame["lat"].fill_null(50.0) * frame["lon"]).to_numpy().astype(float)
    made, _ = Representation.fit_transform(frame, y, CONTRACT, Task.REGRESSION, style, seed=0)
    again = Representation.from_dict(json.loads(json.dumps(made.to_dict())))
    assert ("lat", "lon") in made.sources
    np.testing.assert_array_equal(by_graph(again, CONTRACT, frame), made.transform(frame))


def test_columns_with_a_direction_are_left_alone():
    frame, y = places(), np.arange(200.0)
    both = Representation.fit(frame, y, CONTRACT, Task.REGRESSION, "tree", seed=0)
    with pytest.raises(DataError, match="cannot keep to a direction"):
        both.directions({"lat": 1})
    alone = Representation.fit(frame, y, CONTRACT, Task.REGRESSION, "tree", seed=0, alone=["lat"])
    assert alone.sources == (("lat",), ("lon",), ("size",))
    assert alone.directions({"lat": 1}) == (1, 0, 0)

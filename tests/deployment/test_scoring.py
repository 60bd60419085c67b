from __future__ import annotations

import gzip

import numpy as np
import polars as pl
import pytest

from modelwright.deployment import Scorer, score_file
from modelwright.deployment import batch as batch_module
from modelwright.errors import ContractError, SourceError

from .conftest import people


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_probabilities_add_up_and_the_label_follows(trained, packaged, task):
    scores = Scorer(packaged(task)).score(trained(task).inputs)
    assert scores.values is None
    np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(scores.probabilities, trained(task).expected, atol=1e-5)
    if task == "multiclass":
        assert scores.predictions == [scores.classes[each] for each in scores.probabilities.argmax(axis=1)]


def test_a_binary_label_follows_the_cost_of_mistakes(trained, packaged):
    scores = Scorer(packaged("binary")).score(trained("binary").inputs)
    assert scores.predictions == ["yes" if p >= 0.25 else "no" for p in scores.probabilities[:, 1]]


def test_a_regression_gives_numbers(trained, packaged):
    scores = Scorer(packaged("regression")).score(trained("regression").inputs)
    assert scores.probabilities is None
    np.testing.assert_allclose(scores.predictions, trained("regression").expected[:, 0], rtol=1e-4)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_file_is_scored_like_its_rows(trained, packaged, tmp_path, monkeypatch, task, ending):
    monkeypatch.setattr(batch_module, "_ROWS_AT_ONCE", 100)
    frame = people(250, seed=1)
    frame.write_csv(tmp_path / "people.csv")
    output = tmp_path / f"scored{ending}"
    assert score_file(packaged(task), tmp_path / "people.csv", output) == 250
    scored = pl.read_csv(output) if ending == ".csv" else pl.read_parquet(output)
    classes = packaged(task).manifest.classes
    assert scored.columns == ["person", "prediction", *(f"probability_{label}" for label in classes)]
    assert scored["person"].to_list() == frame["person"].to_list()
    whole = batch_module.score_frame(packaged(task).contract, Scorer(packaged(task)), frame)
    assert scored["prediction"].to_list() == pytest.approx(whole["prediction"].to_list())


def test_rows_without_an_identifier_are_numbered(packaged, tmp_path):
    people(5).drop("person").write_csv(tmp_path / "people.csv")
    score_file(packaged("binary"), tmp_path / "people.csv", tmp_path / "scored.csv")
    assert pl.read_csv(tmp_path / "scored.csv")["row"].to_list() == [0, 1, 2, 3, 4]


def test_the_target_need_not_be_there(packaged, tmp_path):
    frame = people(5).drop("buys", "segment", "spent")
    assert score_file(packaged("binary"), frame, tmp_path / "scored.csv") == 5


def test_a_compressed_source(packaged, tmp_path):
    with gzip.open(tmp_path / "people.csv.gz", "wb") as file:
        people(5).write_csv(file)
    assert score_file(packaged("binary"), tmp_path / "people.csv.gz", tmp_path / "scored.csv") == 5


def test_a_file_that_breaks_the_contract_writes_nothing(packaged, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_module, "_ROWS_AT_ONCE", 100)
    (tmp_path / "scored.csv").write_text("before")
    with pytest.raises(ContractError):
        score_file(packaged("binary"), people(250).drop("age"), tmp_path / "scored.csv")
    assert (tmp_path / "scored.csv").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["scored.csv"]


def test_an_output_of_unknown_kind_is_refused(packaged, tmp_path):
    with pytest.raises(SourceError, match=r"\.csv or \.parquet"):
        score_file(packaged("binary"), people(5), tmp_path / "scored.xlsx")


def test_no_rows_give_a_file_with_columns(packaged, tmp_path):
    assert score_file(packaged("binary"), people(5).head(0), tmp_path / "scored.csv") == 0
    assert pl.read_csv(tmp_path / "scored.csv").columns[:2] == ["person", "prediction"]

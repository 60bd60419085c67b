"""What a profile says is true of the table, whatever its size, and shows nothing it must not."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from modelwright.data import profile
from modelwright.data.profiling import gathering
from modelwright.errors import DataError


def of(frame: pl.DataFrame, name: str, **how):
    return next(column for column in profile(frame, **how).columns if column.name == name)


def codes(frame: pl.DataFrame, **how) -> set[tuple[str, str | None]]:
    return {(finding.code, finding.column) for finding in profile(frame, **how).findings}


@pytest.mark.parametrize("mark", ["?", "NA", "n/a", "unknown", " ", "NULL", "-", "none"])
def test_texts_that_stand_for_a_missing_number_are_missing(mark) -> None:
    frame = pl.DataFrame({"x": ["1.5", "2.5", "3.25", mark] * 30})

    column = of(frame, "x")

    assert (column.meaning, column.missing) == ("number", 30)
    assert [(each.value, each.count) for each in column.sentinels] == [(mark, 30)]
    assert column.numbers.mean == pytest.approx((1.5 + 2.5 + 3.25) / 3)


def test_none_may_be_a_category_but_a_question_mark_is_not() -> None:
    frame = pl.DataFrame({"damage": ["none", "minor", "?", "severe"] * 30})

    column = of(frame, "damage")

    assert [each.value for each in column.sentinels] == ["?"]
    assert "none" in [each.value for each in column.top]


@pytest.mark.parametrize("mark", [-999, 9999, -1])
def test_numbers_apart_from_all_others_that_stand_for_missing_are_missing(mark) -> None:
    values = np.random.default_rng(0).integers(18, 90, 1000)
    values[:50] = mark

    column = of(pl.DataFrame({"age": values}), "age")

    assert column.missing == 50
    assert (column.numbers.minimum, column.numbers.maximum) == (values[50:].min(), values[50:].max())
    assert column.numbers.mean == pytest.approx(values[50:].mean())


def test_a_number_among_others_stands_for_itself() -> None:
    values = np.random.default_rng(0).integers(-1000, 1000, 5000)

    assert of(pl.DataFrame({"x": values}), "x").sentinels == ()


@pytest.fixture
def small(monkeypatch) -> None:
    """Make tables of a few thousand rows large ones."""
    monkeypatch.setattr(gathering, "SAMPLE", 1000)
    monkeypatch.setattr(gathering, "COUNTED", 100)
    monkeypatch.setattr(gathering, "FIRST", 500)
    monkeypatch.setattr("modelwright.data.profiling.making.ROWS", 700)


def test_of_a_large_table_counts_extremes_and_means_are_exact(small) -> None:
    rng = np.random.default_rng(0)
    values = rng.lognormal(3, 1, 20_000)
    values[:300] = -999.0
    frame = pl.DataFrame({"x": values, "k": rng.integers(0, 30, 20_000)}).with_columns(
        pl.when(pl.col("k") == 3).then(None).otherwise(pl.col("x")).alias("x")
    )
    usual = frame["x"].drop_nulls().filter(frame["x"].drop_nulls() != -999.0)

    found = profile(frame)
    x, k = found.columns

    assert (found.rows, found.sample) == (20_000, 1000)
    assert x.missing == 20_000 - len(usual)
    assert x.numbers.minimum == usual.min()
    assert x.numbers.maximum == usual.max()
    assert x.numbers.mean == pytest.approx(usual.mean())
    assert x.numbers.deviation == pytest.approx(usual.std(ddof=0))
    assert not x.counted
    assert k.counted
    assert k.distinct == 30
    assert k.numbers.mean == pytest.approx(frame["k"].mean())


def test_of_a_large_table_quantiles_have_the_rank_that_is_promised(small) -> None:
    values = np.random.default_rng(1).normal(size=20_000)

    found = profile(pl.DataFrame({"x": values}))

    for share, value in found.columns[0].numbers.quantiles:
        assert abs((values <= value).mean() - share) <= found.rank_error


def test_every_row_is_as_likely_to_be_in_the_sample(small) -> None:
    sample = gathering.gather(
        pl.DataFrame({"x": np.arange(20_000)}).iter_slices(700), pl.Schema({"x": pl.Int64})
    ).sample
    held = np.bincount(sample["x"].to_numpy() // 1000, minlength=20)

    assert sample[gathering.ROW].to_list() == sample["x"].to_list() == sorted(sample["x"])
    assert ((held - 50) ** 2 / 50).sum() < 43.8  # chi-squared with 19 degrees of freedom: 0.1 % lie above


def test_the_same_table_gives_the_same_profile(small) -> None:
    frame = pl.DataFrame({"x": np.random.default_rng(0).normal(size=5000), "k": ["a", "b"] * 2500})

    assert profile(frame) == profile(frame)


@given(
    st.lists(st.none() | st.integers(-50, 50), min_size=1, max_size=60),
    st.lists(st.none() | st.sampled_from(["a", "b", "c", "née", ""]), min_size=1, max_size=60),
)
def test_what_is_counted_agrees_with_counting(numbers, texts) -> None:
    rows = min(len(numbers), len(texts))
    frame = pl.DataFrame({"n": numbers[:rows], "t": texts[:rows]}, schema={"n": pl.Int64, "t": pl.String})

    found = profile(frame)
    n, t = found.columns

    assert found.duplicates.rows == rows - frame.n_unique()
    assert n.missing - sum(each.count for each in n.sentinels) == frame["n"].null_count()
    assert t.missing == frame["t"].null_count() + (frame["t"] == "").sum()
    assert t.distinct == frame["t"].drop_nulls().replace("", None).drop_nulls().n_unique()
    if n.numbers:
        known = (
            frame["n"]
            .drop_nulls()
            .filter(~frame["n"].drop_nulls().is_in([int(each.value) for each in n.sentinels]))
        )
        assert n.numbers.mean == pytest.approx(known.mean())
        assert sum(bar.share for bar in n.numbers.histogram) == pytest.approx(1)


def test_values_far_from_the_others_are_outliers_and_a_long_tail_is_not() -> None:
    rng = np.random.default_rng(0)
    normal, skewed = rng.normal(100, 5, 5000), rng.lognormal(3, 1, 5000)
    normal[:2] = 10_000
    frame = pl.DataFrame({"normal": normal, "skewed": skewed})

    assert of(frame, "normal").numbers.outliers.count == 2
    assert of(frame, "skewed").numbers.outliers.count < 10
    assert ("MW-D306", "normal") in codes(frame)


def test_what_a_person_should_know_is_found() -> None:
    rng = np.random.default_rng(0)
    size = rng.normal(10, 2, 1000)
    frame = pl.DataFrame(
        {
            "same": ["x"] * 1000,
            "nothing": [None] * 1000,
            "rarely": [1.5, *[None] * 999],
            "texts": [f"{each:.2f}" for each in size],
            "size": size,
            "twice": 2 * size,
            "later": np.repeat([1.0, 2.0], 500) + rng.normal(0, 0.1, 1000),
            "wild": np.where(np.arange(1000) == 5, np.inf, size),
            "answer": np.where(size > 10, "big", "small"),
            "told": np.where(size > 10, 1, 0),
        }
    )

    found = codes(pl.concat([frame, frame.head(3)]), target="answer")

    assert found >= {
        ("MW-D301", "texts"),
        ("MW-D304", "rarely"),
        ("MW-D305", "same"),
        ("MW-D305", "nothing"),
        ("MW-D307", None),
        ("MW-D308", "twice"),
        ("MW-D309", "told"),
        ("MW-D310", "later"),
        ("MW-D311", "wild"),
    }


def test_change_follows_the_time_and_not_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(0)
    when = rng.permutation(2000)
    frame = pl.DataFrame(
        {
            "when": pl.Series(when * 86_400_000_000).cast(pl.Datetime("us")),
            "level": when / 500 + rng.normal(size=2000),
        }
    )

    over_time, along_rows = of(frame, "level", time="when").change, of(frame, "level").change

    assert over_time.strength > 0.5
    assert along_rows.strength == 0
    assert over_time.parts[0].typical < over_time.parts[-1].typical
    assert over_time.parts[0].start == "1970-01-01"


@pytest.mark.parametrize("how", [{"target": "ag"}, {"time": "ag"}])
def test_a_column_that_is_not_there_is_an_error_that_names_the_nearest(how) -> None:
    with pytest.raises(DataError, match="age"):
        profile(pl.DataFrame({"age": [1, 2]}), **how)


def test_a_table_without_rows_is_an_error() -> None:
    with pytest.raises(DataError, match="no rows"):
        profile(pl.DataFrame({"age": []}))


def test_a_column_that_is_no_time_is_not_followed() -> None:
    with pytest.raises(DataError, match="no times"):
        profile(pl.DataFrame({"colour": ["red", "blue"] * 20}), time="colour")


def test_a_running_number_says_when() -> None:
    frame = pl.DataFrame({"No": list(range(1, 1001))[::-1], "level": [float(n // 250) for n in range(1000)]})

    change = {each.name: each.change for each in profile(frame, time="No").columns}["level"]

    assert change.parts[0].typical > change.parts[-1].typical


SECRET = [f"secret{at % 7}" for at in range(500)]


def test_a_hidden_column_shows_no_value_anywhere() -> None:
    rng = np.random.default_rng(0)
    pay = rng.integers(1000, 9000, 500) + 0.123
    frame = pl.DataFrame({"who": SECRET, "pay": pay, "left": rng.integers(0, 2, 500)})

    found = profile(frame, target="left", hidden=["who", "pay"])
    text = to_json(found).decode()

    assert "secret" not in text
    assert ".123" not in text
    assert all(column.hidden for column in found.columns[:2])
    assert [column.distinct for column in found.columns[:2]] == [7, len(set(pay))]


def test_identifiers_and_free_text_are_hidden_unasked() -> None:
    frame = pl.DataFrame(
        {
            "customer_id": [f"K{at}" for at in range(100)],
            "note": [f"the customer number {at} told us about a long story" for at in range(100)],
        }
    )

    text = to_json(profile(frame)).decode()

    assert "K42" not in text
    assert "long story" not in text


def test_the_document_is_json_by_the_fields() -> None:
    document = json.loads(
        to_json(profile(pl.DataFrame({"x": [1.0, 2.0, float("inf")]})), inf_nan_mode="null")
    )

    assert set(document) >= {"rows", "columns", "relations", "duplicates", "findings", "measure", "notes"}
    assert set(document["columns"][0]) >= {"name", "meaning", "missing", "sentinels", "numbers", "change"}


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"x": [None]}, schema={"x": pl.Null}),
        pl.DataFrame({"x": [1]}),
        pl.DataFrame({"x": [[1], [2]], "y": [{"a": 1}, {"a": 2}], "z": [b"a", b"b"]}),
        pl.DataFrame({"a'b\n": ["ü", None], "": [1, 2]}).rename({"": "😀"}),
        pl.DataFrame({"x": ["x" * 100_000, "y"]}),
        pl.DataFrame({"x": [float("inf"), float("-inf")]}),
        pl.DataFrame(
            {"x": pl.Series(["a", "b"], dtype=pl.Categorical), "t": pl.Series([1, 2], dtype=pl.Time)}
        ),
        pl.DataFrame(
            {"x": pl.Series([2**63], dtype=pl.UInt64), "d": pl.Series(["1.5"]).cast(pl.Decimal(10, 2))}
        ),
    ],
    ids=["null", "one row", "nested", "odd names", "long text", "infinite", "categorical", "odd numbers"],
)
def test_odd_tables_are_profiled(frame) -> None:
    found = profile(frame)

    assert [column.name for column in found.columns] == frame.columns


def test_what_seems_to_be_personal_is_not_shown_and_pointed_out():
    emails = [f"someone{n}@example.org" for n in range(50)] * 4
    made = profile(pl.DataFrame({"contact": emails, "size": list(range(200))}))

    assert "example.org" not in repr(made)
    assert [(each.code, each.column) for each in made.findings if each.code.startswith("MW-P")] == [
        ("MW-P021", "contact")
    ]

"""The brief: read, checked, written for people."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import BriefError
from modelwright.problem import Brief, Costs, Task, decision_threshold

ASKED = {
    "problem": {"name": "churn", "target": "left", "task": "binary", "positive": "yes", "metric": "roc_auc"}
}


def brief(**sections: dict[str, object]) -> Brief:
    return Brief.from_dict(ASKED | sections)


def test_what_is_not_said_has_a_sensible_default() -> None:
    assert brief().promises.latency_ms == 50
    assert brief().training.time_limit == 60
    assert brief().columns.protected == ()


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
amounts = st.floats(0.01, 1e9)


@given(
    request=text,
    protected=st.lists(text, max_size=3).map(tuple),
    cost=amounts,
    limit=amounts,
    seed=st.integers(0, 2**31 - 1),
)
def test_what_is_written_reads_back_the_same(
    request: str, protected: tuple[str, ...], cost: float, limit: float, seed: int
) -> None:
    written = brief(
        problem=ASKED["problem"] | {"request": request},
        costs={"false_positive": cost},
        columns={"protected": [name for name in protected if name != "left"]},
        training={"time_limit": limit, "seed": seed},
    )
    assert Brief.from_dict(tomllib.loads(written.to_toml())) == written


def test_every_key_is_written_with_a_comment() -> None:
    for line in brief().to_toml().splitlines():
        if "=" in line and not line.startswith("#"):
            assert "  # " in line


@pytest.mark.parametrize(
    ("written", "seconds"), [(90, 90), ("90", 90), ("90s", 90), ("5m", 300), ("1.5h", 5400)]
)
def test_time_limits_read_as_people_write_them(written: object, seconds: float) -> None:
    assert brief(training={"time_limit": written}).training.time_limit == seconds


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"promisses": {}}, ["promisses", "did you mean 'promises'"]),
        ({"promises": {"latency": 5}}, ["promises.latency", "did you mean 'latency_ms'"]),
        ({"problem": ASKED["problem"] | {"task": "binry"}}, ["problem.task", "did you mean 'binary'"]),
        ({"problem": ASKED["problem"] | {"metric": "roc_acu"}}, ["roc_acu", "did you mean 'roc_auc'"]),
        ({"problem": ASKED["problem"] | {"metric": "rmse"}}, ["rmse", "not defined for a binary task"]),
        ({"problem": ASKED["problem"] | {"positive": ""}}, ["positive"]),
        ({"problem": ASKED["problem"] | {"name": "no spaces"}}, ["problem.name"]),
        ({"costs": {"false_positive": -1}}, ["costs.false_positive", "-1"]),
        ({"costs": {"false_positive": 0, "false_negative": 0}}, ["costs", "must cost more than 0"]),
        ({"columns": {"protected": "sex"}}, ["columns.protected", "list of column names"]),
        ({"columns": {"id": "left"}}, ["columns.id", "is the target"]),
        ({"training": {"time_limit": "soon"}}, ["training.time_limit", "soon"]),
        ({"training": {"time_limit": 0}}, ["training.time_limit"]),
    ],
)
def test_a_mistake_is_named_with_its_key_and_its_cure(sections: dict[str, object], words: list[str]) -> None:
    with pytest.raises(BriefError) as caught:
        Brief.from_dict(ASKED | sections)
    for word in words:
        assert word in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(BriefError, match="2 keys are wrong"):
        Brief.from_dict(ASKED | {"costs": {"false_positive": -1}, "training": {"seed": -1}})


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(BriefError, match="modelwright new"):
        Brief.read(tmp_path / "modelwright.toml")


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    path = tmp_path / "modelwright.toml"
    path.write_text("[problem\n")
    with pytest.raises(BriefError, match="line 1"):
        Brief.read(path)


def test_only_classes_have_a_positive_label() -> None:
    asked = {
        "problem": {
            "name": "price",
            "target": "price",
            "task": "regression",
            "metric": "rmse",
            "positive": "1",
        }
    }
    with pytest.raises(BriefError, match="only a binary task"):
        Brief.from_dict(asked)
    assert not Task.REGRESSION.is_classification


@pytest.mark.parametrize(("fp", "fn", "threshold"), [(1, 1, 0.5), (1, 9, 0.1), (3, 1, 0.75)])
def test_the_threshold_follows_from_the_costs(fp: float, fn: float, threshold: float) -> None:
    assert decision_threshold(Costs(false_positive=fp, false_negative=fn)) == pytest.approx(threshold)


@pytest.mark.parametrize(
    ("split", "columns", "said"),
    [
        ({"kind": "forwards"}, {}, "split.kind"),
        ({"gap": "a week"}, {"time": "day"}, "'7d', '12h' or '30m'"),
        ({"gap": "1.5 rows"}, {"time": "day"}, "whole number of rows"),
        ({"gap": "7d"}, {}, "needs columns.time"),
        ({"kind": "grouped"}, {}, "needs columns.group"),
        ({"kind": "grouped_forward"}, {"time": "day"}, "needs columns.group"),
        ({"kind": "random", "gap": "7d"}, {"time": "day"}, "only a split forward in time"),
        ({"share": 0.95}, {}, "split.share"),
    ],
)
def test_an_impossible_split_is_refused(
    split: dict[str, object], columns: dict[str, object], said: str
) -> None:
    with pytest.raises(BriefError, match=said):
        brief(split=split, columns=columns)


def test_a_gap_may_be_written_as_a_number() -> None:
    assert brief(split={"gap": 30}, columns={"time": "day"}).split.gap == "30"

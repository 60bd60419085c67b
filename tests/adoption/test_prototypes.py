"""Notebooks and scripts as people write them: what must be found in each, and that nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwright.adoption import Prototype, read_prototype
from modelwright.errors import PrototypeError
from modelwright.problem import Task

HERE = Path(__file__).parent / "prototypes"


def read(name: str) -> Prototype:
    return read_prototype(HERE / name)


def codes(name: str) -> list[str]:
    return [each.code for each in read(name).findings]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clean.py", []),
        (
            "leaky.ipynb",
            [
                "MW-N001",  # the mean of all rows
                "MW-N001",  # the scaler of all rows
                "MW-N002",  # the target's mean by contract
                "MW-N003",  # SMOTE
                "MW-N006",  # the best depth by the test rows
                "MW-N014",  # LabelEncoder
                "MW-N023",
                "MW-N024",
                "MW-N027",
                "MW-N028",
                "MW-N030",
            ],
        ),
        ("out_of_order.ipynb", ["MW-N020", "MW-N021", "MW-N021"]),
        ("own_class.py", ["MW-N025", "MW-N027"]),
        ("network.py", ["MW-N006", "MW-N023", "MW-N026", "MW-N027"]),
        ("torch_net.py", ["MW-N001", "MW-N006", "MW-N023", "MW-N027"]),
        ("forecast.py", ["MW-N004", "MW-N008", "MW-N009"]),
    ],
)
def test_exactly_this_is_found(name: str, expected: list[str]) -> None:
    assert codes(name) == expected


def test_what_a_prototype_does_is_read() -> None:
    leaky = read("leaky.ipynb")

    assert (leaky.source, leaky.target, leaky.ignored) == (
        "/home/anna/projects/churn/customers.csv",
        "Churn",
        ("customerID",),
    )
    assert leaky.estimator == "sklearn.ensemble.RandomForestClassifier"
    assert (leaky.metric, leaky.split) == ("accuracy", "train_test_split, 20% held out")
    assert leaky.claim is not None
    assert (leaky.claim.value, leaky.claim.where) == (0.93, "the output of cell 8")


def test_the_task_is_told_by_models_and_losses() -> None:
    assert read("network.py").task is Task.MULTICLASS
    assert read("torch_net.py").task is Task.REGRESSION
    assert read("own_class.py").task is Task.REGRESSION
    assert read("clean.py").task is Task.BINARY


def test_a_finding_says_where_why_and_what_to_do() -> None:
    found = next(each for each in read("leaky.ipynb").findings if each.code == "MW-N002")

    assert found.message == (
        "cell 6, line 4: mean of Churn by Contract reads the target of all rows, before they are split"
    )
    assert found.why
    assert found.advice


def test_a_secret_is_never_shown() -> None:
    assert "9f8b7c6d5e4f3a2b1c0d" not in str(read("own_class.py").findings)


def test_what_is_no_prototype_is_refused_with_a_way_out(tmp_path: Path) -> None:
    for name, text, said in (
        ("a.ipynb", "not json", "is not a Jupyter notebook"),
        ("b.py", "", "holds no Python"),
        ("c.ipynb", '{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "is written in R"),
    ):
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(PrototypeError, match=said):
            read_prototype(path)
    with pytest.raises(PrototypeError, match="no such file"):
        read_prototype(tmp_path / "none.py")

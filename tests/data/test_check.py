"""Data against the contract: what broke, what only changed, and what is no news."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract, check
from modelwright.problem import Finding
from tests.data.strategies import brief

ROWS = 400
GOOD = pl.DataFrame(
    {
        "key": [f"k{row}" for row in range(ROWS)],
        "age": [20 + row % 50 for row in range(ROWS)],
        "hours": [None if row % 4 == 0 else row / 7 for row in range(ROWS)],
        "sex": ["f", "m"] * (ROWS // 2),
        "plan": ["basic", "gold", "gold", "trial"] * (ROWS // 4),
        "since": ["2020-01-31", "2021-02-01"] * (ROWS // 2),
        "target": ["yes", "no"] * (ROWS // 2),
    }
)
CONTRACT = Contract.infer(GOOD, brief(id="key", protected=["sex"]))


def found(frame: pl.DataFrame, contract: Contract = CONTRACT) -> list[tuple[str, str, str | None]]:
    return [(each.code, each.severity, each.column) for each in check(contract, frame)]


def changed(**values: Any) -> pl.DataFrame:
    """Return the good table with the first values of some columns replaced."""
    columns = []
    for name, first in values.items():
        old = GOOD[name].cast(pl.String).to_list() if isinstance(first[0], str) else GOOD[name].to_list()
        columns.append(pl.Series(name, [*first, *old[len(first) :]]))
    return GOOD.with_columns(columns)


def with_policies(name: str, **policies: Any) -> Contract:
    columns = [each.model_copy(update=policies) if each.name == name else each for each in CONTRACT.columns]
    return Contract(columns=tuple(columns))


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


def test_the_table_a_contract_was_inferred_from_holds_to_it() -> None:
    assert check(CONTRACT, GOOD) == []


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (GOOD.drop("age"), ("MW-D101", "error", "age")),
        (GOOD.drop("target"), ("MW-D101", "error", "target")),
        (GOOD.with_columns(new=1), ("MW-D102", "info", "new")),
        (changed(age=["old"]), ("MW-D103", "error", "age")),
        (changed(age=[float("inf")]), ("MW-D103", "error", "age")),
        (changed(since=["soon"]), ("MW-D103", "error", "since")),
        (changed(age=[None]), ("MW-D104", "error", "age")),
        (changed(hours=[None] * 200), ("MW-D105", "warning", "hours")),
        (changed(age=[150]), ("MW-D106", "warning", "age")),
        (changed(plan=["silver"]), ("MW-D107", "warning", "plan")),
        (changed(target=["maybe"]), ("MW-D107", "error", "target")),
        (changed(key=["k1"]), ("MW-D108", "warning", "key")),
        (GOOD.clear(), ("MW-D109", "error", None)),
    ],
)
def test_each_change_has_its_code(frame: pl.DataFrame, expected: tuple[str, str, str | None]) -> None:
    assert found(frame) == [expected]


@pytest.mark.parametrize(
    ("name", "policies", "frame"),
    [
        ("age", {"out_of_range": "refuse"}, changed(age=[150])),
        ("plan", {"unseen": "refuse"}, changed(plan=["silver"])),
    ],
)
def test_what_the_contract_refuses_is_an_error(
    name: str, policies: dict[str, str], frame: pl.DataFrame
) -> None:
    assert [each.severity for each in check(with_policies(name, **policies), frame)] == ["error"]


def test_what_the_contract_does_not_require_may_be_absent() -> None:
    assert found(GOOD.drop("target"), with_policies("target", required=False)) == []
    assert found(GOOD.drop("key")) == []


def test_a_finding_says_how_many_which_and_what_to_do() -> None:
    finding = only(check(CONTRACT, changed(age=["old", "older"])))

    assert finding.message == "2 of 400 values are not a finite number"
    assert (finding.count, finding.examples) == (2, ("old", "older"))
    assert "contract.toml" in finding.advice


def test_the_nearest_name_is_suggested() -> None:
    messages = {each.code: each.message for each in check(CONTRACT, GOOD.rename({"age": "agee"}))}

    assert "did you mean 'agee'" in messages["MW-D101"]
    assert "did you mean 'age'" in messages["MW-D102"]


def test_the_values_of_sensitive_columns_are_never_shown() -> None:
    for frame in (changed(sex=["secret"]), changed(key=["k1"])):
        finding = only(check(CONTRACT, frame))

        assert finding.examples == ()
        assert "secret" not in finding.message
        assert "k1" not in finding.message


def test_categories_that_were_never_told_apart_are_no_news() -> None:
    often = [f"often {row % 60}" for row in range(360)]
    frame = pl.DataFrame({"a": often + [f"once {row}" for row in range(40)], "target": ["yes", "no"] * 200})
    contract = Contract.infer(frame, brief())
    fresh = frame.with_columns(a=pl.Series(often + [f"other {row}" for row in range(40)]))
    many = frame.with_columns(a=pl.Series(often[:200] + [f"other {row}" for row in range(200)]))

    assert check(contract, fresh) == []
    assert [each.code for each in check(contract, many)] == ["MW-D107"]


def test_a_file_of_few_rows_is_not_blamed_for_chance() -> None:
    assert check(CONTRACT, GOOD[:1]) == []
    assert check(CONTRACT, changed(hours=[None])[:2]) == []


def test_chance_alone_is_hardly_ever_reported() -> None:
    # Missing with the contract's own share: four standard errors are one in thirty thousand, and the share
    # must also grow by one point. No report in 2,000 tables of 500 rows, and every report of a doubled share.
    rng = np.random.default_rng(0)
    column = Column(name="a", kind="number", missing_share=0.1)
    target = Column(name="target", kind="number", role="target")
    contract = Contract(columns=(column, target))

    def reports(share: float, tables: int) -> int:
        count = 0
        for _ in range(tables):
            values = np.where(rng.random(500) < share, np.nan, 1.0)
            frame = pl.DataFrame({"a": values, "target": np.ones(500)})
            count += any(each.code == "MW-D105" for each in check(contract, frame))
        return count

    assert reports(0.1, 2000) <= 1
    assert reports(0.2, 100) >= 95

"""The first look: what a person should know before anything is learned."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from modelwright.data import Contract, first_findings
from modelwright.data.first_look import LOOKS
from modelwright.problem import CleaningStep, Finding
from tests.data.strategies import brief

ROWS = 400


def looked(task: str = "binary", target: Any = None, **columns: Any) -> list[Finding]:
    rng = np.random.default_rng(0)
    if target is None:
        target = rng.permutation(["yes", "no"] * (ROWS // 2))
    frame = pl.DataFrame({"noise": rng.normal(size=ROWS), **columns, "target": target}, strict=False)
    return first_findings(frame, Contract.infer(frame, brief(task=task)))


def codes(findings: list[Finding]) -> list[tuple[str, str | None]]:
    return [(each.code, each.column) for each in findings]


def test_a_plain_table_gives_no_findings() -> None:
    assert looked() == []


LABELS = ["yes", "no"] * (ROWS // 2)
RNG = np.random.default_rng(1)


@pytest.mark.parametrize(
    ("code", "column", "table"),
    [
        ("MW-D001", "target", {"target": [*LABELS[:-5], *[None] * 5]}),
        ("MW-D002", "a", {"a": [None, None, None, 1.5] * (ROWS // 4)}),
        ("MW-D002", None, {"a": [None, *[1.5, 2.5, 3.5] * 6, 9] * (ROWS // 20)}),
        ("MW-D003", "a", {"a": ["same"] * ROWS}),
        ("MW-D003", "a", {"a": [None] * ROWS}),
        ("MW-D004", "a", {"a": [f"c{row}" for row in range(ROWS)]}),
        ("MW-D004", "n", {"n": range(ROWS)}),
        ("MW-D005", "a", {"a": [f"The quick brown fox number {row} jumps over it" for row in range(ROWS)]}),
        ("MW-D006", "a", {"a": [[row] for row in range(ROWS)]}),
        ("MW-D009", "target", {"task": "multiclass", "target": [*(["x", "y"] * 198), *["z"] * 4]}),
        ("MW-D010", "target", {"target": ["yes"] * 15 + ["no"] * (ROWS - 15)}),
        (
            "MW-D011",
            "a",
            {"a": [f"often {row % 60}" for row in range(ROWS - 20)] + [f"once {row}" for row in range(20)]},
        ),
        ("MW-D012", "a", {"a": ["1.5", "2", "7", "?"] * (ROWS // 4)}),
        ("MW-D013", "a", {"a": ["01/02/2020", "03/04/2021"] * (ROWS // 2)}),
        ("MW-D014", "a", {"a": [f"2020-{1 + row // 40:02d}-01" for row in range(ROWS)]}),
        ("MW-D016", "a", {"a": [1.5, 2.5, 3.5, float("inf")] * (ROWS // 4)}),
        ("MW-D015", "customer_id", {"customer_id": RNG.integers(0, 200, ROWS)}),
    ],
)
def test_each_thing_worth_knowing_has_its_code(code: str, column: str | None, table: dict[str, Any]) -> None:
    assert (code, column) in codes(looked(**table))


def test_copies_of_rows_are_counted() -> None:
    frame = pl.DataFrame({"x": [*range(300), *range(100)], "target": [*LABELS[:300], *LABELS[:100]]})

    assert ("MW-D007", None) in codes(first_findings(frame, Contract.infer(frame, brief())))


def test_repeats_in_a_table_of_few_possible_rows_are_no_copies() -> None:
    frame = pl.DataFrame({"x": [0, 1] * 200, "target": RNG.permutation(LABELS)})

    assert "MW-D007" not in [each.code for each in first_findings(frame, Contract.infer(frame, brief()))]


def test_a_rare_class_is_told_by_its_number_of_rows() -> None:
    finding = next(
        each
        for each in looked(task="multiclass", target=["x", "y"] * 199 + ["z"] * 2)
        if each.code == "MW-D009"
    )

    assert finding.message == "class 'z' has only 2 rows"


def test_numbers_as_text_are_told_with_their_marks_unless_a_step_of_cleaning_handles_them() -> None:
    frame = pl.DataFrame({"a": ["1.5", "2", "7", "?"] * (ROWS // 4), "target": LABELS})
    contract = Contract.infer(frame, brief())
    step = CleaningStep(step="missing", columns=("a",), values=("?",))

    told, handled, off = (
        [each for each in first_findings(frame, contract.but(cleaning=steps)) if each.code == "MW-D012"]
        for steps in ((), (step,), (step.model_copy(update={"enabled": False}),))
    )

    assert told[0].examples == ("?",)
    assert handled == []
    assert len(off) == 1


def test_personal_values_are_no_examples() -> None:
    names = [f"name {row}" for row in range(ROWS)]

    assert [each.examples for each in looked(a=names) if each.column == "a"] == [()]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.__name__)
def test_every_look_says_its_code_how_why_and_what_to_do(look: Any) -> None:
    text = look.__doc__ or ""

    assert text.startswith("MW-D0")
    assert all(part in text for part in ("**How**", "**Why**", "**What to do**"))

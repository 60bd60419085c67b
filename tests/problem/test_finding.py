"""A finding: why it matters is written once, where it is looked for."""

from __future__ import annotations

import pytest

from modelwright.data.first_look import LOOKS
from modelwright.evaluation.checks import CHECKS
from modelwright.problem import stated_reason


@pytest.mark.parametrize(
    "documented", [*LOOKS, *CHECKS], ids=lambda each: getattr(each, "__name__", type(each).__name__)
)
def test_whatever_looks_for_something_says_why_it_matters(documented: object) -> None:
    reason = stated_reason(documented)

    assert reason[0].isupper()
    assert reason.endswith(".")
    assert "**" not in reason


def test_a_reason_is_the_paragraph_under_why() -> None:
    def look() -> None:
        """MW-X: something.

        **How**: it is counted.

        **Why**: marks such as ``?`` made
        the column text.

        **What to do**: nothing.
        """

    assert stated_reason(look) == "Marks such as '?' made the column text."


def test_what_states_no_reason_has_none() -> None:
    assert stated_reason(len) == ""

"""How findings are printed: those alike together, each with its column."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from modelwright.cli.output import MOST_ALIKE, print_findings
from modelwright.problem import Finding


def printed(*findings: Finding) -> str:
    out = StringIO()
    print_findings(Console(file=out, width=80, color_system=None), findings)
    return out.getvalue()


def missing(column: str, message: str = "half of the values are missing", **more: object) -> Finding:
    said = {"code": "MW-D002", "severity": "warning", "why": "It may matter.", "advice": "Find out."} | more
    return Finding(column=column, message=message, **said)


def test_what_is_alike_is_said_with_its_reason_and_advice_once() -> None:
    said = printed(*(missing(name) for name in "abc"))

    assert [said.count(part) for part in ("MW-D002", "It may matter.", "→ Find out.")] == [1, 1, 1]
    assert all(f"{name}: half of the values are missing" in said for name in "abc")


def test_another_advice_or_severity_is_told_apart() -> None:
    said = printed(missing("a"), missing("b", advice="Ask."), missing("c", severity="error"))

    assert said.count("MW-D002") == 3
    assert said.index("error") < said.index("warning")


def test_many_alike_are_counted() -> None:
    said = printed(*(missing(f"column_{place}") for place in range(MOST_ALIKE + 3)))

    assert "column_7:" in said
    assert "column_8:" not in said
    assert "and 3 more; --json has them all" in said


def test_a_column_whose_name_is_a_word_of_the_message_is_named() -> None:
    said = printed(missing("postcode", "holds personal data (postcode)"), missing("sex", "'sex' is uneven"))

    assert "postcode: holds personal data (postcode)" in said
    assert "sex: 'sex'" not in said

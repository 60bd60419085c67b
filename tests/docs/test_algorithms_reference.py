"""The page of the catalogue says what the cards say."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwright.algorithms import CATALOGUE

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "algorithms.md"


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_algorithm_stands_there_with_its_card(name: str) -> None:
    card = CATALOGUE[name].card
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")
    section = next(part for part in sections if part.startswith(f"`{name}`"))
    said = " ".join(section.split())
    for statement in (card.title, card.good_for, card.cost, card.paper, *card.strengths, *card.weaknesses):
        assert statement in said, f"the page says otherwise of {name}: {statement}"


def test_the_page_has_no_algorithm_that_there_is_not() -> None:
    headings = [
        line[4:-1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("## `")
    ]
    assert headings == [f"{name}" for name in CATALOGUE]

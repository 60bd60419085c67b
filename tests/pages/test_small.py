"""Small pictures as text: well-formed, told in words, in the colours of the theme."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.pages import small_bars, small_line

WORDS = 'from "1" to <2> & more'


@given(st.lists(st.floats(0, 1e6), max_size=30))
def test_bars_are_well_formed_and_inside_the_picture(shares) -> None:
    drawn = ET.fromstring(small_bars(shares, WORDS, width=100, height=30))
    heights = [float(each) for each in re.findall(r"v-([\d.]+)", drawn[0].get("d", ""))]

    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == WORDS
    assert len(heights) == sum(share > 0 for share in shares)
    assert all(0 < height <= 30 for height in heights)


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=30))
def test_a_line_is_well_formed_and_has_a_dot_for_each_value(values) -> None:
    text = small_line(values, WORDS, width=100, height=30)
    known = [value for value in values if value is not None]
    if not known:
        assert text == ""
        return
    dots = ET.fromstring(text).findall(".//circle")

    assert len(dots) == len(known)
    assert all(0 <= float(dot.get("cy", "")) <= 30 for dot in dots)


def test_a_line_has_a_gap_where_nothing_is_there() -> None:
    path = re.search(r'd="([^"]+)"', small_line([1, 2, None, 3, 4], "x"))

    assert path is not None
    assert path[1].count("M") == 2


@pytest.mark.parametrize("picture", [small_bars([1, 2], "x"), small_line([1, 2], "x")])
def test_colours_are_those_of_the_theme(picture) -> None:
    assert "var(--accent)" in picture
    assert "#" not in picture

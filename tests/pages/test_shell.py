"""The shell of every page: complete in itself, safe, readable in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest

import modelwright.pages as room
from modelwright.pages import ACCENT, INK, Page, draw_picture, percent
from tests.pages.reading import assert_loads_nothing, assert_readable_unseen, browse, contrast, themes

STYLE = (Path(room.__file__).parent / "style.css").read_text()
HOSTILE = "<script>alert('x')</script>"
TEMPLATE = """{% extends "base.html.j2" %}
{% from "parts.html.j2" import picture, icon, finding_row %}
{% block title %}{{ name }}{% endblock %}
{% block header %}<h1>{{ name }}</h1>{% endblock %}
{% block main %}<p class="mine">{{ share|percent }} of {{ rows|number }} {{ icon(true) }}</p>
{{ picture(chart) }}
{% endblock %}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("shell")
    (folder / "page.html.j2").write_text(TEMPLATE)
    (folder / "style.css").write_text(".mine { color: var(--ink); }")
    chart = draw_picture(bars, f"Two bars, {HOSTILE}")
    return Page(folder).render(name=HOSTILE, share=0.031, rows=12345, chart=chart)


def bars(width: int):
    import altair as alt

    values = [{"name": HOSTILE, "size": 2}, {"name": "b", "size": 3}]
    base = alt.Chart({"values": values}).encode(x="size:Q", y="name:N")
    return (base.mark_bar(color=ACCENT) + base.mark_tick(color=INK)).properties(width=width)


def test_a_page_is_complete_in_itself(page) -> None:
    assert_loads_nothing(page)
    assert page.startswith("<!doctype html>")
    assert "default-src 'none'" in page


def test_a_page_can_be_read_without_seeing_it(page) -> None:
    assert_readable_unseen(page)


def test_a_page_has_the_shared_style_and_its_own(page) -> None:
    assert STYLE in page
    assert ".mine {" in page


def test_a_command_in_the_advice_of_a_finding_is_code(tmp_path) -> None:
    template = '{% from "parts.html.j2" import finding_row %}{{ finding_row(finding) }}'
    (tmp_path / "page.html.j2").write_text(template)
    (tmp_path / "style.css").write_text("")
    finding = {"advice": f"Run `modelwright errors` {HOSTILE}."}
    finding |= dict.fromkeys(("code", "severity", "column", "message", "examples", "why"), "")

    written = Page(tmp_path).render(finding=finding)

    assert "→ Run <code>modelwright errors</code> &lt;script&gt;" in written


def test_names_from_the_data_are_text_and_never_markup(page) -> None:
    assert "<script" not in page


def test_figures_are_written_alike_on_every_page(page) -> None:
    assert "3.1 % of 12,345" in page
    assert [percent(share) for share in (0, 0.0004, 0.0994, 0.5, 1)] == [
        "0 %",
        "0.0 %",
        "9.9 %",
        "50 %",
        "100 %",
    ]


def test_charts_take_their_colours_from_the_theme(page) -> None:
    assert 'fill="var(--accent)"' in page


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_its_background_in_both_themes(theme) -> None:
    # WCAG 2.2, success criterion 1.4.3 (AA): at least 4.5 to 1.
    colours = themes(STYLE)[theme]
    for ink, ground in [
        *((ink, ground) for ink in ("ink", "muted", "accent") for ground in ("page", "card")),
        ("good", "good-soft"),
        ("bad", "bad-soft"),
        ("ink", "good-soft"),
        ("ink", "bad-soft"),
        ("ink", "open-soft"),
        ("card", "good"),
        ("card", "bad"),
        ("card", "open"),
    ]:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def test_a_browser_draws_it_without_complaint(page, tmp_path, chromium) -> None:
    picture, complaints = browse(chromium, page, tmp_path)

    assert picture[:4] == b"\x89PNG"
    assert complaints == []

"""The profile's page: complete in itself, safe, readable by all, also with hundreds of columns."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import profile, write_profile
from tests.pages.reading import assert_loads_nothing, assert_readable_unseen, browse, read

HOSTILE = "<script>alert('x')</script>"


def mixed() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    size = rng.normal(10, 3, 600)
    return pl.DataFrame(
        {
            "id": [f"K{at}" for at in range(600)],
            HOSTILE: size,
            "kind": np.where(size > 9, HOSTILE, "b"),
            "when": [f"{1 + at % 28:02}.03.2020" for at in range(600)],
            "texts": [f"{each:.1f}" if each > 6 else "?" for each in size],
            "pay": size * 1000,
            "empty": [None] * 600,
            "nested": [[1]] * 600,
            "answer": size > 10,
        }
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("profile") / "page.html"
    return write_profile(profile(mixed(), target="answer", hidden=["pay"]), path).read_text()


def test_it_loads_nothing_and_runs_nothing(page) -> None:
    assert_loads_nothing(page)


def test_it_can_be_read_without_seeing_it(page) -> None:
    assert_readable_unseen(page)
    assert page.count('role="img"') > 10


def test_what_scrolls_can_be_reached_by_the_keyboard(page) -> None:
    regions = [attributes for _, attributes in read(page).tags if attributes.get("role") == "region"]

    assert regions
    assert all(each["tabindex"] == "0" for each in regions)
    assert all("aria-label" in each or "aria-labelledby" in each for each in regions)


def test_names_and_values_from_the_data_are_text_and_never_markup(page) -> None:
    assert "<script" not in page
    assert HOSTILE in "".join(read(page).text)


def test_it_says_of_each_column_what_it_is(page) -> None:
    text = " ".join("".join(read(page).text).split())

    assert "<dt>stands for missing</dt><dd><code>?</code>" in page
    assert "<dt>written as</dt><dd><code>%d.%m.%Y</code>" in page
    assert "Its values are not shown: identifiers may concern a person" in text
    assert "Its values are not shown: it is marked as sensitive" in text


def test_a_page_of_six_hundred_columns_stays_small(tmp_path) -> None:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({f"c{at}": rng.normal(size=200) for at in range(600)})

    page = write_profile(profile(frame, target="c0"), tmp_path / "wide.html").read_text()

    assert len(page) < 4_000_000
    assert page.count("<article") == 600


def test_a_browser_draws_it_without_complaint(page, tmp_path, chromium) -> None:
    picture, complaints = browse(chromium, page, tmp_path)

    assert picture[:4] == b"\x89PNG"
    assert len(picture) > 20_000
    assert complaints == []

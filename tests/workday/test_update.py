"""The page for the next meeting: what was asked, what changed, figures in plain words, what to decide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from modelwright.errors import WorkdayError
from modelwright.pages import Text, write_paper
from modelwright.workday import Requests, write_update
from modelwright.workday.meeting import plain
from tests.lifecycle.conftest import _two_candidates, framed_once, opened, released, released_once, source

__all__ = ["_two_candidates", "framed_once", "opened", "released", "released_once", "source"]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_before_a_model_there_is_a_page_too(world):
    Requests(world.root).add("Mind the region.", who="Retention")
    written = write_update(world.root, "retention team")
    html, markdown, pdf = (Path(path).read_bytes() for path in written.paths)

    for text in (html.decode(), markdown.decode()):
        assert "Mind the region." in text
        assert "Shall we take this on" in text
        assert "No figures of a model are here yet." in text
    assert pdf.startswith(b"%PDF")


def test_the_next_page_tells_what_changed_since(world, tmp_path):
    requests = Requests(world.root)
    requests.accept(
        requests.propose(
            requests.add("Misses cost 500.", who="retention team").id, ["costs.false_negative=500"]
        )
    )
    first = write_update(world.root, "retention team", [str(tmp_path / "a.md")]).meeting
    world.release()
    world.operations.close_alarm(world.alarm().id)
    second = write_update(world.root, "legal", [str(tmp_path / "b.md")]).meeting

    assert any("the brief now says false_negative = 500" in each for each in first.changed)
    assert second.since is None
    assert second.asked == ()
    with pytest.raises(WorkdayError, match=r"\.html, \.md or \.pdf"):
        write_update(world.root, "legal", ["page.docx"])


def test_a_model_is_told_in_plain_words_with_its_interval_and_one_picture(released, tmp_path, registry, call):
    paths = [tmp_path / name for name in ("page.html", "page.md", "page.pdf")]
    said = call("update", "--for", "retention team", *[word for path in paths for word in ("-o", path)],
                "--project", released.folder.root)  # fmt: skip
    assert said.code == 0, said.err
    html, markdown = paths[0].read_text(), paths[1].read_text()

    assert html.count("<svg") == 2  # one picture, for wide and for narrow windows
    assert "How good the model in production is" in html
    assert re.search(r"with \d+% confidence between 0\.\d+ and 0\.\d+", markdown)
    assert "| the model | 0." in markdown
    assert "What does a false alarm cost" in markdown
    assert pages(paths[2].read_bytes()) == 1


@pytest.mark.parametrize(
    ("figure", "written"),
    [(66_700.4, "66,700"), (0.8495, "0.850"), (12.34, "12.3"), (-3.14159, "-3.14"), (0, "0")],
)
def test_figures_are_written_without_powers_of_ten(figure, written):
    assert plain(figure) == written


def test_long_pages_go_on_over_the_next_and_letters_of_any_kind_are_set():
    content = [
        Text("Ein Titel: žluťoučký $kůň$ Ελλάδα", "title"),
        *[Text("word " * 60, "point")] * 25,
        Text("漢字" * 100),
    ]
    pdf = write_paper(content, "title")

    assert pages(pdf) >= 2

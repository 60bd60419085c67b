"""How tests read pages: as markup, as colours, and as a browser sees them."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "hr", "img", "input"}
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


class Reader(HTMLParser):
    """Checks that tags close in order, and collects what tests ask about."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text.append(data)


def read(page: str) -> Reader:
    """Read a page whose tags must all close."""
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def assert_loads_nothing(page: str) -> None:
    """Nothing is fetched and nothing runs."""
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= NAMESPACES
    assert not {tag for tag, _ in read(page).tags} & {"script", "link", "img", "iframe", "object"}
    assert "url(" not in page
    assert "@import" not in page


def assert_readable_unseen(page: str) -> None:
    """Headings, links, tables and pictures mean something without being seen."""
    reader = read(page)
    pictures = [attributes for _, attributes in reader.tags if attributes.get("role") == "img"]
    assert all(attributes.get("aria-label") for attributes in pictures)
    assert [tag for tag, _ in reader.tags].count("h1") == 1
    assert [tag for tag, _ in reader.tags].count("main") == 1
    assert ("html", {"lang": "en"}) in reader.tags
    heads = [attributes for tag, attributes in reader.tags if tag == "th"]
    assert all(attributes.get("scope") for attributes in heads)
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {attributes["href"] for tag, attributes in reader.tags if tag == "a"}
    assert {str(link).removeprefix("#") for link in links} <= set(ids)


def themes(style: str) -> list[dict[str, str]]:
    """Return the colours of the light and of the dark theme."""
    blocks = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks[:2]]


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 defines it."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def browse(
    chromium: str,
    page: str,
    folder: Path,
    *,
    width: int = 400,
    flags: tuple[str, ...] = (),
    paper: bool = False,
) -> tuple[bytes, list[str]]:
    """Open a page in a browser; return its picture, or its print as PDF, and what the browser says of it."""
    file, picture = folder / "page.html", folder / ("page.pdf" if paper else "page.png")
    file.write_text(page)
    usual = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
    usual += " --enable-logging=stderr"
    command = [
        chromium,
        *usual.split(),
        *flags,
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={width},900",
    ]
    done = subprocess.run(
        [*command, f"--{'print-to-pdf' if paper else 'screenshot'}={picture}", file.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return picture.read_bytes(), [line for line in done.stderr.splitlines() if "CONSOLE" in line]

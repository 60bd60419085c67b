"""Every command that the README and the docs tell a reader to type works, in order, in an empty folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.commands import Block, before, blocks, script

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "docs" / "reference" / "cli.md"
PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if page != GENERATED]
SHOWING = [page for page in PAGES if any(not block.skipped for block in blocks(page.read_text()))]

Follow = Callable[[Path], tuple[Path, int, str]]

bash = shutil.which("bash") or "/bin/bash"


def run(page: Path, folder: Path) -> tuple[int, str]:
    """Type what a page says in an empty folder; whatever is still running afterwards is ended."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "COLUMNS": "80", "HOME": str(folder)}
    environment["XDG_DATA_HOME"] = str(folder.parent / f"{page.stem}-data")
    said = folder.parent / f"{page.stem}.log"
    with said.open("w") as log:
        shell = subprocess.Popen(
            [bash, "-c", script(page)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            code = shell.wait()
        finally:
            end(shell.pid)
    return code, said.read_text()


def end(group: int) -> None:
    """End a group of processes, if any is left."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.fixture(scope="session")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Follow:
    """Type each page once, in an empty folder or in a copy of what the page before it leaves."""
    done: dict[Path, tuple[Path, int, str]] = {}

    def follow(page: Path) -> tuple[Path, int, str]:
        if page not in done:
            folder = tmp_path_factory.mktemp(page.stem) / "here"
            earlier = before(page)
            if earlier is None:
                folder.mkdir()
            else:
                shutil.copytree(follow(earlier)[0], folder, symlinks=True)
            done[page] = (folder, *run(page, folder))
        return done[page]

    return follow


@pytest.mark.parametrize("page", SHOWING, ids=[str(page.relative_to(ROOT)) for page in SHOWING])
def test_the_commands_of_a_page_work(page: Path, followed: Follow) -> None:
    _, code, said = followed(page)

    assert code == 0, said[-4000:]


def test_a_page_names_the_page_before_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    first.write_text("```bash\ntrue\n```\n")
    second.write_text("# Two\n\n<!-- after: first.md -->\n")

    assert before(first) is None
    assert before(second) == first.resolve()


def test_a_page_is_read_as_a_reader_would() -> None:
    page = """
```console
$ echo one
one
$ echo two \\
> three
two three
```
<!-- exit: 1 -->
```bash
false
```
<!-- skip: needs a token -->

```bash
deploy --token
```
```python
not_a_command()
```
"""
    assert blocks(page) == [
        Block(line=2, commands=("echo one", "echo two \\\nthree")),
        Block(line=10, commands=("false",), exit_code=1),
        Block(line=15, commands=("deploy --token",), skipped="needs a token"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```bash\ncd / && x=1\n```\n\n```bash\ntest $PWD$x = /1\n```\n", 0),
        ("<!-- exit: 3 -->\n```console\n$ true\n$ (exit 3)\n```\n", 0),
        ("```console\n$ false\n$ true\n```\n", 1),
        ("<!-- exit: 1 -->\n```bash\ntrue\n```\n", 1),
    ],
)
def test_a_wrong_exit_code_is_noticed(text: str, code: int, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)

    came, said = run(page, tmp_path)

    assert came == code
    assert ("page.md:" in said) == (code == 1)


def test_what_a_page_leaves_running_is_ended(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```bash\nsleep 600 &\necho $! > pid\n```\n")

    run(page, tmp_path)

    status = Path("/proc", (tmp_path / "pid").read_text().strip(), "stat")
    while status.exists() and status.read_text().split()[2] != "Z":
        time.sleep(0.01)  # until it is gone, or the test's time is up

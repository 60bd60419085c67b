"""Lists of keys, codes, paths and errors in the docs are those of the code: none missing, none invented."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from modelwright import Project, errors
from modelwright.data import Column, Contract
from modelwright.deployment import Manifest
from modelwright.lifecycle import (
    Adopted,
    Built,
    Checked,
    Cleaned,
    Compared,
    Created,
    Deployed,
    Encrypted,
    Explained,
    Privacy,
    Pruned,
    Reported,
    Retrained,
    RolledBack,
    Scored,
)
from modelwright.problem import METRICS, Brief, StepName

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]

RESULTS = (
    Created,
    Adopted,
    Checked,
    Cleaned,
    Privacy,
    Encrypted,
    Built,
    Reported,
    Compared,
    Deployed,
    RolledBack,
    Scored,
    Explained,
    Retrained,
    Pruned,
)

CODE = re.compile(r"MW-[A-Z]\d{3}")


def section(page: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}.*?$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section '{heading}'"
    return found[1]


def named(table: str) -> list[str]:
    """Return what the first column of a table names in backquotes."""
    rows = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("name", Brief.model_fields)
def test_the_brief_s_keys(name: str) -> None:
    page = (REFERENCE / "brief.md").read_text()
    kind = Brief.model_fields[name].annotation
    listed = get_args(kind)
    keys = (listed[0] if listed else kind).model_fields
    table = section(page, f"`[[{name}]]`" if listed else f"`[{name}]`").split("\n\n|")[1]

    assert sorted(named(f"|{table}")) == sorted(keys)


def test_the_steps_of_cleaning() -> None:
    page = section((REFERENCE / "brief.md").read_text(), "`[[cleaning]]`")

    assert sorted(named("|" + page.split("\n\n|")[2])) == sorted(get_args(StepName))


def test_the_metrics() -> None:
    assert sorted(named(section((REFERENCE / "brief.md").read_text(), "Metrics"))) == sorted(METRICS)


def test_the_brief_s_defaults() -> None:
    page = (REFERENCE / "brief.md").read_text()
    for name in ("costs", "promises", "training"):
        rows = re.findall(r"^\| `(\w+)` \| `?([^|`]+?)`? \|", section(page, f"`[{name}]`"), re.MULTILINE)
        fields = Brief.model_fields[name].annotation.model_fields
        assert {key: str(fields[key].default) for key, _ in rows} == dict(rows)


def test_the_contract_s_keys() -> None:
    page = (REFERENCE / "contract.md").read_text()

    assert sorted(named(section(page, "The whole"))) == sorted(Contract.model_fields)
    assert sorted(named(section(page, "A column"))) == sorted(Column.model_fields)


def test_the_manifest_s_keys() -> None:
    page = (REFERENCE / "package.md").read_text()

    assert sorted(named(section(page, "The manifest"))) == sorted(Manifest.model_fields)


def test_every_code_is_explained_once_and_none_is_invented() -> None:
    used = {
        code
        for path in (ROOT / "src").rglob("*.py")
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    explained = re.findall(r"^### (\S+)$", (REFERENCE / "codes.md").read_text(), re.MULTILINE)

    assert sorted(explained) == sorted(used)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_pages_name_codes_that_there_are(page: Path) -> None:
    explained = set(CODE.findall((REFERENCE / "codes.md").read_text()))

    assert set(CODE.findall(page.read_text())) <= explained


def test_the_server_s_paths_and_limits() -> None:
    from modelwright.deployment.server import app, service, writer

    page = (REFERENCE / "http.md").read_text()
    paths = set(re.findall(r"^\| (`/.*?) \|", page, re.MULTILINE))

    assert {path for row in paths for path in re.findall(r"`(/\S+)`", row)} == app._PATHS
    assert app.LARGEST_BODY == 10 * 2**20
    for limit in (service.MOST_ROWS, writer.MOST_WAITING):
        assert f"{limit:,}" in section(page, "Limits")


def test_the_errors() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, errors.ModelwrightError)
    }

    page = section((REFERENCE / "python.md").read_text(), "Errors")

    assert set(named(page)) == kinds - {"ModelwrightError"}


def test_the_project_s_methods() -> None:
    page = section((REFERENCE / "python.md").read_text(), "`Project`")
    methods = {name for name, _ in inspect.getmembers(Project, callable) if not name.startswith("_")}

    assert {name.partition("(")[0] for name in named(page)} == methods


@pytest.mark.parametrize("kind", RESULTS, ids=lambda kind: kind.__name__)
def test_the_fields_of_results(kind: type) -> None:
    page = section((REFERENCE / "python.md").read_text(), "`Project`")
    rows = [line for line in page.splitlines() if f"`{kind.__name__}`: " in line]
    assert rows, f"{kind.__name__} is not in the table"
    listed = re.sub(r"\(.*?\)", "", rows[0].rsplit(f"`{kind.__name__}`: ", 1)[1])

    assert re.findall(r"`(\w+)`", listed) == [field.name for field in fields(kind)]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{page.name} links to {target}"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found.read_text()), f"{page.name} links to {target}"


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

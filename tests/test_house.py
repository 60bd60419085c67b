"""The house: its doors, its sizes, its errors, and what may not be imported when nothing is asked."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import modelwright
from modelwright import errors

ROOT = Path(__file__).parent.parent
SOURCE = Path(modelwright.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
ROOMS = sorted(found.name for found in pkgutil.iter_modules(modelwright.__path__) if found.ispkg)
DOORS = ["modelwright", *(f"modelwright.{room}" for room in ROOMS)]
TRAINING_LIBRARIES = {"catboost", "cleanlab", "fairlearn", "lightgbm", "sklearn", "xgboost"}
HEAVY = TRAINING_LIBRARIES | {
    "adbc_driver_postgresql",
    "alembic",
    "altair",
    "cryptography",
    "duckdb",
    "fastexcel",
    "jinja2",
    "matplotlib",
    "mlflow",
    "onnx",
    "onnxruntime",
    "pandas",
    "pyarrow",
    "scipy",
    "spox",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "vl_convert",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef

pytestmark = pytest.mark.lowest


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imported_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has imported after a statement."""
    program = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("door", DOORS)
def test_every_name_of_a_door_imports(door: str) -> None:
    module = importlib.import_module(door)

    assert module.__doc__, f"{door} does not say what comes in and what goes out"
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("door", [door for door in DOORS if door != "modelwright"])
def test_a_door_holds_no_code(door: str) -> None:
    path = Path(inspect.getfile(importlib.import_module(door)))
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.Expr)

    assert [node.lineno for node in parsed(path).body if not isinstance(node, allowed)] == []


@pytest.mark.parametrize("door", DOORS)
def test_no_public_name_is_also_the_name_of_a_module(door: str) -> None:
    # `from modelwright.data import profile` must mean one thing, to a reader and to import-linter.
    module = importlib.import_module(door)
    files = {found.name for found in pkgutil.iter_modules(module.__path__)}
    names = {name for name in module.__all__ if not inspect.ismodule(getattr(module, name))}

    assert names & files == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    functions = [node for node in ast.walk(parsed(path)) if isinstance(node, Function)]

    assert len(path.read_text().splitlines()) <= 400
    assert {node.name: code_lines(node) for node in functions if code_lines(node) > 60} == {}


def code_lines(function: Function) -> int:
    """Count the lines of a function's body without its docstring."""
    first, last = function.body[0], function.body[-1]
    start = (first.end_lineno or 0) + 1 if ast.get_docstring(function) else first.lineno
    return (last.end_lineno or 0) - start + 1


def test_the_error_tree_is_drawn_as_it_is() -> None:
    drawn = dict(drawn_tree(inspect.getdoc(errors) or ""))
    classes = {
        name: next(base.__name__ for base in found.__mro__[1:] if issubclass(base, Exception))
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, errors.ModelwrightError) and found is not errors.ModelwrightError
    }

    assert drawn == classes


def drawn_tree(text: str) -> list[tuple[str, str]]:
    """Read the drawn tree: each error with the one it hangs from."""
    above = {0: "ModelwrightError"}
    found = []
    for line in text.splitlines():
        if branch := re.match(r"(?P<stem>[\s│]*)[├└]── (?P<name>\w+)", line):
            depth = (len(branch["stem"]) - 4) // 4 + 1
            above[depth] = branch["name"]
            found.append((branch["name"], above[depth - 1]))
    return found


def test_every_error_says_what_it_is_for() -> None:
    assert [name for name, found in inspect.getmembers(errors, inspect.isclass) if not found.__doc__] == []


def test_importing_modelwright_imports_no_heavy_library() -> None:
    assert imported_after("import modelwright") & HEAVY == set()


def test_help_imports_no_heavy_library() -> None:
    asked = """
import sys
from modelwright.cli import main

sys.argv = ["modelwright", "--help"]
try:
    main()
except SystemExit:
    pass
"""

    assert imported_after(asked) & HEAVY == set()


def test_deployment_imports_no_training_library() -> None:
    assert imported_after("import modelwright.deployment") & TRAINING_LIBRARIES == set()


def test_every_dependency_is_used() -> None:
    used = {name for path in MODULES for name in imported_names(parsed(path))}
    provided = metadata.packages_distributions()
    distributions = {found.lower().replace("_", "-") for name in used for found in provided.get(name, [])}
    required = {re.split(r"[^\w-]", line)[0].lower() for line in metadata.requires("modelwright") or []}

    assert required - distributions == set()


def floors() -> dict[str, Version]:
    """Return the oldest version that is promised of each dependency."""
    stated = [Requirement(line) for line in metadata.requires("modelwright") or []]
    return {one.name: Version(next(iter(one.specifier)).version) for one in stated}


def test_the_oldest_versions_that_are_promised_are_the_ones_tried() -> None:
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements-lowest.lock").read_text(), re.MULTILINE)
    tried = {name: Version(pin) for name, pin in pins}

    assert {name: tried.get(name) for name in floors()} == floors(), "out of date: run make lock"


def test_every_dependency_has_its_licence_on_record() -> None:
    record = (ROOT / "docs" / "decisions" / "0008-dependencies.md").read_text()

    assert set(re.findall(r"^\| ([\w-]+) \|", record, re.MULTILINE)) - {"dependency", "---"} == set(floors())


def imported_names(module: ast.Module) -> set[str]:
    """Return the top-level modules that a module imports anywhere."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_tests_of_two_rooms_may_share_a_file_name() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}

    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []

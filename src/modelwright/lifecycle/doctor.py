"""What is installed, reachable and healthy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from modelwright.deployment import Package
from modelwright.engine import cores
from modelwright.errors import ModelwrightError, StoreError
from modelwright.lifecycle.folder import Folder
from modelwright.problem import Brief

LIBRARIES = ("polars", "lightgbm", "xgboost-cpu", "catboost", "scikit-learn", "onnxruntime", "mlflow-skinny")


@dataclass(frozen=True)
class Part:
    """One thing that was examined.

    Attributes
    ----------
    name : str
    healthy : bool
    words : str
        What was found, and what to do where it is not healthy.
    """

    name: str
    healthy: bool
    words: str


@dataclass(frozen=True)
class Examined:
    """Everything that was examined.

    Attributes
    ----------
    healthy : bool
        Whether every part is.
    parts : tuple of Part
    """

    healthy: bool
    parts: tuple[Part, ...]


def examine(root: str | Path) -> Examined:
    """Examine the installation, and the project where there is one.

    Parameters
    ----------
    root : str or Path
        A folder; where it is no project, only the installation is examined.
    """
    parts = [_library(name) for name in LIBRARIES]
    parts.append(Part("cores", healthy=True, words=str(cores())))
    if (Path(root) / "modelwright.toml").exists():
        parts += _project(Folder.find(Path(root)))
    else:
        parts.append(Part("project", healthy=True, words=f"none in {Path(root).resolve()}"))
    return Examined(all(part.healthy for part in parts), tuple(parts))


def _library(name: str) -> Part:
    try:
        return Part(name, healthy=True, words=version(name))
    except PackageNotFoundError:
        return Part(name, healthy=False, words=f"not installed; `pip install {name}`")


def _project(folder: Folder) -> list[Part]:
    brief = _try("brief", lambda: Brief.read(folder.brief).problem.request or "read")
    parts = [brief, _try("contract", lambda: f"{len(folder.read_contract().columns)} columns")]
    if brief.healthy:
        asked = Brief.read(folder.brief)
        parts.append(_try("operations database", lambda: _releases(folder, asked)))
        parts.append(_try("tracking store", lambda: f"{len(folder.open_tracking(asked).runs())} runs"))
        parts.append(_try("builds", lambda: _builds(folder)))
        parts.append(_try("release", lambda: _current(folder, asked)))
    return parts


def _try(name: str, look: Callable[[], str]) -> Part:
    try:
        return Part(name, healthy=True, words=look())
    except ModelwrightError as error:
        return Part(name, healthy=False, words=str(error))


def _releases(folder: Folder, brief: Brief) -> str:
    with folder.open_operations(brief) as operations:
        return f"{len(operations.releases())} releases, {len(operations.alarms(status='open'))} open alarms"


def _builds(folder: Folder) -> str:
    started = [path.parent for path in (folder.state / "runs").glob("*/start.json")]
    unfinished = sum(not (place / "built.json").exists() for place in started)
    finished = f"{len(started) - unfinished} finished"
    return f"{finished}, {unfinished} not; see `modelwright build --resume`" if unfinished else finished


def _current(folder: Folder, brief: Brief) -> str:
    with folder.open_operations(brief) as operations:
        release = operations.current_release()
    if release is None:
        return "none yet"
    package = Package.open(folder.state / release.package)
    champion = folder.open_tracking(brief).alias(brief.problem.name, "champion")
    if release.version is not None and champion != release.version:
        raise StoreError(
            f"version {release.version} is in production, but the registry's champion is "
            f"{champion or 'none'}; `modelwright deploy` or `rollback` was interrupted, run it again"
        )
    return f"{release.id}, package whole, {len(package.manifest.files)} files"

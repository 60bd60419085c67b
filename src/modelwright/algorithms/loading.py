"""An algorithm by the place of its class: ``package.module:Class``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modelwright.algorithms.algorithm import Algorithm
from modelwright.algorithms.borrowed import borrow, is_estimator
from modelwright.errors import TrainingError


def algorithm_class(
    place: str, parameters: dict[str, Any] | None = None, folder: Path | None = None
) -> type[Algorithm]:
    """Import somebody's algorithm, or scikit-learn-compatible class; this runs their code.

    Parameters
    ----------
    place : str
        ``package.module:Class``. Modules in the current folder are found too.
    parameters : dict, optional
        What a scikit-learn-compatible class is made with.
    folder : Path, optional
        Where modules are found in place of the current folder.

    Raises
    ------
    TrainingError
        If there is no such class, or it is none of an algorithm.
    """
    module, colon, name = place.partition(":")
    if not (module and colon and name):
        raise TrainingError(f"'{place}' names no class; write package.module:Class")
    try:
        with _from_here(folder):
            found = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise TrainingError(
            f"'{place}' cannot be imported ({error}); install it, or run this in the folder of its file"
        ) from error
    if isinstance(found, type) and is_estimator(found) and not issubclass(found, Algorithm):
        return borrow(found, parameters)
    if not (isinstance(found, type) and issubclass(found, Algorithm)):
        what = f"there is no '{name}' in '{module}'" if found is None else f"'{place}' is no algorithm"
        raise TrainingError(
            f"{what}; a subclass of modelwright.algorithms.Algorithm is expected, or a "
            "class with fit and predict"
        )
    return found


@contextmanager
def _from_here(folder: Path | None) -> Iterator[None]:
    """Let a folder, by default the current one, be searched behind all others."""
    here = str(folder or Path.cwd())
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)

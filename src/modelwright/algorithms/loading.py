"""An algorithm by the place of its class: ``package.module:Class``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelwright.algorithms.algorithm import Algorithm
from modelwright.errors import TrainingError


def algorithm_class(place: str) -> type[Algorithm]:
    """Import somebody's algorithm. This runs their code, as any import does.

    Parameters
    ----------
    place : str
        ``package.module:Class``. Modules in the current folder are found too.

    Raises
    ------
    TrainingError
        If there is no such class, or it is none of an algorithm.
    """
    module, colon, name = place.partition(":")
    if not (module and colon and name):
        raise TrainingError(f"'{place}' names no class; write package.module:Class")
    try:
        with _from_here():
            found = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise TrainingError(
            f"'{place}' cannot be imported ({error}); install it, or run this in the folder of its file"
        ) from error
    if not (isinstance(found, type) and issubclass(found, Algorithm)):
        what = f"there is no '{name}' in '{module}'" if found is None else f"'{place}' is no algorithm"
        raise TrainingError(f"{what}; a subclass of modelwright.algorithms.Algorithm is expected")
    return found


@contextmanager
def _from_here() -> Iterator[None]:
    """Let the current folder be searched, behind all others."""
    here = str(Path.cwd())
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)

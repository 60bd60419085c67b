"""Modelwright: from a request to a model in production that is watched and retrained.

`Project` is the whole loop, one method per stage; `ModelwrightClassifier` and `ModelwrightRegressor` are its
training as scikit-learn estimators.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelwright.estimators import ModelwrightClassifier, ModelwrightRegressor
    from modelwright.project import Project

__version__ = version("modelwright")

__all__ = ["ModelwrightClassifier", "ModelwrightRegressor", "Project", "__version__"]

_HOMES = {
    "ModelwrightClassifier": "modelwright.estimators",
    "ModelwrightRegressor": "modelwright.estimators",
    "Project": "modelwright.project",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import modelwright`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'modelwright' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)

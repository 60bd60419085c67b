"""Sets, intervals and abstaining: what a package says of how sure its answers are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from modelwright.deployment.package import UNCERTAINTY, Package
from modelwright.errors import PackageError
from modelwright.uncertainty import Uncertainty

Intervals = Mapping[float, tuple[NDArray[np.float64], NDArray[np.float64]]]
Sets = Mapping[float, NDArray[np.bool_]]


class PackageUncertainty:
    """The sets or intervals of a package; read when they are first asked for.

    Parameters
    ----------
    package : Package
    """

    def __init__(self, package: Package) -> None:
        self._package = package

    def sets(self, probabilities: NDArray[np.float32], levels: tuple[float, ...]) -> Sets:
        """Return the labels in each row's set, for each level; see `Uncertainty.sets`.

        Raises
        ------
        DataError
            If a level is not to be had.
        PackageError
            If the package has none.
        """
        return {level: self.fitted.sets(probabilities, level) for level in levels}

    def intervals(self, values: NDArray[np.float32], levels: tuple[float, ...]) -> Intervals:
        """Return the limits of each row's interval, for each level; raises as `sets` does."""
        return {level: self.fitted.intervals(values, level) for level in levels}

    @cached_property
    def fitted(self) -> Uncertainty:
        """What was fitted on the out-of-fold predictions of training."""
        content = self._package.content.get(UNCERTAINTY)
        if content is None:
            raise PackageError(
                f"the package has no {UNCERTAINTY}, so it cannot say how far its answers may be off; build "
                "it again"
            )
        try:
            fitted = Uncertainty.model_validate_json(content)
        except ValidationError as error:
            raise PackageError(
                f"{UNCERTAINTY} is not as Modelwright writes it; build the package again"
            ) from error
        classes = len(self._package.manifest.classes)
        if (fitted.kind == "sets") != bool(classes) or any(len(row) != classes for row in fitted.thresholds):
            raise PackageError(f"{UNCERTAINTY} is not of the package's contract; build the package again")
        return fitted

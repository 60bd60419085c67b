"""What training yields: weighted members, each a representation and a portable learner, and a calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.algorithms import Portable
from modelwright.features import Representation
from modelwright.problem import Task
from modelwright.training.calibration import Calibration
from modelwright.training.thresholds import GroupThresholds

if TYPE_CHECKING:
    from spox import Var


@dataclass(frozen=True)
class Member:
    """One fitted learner of the ensemble.

    Attributes
    ----------
    name : str
        Which candidate, and which fold.
    representation : Representation
        Typed columns in, numbers out; fitted on the fold's rows alone.
    learner : Portable
        Numbers in, prediction out.
    weight : float
        Share in the average.
    """

    name: str
    representation: Representation
    learner: Portable
    weight: float


@dataclass(frozen=True)
class Model:
    """An ensemble that can be scored and exported without any training library.

    Attributes
    ----------
    task : Task
        What it answers.
    n_outputs : int
        Number of classes, or 1 for regression.
    members : tuple of Member
        Weights add up to 1.
    calibration : Calibration or None
        Of the probabilities; None for regression.
    thresholds : GroupThresholds or None
        Decision thresholds of their own for groups; None where there is one for all.
    """

    task: Task
    n_outputs: int
    members: tuple[Member, ...]
    calibration: Calibration | None = None
    thresholds: GroupThresholds | None = None

    def predict(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Score a conformed frame with the portable learners.

        Parameters
        ----------
        frame : polars.DataFrame of shape (n, n_features)
            As `modelwright.data.conform` returns it.

        Returns
        -------
        ndarray of shape (n, n_outputs)
            Probabilities, or values for regression.
        """
        features = [made.transform(frame) for made in self.representations]
        total = np.zeros((len(frame), self.n_outputs))
        for member, at in zip(self.members, self.feature_sets, strict=True):
            total += member.weight * member.learner.predict(features[at])
        return self.calibrate(total)

    def calibrate(self, average: NDArray[np.floating]) -> NDArray[np.float64]:
        """Apply the calibration to the weighted average of the members."""
        if self.calibration is None:
            return np.asarray(average, dtype=np.float64)
        return self.calibration.apply(average)

    def graph(self, numbers: Var | None, texts: Var | None, times: Var | None) -> Var:
        """Write the whole way from raw matrices to predictions as an ONNX graph.

        Parameters
        ----------
        numbers, texts, times : spox.Var or None
            The inputs; None where the contract has no such column.

        Returns
        -------
        spox.Var
            float32 of shape (n, n_outputs).
        """
        return self.graph_in_parts(numbers, texts, times)[0]

    def graph_in_parts(
        self, numbers: Var | None, texts: Var | None, times: Var | None
    ) -> tuple[Var, dict[str, Var]]:
        """Write the graph, and say which of its tensors are what: parameters as for `graph`.

        Returns
        -------
        tuple of (spox.Var, dict of str to spox.Var)
            The prediction; and by name the features of each of `representations` (``features0``, …) and the
            prediction of each member (``member0``, …).
        """
        import spox.opset.ai.onnx.v21 as op

        features = [made.graph(numbers, texts, times) for made in self.representations]
        predictions = [
            m.learner.graph(features[at]) for m, at in zip(self.members, self.feature_sets, strict=True)
        ]
        weighted = [
            op.mul(prediction, op.const(np.float32(m.weight)))
            for m, prediction in zip(self.members, predictions, strict=True)
        ]
        average = weighted[0] if len(weighted) == 1 else op.sum(weighted)
        parts = {f"features{at}": made for at, made in enumerate(features)}
        parts |= {f"member{at}": prediction for at, prediction in enumerate(predictions)}
        return (average if self.calibration is None else self.calibration.graph(average)), parts

    @property
    def representations(self) -> tuple[Representation, ...]:
        """The different representations of the members, in the order of their first use."""
        return tuple({id(m.representation): m.representation for m in self.members}.values())

    @property
    def feature_sets(self) -> tuple[int, ...]:
        """For each member, which of `representations` it reads."""
        order = {id(made): at for at, made in enumerate(self.representations)}
        return tuple(order[id(m.representation)] for m in self.members)

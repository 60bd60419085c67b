"""The one form that trees of every library are compiled into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable.form import IMPOSSIBLE, Link, Portable
from modelwright.engine import cores

if TYPE_CHECKING:
    from spox import Var

LEAF = -1


@dataclass(frozen=True, eq=False)
class Forest(Portable):
    """Decision trees whose leaves add up.

    Every split asks whether the feature is at most the threshold, both in single precision, and the nodes
    of a tree lie together. What is large and common to all rows belongs into `base`, which is added last.

    Attributes
    ----------
    n_features : int
    tree : ndarray of shape (n_nodes,), int32
        Which tree a node belongs to: 0, 0, 0, 1, 1, …
    feature : ndarray of shape (n_nodes,), int32
        Which column is asked; -1 for a leaf.
    threshold : ndarray of shape (n_nodes,), float32
    left, right : ndarray of shape (n_nodes,), int32
        Positions of the children: left where the feature is at most the threshold. The first node of a
        tree is its root.
    missing_left : ndarray of shape (n_nodes,), bool
        Whether a missing feature goes to the left.
    leaf : ndarray of shape (n_weights,), int32
        Position of the leaf that a weight belongs to.
    output : ndarray of shape (n_weights,), int32
        Which raw output it is added to.
    weight : ndarray of shape (n_weights,), float64
    base : ndarray of shape (n_raw,), float64
        What the raw outputs start from.
    link : Link
        How raw outputs become a prediction.
    """

    kind: ClassVar[str] = "forest"

    n_features: int
    tree: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    missing_left: NDArray[np.bool_]
    leaf: NDArray[np.int32]
    output: NDArray[np.int32]
    weight: NDArray[np.float64]
    base: NDArray[np.float64]
    link: Link

    @property
    def n_trees(self) -> int:
        """Number of trees."""
        return int(self.tree[-1]) + 1

    def scaled(self, factor: float, shift: float) -> Forest:
        """Return the forest whose raw outputs are ``factor * raw + shift``."""
        return replace(self, weight=self.weight * factor, base=self.base * factor + shift)

    def among(self, present: NDArray[np.int64], n_classes: int) -> Forest:
        """Return the forest over more classes, of which those not `present` are impossible."""
        base = np.full(n_classes, IMPOSSIBLE if self.link is Link.SOFTMAX else 0.0)
        base[present] = self.base
        return replace(self, output=present[self.output].astype(np.int32), base=base)

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score a matrix of features; see `Portable.predict`."""
        return self._session(np.ascontiguousarray(X, dtype=np.float32))

    def graph(self, features: Var) -> Var:
        """Write `predict` as ONNX operators; see `Portable.graph`."""
        import spox.opset.ai.onnx.ml.v3 as ml
        import spox.opset.ai.onnx.v21 as op

        if self._in_double:
            features = op.cast(features, to=np.float64)
        raw = ml.tree_ensemble_regressor(features, **self._weights(), **self._nodes())
        if self.base.any():  # the operator's own base_values are lost for outputs that no leaf adds to
            raw = op.add(raw, op.const(self.base.astype(np.float32)))
        return self.link.graph(raw)

    @property
    def _in_double(self) -> bool:
        """Whether sums need double precision: over 2,000 rounds, single loses a digit too many of a value.

        Probabilities do not need it, because a link flattens large sums and few trees are averaged.
        """
        return self.link is Link.IDENTITY and len(self.base) == 1

    def _nodes(self) -> dict[str, Any]:
        split = self.feature != LEAF
        position = self._position
        threshold = np.where(split, self.threshold, np.float32(0))
        values: dict[str, Any] = (
            {"nodes_values_as_tensor": threshold.astype(np.float64)}
            if self._in_double
            else {"nodes_values": threshold.tolist()}
        )
        return values | {
            "nodes_treeids": self.tree.tolist(),
            "nodes_nodeids": position.tolist(),
            "nodes_featureids": np.where(split, self.feature, 0).tolist(),
            "nodes_modes": np.where(split, "BRANCH_LEQ", "LEAF").tolist(),
            "nodes_truenodeids": np.where(split, position[self.left], 0).tolist(),
            "nodes_falsenodeids": np.where(split, position[self.right], 0).tolist(),
            "nodes_missing_value_tracks_true": (split & self.missing_left).astype(np.int64).tolist(),
        }

    def _weights(self) -> dict[str, Any]:
        values: dict[str, Any] = (
            {"target_weights_as_tensor": self.weight}
            if self._in_double
            else {"target_weights": self.weight.tolist()}
        )
        return values | {
            "n_targets": len(self.base),
            "target_treeids": self.tree[self.leaf].tolist(),
            "target_nodeids": self._position[self.leaf].tolist(),
            "target_ids": self.output.tolist(),
        }

    @property
    def _position(self) -> NDArray[np.int64]:
        """Number of each node within its tree."""
        return np.arange(len(self.tree)) - np.searchsorted(self.tree, self.tree)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the attributes as arrays."""
        return {name: np.asarray(getattr(self, name)) for name in _ATTRIBUTES} | {
            "n_features": np.array(self.n_features),
            "link": np.array(str(self.link)),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Forest:
        """Build the forest from what `arrays` returned."""
        return cls(
            n_features=int(arrays["n_features"]),
            link=Link(str(arrays["link"])),
            **{name: arrays[name] for name in _ATTRIBUTES},
        )

    @cached_property
    def _session(self) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
        """Scoring by ONNX Runtime, made once: walking the trees in NumPy is a hundred times slower."""
        import onnxruntime
        from spox import Tensor, argument, build

        features = argument(Tensor(np.float32, ("N", self.n_features)))
        model = build({"features": features}, {"prediction": self.graph(features)})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cores()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # many forests, few cores
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

        def score(X: NDArray[np.float32]) -> NDArray[np.float64]:
            return np.asarray(session.run(None, {"features": X})[0], dtype=np.float64)

        return score


_ATTRIBUTES = (
    "tree", "feature", "threshold", "left", "right", "missing_left", "leaf", "output", "weight", "base",
)  # fmt: skip


def at_most(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the largest single-precision number that is at most each threshold.

    A single-precision x is at most t exactly where it is at most this number.
    """
    with np.errstate(over="ignore"):
        single = threshold.astype(np.float32)
    return np.where(single > threshold, just_below(single), single)


def just_below(threshold: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the number before each: x is below t exactly where it is at most this number."""
    with np.errstate(over="ignore", under="ignore"):
        return np.nextafter(threshold, np.float32(-np.inf))

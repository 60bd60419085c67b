"""The model's members, read back from its portable graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import LEAF, Forest, Linear, Splines
from modelwright.errors import PackageError
from modelwright.explanation.document import Explaining, Learner
from modelwright.explanation.explainer import Part
from modelwright.explanation.sampled import Score

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

_TREES, _PRODUCT, _SUM = "TreeEnsembleRegressor", "MatMul", "Add"
_LOW, _HIGH, _TAKEN = "Max", "Min", "Gather"


def read_parts(model: ModelProto, explaining: Explaining) -> list[Part]:
    """Read the members of a model from its graph, so that what is explained is what is served.

    Parameters
    ----------
    model : onnx.ModelProto
        As `modelwright.deployment.build_graph` makes it.
    explaining : Explaining
        What the package says of the members.

    Raises
    ------
    PackageError
        If the graph does not hold the members that are named.
    """
    made_by = {name: node for node in model.graph.node for name in node.output}
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    width = [len(sources) for sources in explaining.sources]
    parts = []
    for at, learner in enumerate(explaining.learners):
        if learner.kind == "other":
            score = _asked(model, f"member{at}", f"features{learner.features}", width[learner.features])
            parts.append(Part(score, learner.features, learner.weight))
            continue
        read = {"forest": _forest, "linear": _linear, "splines": _splines}[learner.kind]
        found = read(f"member{at}", made_by, constants, learner, width[learner.features])
        parts.append(Part(found, learner.features, learner.weight))
    return parts


def _forest(
    tensor: str, made_by: dict[str, NodeProto], constants: dict[str, Any], learner: Learner, width: int
) -> Forest:
    del constants
    node = _before(tensor, _TREES, made_by)
    from onnx.helper import get_attribute_value
    from onnx.numpy_helper import to_array

    stated = {each.name: get_attribute_value(each) for each in node.attribute}

    def floats(name: str) -> NDArray[Any]:
        return (
            to_array(stated[f"{name}_as_tensor"]) if f"{name}_as_tensor" in stated else np.array(stated[name])
        )

    tree, position = np.array(stated["nodes_treeids"]), np.array(stated["nodes_nodeids"])
    split = np.array([mode == b"BRANCH_LEQ" for mode in stated["nodes_modes"]])
    start = np.searchsorted(tree, tree)
    leaf_start = np.searchsorted(tree, np.array(stated["target_treeids"]))
    forest = Forest(
        n_features=width,
        tree=tree.astype(np.int32),
        feature=np.where(split, stated["nodes_featureids"], LEAF).astype(np.int32),
        threshold=floats("nodes_values").astype(np.float32),
        left=np.where(split, start + stated["nodes_truenodeids"], LEAF).astype(np.int32),
        right=np.where(split, start + stated["nodes_falsenodeids"], LEAF).astype(np.int32),
        missing_left=np.array(stated["nodes_missing_value_tracks_true"], dtype=bool),
        leaf=(leaf_start + stated["target_nodeids"]).astype(np.int32),
        output=np.array(stated["target_ids"], dtype=np.int32),
        weight=floats("target_weights").astype(np.float64),
        base=np.array(learner.base),
        link=learner.link,
    )
    if not np.array_equal(start + position, np.arange(len(tree))) or not _is_sound(forest):
        raise PackageError(f"the trees of '{tensor}' in model.onnx are not as Modelwright writes them")
    return forest


def _is_sound(forest: Forest) -> bool:
    """Whether every node is reached once at most, so that no walk through the trees is endless."""
    n_nodes = len(forest.tree)
    reached = np.flatnonzero(np.diff(forest.tree, prepend=-1))
    seen = np.zeros(n_nodes, dtype=bool)
    while reached.size:
        if (reached < 0).any() or (reached >= n_nodes).any() or seen[reached].any():
            return False
        seen[reached] = True
        if len(np.unique(reached)) < len(reached):
            return False
        splits = reached[forest.feature[reached] != LEAF]
        reached = np.concatenate([forest.left[splits], forest.right[splits]])
    inside = (forest.leaf >= 0) & (forest.leaf < n_nodes)
    known = (forest.output >= 0) & (forest.output < len(forest.base))
    return bool(inside.all() and known.all() and (forest.feature < forest.n_features).all())


def _linear(
    tensor: str, made_by: dict[str, NodeProto], constants: dict[str, Any], learner: Learner, width: int
) -> Linear:
    product, total = _before(tensor, _PRODUCT, made_by), _before(tensor, _SUM, made_by)
    weights = _constant(product.input[1], made_by, constants)
    intercept = _constant(total.input[1], made_by, constants)
    if weights.shape != (width, len(intercept)):
        raise PackageError(f"the weights of '{tensor}' in model.onnx do not fit its {width} features")
    return Linear(weights.astype(np.float64), intercept.astype(np.float64), learner.link)


def _splines(
    tensor: str, made_by: dict[str, NodeProto], constants: dict[str, Any], learner: Learner, width: int
) -> Splines:
    product = _before(tensor, _PRODUCT, made_by)
    bounds = [_before(product.input[0], operator, made_by) for operator in (_LOW, _HIGH, _TAKEN)]
    low, high, feature = (_constant(node.input[1], made_by, constants) for node in bounds)
    if not len(low) == len(high) == len(feature) or not ((feature >= 0) & (feature < width)).all():
        raise PackageError(f"the stretches of '{tensor}' in model.onnx do not fit its {width} features")
    summed = _linear(tensor, made_by, constants, learner, len(feature))
    return Splines(feature.astype(np.int32), low, high, summed)


def _asked(model: ModelProto, tensor: str, features: str, width: int) -> Score:
    """Return what scores features by the part of the graph that lies between two tensors."""
    import onnxruntime
    from onnx import ModelProto, TensorProto
    from onnx.helper import make_tensor_value_info

    named = next((node for node in model.graph.node if features in node.output), None)
    start = named.input[0] if named is not None and named.op_type == "Identity" else features
    wanted, nodes = {tensor}, []
    for node in reversed(model.graph.node):
        if wanted & set(node.output) and start not in node.output:
            nodes.append(node)
            wanted |= set(node.input)
    if start not in wanted:
        raise PackageError(
            f"model.onnx does not lead from '{features}' to '{tensor}'; build the package again"
        )
    part = ModelProto()
    part.CopyFrom(model)
    for old in (part.graph.input, part.graph.output, part.graph.node):
        del old[:]
    part.graph.node.extend(reversed(nodes))
    part.graph.input.append(make_tensor_value_info(start, TensorProto.FLOAT, ("N", width)))
    part.graph.output.append(make_tensor_value_info(tensor, TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(part.SerializeToString(), providers=["CPUExecutionProvider"])

    def score(rows: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.asarray(session.run([tensor], {start: rows})[0], dtype=np.float64)

    return score


def _constant(name: str, made_by: dict[str, NodeProto], constants: dict[str, Any]) -> NDArray[Any]:
    from onnx.numpy_helper import to_array

    if name in constants:
        return to_array(constants[name])
    node = made_by.get(name)
    if node is None or node.op_type != "Constant":
        raise PackageError(f"'{name}' in model.onnx is no constant")
    return to_array(node.attribute[0].t)


def _before(tensor: str, operator: str, made_by: dict[str, NodeProto]) -> NodeProto:
    """Return the nearest node of an operator on the way back from a tensor along first inputs."""
    name = tensor
    for _ in range(len(made_by)):
        node = made_by.get(name)
        if node is None or not node.input:
            break
        if node.op_type == operator:
            return node
        name = node.input[0]
    raise PackageError(f"model.onnx has no {operator} behind '{tensor}'; build the package again")

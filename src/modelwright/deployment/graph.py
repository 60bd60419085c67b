"""The portable model: the whole way from raw matrices to predictions as one ONNX graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from modelwright.data import Contract

if TYPE_CHECKING:
    from onnx import ModelProto
    from spox import Var

    from modelwright.training import Model

PROBABILITIES = "probabilities"
VALUES = "values"
THRESHOLDS = "thresholds"


def build_graph(model: Model, contract: Contract) -> ModelProto:
    """Write a trained model as an ONNX graph; the same model gives the same bytes.

    Parameters
    ----------
    model : Model
        What training yielded.
    contract : Contract
        Gives the order of the columns in the input matrices.

    Returns
    -------
    onnx.ModelProto
        Inputs ``numbers`` (float32), ``texts`` (text) and ``times`` (int64), each of shape (n, columns of
        this kind) and absent where there is none. Output ``probabilities`` of shape (n, classes), or
        ``values`` of shape (n, 1) for regression; float32. Where groups have decision thresholds of their
        own, a second output ``thresholds`` of shape (n, 1): the probability from which the second label is
        the prediction.
    """
    import spox

    inputs = _arguments(contract)
    numbers, texts, times = inputs.get("numbers"), inputs.get("texts"), inputs.get("times")
    output, parts = model.graph_in_parts(numbers, texts, times)
    outputs = {output_name(contract): output}
    if model.thresholds is not None:
        outputs[THRESHOLDS] = model.thresholds.graph(numbers, texts)
    graph = spox.build(inputs=inputs, outputs=outputs | parts)
    # An output has a name; explanations find the parts by theirs, and nobody else sees them as outputs.
    del graph.graph.output[len(outputs) :]
    graph.producer_name = "modelwright"
    return graph


def output_name(contract: Contract) -> str:
    """Return the name of the graph's output."""
    return PROBABILITIES if contract.classes else VALUES


def input_widths(contract: Contract) -> dict[str, int]:
    """Return how many columns each input matrix has; matrices without columns are absent."""
    widths = {
        "numbers": len(contract.numbers),
        "texts": len(contract.texts),
        "times": len(contract.times),
    }
    return {name: width for name, width in widths.items() if width}


def _arguments(contract: Contract) -> dict[str, Var]:
    import spox

    types = {"numbers": np.float32, "texts": np.str_, "times": np.int64}
    return {
        name: spox.argument(spox.Tensor(types[name], ("rows", width)))
        for name, width in input_widths(contract).items()
    }

"""Look into an ONNX graph before it is run: only data, only known operators, only the contract's columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelwright.data import Contract
from modelwright.deployment.graph import THRESHOLDS, input_widths, output_name
from modelwright.errors import PackageError

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto

_DOMAINS = {"", "ai.onnx", "ai.onnx.ml"}


def inspect_graph(content: bytes, contract: Contract) -> None:
    """Refuse a graph that is not what `build_graph` would make for this contract.

    Parameters
    ----------
    content : bytes
        The file ``model.onnx``.
    contract : Contract
        Gives the inputs and the output that the graph must have.

    Raises
    ------
    PackageError
        If it cannot be read, reads other files, uses operators beyond ONNX's own, or has other inputs or
        outputs.
    """
    model = parse_graph(content)
    domains = {each.domain for each in model.opset_import} | {node.domain for node in _nodes(model.graph)}
    if domains - _DOMAINS or model.functions:
        named = ", ".join(sorted(domains - _DOMAINS)) or "local functions"
        raise PackageError(f"model.onnx uses operators that are not ONNX's own ({named}) and is not run")
    if any(_is_external(tensor) for tensor in _tensors(model.graph)):
        raise PackageError("model.onnx keeps data in other files, which is not allowed")
    _has_the_contracts_columns(model.graph, contract)


def parse_graph(content: bytes) -> ModelProto:
    """Read an ONNX graph without running it.

    Raises
    ------
    PackageError
        If it is none.
    """
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from onnx import ModelProto

    model = ModelProto()
    try:
        model.ParseFromString(content)
    except DecodeError as error:
        raise PackageError("model.onnx is not an ONNX graph") from error
    return model


def _has_the_contracts_columns(graph: GraphProto, contract: Contract) -> None:
    found = {each.name: _width(each) for each in graph.input}
    if found != input_widths(contract):
        raise PackageError(
            f"model.onnx takes {found}, but the contract has {input_widths(contract)} columns; "
            "they are not of the same package"
        )
    expected = {output_name(contract): len(contract.classes) or 1}
    if len(contract.classes) == 2 and len(graph.output) == 2:
        expected[THRESHOLDS] = 1
    if [each.name for each in graph.output] != list(expected):
        raise PackageError(
            f"model.onnx gives {[each.name for each in graph.output]}, expected {list(expected)}"
        )


def _width(value: ValueInfoProto) -> int:
    shape = value.type.tensor_type.shape.dim
    return shape[1].dim_value if len(shape) == 2 else -1


def _nodes(graph: GraphProto) -> Iterator[NodeProto]:
    for inner in _graphs(graph):
        yield from inner.node


def _graphs(graph: GraphProto) -> Iterator[GraphProto]:
    """Yield the graph and every graph inside its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                if inner.node or inner.initializer:
                    yield from _graphs(inner)


def _tensors(graph: GraphProto) -> Iterator[TensorProto]:
    for inner in _graphs(graph):
        yield from inner.initializer
        for sparse in inner.sparse_initializer:
            yield from (sparse.values, sparse.indices)
        for node in inner.node:
            for attribute in node.attribute:
                yield from (attribute.t, *attribute.tensors)
                for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
                    yield from (sparse.values, sparse.indices)


def _is_external(tensor: TensorProto) -> bool:
    return bool(tensor.external_data) or tensor.data_location == tensor.EXTERNAL

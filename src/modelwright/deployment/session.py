"""One ONNX Runtime session, set up for single rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.data import Inputs
from modelwright.errors import DataError, PackageError

_ROWS = 4_096


class Session:
    """Run a graph on input matrices.

    Parameters
    ----------
    graph : bytes
        An ONNX graph, as `build_graph` makes it.
    threads : int, default 1
        Threads inside one call. One is fastest for single rows: handing a row to a second thread takes
        longer than scoring it. 0 means every core.
    """

    def __init__(self, graph: bytes, threads: int = 1) -> None:
        import onnxruntime as ort
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidGraph

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.log_severity_level = 3  # errors only
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except (Fail, InvalidArgument, InvalidGraph) as error:
            raise PackageError(f"ONNX Runtime cannot load the graph: {error}") from error
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._outputs = [each.name for each in self._session.get_outputs()]

    def predict(self, inputs: Inputs) -> NDArray[np.float32]:
        """Return the graph's output for every row.

        Parameters
        ----------
        inputs : Inputs
            As `modelwright.data.matrices` or a `modelwright.data.Validator` makes them.

        Returns
        -------
        ndarray of shape (n, classes) or (n, 1)

        Raises
        ------
        DataError
            If a row gives no finite number.
        """
        return self.predict_with_thresholds(inputs)[0]

    def predict_with_thresholds(
        self, inputs: Inputs
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Return what `predict` does, and the decision threshold of each row where groups have their own."""
        output, *thresholds = self.run(inputs)
        if not np.isfinite(output).all():
            row = int(np.flatnonzero(~np.isfinite(output).all(axis=1))[0])
            raise DataError(
                f"row {row}: the model gives no finite number; its values are beyond all training"
            )
        return output, thresholds[0][:, 0] if thresholds else None

    def run(self, inputs: Inputs) -> list[NDArray[np.float32]]:
        """Return all outputs of the graph for every row, as they are."""
        parts = [
            self._session.run(self._outputs, {name: getattr(some, name) for name in self._inputs})
            for some in _parts(inputs)
        ]
        return parts[0] if len(parts) == 1 else [np.concatenate(each) for each in zip(*parts, strict=True)]


def _parts(inputs: Inputs) -> Iterator[Inputs]:
    """Yield a few thousand rows at a time: the graph's memory grows with the rows and their longest text."""
    if len(inputs) <= _ROWS:
        yield inputs
        return
    for start in range(0, len(inputs), _ROWS):
        yield inputs[start : start + _ROWS]

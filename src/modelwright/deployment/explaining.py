"""Explain rows with a package: from its graph and its ``explanation.json``, without any training library."""

from __future__ import annotations

import threading
from functools import cached_property

import numpy as np
from pydantic import ValidationError

from modelwright.data import Inputs
from modelwright.deployment.inspection import parse_graph
from modelwright.deployment.package import EXPLANATION, Package
from modelwright.deployment.scorer import Scorer, Scores
from modelwright.deployment.session import Session
from modelwright.errors import PackageError
from modelwright.explanation import Explainer, Explaining, Explanation, in_words, read_parts


class PackageExplainer:
    """Explain rows with a package.

    It is made ready at the first row, so that a server that explains nothing waits for nothing.

    Parameters
    ----------
    package : Package
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._lock = threading.Lock()

    def explain(self, inputs: Inputs, scores: Scores) -> list[Explanation]:
        """Explain every row.

        Parameters
        ----------
        inputs : Inputs
            As `modelwright.data.matrices` or a `modelwright.data.Validator` makes them.
        scores : Scores
            What the scorer said of them.

        Raises
        ------
        PackageError
            If the package was built without what explanations need.
        """
        with self._lock:
            explainer, session = self._explainer, self._features
        classes = self._package.contract.classes
        features = session.run(inputs)
        explained = []
        for row in range(len(inputs)):
            label = 1 if len(classes) == 2 else classes.index(str(scores.predictions[row])) if classes else 0
            attribution = explainer.explain([each[row] for each in features], label)
            explained.append(in_words(attribution, self._package.contract, inputs[row : row + 1], label))
        return explained

    @cached_property
    def _explaining(self) -> Explaining:
        content = self._package.content.get(EXPLANATION)
        if content is None:
            raise PackageError(
                f"the package has no {EXPLANATION}, so its answers cannot be explained; build it again"
            )
        try:
            explaining = Explaining.model_validate_json(content)
        except ValidationError as error:
            raise PackageError(
                f"{EXPLANATION} is not as Modelwright writes it; build the package again"
            ) from error
        columns = tuple(column.name for column in self._package.contract.features)
        if explaining.columns != columns:
            raise PackageError(f"{EXPLANATION} is not of the package's contract; build the package again")
        return explaining

    @cached_property
    def _features(self) -> Session:
        """A session of the graph that gives the features of rows, and stops there."""
        from onnx import TensorProto
        from onnx.helper import make_tensor_value_info

        model = parse_graph(self._package.graph)
        del model.graph.output[:]
        for at in range(len(self._explaining.sources)):
            model.graph.output.append(make_tensor_value_info(f"features{at}", TensorProto.FLOAT, None))
        return Session(model.SerializeToString())

    @cached_property
    def _explainer(self) -> Explainer:
        explaining = self._explaining
        parts = read_parts(parse_graph(self._package.graph), explaining)
        return Explainer(
            explaining.columns,
            parts,
            explaining.columns_of,
            self._features.run(_background(explaining)),
            temperature=explaining.temperature,
            shifts=explaining.shifts,
        )


def explain_rows(package: Package, inputs: Inputs) -> list[Explanation]:
    """Explain every row with a package that is at hand for this alone; see `PackageExplainer.explain`."""
    return PackageExplainer(package).explain(inputs, Scorer(package).score(inputs))


def _background(explaining: Explaining) -> Inputs:
    rows = explaining.background
    count = max(len(rows.numbers), len(rows.texts), len(rows.times))
    numbers = np.array(
        [[np.nan if value is None else value for value in row] for row in rows.numbers], dtype=np.float32
    )
    texts = np.empty((count, len(rows.texts[0]) if rows.texts else 0), dtype=object)
    for at, row in enumerate(rows.texts):
        texts[at] = row
    return Inputs(numbers.reshape(count, -1), texts, np.array(rows.times, dtype=np.int64).reshape(count, -1))

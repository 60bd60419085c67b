"""What a package keeps so that its answers can be explained: data alone, no row of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, model_validator

from modelwright.algorithms import Forest, Linear, Link, Splines
from modelwright.data import Contract, matrices
from modelwright.explanation.explainer import Explainer, Part

if TYPE_CHECKING:
    from modelwright.training import Member, Model


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Learner(_Part):
    """One member of the model; its trees or weights are read from ``model.onnx``.

    Attributes
    ----------
    features : int
        Which set of features it reads: the graph's tensor ``features0``, ``features1``, …
    weight : float
        Share in the average.
    kind : {"forest", "linear", "splines", "other"}
        Its form; of another form, the graph is asked as a whole.
    link : Link
        How its raw outputs become a prediction.
    base : tuple of float
        What a forest's raw outputs start from; empty for other forms.
    """

    features: int
    weight: float
    kind: Literal["forest", "linear", "splines", "other"]
    link: Link
    base: tuple[float, ...] = ()


class Background(_Part):
    """Rows against which a row is held, as the graph's inputs; see `draw_background`.

    Attributes
    ----------
    numbers : tuple of tuple of float or None
    texts : tuple of tuple of str
    times : tuple of tuple of int
    """

    numbers: tuple[tuple[float | None, ...], ...]
    texts: tuple[tuple[str, ...], ...]
    times: tuple[tuple[int, ...], ...]


class Explaining(_Part):
    """The file ``explanation.json``.

    Attributes
    ----------
    format : int
        Version of this form.
    columns : tuple of str
        The features' columns, in the contract's order.
    sources : tuple of tuple of (int or tuple of int)
        For each set of features, the position of each feature's column, or of its columns where it is made
        from several.
    learners : tuple of Learner
        In the order of the graph's tensors ``member0``, ``member1``, …
    temperature : float
        Of the calibration; 1 where there is none.
    shifts : tuple of float
        Of the calibration, one for each class; empty for regression.
    background : Background
    milliseconds : float or None
        Median time to explain one row, on the machine that built it.
    """

    format: Literal[1] = 1
    columns: tuple[str, ...]
    sources: tuple[tuple[int | tuple[int, ...], ...], ...]
    learners: tuple[Learner, ...]
    temperature: float
    shifts: tuple[float, ...]
    background: Background
    milliseconds: float | None = None

    @property
    def columns_of(self) -> list[list[tuple[int, ...]]]:
        """For each set of features, the positions of each feature's columns."""
        return [[(of,) if isinstance(of, int) else of for of in sources] for sources in self.sources]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.learners or any(not 0 <= each.features < len(self.sources) for each in self.learners):
            raise ValueError("learners: each needs its set of features")
        positions = [columns for sources in self.columns_of for columns in sources]
        if any(not of or not all(0 <= at < len(self.columns) for at in of) for of in positions):
            raise ValueError("sources: each feature needs its column")
        rows = {len(part) for part in (self.background.numbers, self.background.texts, self.background.times)}
        if len(rows) != 1 or rows == {0}:
            raise ValueError("background: its parts must have the same rows")
        return self


def describe(model: Model, contract: Contract, background: pl.DataFrame) -> Explaining:
    """Write down what explanations of a model need, besides the graph.

    Parameters
    ----------
    model : Model
    contract : Contract
    background : polars.DataFrame
        As `draw_background` made it.
    """
    temperature, shifts = _calibration(model)
    inputs = matrices(contract, background)
    return Explaining(
        columns=_columns(contract),
        sources=tuple(
            tuple(of[0] if len(of) == 1 else of for of in found) for found in _sources(model, contract)
        ),
        learners=tuple(
            _learner(member, at) for member, at in zip(model.members, model.feature_sets, strict=True)
        ),
        temperature=temperature,
        shifts=shifts,
        background=Background(
            numbers=tuple(
                tuple(None if np.isnan(value) else value for value in row) for row in inputs.numbers.tolist()
            ),
            texts=tuple(tuple(row) for row in inputs.texts.tolist()),
            times=tuple(tuple(row) for row in inputs.times.tolist()),
        ),
    )


def _learner(member: Member, features: int) -> Learner:
    form = member.learner
    if not isinstance(form, Forest | Linear | Splines):
        return Learner(features=features, weight=member.weight, kind="other", link=Link.IDENTITY)
    base = tuple(form.base.tolist()) if isinstance(form, Forest) else ()
    kind: Any = form.kind
    return Learner(features=features, weight=member.weight, kind=kind, link=form.link, base=base)


def explainer_of(model: Model, contract: Contract, background: pl.DataFrame) -> Explainer:
    """Make a trained model ready to explain rows; parameters as for `describe`."""
    temperature, shifts = _calibration(model)
    parts = [
        Part(member.learner, at, member.weight)
        for member, at in zip(model.members, model.feature_sets, strict=True)
    ]
    return Explainer(
        _columns(contract),
        parts,
        _sources(model, contract),
        [made.transform(background) for made in model.representations],
        temperature=temperature,
        shifts=shifts,
    )


def _columns(contract: Contract) -> tuple[str, ...]:
    return tuple(column.name for column in contract.features)


def _sources(model: Model, contract: Contract) -> list[list[tuple[int, ...]]]:
    position = {name: at for at, name in enumerate(_columns(contract))}
    return [[tuple(position[name] for name in of) for of in made.sources] for made in model.representations]


def _calibration(model: Model) -> tuple[float, tuple[float, ...]]:
    if model.calibration is not None:
        return model.calibration.temperature, model.calibration.shifts
    return 1.0, (0.0,) * model.n_outputs if model.task.is_classification else ()

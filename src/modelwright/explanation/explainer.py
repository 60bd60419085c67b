"""What each column adds to the answer for a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Forest, Linear, Link, Portable, Splines
from modelwright.explanation.chain import Chain
from modelwright.explanation.forests import ForestShares
from modelwright.explanation.players import Players
from modelwright.explanation.sampled import SampledShares, Score
from modelwright.explanation.sums import LinearShares, SplineShares

_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Part:
    """One member of the model, as an explanation needs it.

    Attributes
    ----------
    learner : Portable or callable
        A learner, or what scores its features where its form is not known.
    features : int
        Which of the sets of features it reads.
    weight : float
        Share in the average.
    """

    learner: Portable | Score
    features: int
    weight: float


@dataclass(frozen=True, eq=False)
class Attribution:
    """What each column adds to the answer for one row.

    Attributes
    ----------
    base : float
        The mean answer over the background.
    output : float
        The row's answer: `base` and all `values` add up to it.
    values : ndarray of shape (columns,)
    """

    base: float
    output: float
    values: _Floats


class Explainer:
    """A model and a background, made ready to explain rows.

    Shares of each member's raw output are Shapley values against each background row: of trees by
    `ForestShares`, of sums and splines in closed form, of other forms sampled. `Chain` carries them to the
    answer. For a regression, and for classes where one learner's log-odds are the answer, they are the
    Shapley values of the whole model; otherwise each member's are exact (or sampled) on its own raw scale.
    What features made from several columns add is divided equally among these (see `Players`).

    Parameters
    ----------
    columns : sequence of str
        What the answer is shared out over.
    parts : sequence of Part
        The model's members.
    sources : sequence of sequence of sequence of int
        For each set of features, the positions of the columns that each feature is made from.
    background : sequence of ndarray of shape (b, n_features), float32
        For each set of features, those of the background's rows.
    temperature : float, default 1
        Of the calibration.
    shifts : sequence of float
        Of the calibration, one for each class; empty for regression.
    """

    def __init__(
        self,
        columns: Sequence[str],
        parts: Sequence[Part],
        sources: Sequence[Sequence[Sequence[int]]],
        background: Sequence[NDArray[np.float32]],
        *,
        temperature: float = 1.0,
        shifts: Sequence[float] = (),
    ) -> None:
        self.columns = tuple(columns)
        self._features = [part.features for part in parts]
        players = [Players.of(each, len(self.columns)) for each in sources]
        self._portions = [players[part.features].portions for part in parts]
        self._shares = [
            _shares(part.learner, background[part.features], players[part.features]) for part in parts
        ]
        links = tuple(_link(part.learner) for part in parts)
        self._chain = Chain(tuple(part.weight for part in parts), links, temperature, tuple(shifts))
        self._raw_background = [each.raw_background for each in self._shares]
        self._below = self._chain.average(self._raw_background)

    def explain(self, features: Sequence[NDArray[np.float32]], label: int) -> Attribution:
        """Share out the answer for one row.

        Parameters
        ----------
        features : sequence of ndarray of shape (n_features,), float32
            The row's features, for each set of them.
        label : int
            Code of the label whose log-odds are shared out; 0 for regression.
        """
        shared = [each.share(features[at]) for each, at in zip(self._shares, self._features, strict=True)]
        raw = [own for _, own in shared]
        average = self._chain.average([own[None, :] for own in raw])
        output = float(self._chain.answer(average, label)[0])
        base = float(self._chain.answer(self._below, label).mean())
        slopes = self._chain.slopes(raw, self._raw_background, average[0], self._below, label)
        parts = (
            np.einsum("bpk,bk->p", shares, slope) @ portions / len(slope)
            for (shares, _), slope, portions in zip(shared, slopes, self._portions, strict=True)
        )
        values = np.sum(list(parts), axis=0)
        return Attribution(base, output, _completed(values, output - base))


def _shares(
    learner: Portable | Score, background: NDArray[np.float32], players: Players
) -> ForestShares | LinearShares | SampledShares:
    game = (background, players.of_feature, len(players.portions))
    if isinstance(learner, Forest):
        return ForestShares(learner, *game)
    if isinstance(learner, Linear):
        return LinearShares(learner, *game)
    if isinstance(learner, Splines):
        return SplineShares(learner, *game)
    return SampledShares(learner.predict if isinstance(learner, Portable) else learner, *game)


def _link(learner: Portable | Score) -> Link:
    """Return how what is shared out becomes a prediction; of forms that are only asked, it is one."""
    return learner.link if isinstance(learner, Forest | Linear | Splines) else Link.IDENTITY


def _completed(values: _Floats, total: float) -> _Floats:
    """Spread what averaging the derivatives in steps left over, by the size of the values."""
    size = np.abs(values)
    left = total - values.sum()
    completed: _Floats = values + (left * size / size.sum() if size.sum() > 0 else left / len(values))
    return completed

"""What is known besides the vault when incorrect outcomes are looked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright import data, explanation
from modelwright.evaluation import Background
from modelwright.features import Style
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.rows_explained import labels_to_explain, rows_to_explain
from modelwright.training import Model, Trained


def background_of(prepared: Preparation, trained: Trained, sealed_rows: pl.DataFrame) -> Background:
    """Return what is known besides the vault."""
    group = prepared.brief.columns.group
    return Background(
        contract=prepared.contract,
        frame=prepared.frame,
        y=prepared.y,
        features=_features(trained.model),
        judged=trained.judged,
        out_of_fold=trained.out_of_fold,
        groups=prepared.rows[group].to_numpy() if group else None,
        moments=_moments(prepared, prepared.rows),
        sealed_moments=_moments(prepared, sealed_rows),
        explain=_Explaining(prepared, trained.model).explain,
    )


def _features(model: Model) -> Callable[[pl.DataFrame], NDArray[np.floating]]:
    """Return the features in which rows are near each other: scaled ones, where there are any."""
    made = [member.representation for member in model.members]
    chosen = next((each for each in made if each.style == Style.LINEAR), made[0])
    return chosen.transform


def _moments(prepared: Preparation, rows: pl.DataFrame) -> pl.Series | None:
    """Return when each row was known, in seconds, where the brief names a time that is one."""
    column = prepared.contract.with_role("time")
    if column is None or column.kind != "time":
        return None
    cleaned = data.clean(rows, prepared.contract.cleaning)
    seconds = data.times_of(cleaned, prepared.contract)
    known = pl.Series(column.name, seconds)
    return known.set(known.is_infinite(), None).cast(pl.Int64)


class _Explaining:
    """Reasons of the answers to the vault's rows, for as many of them as can be had in a moment."""

    def __init__(self, prepared: Preparation, model: Model) -> None:
        self._prepared = prepared
        self._model = model

    def explain(self, positions: NDArray[np.int64]) -> Sequence[Sequence[str]]:
        """Return the reasons of each row; none for those that would take too long."""
        contract, model = self._prepared.contract, self._model
        near = explanation.draw_background(
            self._prepared.frame, contract, seed=self._prepared.brief.training.seed
        )
        explainer = explanation.explainer_of(model, contract, near)
        rows = self._prepared.sealed_frame[positions]
        inputs = data.matrices(contract, rows)
        features = [made.transform(rows) for made in model.representations]
        labels = labels_to_explain(model, rows)
        reasons: list[Sequence[str]] = [()] * len(positions)
        for row in range(min(len(positions), rows_to_explain(model))):
            attribution = explainer.explain([each[row] for each in features], labels[row])
            reasons[row] = explanation.in_words(
                attribution, contract, inputs[row : row + 1], labels[row]
            ).reasons
        return reasons

"""Thresholds of their own for the groups of a protected column, where the brief asks for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from modelwright.lifecycle.preparation import Preparation
from modelwright.training import GroupThresholds, Trained


def mitigated(prepared: Preparation, trained: Trained) -> Trained:
    """Give the groups that the brief names thresholds of their own, learnt out of fold."""
    brief = prepared.brief
    if not brief.fairness.mitigate:
        return trained
    thresholds = GroupThresholds.fit(
        prepared.contract,
        prepared.frame[trained.judged],
        prepared.y[trained.judged],
        trained.out_of_fold[:, 1],
        column=brief.fairness.mitigate,
        constraint=brief.fairness.constraint,
        gap=brief.promises.group_gap,
        costs=(brief.costs.false_positive, brief.costs.false_negative),
    )
    return replace(trained, model=replace(trained.model, thresholds=thresholds))


def thresholds_in(prepared: Preparation, trained: Trained) -> NDArray[np.float32] | None:
    """Return the threshold of each of the vault's rows; None where there is one for all."""
    own = trained.model.thresholds
    return None if own is None else own.of(prepared.sealed_frame)

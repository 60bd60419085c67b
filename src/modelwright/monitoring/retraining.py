"""Whether to retrain, and on which rows the challenger is then judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from modelwright.monitoring.result import Monitoring

_LEAST_LABELS = 100  # with fewer, a challenger would learn little that is new
_LEAST_JUDGED = 50  # with fewer, a comparison decides nothing
_JUDGED_SHARE = 0.3
_CURABLE = frozenset({"performance", "score", "label", "drift", "unseen"})


class Decision(BaseModel):
    """Whether to retrain.

    Attributes
    ----------
    decision : {"retrain", "keep"}
    reason : str
        Why, in words.
    evidence : dict
        The figures, as JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["retrain", "keep"]
    reason: str
    evidence: dict[str, Any]


def decide_retrain(monitoring: Monitoring, *, if_needed: bool) -> Decision:
    """Decide whether to retrain.

    Parameters
    ----------
    monitoring : Monitoring
        What the last visit found.
    if_needed : bool
        Whether to retrain only for a reason: an open alarm that new labels can cure (not of missing or
        out-of-range values, which are cured at their source), and at least 100 labels to learn from.
    """
    alarms = [alarm for alarm in monitoring.open_alarms if alarm.promise in _CURABLE]
    n_labels = monitoring.labels.arrived
    evidence = {
        "alarms": [alarm.id for alarm in alarms],
        "labels": n_labels,
        "least_labels": _LEAST_LABELS,
        "if_needed": if_needed,
    }
    if not if_needed:
        return Decision(decision="retrain", reason="it was asked for", evidence=evidence)
    if not alarms:
        others = len(monitoring.open_alarms)
        reason = "no promise is broken"
        if others:
            reason = f"the {others} open alarms are of the data, and cured at its source"
        return Decision(decision="keep", reason=reason, evidence=evidence)
    what = "; ".join(alarm.words for alarm in alarms[:3]) + ("; ..." if len(alarms) > 3 else "")
    if n_labels < _LEAST_LABELS:
        reason = f"{what}; but only {n_labels} labels have come to learn from, and {_LEAST_LABELS} are needed"
        return Decision(decision="keep", reason=reason, evidence=evidence)
    return Decision(decision="retrain", reason=what, evidence=evidence)


@dataclass(frozen=True)
class Aside:
    """Labelled observations, divided into those to learn from and those to judge by.

    Attributes
    ----------
    learn : DataFrame
        Raw rows with the target: the challenger may be trained on them.
    judge : DataFrame
        The newest raw rows with the target, which neither model has seen; empty where they would be too few.
    """

    learn: pl.DataFrame
    judge: pl.DataFrame


def set_aside(labelled: pl.DataFrame, target: str) -> Aside:
    """Set the newest labelled rows of a release aside, to compare challenger and champion on.

    The champion was trained before it was released, so it has seen none of its own observations.

    Parameters
    ----------
    labelled : DataFrame
        The labelled observations of the current release, as ``Operations.observations`` returns them.
    target : str
        Name of the target's column.

    Returns
    -------
    Aside
        The newest 30 % are judged by, where these are at least 50 rows.
    """
    rows = labelled_rows(labelled, target)
    n_judged = int(rows.height * _JUDGED_SHARE)
    if n_judged < _LEAST_JUDGED:
        n_judged = 0
    return Aside(learn=rows.head(rows.height - n_judged), judge=rows.tail(n_judged))


def labelled_rows(labelled: pl.DataFrame, target: str) -> pl.DataFrame:
    """Return labelled observations as raw rows with their labels in the target's column, oldest first."""
    if labelled.is_empty():
        return pl.DataFrame({target: labelled["label"]})
    rows = labelled["row"].struct.unnest()
    return rows.with_columns(labelled["label"].alias(target))

"""Whether to retrain, and why."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from modelwright.monitoring.result import Monitoring

_LEAST_LABELS = 100  # with fewer, a challenger would learn little that is new
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
        return Decision(decision="retrain", reason="Retraining was asked for.", evidence=evidence)
    if not alarms:
        n_others = len(monitoring.open_alarms)
        reason = "Every promise holds."
        if n_others:
            reason = f"The open alarms ({n_others}) are about the data's source; a new model can't cure them."
        return Decision(decision="keep", reason=reason, evidence=evidence)
    more = f" (and {len(alarms) - 1} more alarms)" if len(alarms) > 1 else ""
    what = f"{alarms[0].code} {alarms[0].words}{more}."
    if n_labels < _LEAST_LABELS:
        reason = f"{what} But only {n_labels} labels have come to learn from; {_LEAST_LABELS} are needed."
        return Decision(decision="keep", reason=reason, evidence=evidence)
    return Decision(decision="retrain", reason=what, evidence=evidence)

"""What was answered and what turned out to be true while a challenger was on trial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

# This module is imported only by code that has opened a database.
from sqlalchemy import Connection, Select, Text, cast, literal, select  # noqa: TID253

from modelwright.store.observed import frame_of, typed
from modelwright.store.records import Rollout, ShadowScore
from modelwright.store.schema import label, observation, shadow_score

_COLUMNS: dict[str, type[pl.DataType]] = {
    "seq": pl.Int64,
    "release": pl.String,
    "prediction": pl.String,
    "value": pl.Float64,
    "probabilities": pl.String,
    "label": pl.String,
    "label_value": pl.Float64,
}


def insert_shadow_scores(connection: Connection, scores: Sequence[ShadowScore]) -> None:
    """Keep what a challenger would have answered; see `Operations.append_shadow_scores`."""
    rows = [
        {
            "prediction_id": each.prediction_id,
            "release": each.release,
            "prediction": each.prediction if isinstance(each.prediction, str) else None,
            "value": None if isinstance(each.prediction, str) else each.prediction,
            "probabilities": each.probabilities,
            "latency_ms": each.latency_ms,
        }
        for each in scores
    ]
    connection.execute(shadow_score.insert(), rows)


def fetch_trial_labels(
    connection: Connection, rollout: Rollout, after: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return labelled answers of champion and challenger; see `Operations.trial_labels`."""
    if not rollout.is_shadow:
        answered = _answered(rollout, after, (rollout.champion, rollout.release))
        both = _frame(connection, answered.add_columns(observation.c.release))
        theirs = both["release"] == rollout.release
        return both.filter(~theirs), both.filter(theirs)
    shadow = (shadow_score.c.prediction_id == observation.c.id) & (shadow_score.c.release == rollout.release)
    answered = _answered(rollout, after, (rollout.champion,)).join(shadow_score, shadow)
    given = answered.add_columns(observation.c.release)
    instead = answered.with_only_columns(
        label.c.seq,
        shadow_score.c.prediction,
        shadow_score.c.value,
        cast(shadow_score.c.probabilities, Text).label("probabilities"),
        label.c.label,
        label.c.value.label("label_value"),
        literal(rollout.release).label("release"),
        maintain_column_froms=True,
    )
    return _frame(connection, given), _frame(connection, instead)


def _answered(rollout: Rollout, after: int, releases: Sequence[str]) -> Select[Any]:
    """Return the query for first labels of answers given during the trial."""
    each = label.alias()
    earlier = select(each.c.seq).where(
        each.c.prediction_id == label.c.prediction_id, each.c.seq < label.c.seq
    )
    return (
        select(
            label.c.seq,
            observation.c.prediction,
            observation.c.value,
            cast(observation.c.probabilities, Text).label("probabilities"),
            label.c.label,
            label.c.value.label("label_value"),
        )
        .join_from(label, observation, observation.c.id == label.c.prediction_id)
        .where(
            observation.c.release.in_(releases),
            observation.c.at >= rollout.at,
            label.c.seq > after,
            ~earlier.exists(),
        )
        .order_by(label.c.seq)
    )


def _frame(connection: Connection, statement: Select[Any]) -> pl.DataFrame:
    return typed(frame_of(connection, statement, _COLUMNS))

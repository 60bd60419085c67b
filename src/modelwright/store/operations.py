"""The operations database: looks, releases, observations, labels, alarms, decisions and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from modelwright.store.database import now
from modelwright.store.day import DayRecords
from modelwright.store.delivery_records import DeliveryRecords
from modelwright.store.identity import ident
from modelwright.store.records import (
    Decision,
    Event,
    Label,
    Look,
    Observation,
    Rollout,
    ShadowScore,
)
from modelwright.store.release_records import ReleaseRecords

if TYPE_CHECKING:
    import polars as pl


class Operations(ReleaseRecords, DeliveryRecords, DayRecords):
    """Open the operations database, bringing its schema up to date.

    Everything a method was given is durable when the method returns. Any number of processes and threads
    may use one database.

    Parameters
    ----------
    url : str
        SQLAlchemy URL: ``sqlite:///PATH``, or ``postgresql+psycopg://...``.

    Raises
    ------
    StoreError
        If the database cannot be opened, or was written by a newer Modelwright.
    """

    # ---- looks at the vault

    def record_look(self, snapshot: str, run: str, reason: str) -> Look:
        """Record one opening of the vault of ``snapshot``."""
        from modelwright.store.schema import look

        made = Look(ident("look"), now(), snapshot, run, reason)
        self._add(look, asdict(made))
        return made

    def looks(self, snapshot: str) -> int:
        """Count the openings of the vault of ``snapshot``."""
        return len(self.look_ledger(snapshot))

    def look_ledger(self, snapshot: str) -> list[Look]:
        """List the openings of the vault of ``snapshot``, oldest first."""
        from modelwright.store.schema import look

        return [Look(**row) for row in self._all(look.select().where(look.c.snapshot == snapshot), look)]

    # ---- observations and labels

    def append_observations(self, observations: Sequence[Observation]) -> None:
        """Keep predictions, all in one transaction; their labels come by `add_labels`."""
        from modelwright.store.observed import as_row
        from modelwright.store.schema import observation

        if observations:
            with self._writing() as connection:
                connection.execute(observation.insert(), [as_row(each) for each in observations])

    def observation(self, prediction_id: str) -> Observation | None:
        """Return one prediction with its latest label, or None where the identifier is unknown."""
        from modelwright.store.observed import fetch_one

        with self._reading() as connection:
            return fetch_one(connection, prediction_id)

    def observations(
        self,
        release: str | None = None,
        labelled: bool | None = None,
        since: datetime | None = None,
        newest: int | None = None,
    ) -> pl.DataFrame:
        """Return predictions with their latest labels, ordered by time.

        Parameters
        ----------
        release : str, optional
            Only those of this release.
        labelled : bool, optional
            Only those with (True) or without (False) a label.
        since : datetime, optional
            Only those at or after this instant.
        newest : int, optional
            Only so many, the newest.

        Returns
        -------
        polars.DataFrame
            ``id``, ``at`` (UTC), ``release``, ``row`` (a struct with one field per column),
            ``prediction`` (text for classes, a number for regression), ``probabilities`` (a struct with one
            field per label; null for regression), ``latency_ms``, ``label`` (as ``prediction``; null where
            not known yet), ``labelled_at``.
        """
        from modelwright.store.observed import fetch

        with self._reading() as connection:
            return fetch(connection, release, labelled, since, newest)

    def first_labels(self, release: str, after: int = 0) -> pl.DataFrame:
        """Return the predictions of a release whose first label came after label number `after`.

        A label that corrects an earlier one is no first label. Labels come in the order they were kept.

        Returns
        -------
        polars.DataFrame
            ``seq`` (number of the label), ``labelled_at`` (UTC), ``id``, ``at``, ``prediction``,
            ``probabilities`` and ``label`` (the first), as in `observations`.
        """
        from modelwright.store.observed import fetch_first_labels

        with self._reading() as connection:
            return fetch_first_labels(connection, release, after)

    def add_labels(self, labels: Sequence[Label]) -> int:
        """Keep what turned out to be true; the latest label of a prediction counts.

        A label equal to the one already kept changes nothing, so the same file can be given twice.

        Parameters
        ----------
        labels : sequence of Label
            In the order they became known.

        Returns
        -------
        int
            How many were new or changed.

        Raises
        ------
        FeedbackError
            If a prediction is unknown; then no label is kept.
        """
        from modelwright.store.observed import keep_labels

        with self._writing() as connection:
            return keep_labels(connection, labels, now())

    def unknown_predictions(self, ids: Sequence[str]) -> set[str]:
        """Return those of ``ids`` that no prediction has."""
        from modelwright.store.observed import latest_labels

        with self._reading() as connection:
            return set(ids) - latest_labels(connection, ids).keys()

    # ---- trials

    def append_shadow_scores(self, scores: Sequence[ShadowScore]) -> None:
        """Keep what a challenger in the shadow would have answered."""
        from modelwright.store.trials import insert_shadow_scores

        if scores:
            with self._writing() as connection:
                insert_shadow_scores(connection, scores)

    def trial_labels(self, rollout: Rollout, after: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return what champion and challenger said where the first label came after label number `after`.

        Only predictions given during the trial count. In the shadow both frames have the same rows; in a
        canary each has the rows that it answered.

        Returns
        -------
        tuple of polars.DataFrame
            Of the champion and of the challenger: ``seq`` (number of the label), ``prediction``,
            ``probabilities`` and ``label``, as in `observations`; and ``release``.
        """
        from modelwright.store.trials import fetch_trial_labels

        with self._reading() as connection:
            return fetch_trial_labels(connection, rollout, after)

    # ---- monitoring, decisions, events

    def watch(self, release: str) -> dict[str, Any] | None:
        """Return what monitoring remembers of a release, or None before its first visit."""
        from modelwright.store.schema import watch

        with self._reading() as connection:
            statement = watch.select().where(watch.c.release == release).with_only_columns(watch.c.state)
            state = connection.execute(statement).scalar()
        return None if state is None else dict(state)

    def keep_watch(self, release: str, state: dict[str, Any]) -> None:
        """Replace what monitoring remembers of a release."""
        from modelwright.store.schema import watch

        with self._writing() as connection:
            connection.execute(watch.delete().where(watch.c.release == release))
            connection.execute(watch.insert(), {"release": release, "at": now(), "state": state})

    def add_decision(
        self,
        decision: str,
        reason: str,
        evidence: dict[str, Any],
        run: str | None = None,
        release: str | None = None,
    ) -> Decision:
        """Record whether to retrain, and why."""
        from modelwright.store import schema

        made = Decision(ident("decision"), now(), decision, reason, run, release, evidence)
        self._add(schema.decision, asdict(made))
        return made

    def decisions(self) -> list[Decision]:
        """List all decisions, oldest first."""
        from modelwright.store.schema import decision

        return [Decision(**row) for row in self._all(decision.select(), decision)]

    def add_event(self, kind: str, body: dict[str, Any]) -> Event:
        """Record anything else worth keeping."""
        from modelwright.store.schema import event

        made = Event(ident("event"), now(), kind, body)
        self._add(event, asdict(made))
        return made

    def events(self, kind: str | None = None) -> list[Event]:
        """List events, oldest first, where asked only of one kind."""
        from modelwright.store.schema import event

        statement = event.select() if kind is None else event.select().where(event.c.kind == kind)
        return [Event(**row) for row in self._all(statement, event)]

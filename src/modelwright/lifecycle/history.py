"""What was in production when, and what was tried beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from modelwright.store import IN_FULL, Operations, Release, Rollout


@dataclass(frozen=True)
class Period:
    """One release and the time for which it stood.

    Attributes
    ----------
    release : str
    run : str
    kind : {"deploy", "rollback", "promote", "shadow", "canary"}
    since : datetime
        In UTC.
    until : datetime or None
        In UTC; None where it stands now.
    share : float
        Of the keys that it answered: 1 in full, 0 in the shadow.
    ended : str
        What ended it; empty where it stands now.
    """

    release: str
    run: str
    kind: str
    since: datetime
    until: datetime | None
    share: float
    ended: str

    @property
    def stands(self) -> bool:
        """Whether it stands now."""
        return self.until is None


def list_releases(operations: Operations) -> tuple[Period, ...]:
    """List all that was in production or on trial, oldest first; nothing is ever taken from the record."""
    releases = operations.releases()
    trials = {each.release: each for each in operations.rollouts()}
    in_full = [each for each in releases if each.kind in IN_FULL]
    after = {each.id: following for each, following in pairwise(in_full)}
    return tuple(
        _of_trial(each, trials[each.id]) if each.id in trials else _in_full(each, after.get(each.id))
        for each in releases
    )


def _in_full(release: Release, following: Release | None) -> Period:
    verbs = {"deploy": "replaced by", "promote": "replaced by", "rollback": "taken back for"}
    ended = "" if following is None else f"{verbs[following.kind]} {following.id}"
    until = None if following is None else following.at
    return Period(release.id, release.run, release.kind, release.at, until, 1.0, ended)


def _of_trial(release: Release, trial: Rollout) -> Period:
    ended = "" if trial.ended is None else f"{trial.status}: {trial.reason}"
    return Period(release.id, release.run, release.kind, release.at, trial.ended, trial.share, ended)

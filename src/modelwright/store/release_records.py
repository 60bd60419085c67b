"""What was in production when, and what was tried beside it: kept for ever."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from modelwright.errors import ReleaseError
from modelwright.store.access import AccessRecords, log
from modelwright.store.database import now
from modelwright.store.identity import ident
from modelwright.store.records import IN_FULL, Release, ReleaseKind, Rollout, RolloutStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select


class ReleaseRecords(AccessRecords):
    """Releases, and the challengers that stand beside one on trial."""

    def add_release(
        self,
        *,
        run: str,
        package: str,
        version: int | None,
        verdict: dict[str, Any],
        kind: ReleaseKind = "deploy",
    ) -> Release:
        """Put a package to use in place of the current release; a challenger on trial is ended by it.

        Parameters
        ----------
        run : str
            The run that built it.
        package : str
            Folder of the package.
        version : int or None
            Version in the model registry.
        verdict : dict
            What the gate said, as JSON.
        kind : {"deploy", "rollback", "promote"}
            Through the gate, back to an earlier one, or after a trial.

        Raises
        ------
        ReleaseError
            If the release after a trial comes when that has ended.
        """
        from modelwright.store.schema import release

        with self._writing() as connection:
            current = connection.execute(_in_full().limit(1)).mappings().first()
            if kind == "promote" and connection.execute(_running()).first() is None:
                raise ReleaseError("the trial has ended already, so its challenger is not promoted")
            replaced = None if current is None else current["id"]
            made = Release(ident("release"), now(), run, package, version, verdict, replaced, kind)
            connection.execute(release.insert(), asdict(made))
            ended = "promoted" if kind == "promote" else "superseded"
            _end(connection, ended, f"{made.id} took the place of the champion that it stood beside")
            log(connection, kind, {"release": made.id, "run": run, "replaced": replaced})
        return made

    def current_release(self) -> Release | None:
        """Return what answers in production, or None where nothing does; a challenger on trial is not it."""
        with self._reading() as connection:
            row = connection.execute(_in_full().limit(1)).mappings().first()
        return None if row is None else Release(**row)

    def releases(self) -> list[Release]:
        """List all releases, oldest first, those too that were on trial only."""
        from modelwright.store.schema import release

        return [Release(**row) for row in self._all(release.select(), release)]

    def begin_rollout(
        self,
        *,
        run: str,
        package: str,
        version: int | None,
        verdict: dict[str, Any],
        share: float,
        key: str = "",
    ) -> Rollout:
        """Put a challenger beside the current release.

        Parameters
        ----------
        run, package, version, verdict
            As for `add_release`.
        share : float
            Of the keys, for the challenger; 0 lets it score in the shadow without answering.
        key : str, default ""
            Column whose value decides who answers; empty for the whole row.

        Raises
        ------
        ReleaseError
            If nothing is in production, or another challenger is on trial.
        """
        from modelwright.store.schema import release, rollout

        kind: ReleaseKind = "canary" if share else "shadow"
        with self._writing() as connection:
            current = connection.execute(_in_full().limit(1)).mappings().first()
            other = connection.execute(_running()).mappings().first()
            if current is None:
                raise ReleaseError(
                    "nothing is in production that a challenger could stand beside; deploy it without a trial"
                )
            if other is not None:
                raise ReleaseError(
                    f"{other['release']} is on trial already; `modelwright rollback` ends that trial"
                )
            made = Release(ident("release"), now(), run, package, version, verdict, None, kind)
            connection.execute(release.insert(), asdict(made))
            begun = Rollout(made.id, made.at, current["id"], share, key)
            connection.execute(rollout.insert(), asdict(begun))
            log(connection, kind, {"release": made.id, "run": run, "beside": begun.champion, "share": share})
        return begun

    def running_rollout(self) -> Rollout | None:
        """Return the challenger on trial, or None."""
        with self._reading() as connection:
            row = connection.execute(_running()).mappings().first()
        return None if row is None else Rollout(**row)

    def rollouts(self) -> list[Rollout]:
        """List all trials, oldest first."""
        from modelwright.store.schema import rollout

        with self._reading() as connection:
            rows = connection.execute(rollout.select().order_by(rollout.c.at)).mappings().all()
        return [Rollout(**row) for row in rows]

    def end_rollout(self, release: str, status: RolloutStatus, reason: str) -> bool:
        """End a trial and say why; False where it has ended before."""
        with self._writing() as connection:
            ended = _end(connection, status, reason, release)
            if ended:
                log(connection, f"trial {status}", {"release": release, "reason": reason})
        return ended

    def keep_rollout(self, release: str, state: dict[str, Any]) -> None:
        """Replace what is known of a running trial."""
        from modelwright.store.schema import rollout

        this = (rollout.c.release == release) & (rollout.c.status == "running")
        with self._writing() as connection:
            connection.execute(rollout.update().where(this).values(state=state))


def _end(connection: Connection, status: str, reason: str, release: str | None = None) -> bool:
    from modelwright.store.schema import rollout

    which = rollout.c.status == "running"
    if release is not None:
        which &= rollout.c.release == release
    ended = connection.execute(
        rollout.update().where(which).values(status=status, reason=reason, ended=now())
    )
    return ended.rowcount > 0


def _in_full() -> Select[Any]:
    from modelwright.store.schema import release

    chosen = release.select().where(release.c.kind.in_(IN_FULL))
    return chosen.order_by(release.c.at.desc(), release.c.id.desc())


def _running() -> Select[Any]:
    from modelwright.store.schema import rollout

    return rollout.select().where(rollout.c.status == "running").limit(1)

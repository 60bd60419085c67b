"""A running server follows what is in production: no restart, and no request lost."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Protocol

from modelwright.deployment.package import Package
from modelwright.deployment.rollout import Guards, Standing
from modelwright.deployment.server.service import Service
from modelwright.deployment.server.trial import OnTrial

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
_VISIT_EVERY = 5  # looks


class Production(Protocol):
    """What a server asks about production."""

    def standing(self) -> Standing:
        """Say what is in production now; asked every second."""

    def visit(self, guards: Guards) -> object:
        """Judge the challenger on trial, and promote it or take it back where the evidence says so."""


class Follower:
    """A thread that brings a service to what is in production.

    The next package is opened, checked and made ready beside the one that answers; then one reference is
    replaced. Requests under way end with the package they began with.

    Parameters
    ----------
    service : Service
    production : Production
    """

    def __init__(self, service: Service, production: Production) -> None:
        self._service = service
        self._production = production
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self.fault: str | None = None
        """Why the server does not follow at the moment."""

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End, keeping what the guards have seen."""
        self._stopped.set()
        self._thread.join()
        if self._service.trial is not None:
            self._service.trial.stop()
            self._try(visit=True)

    def _run(self) -> None:
        looks = 0
        while not self._stopped.wait(LOOK_SECONDS):
            looks += 1
            self._try(visit=looks % _VISIT_EVERY == 0)

    def _try(self, *, visit: bool) -> None:
        try:
            self.follow()
            if visit and self._service.trial is not None:
                self._production.visit(self._service.trial.guards)
            self.fault = None
        except Exception as error:  # noqa: BLE001 - the server goes on with what it has, and says so
            if self.fault is None:
                _log.exception("the server cannot follow what is in production")
            self.fault = f"what is in production now cannot be followed: {error}"

    def follow(self) -> None:
        """Make the service stand as production does now."""
        now, service = self._production.standing(), self._service
        trial = service.trial
        if now.parties == (service.release, None if trial is None else trial.release):
            return
        champion = service.champion
        if champion.release != now.release:
            champion = service.arm(Package.open(Path(now.package), now.signed_by), now.release)
        challenger = None
        if now.challenger is not None and now.terms is not None:
            arm = service.arm(Package.open(Path(now.challenger_package), now.signed_by), now.challenger)
            challenger = OnTrial(arm, now.terms, service.operations)
        service.stand(champion, challenger)
        if trial is not None:
            trial.stop()

"""A challenger beside the champion: in its shadow, or answering a part of the requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from queue import Empty, Full, Queue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.deployment.asking import Asked
from modelwright.deployment.rollout import (
    Answered,
    Guards,
    TrialTerms,
    for_challenger,
    guarded_classes,
    guarded_scores,
)
from modelwright.deployment.scorer import Scores
from modelwright.deployment.server.arm import Arm, Said
from modelwright.store import Operations, ShadowScore

_log = logging.getLogger(__name__)

MOST_WAITING = 1_000  # requests that wait for the shadow; beyond, the shadow leaves some out
_ROWS_AT_ONCE = 2_000

# A thread's own time, so that a busy machine slows neither of the two in particular. Asking for it enters the
# kernel, which takes a millisecond in some sandboxes, so it is asked for during trials alone.
CLOCK = time.thread_time


class OnTrial:
    """A challenger, the terms of its trial, and the evidence of its guards.

    Parameters
    ----------
    arm : Arm
    terms : TrialTerms
    operations : Operations
        Where the shadow's scores are kept.
    """

    def __init__(self, arm: Arm, terms: TrialTerms, operations: Operations) -> None:
        self._arm = arm
        self._terms = terms
        self._operations = operations
        self._lock = threading.Lock()
        self._queue: Queue[tuple[list[dict[str, Any]], Said] | None] = Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        guards = Guards.begin(guarded_scores(arm.package.manifest.classes, terms.cuts), terms.score_shift)
        self._guards = guards if terms.guards is None else guards.restored(terms.guards)
        self._noted: list[Answered] = []  # weighed by whoever asks for the guards, not by who answers
        self.left_out = 0

    @property
    def release(self) -> str:
        """The challenger's release."""
        return self._arm.release

    @property
    def answers(self) -> bool:
        """Whether it answers some requests, or stands in the shadow."""
        return self._terms.share > 0

    @property
    def guards(self) -> Guards:
        """The evidence of harm so far."""
        with self._lock:
            if self._noted:
                noted, self._noted = self._noted, []
                columns = zip(*((each.is_challenger, each.slow, each.scores) for each in noted), strict=True)
                self._guards = self._guards.unpaired(Answered(*map(np.concatenate, columns)))
            return self._guards

    # ---- a part of the requests

    def chosen(self, records: Sequence[dict[str, Any]]) -> tuple[bool, ...]:
        """Say which records are the challenger's."""
        return for_challenger(self.release, self._terms.share, self._terms.key, records)

    def say(self, records: list[dict[str, Any]], asked: Asked) -> Said | None:
        """Score records; None where the challenger fails, which is held against it."""
        said = None
        try:
            said = self._arm.say(records, asked, CLOCK)
        except Exception:  # noqa: BLE001 - whatever it is, the champion answers instead
            _log.warning("the challenger %s could not score a request", self.release, exc_info=True)
        with self._lock:
            self._guards = self._guards.failed(np.full(len(records), said is None))
        return said

    def answered(self, parts: Sequence[tuple[str, Sequence[int], Said]]) -> None:
        """Take note of who has answered what."""
        with self._lock:
            self._noted += [self._figures(said, release == self.release) for release, _, said in parts]

    # ---- the shadow

    def beside(self, records: list[dict[str, Any]], said: Said) -> None:
        """Take note of what the champion answers; in the shadow, score the same rows later."""
        if self.answers:
            with self._lock:
                self._noted.append(self._figures(said, False))
            return
        self._start()
        try:
            self._queue.put_nowait((records, said))
        except Full:
            self.left_out += len(records)

    def stop(self) -> None:
        """Score what waits, then end the shadow's thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._shadow, name="shadow", daemon=True)
            self._thread.start()

    def _shadow(self) -> None:
        going = True
        while going:
            first = self._queue.get()
            batch, rows = [first], 0
            try:
                while batch[-1] is not None and rows < _ROWS_AT_ONCE:
                    rows += len(batch[-1][0])
                    batch.append(self._queue.get_nowait())
            except Empty:
                pass
            going = batch[-1] is not None
            scores = [each for asked in batch if asked is not None for each in self._score(*asked)]
            try:
                self._operations.append_shadow_scores(scores)
            except Exception:  # noqa: BLE001 - the shadow must not stop because some scores are lost
                self.left_out += len(scores)
                _log.exception("what the challenger said in the shadow could not be kept")

    def _score(self, records: list[dict[str, Any]], given: Said) -> list[ShadowScore]:
        try:
            said = self._arm.say(records, clock=CLOCK)
        except Exception:  # noqa: BLE001 - whatever it is, it is held against the challenger
            _log.warning("the challenger %s could not score a request", self.release, exc_info=True)
            said = None
        with self._lock:
            self._guards = self._guards.failed(np.full(len(records), said is None))
            if said is not None:
                self._guards = self._guards.paired(self._figures(given, False), self._figures(said, True))
        if said is None:
            return []
        return [
            ShadowScore(kept.id, self.release, each.prediction, each.probabilities, said.milliseconds)
            for kept, each in zip(given.predictions, said.predictions, strict=True)
        ]

    def _figures(self, said: Said, is_challenger: bool) -> Answered:
        rows = len(said.predictions)
        slow = said.milliseconds > self._terms.slow_ms
        return Answered(np.full(rows, is_challenger), np.full(rows, slow), self._scores(said.scores, rows))

    def _scores(self, scores: Scores, rows: int) -> NDArray[np.float64]:
        if scores.probabilities is not None:
            return scores.probabilities[:, guarded_classes(scores.classes)].astype(np.float64)
        if not self._terms.cuts:
            return np.empty((rows, 0))
        cuts = np.array(self._terms.cuts)
        return (np.searchsorted(cuts, np.asarray(scores.values)) / len(cuts))[:, None]

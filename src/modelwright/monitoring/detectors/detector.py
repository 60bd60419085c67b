"""What a detector is."""

from __future__ import annotations

from typing import Any, Protocol, Self

from modelwright.monitoring.detectors.evidence import Evidence, Floats


class Detector(Protocol):
    """Watches several streams of observations, and remembers only a summary of fixed size.

    A detector is frozen: `update` returns its next state, which does not depend on how the observations were
    cut into batches.
    """

    @property
    def evidence(self) -> Evidence:
        """The evidence of each stream that something has changed."""

    def update(self, observed: Any, times: Floats) -> Self:
        """Take in observations, oldest first.

        Parameters
        ----------
        observed : ndarray of shape (n, n_streams)
            What was observed: codes of bins, losses or breaches, as the detector states.
        times : ndarray of shape (n,)
            When, in seconds since 1970.
        """

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content."""

    def restored(self, content: dict[str, Any]) -> Self:
        """Return this detector in the state that ``to_dict`` returned."""

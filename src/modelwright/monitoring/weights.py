"""How the false-alarm budget is shared out: by what matters."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from modelwright.monitoring.reference import Reference

Floats = NDArray[np.float64]

_LOSS = 0.25  # of the budget, for the loss: what everything else is only a sign of
_EQUAL = 0.5  # of a column's share, whatever the model makes of it: importance may change


def importance_of(evaluation: bytes | None) -> dict[str, float]:
    """Return how much worse the packaged model gets without each column; empty where that is not known.

    Parameters
    ----------
    evaluation : bytes or None
        ``evaluation.json`` of the package.
    """
    if evaluation is None:
        return {}
    listed = json.loads(evaluation).get("importance") or []
    return {each["column"]: max(float(each["drop"]["value"]), 0.0) for each in listed}


def weigh(
    reference: Reference, n_losses: int, n_breaches: int, importance: Mapping[str, float]
) -> tuple[Floats, Floats, Floats]:
    """Share the budget out over streams, breaches and losses.

    The first loss gets a quarter. Of the rest, half is shared out equally, half by the importance of the
    columns; what is about no column counts as the average one. More of the budget means that less evidence is
    needed; where it halves, an alarm takes as many rows more as double the evidence does, which is few.

    Parameters
    ----------
    reference : Reference
    n_losses, n_breaches : int
        How many of each are watched; the breaches of the reference come first.
    importance : mapping of str to float
        Of columns, at least zero; empty for equal shares.

    Returns
    -------
    tuple of ndarray
        Weights of the streams, the breaches and the losses, with a mean of one over all of them.
    """
    about: list[str | None] = [each.column for each in reference.streams]
    about += [each.column for each in reference.breaches]
    about += [None] * (n_breaches - len(reference.breaches) + max(n_losses - 1, 0))
    shares = np.array([np.nan if each is None else importance.get(each, 0.0) for each in about])
    known = shares[np.isfinite(shares)]
    if not known.sum() > 0:
        others = np.ones(len(about))
    else:
        relative = np.where(np.isfinite(shares), shares, known.mean()) / known.mean()
        others = _EQUAL + (1 - _EQUAL) * relative
    total = len(about) + min(n_losses, 1)
    loss = _LOSS * total if n_losses else 0.0
    others = others * (total - loss) / max(others.sum(), 1e-12)
    if n_losses and not about:
        loss = 1.0
    n_streams = len(reference.streams)
    losses = np.concatenate([np.full(min(n_losses, 1), loss), others[n_streams + n_breaches :]])
    return others[:n_streams], others[n_streams : n_streams + n_breaches], losses

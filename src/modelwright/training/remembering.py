"""What a fit remembers of rows that have an age: all alike, the older the less, or the newest alone.

Which memory is best depends on whether, and how fast, the world changes; it is tried, not assumed. A
candidate is fitted with each, and the ensemble is chosen by the newest rows. Models that remember differently
also err differently, so that their average is better than the best of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Candidate, Memory, algorithm_named
from modelwright.training.entry import Entry
from modelwright.training.work import Work

MEMORIES: tuple[Memory, ...] = ("all", "aged", "recent")
HALF_LIFE = 0.5  # of the rows: after so many newer ones, a row counts half
RECENT = 0.2  # of the rows
FEWEST_RECENT = 200
EVIDENCE = 0.5  # of the weight is given by the newest rows, the rest evenly: what was best need not be next


def with_memories(work: Work, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield each candidate with every memory that it can be fitted with; as it is where rows have no age."""
    for candidate in candidates:
        yield candidate
        if work.age is not None:
            yield from (
                replace(candidate, memory=each) for each in MEMORIES[1:] if _able(work, candidate, each)
            )


def remembered(
    work: Work, rows: NDArray[np.int64], memory: Memory
) -> tuple[NDArray[np.int64], NDArray[np.float64] | None]:
    """Return which of some rows are learned from, and how much each of these counts.

    Parameters
    ----------
    work : Work
    rows : ndarray of int
        Positions in the work.
    memory : {"all", "aged", "recent"}

    Returns
    -------
    kept : ndarray of int
        Positions in `rows`.
    weight : ndarray of float64, or None
        With a mean of 1; None where all count alike.
    """
    everything, weight = np.arange(len(rows)), work.weight_of(rows)
    if memory == "all" or work.age is None:
        return everything, weight
    newest_first = np.argsort(work.age[rows], kind="stable")
    if memory == "recent":
        kept = np.sort(newest_first[: max(int(RECENT * len(rows)), FEWEST_RECENT)])
        return kept, None if weight is None else weight[kept]
    place = np.empty(len(rows))
    place[newest_first] = np.arange(len(rows))
    aged = 0.5 ** (place / (HALF_LIFE * len(rows))) * (1.0 if weight is None else weight)
    return everything, np.asarray(aged / aged.mean(), dtype=np.float64)


def evened(entries: Sequence[Entry], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share half of what a configuration weighs evenly among its memories.

    One block of the newest rows tells configurations apart well, memories of one configuration less so.
    """
    alike: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        alike[repr((entry.candidate.algorithm, entry.candidate.parameters, entry.candidate.style))].append(at)
    result = EVIDENCE * weights
    for places in alike.values():
        result[places] += (1 - EVIDENCE) * weights[places].sum() / len(places)
    return np.asarray(result, dtype=np.float64)


def _able(work: Work, candidate: Candidate, memory: Memory) -> bool:
    if memory == "aged":
        return algorithm_named(candidate.algorithm).takes_weights
    for train, _ in work.folds:
        kept, _ = remembered(work, train, memory)
        everything = len(kept) == len(train)
        lacks = work.task.is_classification and len(np.unique(work.y[train[kept]])) < len(
            np.unique(work.y[train])
        )
        if everything or lacks:
            return False
    return True

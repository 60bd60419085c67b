"""Shapley values of decision trees: what each column adds to the raw output of a forest.

Interventional values (Lundberg et al. 2020, "From local explanations to global understanding with explainable
AI for trees", algorithm 3), against every row of a background. A player is a column, whichever and however
many features were made from it.
"""

from __future__ import annotations

from functools import cached_property
from math import comb

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import LEAF, Forest

_STATES_AT_ONCE = 16_384
_WORD = 64

_Floats = NDArray[np.float64]
_Bits = NDArray[np.uint64]


class ForestShares:
    """A forest and a background, made ready to share out the raw outputs of rows.

    Parameters
    ----------
    forest : Forest
    background : ndarray of shape (b, n_features), float32
        Features of the rows against which a row is held.
    column_of : ndarray of shape (n_features,), int
        The player that each feature belongs to.
    players : int
        How many players there are.
    """

    def __init__(
        self,
        forest: Forest,
        background: NDArray[np.float32],
        column_of: NDArray[np.int64],
        players: int,
    ) -> None:
        self.forest = forest
        self.players = players
        self._rows = len(background)
        split = forest.feature != LEAF
        self._column = np.where(split, column_of[np.where(split, forest.feature, 0)], 0)
        self._is_leaf = ~split
        self._child = np.stack([forest.right, forest.left], axis=1)
        self._theirs = np.stack([self._goes_left(row) for row in background], axis=1)
        self._roots = np.flatnonzero(np.diff(forest.tree, prepend=-1))

    @cached_property
    def raw_background(self) -> _Floats:
        """Raw outputs of the background, of shape (b, n_raw)."""
        return np.stack([self._raw(self._theirs[:, row]) for row in range(self._rows)])

    def share(self, row: NDArray[np.float32]) -> tuple[_Floats, _Floats]:
        """Share out the raw outputs of one row.

        Parameters
        ----------
        row : ndarray of shape (n_features,), float32

        Returns
        -------
        shares : ndarray of shape (b, players, n_raw)
            Over the players they add up to the row's raw output less that of the background row.
        raw : ndarray of shape (n_raw,)
            The row's raw output.
        """
        ours = self._goes_left(row)
        shares = np.zeros((self._rows * self.players, len(self.forest.base)))
        trees = max(1, _STATES_AT_ONCE // self._rows)
        for start in range(0, len(self._roots), trees):
            leaves = self._walk(ours, self._roots[start : start + trees])
            self._add(shares, *leaves)
        return shares.reshape(self._rows, self.players, -1), self._raw(ours)

    def _goes_left(self, row: NDArray[np.float32]) -> NDArray[np.int8]:
        forest = self.forest
        value = row[np.maximum(forest.feature, 0)]
        return np.where(np.isnan(value), forest.missing_left, value <= forest.threshold).astype(np.int8)

    def _raw(self, goes_left: NDArray[np.int8]) -> _Floats:
        node = self._roots
        while not self._is_leaf[node].all():
            node = np.where(self._is_leaf[node], node, self._child[node, goes_left[node]])
        raw: _Floats = self.forest.base + self._weights[node].sum(axis=0)
        return raw

    @cached_property
    def _weights(self) -> _Floats:
        """What each node adds to each raw output; only leaves do."""
        weights = np.zeros((len(self.forest.tree), len(self.forest.base)))
        np.add.at(weights, (self.forest.leaf, self.forest.output), self.forest.weight)
        return weights

    def _walk(
        self, ours: NDArray[np.int8], roots: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], _Bits, _Bits]:
        """Follow a row and each background row down the trees, and both where they part.

        Returns the leaves that some mixture of the two reaches, the background rows, and for each the players
        that must be the row's (`own`) and those that must be the background's (`other`), as bits.
        """
        words = -(-self.players // _WORD)
        node = np.repeat(roots, self._rows)
        other_row = np.tile(np.arange(self._rows), len(roots))
        own = np.zeros((len(node), words), dtype=np.uint64)
        other = np.zeros_like(own)
        done: list[tuple[NDArray[np.int64], NDArray[np.int64], _Bits, _Bits]] = []
        while node.size:
            at_leaf = self._is_leaf[node]
            if at_leaf.any():
                done.append((node[at_leaf], other_row[at_leaf], own[at_leaf], other[at_leaf]))
                go = ~at_leaf
                node, other_row, own, other = node[go], other_row[go], own[go], other[go]
            column = self._column[node]
            word, bit = column // _WORD, np.left_shift(np.uint64(1), (column % _WORD).astype(np.uint64))
            states = np.arange(len(node))
            is_own, is_other = ((bits[states, word] & bit) != 0 for bits in (own, other))
            our_way, their_way = ours[node], self._theirs[node, other_row]
            part = (our_way != their_way) & ~is_own & ~is_other
            second = np.flatnonzero(part)
            following = self._child[node, np.where(is_other, their_way, our_way)]
            second_own, second_other = own[second], other[second]
            second_other[np.arange(len(second)), word[second]] |= bit[second]
            own[second, word[second]] |= bit[second]
            node = np.concatenate([following, self._child[node[second], their_way[second]]])
            other_row = np.concatenate([other_row, other_row[second]])
            own, other = np.concatenate([own, second_own]), np.concatenate([other, second_other])
        nodes, rows, owns, others = zip(*done, strict=True)
        return np.concatenate(nodes), np.concatenate(rows), np.concatenate(owns), np.concatenate(others)

    def _add(
        self,
        shares: _Floats,
        leaf: NDArray[np.int64],
        other_row: NDArray[np.int64],
        own: _Bits,
        other: _Bits,
    ) -> None:
        n_own = np.bitwise_count(own).sum(axis=1, dtype=np.int64)
        n_other = np.bitwise_count(other).sum(axis=1, dtype=np.int64)
        first, last = _coefficients(int(n_own.max(initial=0)), int(n_other.max(initial=0)))
        for bits, factor in ((own, first[n_own, n_other]), (other, -last[n_own, n_other])):
            states, players = np.nonzero(self._players_in(bits))
            index = other_row[states] * self.players + players
            for output in range(shares.shape[1]):
                weight = self._weights[leaf[states], output] * factor[states]
                shares[:, output] += np.bincount(index, weights=weight, minlength=len(shares))

    def _players_in(self, bits: _Bits) -> NDArray[np.uint8]:
        little = np.ascontiguousarray(bits.astype("<u8")).view(np.uint8)
        return np.unpackbits(little, axis=1, bitorder="little", count=self.players)


def _coefficients(most_own: int, most_other: int) -> tuple[_Floats, _Floats]:
    """Return what a leaf adds to each of the players that must, and takes from each that must not take part.

    A leaf that asks a players to take part and b not to has the Shapley values ``(a - 1)! b! / (a + b)!`` and
    ``-a! (b - 1)! / (a + b)!``.
    """
    first, last = np.zeros((most_own + 1, most_other + 1)), np.zeros((most_own + 1, most_other + 1))
    for a in range(most_own + 1):
        for b in range(most_other + 1):
            ways = comb(a + b, a)
            first[a, b] = 1 / (a * ways) if a else 0.0
            last[a, b] = 1 / (b * ways) if b else 0.0
    return first, last

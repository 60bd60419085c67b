"""The words and pairs of words of a text as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from spox import Var

FEWEST_ROWS = 5
"""A word is known that so many fitted rows have: rarer ones say little, and may tell whose text it is."""
MOST_WORDS = 20_000
MOST_PAIRS = 20_000

OTHER = 0
"""Number of every word and pair that is not known."""


@dataclass(frozen=True, eq=False)
class Grams:
    """The numbering of known words, then of known pairs of words that follow each other; from 1.

    Attributes
    ----------
    words : tuple of str
        The most frequent first.
    pairs : numpy.ndarray
        int64 ``[p, 2]``, each the numbers of two words; the most frequent first.
    """

    words: tuple[str, ...]
    pairs: np.ndarray

    @classmethod
    def fit(cls, texts: pl.Series) -> Self:
        """Learn which words and pairs are frequent in texts whose words are parted by one blank each."""
        split = _split(texts)
        words = _frequent(split.select("row", gram="word"), MOST_WORDS)
        known = cls(tuple(words.to_list()), np.empty((0, 2), dtype=np.int64))
        rows, numbers = known._numbered(split)
        at, codes = known._neighbours(rows, numbers)
        pairs = _frequent(pl.DataFrame({"row": at, "gram": codes}), MOST_PAIRS).to_numpy()
        return cls(known.words, np.stack(np.divmod(pairs, len(words) + 1), axis=1).astype(np.int64))

    @property
    def size(self) -> int:
        """How many numbers there are, with `OTHER`."""
        return 1 + len(self.words) + len(self.pairs)

    def encode(self, texts: pl.Series) -> tuple[csr_array, np.ndarray]:
        """Return which grams each text has, int64 ``[n, size]`` of zeros and ones, and its count of words.

        `OTHER` is never among them.
        """
        from scipy.sparse import csr_array

        split = _split(texts)
        rows, numbers = self._numbered(split)
        at, codes = self._neighbours(rows, numbers)
        pairs = self._pair_numbers(codes)
        cells = np.unique(np.concatenate([rows * self.size + numbers, at * self.size + pairs]))
        row, column = np.divmod(cells, self.size)
        kept = column != OTHER
        ones = np.ones(int(kept.sum()), dtype=np.int64)
        found = csr_array((ones, (row[kept], column[kept])), shape=(len(texts), self.size))
        return found, np.bincount(split["row"].to_numpy(), minlength=len(texts))

    def graph(self, tokens: Var) -> Var:
        """Return int64 ``[N, g]`` for words ``[N, T]``: the numbers of each row's grams, each once.

        Where a row has fewer than others, or a gram twice, `OTHER` stands.
        """
        import spox.opset.ai.onnx.ml.v4 as ml
        import spox.opset.ai.onnx.v21 as op

        numbers = ml.label_encoder(
            tokens,
            keys_strings=list(self.words),
            values_int64s=list(range(1, len(self.words) + 1)),
            default_int64=OTHER,
        )
        if len(self.pairs):
            first = columns_of(numbers, 0, -1)
            codes = op.add(
                op.mul(first, op.const(np.int64(len(self.words) + 1))), columns_of(numbers, 1, None)
            )
            pairs = ml.label_encoder(
                codes,
                keys_int64s=self._codes.tolist(),
                values_int64s=list(range(1 + len(self.words), self.size)),
                default_int64=OTHER,
            )
            numbers = op.concat([numbers, pairs], axis=1)
        return _once(numbers)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbering as data."""
        return {"words": list(self.words), "pairs": self.pairs.tolist()}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the numbering whose `to_dict` is `state`."""
        return cls(tuple(state["words"]), np.array(state["pairs"], dtype=np.int64).reshape(-1, 2))

    @cached_property
    def _codes(self) -> np.ndarray:
        """Each pair as one number: int64 ``[p]``."""
        codes: np.ndarray = self.pairs[:, 0] * (len(self.words) + 1) + self.pairs[:, 1]
        return codes

    def _numbered(self, split: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        codes = split["word"].cast(pl.Enum(self.words), strict=False).to_physical().cast(pl.Int64) + 1
        return split["row"].to_numpy(), codes.fill_null(OTHER).to_numpy()

    def _neighbours(self, rows: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return row and code of each two words that are known and follow each other."""
        beside = (rows[1:] == rows[:-1]) & (numbers[1:] != OTHER) & (numbers[:-1] != OTHER)
        codes = numbers[:-1] * (len(self.words) + 1) + numbers[1:]
        return rows[1:][beside], codes[beside]

    def _pair_numbers(self, codes: np.ndarray) -> np.ndarray:
        if not len(self.pairs):
            return np.zeros(len(codes), dtype=np.int64)
        order = np.argsort(self._codes)
        place = np.minimum(np.searchsorted(self._codes, codes, sorter=order), len(order) - 1)
        numbers: np.ndarray = np.where(
            self._codes[order[place]] == codes, 1 + len(self.words) + order[place], OTHER
        )
        return numbers


def _split(texts: pl.Series) -> pl.DataFrame:
    """Return one row for each word: the position of its text, and the word."""
    frame = pl.DataFrame({"row": np.arange(len(texts)), "word": texts.fill_null("").str.split(" ")})
    return frame.explode("word").filter(pl.col("word") != "")


def _frequent(found: pl.DataFrame, most: int) -> pl.Series:
    """Return the grams that enough rows have, the most frequent first."""
    counts = found.unique().group_by("gram").len("rows").filter(pl.col("rows") >= FEWEST_ROWS)
    return counts.sort("rows", "gram", descending=[True, False])["gram"].head(most)


def _once(numbers: Var) -> Var:
    """Replace a number by `OTHER` where the row has it already."""
    import spox.opset.ai.onnx.v21 as op

    width = op.slice(op.shape(numbers), op.const(np.array([1])), op.const(np.array([2])))
    ordered, _ = op.top_k(numbers, width, axis=1)
    again = op.equal(columns_of(ordered, 1, None), columns_of(ordered, 0, -1))
    rest = op.where(again, op.const(np.int64(OTHER)), columns_of(ordered, 1, None))
    return op.concat([columns_of(ordered, 0, 1), rest], axis=1)


def columns_of(matrix: Var, start: int, end: int | None) -> Var:
    """Return some columns of a graph's matrix, as a slice does."""
    import spox.opset.ai.onnx.v21 as op

    last = np.iinfo(np.int64).max if end is None else end
    return op.slice(matrix, op.const(np.array([start])), op.const(np.array([last])), op.const(np.array([1])))

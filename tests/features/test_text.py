"""Free text: scores of its words, learned from rows that are not the text's own."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column
from modelwright.features import Setting, Style, TextColumns
from modelwright.features.grams import Grams
from modelwright.problem import Task

REGRESSION = Setting(Task.REGRESSION, Style.TREE)
WORDS = ("good", "bad", "film", "the", "was", "not")


def texts_of(rows: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, size=8)) for _ in range(rows)]


def fitted(texts: list[str | None], y: np.ndarray, setting: Setting) -> tuple[TextColumns, np.ndarray]:
    frame = pl.DataFrame({"note": texts}, schema={"note": pl.String})
    return TextColumns.fit_transform(frame, [Column(name="note", kind="text")], y, setting)


def seen_as(found: TextColumns, *texts: str | None) -> np.ndarray:
    return found.transform(pl.DataFrame({"note": texts}, schema={"note": pl.String}))


def test_words_and_pairs_that_enough_rows_have_are_numbered_the_most_frequent_first():
    grams = Grams.fit(pl.Series(["a b"] * 5 + ["b"] * 2 + ["rare a"] * 4))
    assert grams.words == ("a", "b")
    assert grams.pairs.tolist() == [[1, 2]]


def test_each_gram_of_a_text_counts_once():
    grams = Grams.fit(pl.Series(["a b"] * 5))
    found, words = grams.encode(pl.Series(["a b a b", "x b", None]))
    assert found.toarray().tolist() == [[0, 1, 1, 1], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert words.tolist() == [4, 2, 0]


def test_a_word_between_two_parts_the_pair():
    grams = Grams.fit(pl.Series(["a b"] * 5))
    assert grams.encode(pl.Series(["a x b"]))[0].toarray().tolist() == [[0, 1, 1, 0]]


def test_words_that_go_with_the_target_score_high():
    texts = texts_of(300)
    y = np.array([text.count("good") - text.count("bad") for text in texts], dtype=float)
    found, features = fitted(texts, y, REGRESSION)
    assert found.names == ("note: says", "note: words")
    assert np.corrcoef(features[:, 0], y)[0, 1] > 0.8
    assert seen_as(found, "good film")[0, 0] > seen_as(found, "film")[0, 0] > seen_as(found, "bad film")[0, 0]


def test_pairs_tell_what_words_alone_do_not():
    texts = ["not good the", "good the not"] * 100
    y = np.array([0, 1] * 100)
    found, _ = fitted(texts, y, Setting(Task.BINARY, Style.TREE, ("no", "yes")))
    assert seen_as(found, "good the not")[0, 0] > 0.2 > -0.2 > seen_as(found, "not good the")[0, 0]


def test_many_classes_have_a_score_each():
    texts, y = ["sports game", "money bank", "rain sun"] * 30, np.array([0, 1, 2] * 30)
    found, features = fitted(texts, y, Setting(Task.MULTICLASS, Style.TREE, ("sport", "trade", "weather")))
    assert found.names == ("note: says sport", "note: says trade", "note: says weather", "note: words")
    assert (features[:, :3].argmax(axis=1) == y).all()


@pytest.mark.parametrize("text", [None, "", "unheard of"])
def test_what_says_nothing_scores_as_the_mean(text):
    texts = texts_of(100)
    found, _ = fitted(texts, np.arange(100.0), REGRESSION)
    assert seen_as(found, text)[0, 0] == 0


def test_words_of_few_rows_are_not_kept():
    texts = [*texts_of(100), *["alice smith 5551234"] * 4]
    found, _ = fitted(texts, np.arange(104.0), REGRESSION)
    assert set(found.scores[0].grams.words) == set(WORDS)

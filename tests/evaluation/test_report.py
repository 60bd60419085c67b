"""The report: complete in itself, safe, readable, and true to the evaluation."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract
from modelwright.evaluation import Dossier, Evaluation, Rule, Verdict, evaluate, write_report
from modelwright.problem import Finding
from modelwright.training import LeaderboardRow
from tests.evaluation.worlds import brief, calibrated_binary, calibrated_multiclass, linear_values
from tests.pages.reading import assert_loads_nothing, assert_readable_unseen, browse, read

HOSTILE = "<script>alert('x')</script>"


def contract() -> Contract:
    columns = (
        Column(name="outcome", kind="number", role="target"),
        Column(name="age", kind="number", role="feature"),
        Column(name="kind", kind="category", role="feature"),
    )
    return Contract(columns=columns)


def binary(rows: int = 500, **how) -> Evaluation:
    y, prediction = calibrated_binary(np.random.default_rng(0), rows)
    return evaluate(
        brief(),
        y,
        prediction,
        classes=("no", "yes"),
        baselines={"constant": np.full((rows, 2), 0.5)},
        protected=pl.DataFrame({"group": np.repeat(["a", HOSTILE], rows // 2)}),
        predict=lambda frame: np.stack([1 - frame["p"].to_numpy(), frame["p"].to_numpy()], axis=1),
        frame=pl.DataFrame({"p": prediction[:, 1], HOSTILE: np.ones(rows)}),
        resamples=100,
        **how,
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    rules = (
        Rule(code="MW-R001", name="Better than the baseline", figure="ROC-AUC", held=True, words="It is."),
        Rule(
            code="MW-R003",
            name="No group left apart",
            figure="gap",
            value=0.3,
            bound=0.2,
            held=False,
            words="No.",
        ),
    )
    refused = Verdict(held=False, rules=rules, decided_by="MW-R003", words="Refused: A group is left apart.")
    held = Verdict(held=True, rules=rules[:1], decided_by="MW-R001", words="All is well.")
    board = [
        LeaderboardRow("linear", "linear", {"C": 1.0}, 0.8, 1.0, 2.0, 5),
        LeaderboardRow("slow", "x", {}, None, 0.0, 1.0, 1),
    ]
    finding = Finding(
        code="MW-D001", severity="warning", message=f"odd: {HOSTILE}", column=HOSTILE, advice="look"
    )
    asked = brief(costs={"currency": HOSTILE})
    many_y, many = calibrated_multiclass(np.random.default_rng(0), 600, classes=20)
    values = linear_values(np.random.default_rng(0), 300)
    evaluations = {
        "refused": (binary(), asked, {"verdict": refused, "leaderboard": board, "findings": [finding]}),
        "held": (binary(looks=3), asked, {"verdict": held, "identifiers": {"run": HOSTILE}}),
        "open": (binary(), asked, {}),
        "many": (
            evaluate(
                brief("multiclass", "log_loss"),
                many_y,
                many,
                classes=[f"l{i}" for i in range(20)],
                resamples=50,
            ),
            brief("multiclass", "log_loss"),
            {},
        ),
        "values": (
            evaluate(brief("regression", "rmse"), *values, resamples=50),
            brief("regression", "rmse"),
            {},
        ),
    }
    return {
        name: write_report(Dossier(evaluation, about, contract(), **how), folder / f"{name}.html").read_text()
        for name, (evaluation, about, how) in evaluations.items()
    }


NAMES = ("refused", "held", "open", "many", "values")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_well_formed_small_and_loads_nothing(pages, name) -> None:
    page = pages[name]
    assert len(page.encode()) < 1_000_000
    assert_loads_nothing(page)


@pytest.mark.parametrize("name", NAMES)
def test_names_from_the_data_are_text_and_never_markup(pages, name) -> None:
    assert "<script" not in pages[name]
    if name == "refused":
        assert HOSTILE in "".join(read(pages[name]).text)


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read_without_seeing_it(pages, name) -> None:
    assert pages[name].count('role="img"') >= 2
    assert_readable_unseen(pages[name])


def test_the_verdict_comes_first_in_words_and_the_promises_say_held_or_not(pages) -> None:
    refused, held, unjudged = ("".join(read(pages[name]).text) for name in ("refused", "held", "open"))
    assert re.search(r"Refused\s+A group is left apart\.", refused)
    assert refused.count("not held") == 1
    assert "May be released" in held
    assert "look 3" in held
    assert "Better than every baseline" in unjudged
    assert "The release gate has not judged it yet" in unjudged
    for text, title in ((refused, "Refused"), (held, "May be released")):
        assert text.index(title) < text.index("How good is it?") < text.index("For the engineer")


def test_the_score_on_the_page_is_the_evaluation_s() -> None:
    evaluation = binary()
    text = str(evaluation.score)
    assert re.fullmatch(r"0\.\d+ \(0\.\d+ to 0\.\d+\)", text)


def test_many_labels_show_their_most_frequent_mistakes(pages) -> None:
    assert "The most frequent mistakes" in pages["many"]
    assert "The most frequent mistakes" not in pages["open"]


def test_what_does_not_apply_is_said(pages) -> None:
    text = "".join(read(pages["values"]).text)
    assert "the brief names no protected column" in text
    assert "not applicable, because there are no labels in regression" in text


def test_a_browser_draws_it(pages, tmp_path, chromium) -> None:
    picture, complaints = browse(chromium, pages["refused"], tmp_path)

    assert picture[:4] == b"\x89PNG"
    assert len(picture) > 20_000
    assert complaints == []

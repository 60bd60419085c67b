"""The report: complete in itself, safe, readable, and true to the evaluation."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract
from modelwright.evaluation import (
    Dossier,
    Evaluation,
    Rule,
    Verdict,
    evaluate,
    render_model_card,
    write_report,
)
from modelwright.evaluation.report import words
from modelwright.problem import Finding
from modelwright.training import LeaderboardRow
from tests.evaluation.worlds import (
    brief,
    calibrated_binary,
    calibrated_multiclass,
    linear_values,
    two_columns,
)
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
def dossiers() -> dict[str, Dossier]:
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
        "unstated": (binary(), brief(), {}),
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
        name: Dossier(evaluation, about, contract(), **how)
        for name, (evaluation, about, how) in evaluations.items()
    }


@pytest.fixture(scope="module")
def pages(dossiers, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    return {
        name: write_report(dossier, folder / f"{name}.html").read_text() for name, dossier in dossiers.items()
    }


NAMES = ("refused", "held", "open", "unstated", "many", "values")


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
    tags = read(pages[name]).tags
    assert sum(tag == "table" for tag, _ in tags) == sum(tag == "caption" for tag, _ in tags)
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), "a heading leaves out a level"
    scrolled = [attributes for _, attributes in tags if attributes.get("class") == "scroll"]
    assert all(attributes.get("tabindex") == "0" and attributes.get("aria-label") for attributes in scrolled)


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


@pytest.mark.parametrize(
    ("width", "flags"),
    [(1280, ()), (400, ()), (1280, ("--blink-settings=preferredColorScheme=0",))],
    ids=["wide", "narrow", "dark"],
)
def test_a_browser_draws_it(pages, tmp_path, chromium, width, flags) -> None:
    picture, complaints = browse(chromium, pages["refused"], tmp_path, width=width, flags=flags)

    assert picture[:4] == b"\x89PNG"
    assert len(picture) > 20_000
    assert complaints == []


def test_it_prints_whole(pages, tmp_path, chromium) -> None:
    paper, complaints = browse(chromium, pages["refused"], tmp_path, paper=True)

    assert paper[:5] == b"%PDF-"
    assert complaints == []


def figures_in(document: object) -> set[float]:
    """Collect every number of a JSON document, those in its texts too."""
    if isinstance(document, dict):
        return set().union(*map(figures_in, document.values()), *map(figures_in, document))
    if isinstance(document, list):
        return set().union(*map(figures_in, document))
    if isinstance(document, str):
        return {float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", document)}
    return {abs(float(document))} if isinstance(document, int | float) else set()


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_its_tables_is_in_the_json(dossiers, pages, name) -> None:
    dossier = dossiers[name]
    document = dossier.beside() | json.loads(dossier.evaluation.model_dump_json())
    known = sorted(figures_in(document))
    shown = re.findall(r'<td class="n[^"]*">[^\d<&]?([\d,]+(?:\.\d+)?)( %)?', pages[name])

    assert len(shown) > 20
    for text, is_share in shown:
        value = float(text.replace(",", "")) / (100 if is_share else 1)
        half = 0.51 * 10.0 ** -(len(text.partition(".")[2]) + (2 if is_share else 0))
        assert any(abs(value - each) <= half for each in known), f"{text}{is_share} is not in the JSON"


def test_what_people_stated_and_what_they_left_alone_is_in_the_appendix(dossiers) -> None:
    told = {each["key"]: each for each in dossiers["refused"].beside()["brief"]}

    assert told["costs.currency"]["value"] == HOSTILE
    assert not told["costs.currency"]["by_default"]
    assert told["promises.group_gap"]["by_default"]
    assert not [key for key in told if key.startswith("store.")]


def test_values_of_sensitive_columns_are_not_shown(tmp_path) -> None:
    columns = (
        Column(name="outcome", kind="category", role="target", categories=("no", "yes")),
        Column(
            name="born",
            kind="number",
            minimum=1931,
            maximum=1987,
            sensitive="birth_date",
            treatment="keep",
            reason="r",
        ),
        Column(name="faith", kind="category", categories=("quaker", "shaker"), protected=True),
        Column(name="town", kind="category", categories=("ashford", "kendal")),
    )
    dossier = Dossier(binary(), brief(), Contract(columns=columns))

    page = write_report(dossier, tmp_path / "page.html").read_text()
    for text in (page, json.dumps(dossier.beside()), render_model_card(dossier)):
        assert not re.search("1931|1987|quaker|shaker", text)
    assert "ashford" in page


def test_money_is_told_only_where_somebody_stated_costs(pages, dossiers) -> None:
    assert "Nobody has stated what mistakes cost" in "".join(read(pages["unstated"]).text)
    assert re.search(r"(Saves|Costs more)", "".join(read(pages["open"]).text))
    assert "for two labels only" in "".join(read(pages["values"]).text)


@pytest.mark.parametrize("name", NAMES)
def test_the_model_card_has_the_sections_of_mitchell_et_al(dossiers, name) -> None:
    card = render_model_card(dossiers[name])

    assert re.findall("^## (.*)$", card, re.MULTILINE) == [
        "Model details",
        "Intended use",
        "Factors",
        "Metrics",
        "Evaluation data",
        "Training data",
        "Quantitative analyses",
        "Unitary results",
        "Intersectional results",
        "Ethical considerations",
        "Caveats and recommendations",
    ]
    assert "Nobody has stated what it must not be used for" in card
    assert not re.search(r"(?<!\\)<script", card)
    score = dossiers[name].evaluation.score
    title = dossiers[name].evaluation.decides.title
    assert f"| {title} | {score.value:.4g} | {score.low:.4g} | {score.high:.4g} |" in card


def test_the_model_card_says_what_people_stated() -> None:
    asked = brief(card={"intended_use": "To sort mail.", "out_of_scope": "Hiring | firing", "contact": "Ada"})

    card = render_model_card(Dossier(binary(), asked, contract()))

    assert "To sort mail." in card
    assert r"Hiring \| firing" in card
    assert "Answers for it: Ada" in card


def test_it_stays_small_with_many_columns_and_labels(tmp_path) -> None:
    y, prediction = calibrated_multiclass(np.random.default_rng(0), 600, classes=30)
    wide = pl.DataFrame({f"column {i}": np.arange(600) for i in range(300)})
    about = brief("multiclass", "log_loss", columns={"protected": ["side"]})
    evaluation = evaluate(
        about,
        y,
        prediction,
        classes=[f"label {i}" for i in range(30)],
        protected=pl.DataFrame({"side": np.tile(["left", "right"], 300)}),
        predict=lambda frame: np.resize(prediction, (len(frame), 30)),
        frame=wide,
        resamples=30,
    )
    columns = (
        Column(name="outcome", kind="category", role="target", categories=evaluation.classes),
        *(Column(name=name, kind="number") for name in wide.columns),
    )

    page = write_report(Dossier(evaluation, about, Contract(columns=columns)), tmp_path / "wide.html")

    assert page.stat().st_size < 3_000_000


def test_a_stakeholder_reads_what_the_order_of_the_rows_is_worth_where_no_decision_changes() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 1000)
    timid = two_columns(0.4 * prediction[:, 1])
    evaluation = evaluate(brief(), y, timid, classes=("no", "yes"), resamples=100)

    _, decides, ranks = words.meaning(evaluation, brief())

    highest = np.argsort(-timid[:, 1])[:100]
    assert "changes no decision" in decides
    assert (
        f"The 10 % of rows that it scores highest hold {100 * y[highest].sum() / y.sum():.0f} of 100" in ranks
    )

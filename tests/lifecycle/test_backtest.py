"""The whole lifecycle over history: nothing is known too early, and policies are held to the same."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from modelwright.cli.root import app
from modelwright.errors import DataError
from modelwright.lifecycle import backtest
from modelwright.lifecycle.backtesting import conduct, forest
from modelwright.lifecycle.backtesting.conduct import _history
from modelwright.lifecycle.suspecting import suspicions
from modelwright.training.remembering import evened
from tests.lifecycle.worlds import CANDIDATES


def stream(rows=900, seed=0):
    """What decides turns round after two thirds."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, rows))
    sign = np.where(np.arange(rows) < rows * 2 // 3, 1.0, -1.0)
    label = np.where(sign * a + 0.5 * b + 0.3 * rng.normal(size=rows) > 0, "yes", "no")
    return pl.DataFrame({"a": a, "b": b, "c": c, "label": label})


def laid_out(rows, time=None, delay="", period="", share=0.2):
    return _history(rows, "label", time, {}, share, delay, period)


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    page = tmp_path_factory.mktemp("page") / "replay.html"
    asked = {"policies": ["never", "monthly", "ours"], "period": "150 rows", "first": 1 / 3}
    return backtest(stream(), target="label", page=page, **asked)


def named(lived):
    return {each.name: each for each in lived.policies}


def test_a_stream_without_a_calendar_is_divided_into_24_periods_that_count_as_months():
    history = laid_out(stream())
    starts = [step.start for step in history.steps if step.begins_period]
    assert history.first == 180
    assert len(starts) == 24
    assert (history.at(starts[12]) - history.at(starts[0])).days == pytest.approx(365, abs=1)
    assert [step.stop for step in history.steps[:-1]] == [step.start for step in history.steps[1:]]
    assert history.steps[-1].stop == 900


def test_calendar_months_are_periods_and_rows_are_put_in_order():
    days = [str(date(2024, 1, 1) + timedelta(days=n // 3)) for n in range(900)]
    rows = stream().with_columns(pl.Series("day", days))
    history = laid_out(rows[::-1], time="day")
    starts = [step.start for step in history.steps if step.begins_period]
    assert history.period == "a calendar month"
    assert {history.rows["day"][start][8:] for start in starts[1:]} == {"01"}
    assert history.rows["day"].is_sorted()


@pytest.mark.parametrize(("delay", "behind"), [("", 0), ("50 rows", 50)])
def test_labels_are_known_after_their_delay(delay, behind):
    history = laid_out(stream(), delay=delay)
    assert history.labelled(500).tolist() == list(range(500 - behind))


def test_labels_come_after_days():
    days = [str(date(2024, 1, 1) + timedelta(days=n // 3)) for n in range(900)]
    history = laid_out(stream().with_columns(pl.Series("day", days)), time="day", delay="7d")
    assert history.labelled(500).max() == 500 - 3 * 7 + (3 - 500 % 3) % 3 - 1 or (
        history.labelled(500).max() < 500 - 18
    )


def test_what_is_said_of_time_must_fit_it():
    with pytest.raises(DataError, match="has no calendar"):
        laid_out(stream(), delay="7d")
    with pytest.raises(DataError, match="no column 'when'"):
        laid_out(stream(), time="when")
    with pytest.raises(DataError, match="200 at least"):
        laid_out(stream(150))
    with pytest.raises(DataError, match="'weekly' is unknown"):
        backtest(stream(), target="label", policies=["weekly"])


def test_the_contract_knows_the_first_rows_alone():
    rows = stream().with_columns(
        late=pl.Series([1.0] * 300 + list(np.random.default_rng(0).normal(size=600))),
        kind=pl.Series(["old"] * 150 + ["older"] * 150 + ["new"] * 600),
    )
    contract = laid_out(rows).contract
    columns = {each.name: each for each in contract.columns}
    assert columns["late"].role == "feature", "it says the same in the first rows, and more later"
    assert "new" not in columns["kind"].categories


def test_never_keeps_the_first_model_and_the_schedule_retrains_each_period(lived):
    never, monthly = named(lived)["never"], named(lived)["monthly"]
    assert (never.retrains, never.reverts) == (0, 0)
    assert monthly.retrains == 3
    assert never.losses[0] == monthly.losses[0]


def test_evidence_is_no_dearer_than_the_schedule_and_finds_the_turn(lived):
    never, monthly, ours = (named(lived)[name] for name in ("never", "monthly", "ours"))
    assert ours.retrains <= monthly.retrains
    assert ours.loss < monthly.loss < never.loss
    assert any(each.kind == "alarm" and "MW-M001" in each.words for each in never.events)
    assert all(np.isfinite(each.money) for each in lived.policies)


def test_each_retraining_says_why_and_from_what_it_learnt(lived):
    retrained = [each for each in named(lived)["ours"].events if each.kind == "retrained"]
    assert retrained
    assert all("It learnt from" in each.words for each in retrained)


def test_the_page_is_complete_in_itself(lived):
    text = Path(lived.page).read_text(encoding="utf-8")
    assert "<svg" in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "ours: what happened, and why" in text


def test_without_river_the_forest_is_left_out_openly(monkeypatch):
    monkeypatch.setattr(conduct, "is_installed", lambda: False)
    monkeypatch.setattr(forest, "is_installed", lambda: False)
    with pytest.raises(DataError, match="pip install river"):
        backtest(stream(), target="label", policies=["forest"])


def test_the_command_writes_a_page_and_one_document(tmp_path, monkeypatch):
    stream(300).write_csv(tmp_path / "stream.csv")
    monkeypatch.chdir(tmp_path)
    asked = ["replay", "stream.csv", "--target", "label", "--policy", "never", "--json"]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0, said.output
    document = json.loads(said.stdout)
    assert [each["name"] for each in document["policies"]] == ["never"]
    assert {"loss", "retrains", "alarms", "reverts", "money"} <= document["policies"][0].keys()
    assert (tmp_path / "replay.html").exists()


def test_copies_of_one_row_and_bursts_of_wrong_labels_are_suspect():
    rows = stream(600)
    wrong = np.random.default_rng(0).random(600) < 0.1
    assert suspicions(rows, wrong) == ()
    (copied,) = suspicions(pl.concat([rows, *[rows[:1]] * 100]), None)
    assert copied.code == "MW-M020"
    wrong[200:300] = True
    (burst,) = suspicions(rows, wrong)
    assert burst.code == "MW-M021"
    wrong[200:] = True
    assert suspicions(rows, wrong) == (), "a change that lasts is the world's"


def test_few_categories_are_no_copies():
    rows = pl.DataFrame({"colour": ["red", "blue"] * 300, "label": ["yes", "no"] * 300})
    assert suspicions(rows, None) == ()


def test_half_of_what_a_configuration_weighs_is_shared_by_its_memories():
    from dataclasses import replace

    from modelwright.training.entry import Entry

    first, second = CANDIDATES
    entries = [Entry("a", first), Entry("b", replace(first, memory="recent")), Entry("c", second)]
    assert evened(entries, np.array([0.6, 0.0, 0.4])) == pytest.approx([0.45, 0.15, 0.4])

"""The catalogue on the command line, and the suite on somebody's class."""

from __future__ import annotations

from modelwright.algorithms import CATALOGUE

LACKING = """
from modelwright.algorithms import CATALOGUE

class Silent(type(CATALOGUE["constant"])):
    name = "Silent"

    def configurations(self, task, rows, columns):
        raise OSError("the disk is full")
"""


def test_the_catalogue_is_listed(call):
    said = call("algorithms")
    assert said.code == 0
    assert all(name in said.out for name in CATALOGUE)
    listed = call("algorithms", "--json").json["algorithms"]
    assert [each["name"] for each in listed] == list(CATALOGUE)
    assert listed[0]["tasks"] == ["binary", "multiclass", "regression"]


def test_a_card_is_shown_in_full(call):
    said = call("algorithms", "splines")
    card = CATALOGUE["splines"].card
    shown = " ".join(said.out.split())
    for statement in (card.title, card.good_for, card.cost, card.paper, *card.strengths, *card.weaknesses):
        assert statement in shown
    assert call("algorithms", "splines", "--json").json["weaknesses"] == list(card.weaknesses)


def test_a_wrong_name_gets_a_suggestion(call):
    said = call("algorithms", "spline")
    assert said.code == 1
    assert "did you mean 'splines'" in said.err


def test_a_class_that_fits_in_is_told_so(call):
    said = call("algorithms", "check", "modelwright.algorithms.constant:Constant")
    assert said.code == 0
    assert "constant fits into the catalogue" in said.out


def test_a_class_that_does_not_fit_in_is_told_all_that_it_lacks(call, tmp_path, monkeypatch):
    (tmp_path / "silent_algorithm.py").write_text(LACKING)
    monkeypatch.chdir(tmp_path)
    said = call("algorithms", "check", "silent_algorithm:Silent", "--json")
    assert said.code == 1
    answers = {answer["check"]: answer["lacks"] for answer in said.json["answers"]}
    assert answers["check_states_what_it_is"] == "'Silent' is not a lower-case name"
    assert answers["check_few_rows"] == "OSError: the disk is full"


def test_words_that_make_no_sense_are_refused(call):
    assert call("algorithms", "check").code == 2
    assert call("algorithms", "splines", "json:JSONDecoder").code == 2

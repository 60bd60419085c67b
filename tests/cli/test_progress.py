"""What a build says on standard error while it works, where that is no terminal."""

from __future__ import annotations

from dataclasses import replace

from modelwright.cli.training import INTERRUPTED, progress, progress_line
from modelwright.training import Progress

BEGUN = Progress("lightgbm", 1, 5, None, None, 41.6, "fitting", "the fastest to a good score")
DONE = replace(
    BEGUN,
    fold=5,
    score=0.91234,
    best=0.92,
    phase="fitted",
    interval=(0.9, 0.94),
    holds={"linear": 0.25, "lightgbm": 0.75},
)


def test_a_line_says_what_is_tried_and_why_the_best_and_what_is_left():
    assert progress_line(BEGUN) == "lightgbm (the fastest to a good score), fold 1 of 5, 42 s left"
    assert progress_line(DONE) == (
        "lightgbm 0.9123 (the fastest to a good score), fold 5 of 5, best 0.92 (0.9 to 0.94), "
        "would hold linear 25%, lightgbm 75%, 42 s left"
    )
    assert progress_line(replace(BEGUN, seconds_left=None, fits_left=7)).endswith(", 7 fits left")


def test_where_there_is_no_terminal_plain_lines_say_it(capsys):
    with progress() as show:
        for now in (BEGUN, DONE, replace(DONE, candidate="xgboost"), replace(DONE, phase="interrupted")):
            show(now)

    lines = capsys.readouterr().err.splitlines()
    assert lines == [progress_line(DONE), INTERRUPTED], "a later fold is told of once"

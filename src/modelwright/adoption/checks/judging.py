"""By which rows the prototype is judged and chosen: MW-N005 to MW-N007, MW-N011."""

from __future__ import annotations

from collections.abc import Iterator

from modelwright.adoption.checks.scene import HELD_OUT, Scene, found
from modelwright.problem import Finding


def trained_on_what_judges(scene: Scene) -> Iterator[Finding]:
    """A model is judged by rows that it has learned from.

    **Why**: it is asked what it knows by heart.
    """
    told = set()
    for score in scene.seen.scores:
        learnt = score.learnt
        judged = score.parts & {"test", "valid"}
        if not judged or learnt is None or score.model is None or id(score.model) in told:
            continue
        if learnt.origin == score.X.origin and (learnt.parts & judged or learnt.parts == {"all"}):
            told.add(id(score.model))
            which = "all rows" if learnt.parts == {"all"} else f"the {min(judged)} rows too"
            yield found(
                trained_on_what_judges,
                "MW-N005",
                "error",
                f"{scene.at(score.place)}: {score.metric} judges {score.model.short} by rows it was fitted "
                "on "
                f"(it was fitted on {which})",
                "Fit on the training rows alone.",
            )


def test_rows_choose(scene: Scene) -> Iterator[Finding]:
    """The rows that judge also choose: the best model, the best round or the best threshold.

    **Why**: of several figures the best one is in part luck, and the luck is counted as skill. On rows that
    nobody has chosen by, the figure is lower.
    """
    final = scene.final
    told: set[tuple[int, int]] = set()
    for choice in scene.seen.choices:
        if final in choice.parts and (choice.place.cell, choice.place.line) not in told:
            told.add((choice.place.cell, choice.place.line))
            yield found(
                test_rows_choose,
                "MW-N006",
                "error",
                f"{scene.at(choice.place)}: {choice.how}, by a figure of the {final} rows that also judge",
                "Choose by cross-validation on the training rows, or by a third set; look at the test rows "
                "once.",
            )
    for fit in scene.seen.fits:
        at = (fit.place.cell, fit.place.line)
        if at in told or fit.chosen_on is None:
            continue
        if final in fit.chosen_on.parts and _is_judged(scene, final):
            told.add(at)
            yield found(
                test_rows_choose,
                "MW-N006",
                "error",
                f"{scene.at(fit.place)}: {fit.model.short} stops or keeps its best by the {final} rows "
                "that also judge",
                "Stop early by rows of their own: split the training rows once more.",
            )


def _is_judged(scene: Scene, part: str) -> bool:
    return any(part in each.parts for each in scene.seen.scores)


def many_on_test_rows(scene: Scene) -> Iterator[Finding]:
    """Several models are judged by the same rows.

    **Why**: where the best of them is reported, its figure is too good, by more the more there are.
    """
    scores = [each for each in scene.seen.scores if scene.final in each.parts and each.model is not None]
    looped = next((each for each in scores if each.in_loop), None)
    models = {id(each.model) for each in scores}
    chosen = any(scene.final in each.parts for each in scene.seen.choices)
    if chosen or (looped is None and len(models) < 2):
        return
    where, what = (
        (looped, "a loop judges several models")
        if looped
        else (scores[-1], f"{len(models)} models are judged")
    )
    yield found(
        many_on_test_rows,
        "MW-N007",
        "warning" if looped else "info",
        f"{scene.at(where.place)}: {what} by the {scene.final} rows",
        "Compare by cross-validation on the training rows, and judge the one that is chosen once.",
    )


def no_held_out_rows(scene: Scene) -> Iterator[Finding]:
    """No figure is of rows that were held out.

    **Why**: a figure of the rows that were learned from says how much was remembered, not how much was
    understood.
    """
    scores = scene.seen.scores
    if any(each.parts & HELD_OUT for each in scores) or any(not each.parts for each in scores):
        return
    if scores:
        yield found(
            no_held_out_rows,
            "MW-N011",
            "error",
            f"{scene.at(scores[-1].place)}: {scores[-1].metric} is computed on rows that were learned "
            "from, and no "
            "other figure is on rows that were held out",
            "Hold rows out before anything is learned; Modelwright seals some.",
        )
    elif any(each.y.kind != "unknown" for each in scene.seen.fits):
        yield found(
            no_held_out_rows,
            "MW-N011",
            "warning",
            f"{scene.at(scene.seen.fits[-1].place)}: a model is fitted, but no figure says how good it is",
            "Hold rows out before anything is learned; Modelwright seals some.",
        )

"""The report's sentences: what the figures mean to somebody who did not make them."""

from __future__ import annotations

from dataclasses import dataclass

from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.figures import decimals_for, p_text, percent, span_text
from modelwright.evaluation.intervals import Interval
from modelwright.evaluation.verdict import Verdict
from modelwright.problem import Brief


@dataclass(frozen=True)
class Answer:
    """The first thing that a reader sees.

    Attributes
    ----------
    tone : {"good", "bad", "open"}
        How it looks; always said in words as well.
    title : str
        A few words.
    words : str
        One or two sentences.
    """

    tone: str
    title: str
    words: str


@dataclass(frozen=True)
class Promise:
    """One line of what was promised.

    Attributes
    ----------
    name, figure, bound, words : str
    held : bool or None
        None where the gate has not judged it.
    code : str
        Of the gate's rule; empty where the gate has not judged it.
    decided : bool
        Whether it decided.
    """

    name: str
    figure: str
    bound: str
    words: str
    held: bool | None
    code: str = ""
    decided: bool = False


@dataclass(frozen=True)
class Money:
    """What the model is worth.

    Attributes
    ----------
    title : str
        The figure with its unit; empty where there is none.
    words : str
        Where it comes from, or why there is none.
    quiet : str
        What it rests on.
    tone : {"good", "bad", "open"}
    """

    title: str
    words: str
    quiet: str = ""
    tone: str = "open"


def answer(evaluation: Evaluation, verdict: Verdict | None) -> Answer:
    """Say the verdict; without one, what the comparison with the baselines shows."""
    if verdict is not None:
        title = "May be released" if verdict.held else "Refused"
        return Answer("good" if verdict.held else "bad", title, verdict.words.removeprefix(f"{title}: "))
    gain = evaluation.gain
    if gain is None:
        return Answer("open", "Evaluated", f"There was no baseline to compare with. {_judged_later()}")
    against = f"that of the best baseline, {evaluation.best_baseline}"
    title, lead = evaluation.decides.title, span_text(gain.difference, gain.low, gain.high)
    if gain.better:
        return Answer(
            "open",
            "Better than every baseline",
            f"Its {title} is better than {against}, by {lead}. {_judged_later()}",
        )
    return Answer(
        "bad",
        "Not shown to be better than a baseline",
        f"The lead of its {title} over {against} is {gain}: that may be nothing. {_judged_later()}",
    )


def _judged_later() -> str:
    return "The release gate has not judged it yet; modelwright deploy asks it to."


def money(evaluation: Evaluation, brief: Brief) -> Money:
    """Say what the model saves against the cheapest decision that looks at nothing."""
    cost = evaluation.cost
    if cost is None:
        return Money("", "Not applicable, because costs of mistakes can be stated for two labels only.")
    costs, unit = brief.costs, cost.currency
    saving, low, high = (f"{1000 * each:,.0f}" for each in _limits_of(cost.saving))
    per_row, per_low, per_high = (f"{1000 * each:,.0f}" for each in _limits_of(cost.per_row))
    without = f"{1000 * cost.without_model:,.0f}"
    sure = cost.saving.low > 0
    tone = "good" if sure else "bad" if cost.saving.high < 0 else "open"
    verb = "Saves" if cost.saving.value >= 0 else "Costs more: saves"
    doubt = "" if sure or tone == "bad" else " That may be nothing."
    alarm, miss = (f"{each:,.10g} {unit}" for each in (costs.false_positive, costs.false_negative))
    if costs == type(costs)():
        return Money(
            "",
            "Nobody has stated what mistakes cost, so it is not known in money; [costs] of the brief is the "
            f"place for it. If each mistake cost 1 {unit}, it would save {saving} {unit} for every 1,000 "
            f"rows ({low} to {high}), against the cheapest rule that needs no model, to "
            f"{cost.without_model_decision}.",
        )
    return Money(
        title=f"{verb} {saving} {unit}",
        words=(
            f"for every 1,000 rows ({low} to {high}), against the cheapest rule that needs no model, to "
            f"{cost.without_model_decision}.{doubt} Mistakes cost {per_row} {unit} with the model "
            f"({per_low} to {per_high}) and {without} {unit} without."
        ),
        quiet=f"By the brief, a false alarm costs {alarm} and a miss {miss}.",
        tone=tone,
    )


def _limits_of(found: Interval) -> tuple[float, float, float]:
    return found.value, found.low, found.high


def promises(evaluation: Evaluation, brief: Brief, verdict: Verdict | None) -> list[Promise]:
    """List what was promised, with the gate's judgement where there is one."""
    if verdict is not None:
        return [
            Promise(
                name=rule.name,
                figure=_limits(rule.value, rule.low, rule.high),
                bound="" if rule.bound is None else f"{rule.bound:g}",
                words=rule.words,
                held=rule.held,
                code=rule.code,
                decided=rule.code == verdict.decided_by,
            )
            for rule in verdict.rules
        ]
    listed = []
    if evaluation.gain is not None:
        words = f"improvement in {evaluation.decides.title} over {evaluation.best_baseline}"
        least = f"at least {brief.promises.gain:g}"
        listed.append(Promise("Better than the baseline", str(evaluation.gain), least, words, None))
    table = evaluation.widest_group
    if table is not None and table.promised is not None:
        gap = table.promised
        words = f"{gap.about}: '{gap.highest}' against '{gap.lowest}' of {table.column}"
        most = f"at most {brief.promises.group_gap:g}"
        figure = _limits(gap.value, gap.low, gap.high)
        listed.append(Promise("No group left apart", figure, most, words, None))
    return listed


def _limits(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if low is None or high is None else span_text(value, low, high)


def calibration(evaluation: Evaluation) -> str:
    """Say how far predictions can be taken at their word."""
    found = evaluation.calibration
    share = evaluation.task.is_classification
    error, chance = (
        percent(figure) if share else f"{figure:.{decimals_for(0, figure)}f}"
        for figure in (found.error, found.expected_error)
    )
    judged = "more than chance explains" if found.p_value < 0.05 else "no more than chance explains"
    return (
        f"On average, {found.about} is {error} away from what came true. That is {judged}: a perfectly "
        f"calibrated model would show {chance} on so many rows ({p_text(found.p_value)}). Without what "
        "chance adds, the typical distance (root mean square over the bins) is "
        f"{_typical(found.typical_error, share)}."
    )


def _typical(found: Interval, share: bool) -> str:
    value, low, high = (
        percent(figure) if share else f"{figure:.{decimals_for(0, found.high)}f}"
        for figure in (found.value, found.low, found.high)
    )
    return f"{value} ({low} to {high})"


def meaning(evaluation: Evaluation, brief: Brief) -> list[str]:
    """Say in a few sentences what the figures mean in practice."""
    if evaluation.errors is not None:
        return _meaning_of_values(evaluation)
    return (
        _meaning_of_two_labels(evaluation, brief)
        if len(evaluation.classes) == 2
        else _meaning_of_labels(evaluation)
    )


def _meaning_of_two_labels(evaluation: Evaluation, brief: Brief) -> list[str]:
    if evaluation.confusion is None or evaluation.confusion.threshold is None:
        return []
    target, positive, confusion = brief.problem.target, evaluation.classes[1], evaluation.confusion
    found, right = confusion.recall[1], confusion.precision[1]
    threshold = percent(evaluation.confusion.threshold)
    sentences = []
    if found is not None:
        sentences.append(
            f"Of 100 rows whose {target} is '{positive}', it finds {100 * found:.0f} and misses "
            f"{100 - round(100 * found)}."
        )
    if right is not None:
        sentences.append(
            f"Of 100 rows that it calls '{positive}', {100 * right:.0f} are, and {100 - round(100 * right)} "
            f"are false alarms. It calls a row so from a probability of {threshold} on, where acting costs "
            "least by the brief's costs."
        )
    else:
        sentences.append(
            f"No row reaches the probability of {threshold} from which it would be called '{positive}', "
            "where acting costs least by the brief's costs. As they are, the model changes no decision; its "
            "order of the rows may still be of use."
        )
    lift, share = evaluation.intervals.get("lift"), brief.evaluation.lift_share
    if lift is not None:
        sentences.append(
            f"The {percent(share)} of rows that it scores highest hold {100 * share * lift.value:.0f} of 100 "
            f"rows whose {target} is '{positive}'; drawn by lot, they would hold {100 * share:.0f}."
        )
    return sentences


def _meaning_of_labels(evaluation: Evaluation) -> list[str]:
    if evaluation.confusion is None:
        return []
    counts = evaluation.confusion.counts
    right = sum(row[code] for code, row in enumerate(counts)) / evaluation.rows
    recalls = [
        (label, recall)
        for label, recall in zip(evaluation.classes, evaluation.confusion.recall, strict=True)
        if recall is not None
    ]
    hardest, found = min(recalls, key=lambda pair: pair[1])
    return [
        f"Of 100 rows, it labels {100 * right:.0f} rightly.",
        f"The hardest label is '{hardest}': of 100 such rows, it finds {100 * found:.0f}.",
    ]


def _meaning_of_values(evaluation: Evaluation) -> list[str]:
    errors = evaluation.errors
    if errors is None:
        return []
    decimals = decimals_for(errors.half_within / 5, errors.half_within)
    half, most = (f"{figure:,.{decimals}f}" for figure in (errors.half_within, errors.nine_in_ten_within))
    sentences = [f"Half of the predictions are at most {half} off, and nine in ten at most {most}."]
    if abs(errors.bias) > 3 * errors.bias_error:
        side = "high" if errors.bias > 0 else "low"
        sentences.append(f"On average they are {abs(errors.bias):,.{decimals}f} too {side}.")
    return sentences

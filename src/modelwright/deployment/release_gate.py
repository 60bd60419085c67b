"""The release gate: whether a candidate keeps what the brief promises, on the evidence of the vault."""

from __future__ import annotations

from collections.abc import Sequence

from modelwright.deployment.manifest import Latency
from modelwright.evaluation import BehaviourResult, Comparison, Difference, Evaluation, Rule, Verdict
from modelwright.problem import Brief

GAIN = "MW-R001"
CHAMPION = "MW-R002"
GROUPS = "MW-R003"
LATENCY = "MW-R004"
WORSE_GROUP = "MW-R005"


def gate(
    evaluation: Evaluation,
    brief: Brief,
    champion: Comparison | None,
    latency: Latency,
    not_compared: str = "",
    differences: Sequence[Difference] = (),
    *,
    unless_worse: bool = False,
) -> Verdict:
    """Decide whether a candidate may be released.

    Parameters
    ----------
    evaluation : Evaluation
        The candidate on the vault's rows.
    brief : Brief
        What is promised.
    champion : Comparison or None
        The candidate against the model in production, paired on the same rows; None where there is none.
    latency : Latency
        As the candidate's package measured it.
    not_compared : str, default ""
        Why the model in production could not be compared with; then the candidate is refused.
    differences : sequence of Difference
        The candidate against the model in production, in each protected group.
    unless_worse : bool, default False
        Whether a challenger may take the champion's place unless it is worse beyond doubt, since it has
        learnt from newer rows; else it must be better beyond doubt, or not worse by more than the brief
        allows.

    Returns
    -------
    Verdict
        Decided by the first rule that fails; where all hold, by the comparison that was hardest to win:
        with the champion, or else with the baseline.
    """
    rules = (
        _gain(evaluation, brief),
        _champion(champion, brief, not_compared, unless_worse=unless_worse),
        _groups(evaluation, brief),
        _latency(latency, brief),
        worse_group(differences, brief),
        *(_behaves(result) for result in evaluation.behaviour),
    )
    failed = [rule for rule in rules if not rule.held]
    decisive = failed[0] if failed else rules[0 if champion is None else 1]
    return Verdict(
        held=not failed,
        rules=rules,
        decided_by=decisive.code,
        words=f"{'Refused' if failed else 'May be released'}: {decisive.words}",
    )


def _gain(evaluation: Evaluation, brief: Brief) -> Rule:
    """Beyond doubt better than the best baseline, by the promised gain: the lower limit decides."""
    name, promised = "better than the best baseline", brief.promises.gain
    gain = evaluation.gain
    if gain is None:
        words = "There is no baseline to compare with, so no gain is shown."
        return Rule(code=GAIN, name=name, figure="gain", bound=promised, held=False, words=words)
    held = gain.low >= promised and gain.low > 0
    needed = f"at least {promised:g}" if promised else "more than nothing"
    words = (
        f"The candidate improves {evaluation.decides.title} over the {evaluation.best_baseline} baseline "
        f"by {gain}; {needed} is promised, and the lower limit {'keeps' if held else 'does not keep'} it."
    )
    return Rule(
        code=GAIN,
        name=name,
        figure=f"gain in {evaluation.metric}",
        value=gain.difference,
        low=gain.low,
        high=gain.high,
        bound=promised,
        held=held,
        words=words,
    )


def _champion(champion: Comparison | None, brief: Brief, not_compared: str, *, unless_worse: bool) -> Rule:
    """Beyond doubt better than the model in production, or, where asked, not worse by more than a margin."""
    margin = brief.promises.not_worse_than_champion
    lenient = margin > 0 or unless_worse
    name = "not worse than the model in production" if lenient else "better than the model in production"
    figure = "improvement over the champion"
    if not_compared:
        words = f"The candidate could not be compared with the model in production: {not_compared}."
        return Rule(code=CHAMPION, name=name, figure=figure, bound=-margin, held=False, words=words)
    if champion is None:
        words = "There is no model in production to beat."
        return Rule(code=CHAMPION, name=name, figure=figure, bound=-margin, held=True, words=words)
    held = champion.low > -margin if margin else champion.better
    asked = f"That it is not worse by more than {margin:g}" if margin else "That it is better"
    if unless_worse and not held:
        held, asked = champion.high >= 0, "That it is no worse"
    words = (
        f"On the same rows the candidate is {'better' if champion.difference >= 0 else 'worse'} than the "
        f"model in production: {champion}. {asked} is {'beyond' if held else 'not beyond'} doubt."
    )
    return Rule(
        code=CHAMPION,
        name=name,
        figure=figure,
        value=champion.difference,
        low=champion.low,
        high=champion.high,
        bound=-margin,
        held=held,
        words=words,
    )


def worse_group(differences: Sequence[Difference], brief: Brief) -> Rule:
    """Decide whether a protected group is worse off than with the champion, beyond doubt.

    Parameters
    ----------
    differences : sequence of Difference
        The candidate against the model in production; those without a group are passed over.
    brief : Brief
        By how much a candidate may be worse.

    Returns
    -------
    Rule
        MW-R005. Held unless a group's upper limit is below the margin and its p-value, after Holm's
        correction for all that was compared, below the error that the comparisons may make.
    """
    name, margin = "no group worse off than before", brief.promises.not_worse_than_champion
    groups = [each for each in differences if each.group]
    if not groups:
        words = "Not applicable: no protected group was compared with the model in production."
        return Rule(code=WORSE_GROUP, name=name, figure="improvement in the group", held=True, words=words)
    worst = min(groups, key=lambda each: each.comparison.difference)
    broken = [
        each
        for each in groups
        if each.comparison.high < -margin and each.adjusted_p < 1 - each.comparison.level
    ]
    shown = min(broken, key=lambda each: each.comparison.difference) if broken else worst
    words = (
        f"The group that gains least on the model in production is {shown.group}: {shown.comparison} in "
        f"{shown.title}. That it is worse off is {'beyond' if broken else 'not beyond'} doubt."
    )
    return Rule(
        code=WORSE_GROUP,
        name=name,
        figure=f"improvement in {shown.metric}, {shown.group}",
        value=shown.comparison.difference,
        low=shown.comparison.low,
        high=shown.comparison.high,
        bound=-margin,
        held=not broken,
        words=words,
    )


def _groups(evaluation: Evaluation, brief: Brief) -> Rule:
    """No larger gap between protected groups than promised, as measured."""
    name, bound = "protected groups treated alike", brief.promises.group_gap
    widest = evaluation.widest_group
    if widest is None or widest.promised is None:
        why = (
            "no protected column could be measured"
            if evaluation.groups
            else "the brief names no protected column"
        )
        words = f"Not applicable: {why}."
        return Rule(code=GROUPS, name=name, figure="largest gap", bound=bound, held=True, words=words)
    gap = widest.promised
    held = gap.value <= bound
    words = (
        f"The largest gap in {gap.about} is {gap.value:.3f} ({gap.low:.3f} to {gap.high:.3f}), "
        f"between '{gap.highest}' and '{gap.lowest}' of {widest.column}; at most {bound:g} is promised."
    )
    return Rule(
        code=GROUPS,
        name=name,
        figure=f"gap in {gap.about} of {widest.column}",
        value=gap.value,
        low=gap.low,
        high=gap.high,
        bound=bound,
        held=held,
        words=words,
    )


def _latency(latency: Latency, brief: Brief) -> Rule:
    bound = brief.promises.latency_ms
    held = latency.p99_ms <= bound
    words = (
        f"A single row takes {latency.p99_ms:.3g} ms (99th percentile of {latency.calls}); "
        f"at most {bound:g} ms is promised{'' if held else ', so it is too slow'}."
    )
    return Rule(
        code=LATENCY,
        name="fast enough",
        figure="single row, 99th percentile, ms",
        value=latency.p99_ms,
        bound=bound,
        held=held,
        words=words,
    )


def _behaves(result: BehaviourResult) -> Rule:
    """Behaviour that the brief asks for, as tried on held-out rows or named cases."""
    return Rule(
        code=result.code,
        name=result.name,
        figure="share of rows that break it" if result.worst is None else f"largest move of {result.about}",
        value=result.broken / result.tried if result.worst is None and result.tried else result.worst,
        bound=result.share if result.bound is None else result.bound,
        held=result.held,
        words=f"{result.name[0].upper()}{result.name[1:]}: {result.words[0].lower()}{result.words[1:]}",
    )

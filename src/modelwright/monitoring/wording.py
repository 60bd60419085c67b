"""Each promise that is watched, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from modelwright.monitoring.breach import Breach
from modelwright.monitoring.detectors import BoundedMeanDetector, Evidence
from modelwright.monitoring.promised import MeanPromise
from modelwright.monitoring.result import Watched
from modelwright.monitoring.stream import Stream, percent
from modelwright.monitoring.watch import Floats, Watch

_CODES = {
    "performance": "MW-M001",
    "score": "MW-M002",
    "label": "MW-M003",
    "drift": "MW-M004",
    "missing": "MW-M005",
    "unseen": "MW-M006",
    "out of range": "MW-M007",
    "estimated performance": "MW-M008",
    "cost": "MW-M009",
    "outcomes above": "MW-M010",
    "outcomes below": "MW-M010",
    "latency": "MW-M011",
}
_DRIFT_ADVICE = (
    "ask what has changed where this column comes from; where the change is real, send labels for new rows "
    "(`modelwright feedback`) and run `modelwright retrain`"
)
_SCORE_ADVICE = (
    "see which columns have changed as well; send labels for new rows (`modelwright feedback`) to learn "
    "whether the predictions are still right"
)
_LOSS_ADVICE = "run `modelwright retrain`: a challenger learns from the new labels; until then trust less"
_MEAN_ADVICE = {
    "estimated performance": _SCORE_ADVICE,
    "cost": _LOSS_ADVICE,
    "outcomes above": _LOSS_ADVICE,
    "outcomes below": _LOSS_ADVICE,
    "latency": "see whether the machine has other work (`/metrics`), or start more workers; a new model "
    "cannot cure it unless it is smaller",
}
_BREACH_WORDS = {
    "missing": "have no value",
    "unseen": "have a value that the contract doesn't list",
    "out of range": "are out of the contract's range",
}
_MEAN_WORDS = {
    "estimated performance": "performance estimated before labels come (expected Brier score, 0 to 1; it "
    "cannot see concept change)",
    "cost": "what mistakes cost, per row in the brief's money",
    "outcomes above": "calibration, what came true above what was predicted",
    "outcomes below": "calibration, what came true below what was predicted",
    "latency": "share of minutes whose first request took longer than {limit} ms a row",
}
_BREACH_ADVICE = {
    "missing": "ask whether this column still arrives; the model can only guess what is missing",
    "unseen": "ask which values are new; the model knows nothing of them until it is trained on them",
    "out of range": "ask whether the unit or the meaning of this column has changed",
}


def watched(watch: Watch) -> tuple[Watched, ...]:
    """Describe everything that a watch watches: first the loss, then scores, columns and breaches."""
    reference = watch.reference
    found = [_loss(watch)] if reference.loss is not None else []
    shares = watch.streams.shares
    streams = [
        _stream(stream, shares[index], watch.streams.evidence, index)
        for index, stream in enumerate(reference.streams)
    ]
    scores = [each for each in streams if each.promise != "drift"]
    columns = [each for each in streams if each.promise == "drift"]
    rates = watch.breaches.means
    breaches = [
        _breach(breach, rates[index], watch.breaches.evidence, index)
        for index, breach in enumerate(reference.breaches)
    ]
    rows = _means(reference.of_rows, watch.breaches, len(reference.breaches))
    labels = _means(reference.of_labels, watch.loss, len(found))
    return (*found, *labels, *rows, *scores, *columns, *breaches)


def _means(promises: tuple[MeanPromise, ...], detector: BoundedMeanDetector, first: int) -> list[Watched]:
    return [
        _mean(promise, float(detector.means[index]), detector.evidence, index)
        for index, promise in enumerate(promises, start=first)
    ]


def _mean(promise: MeanPromise, recent: float, evidence: Evidence, index: int) -> Watched:
    expected, observed = (_figure(promise, each) for each in (promise.level, recent))
    bound = f"at most {_amount(promise, expected)} was promised"
    about = _MEAN_WORDS[promise.kind].format(limit=f"{promise.scale:.4g}")
    words = f"{about}: nothing has come yet; {bound}"
    if evidence.rows:
        words = f"{about}: {_amount(promise, observed)} lately; {bound}"
    advice = _MEAN_ADVICE[promise.kind]
    return _item(promise.kind, None, expected, observed, evidence, index, words, advice)


def _figure(promise: MeanPromise, mean: float) -> float:
    """Bring a mean in [0, 1] to its unit: money, or what came true less what was predicted."""
    if promise.kind == "cost":
        return mean * promise.scale
    return 2 * mean - 1 if promise.kind in {"outcomes above", "outcomes below"} else mean


def _amount(promise: MeanPromise, figure: float) -> str:
    return f"{figure:.4g}" if promise.kind in {"cost", "estimated performance"} else f"{100 * figure:.1f} %"


def _loss(watch: Watch) -> Watched:
    promise, evidence = watch.reference.loss, watch.loss.evidence
    assert promise is not None  # noqa: S101 - the caller checks it, mypy can't see it
    recent = float(watch.loss.means[0])
    words = (
        f"performance: the {promise.words} is {recent:.3f} lately; at most {promise.level:.3f} was promised"
        if evidence.rows
        else f"performance: no label has come yet to compare with the promise (the {promise.words} "
        f"is at most {promise.level:.3f})"
    )
    return _item("performance", None, promise.level, recent, evidence, 0, words, _LOSS_ADVICE)


def _stream(stream: Stream, shares: Floats, evidence: Evidence, index: int) -> Watched:
    shares = shares[: stream.bins.size]
    above, below = shares - np.array(stream.upper), np.array(stream.lower) - shares
    excess = np.maximum(above, below)
    code = int(excess.argmax())
    rises = bool(above[code] >= below[code])
    limit = (stream.upper if rises else stream.lower)[code]
    is_column = stream.subject == "column"
    subject = f"column '{stream.column}'" if is_column else f"the predicted {stream.subject}"
    if np.isnan(evidence.crossed[index]):
        words = f"{subject}: nothing says that its values are spread otherwise than in the reference"
    else:
        words = (
            f"{subject}: {percent(float(shares[code]))} of recent rows are {stream.bin_name(code)}, where "
            f"{'at most' if rises else 'at least'} {percent(limit)} is normal"
        )
    return _item(
        "drift" if is_column else stream.subject,
        stream.column,
        limit,
        float(shares[code]) if evidence.rows else np.nan,
        evidence,
        index,
        words,
        _DRIFT_ADVICE if is_column else _SCORE_ADVICE,
    )


def _breach(breach: Breach, rate: float, evidence: Evidence, index: int) -> Watched:
    normal = f"at most {percent(breach.level)} is normal"
    subject, what = f"column '{breach.column}'", _BREACH_WORDS[breach.kind]
    words = (
        f"{subject}: {percent(rate)} of recent rows {what}; {normal}"
        if evidence.rows
        else f"{subject}: no rows yet; of those that {what}, {normal}"
    )
    advice = _BREACH_ADVICE[breach.kind]
    return _item(breach.kind, breach.column, breach.level, float(rate), evidence, index, words, advice)


def _item(
    promise: str,
    column: str | None,
    expected: float,
    observed: float,
    evidence: Evidence,
    index: int,
    words: str,
    advice: str,
) -> Watched:
    holds = bool(np.isnan(evidence.crossed[index]))
    since = evidence.since[index]
    return Watched(
        code=_CODES[promise],
        promise=promise,
        column=column,
        expected=expected,
        observed=None if np.isnan(observed) else observed,
        evidence=float(evidence.e_values[index]),
        threshold=float(evidence.thresholds[index]),
        holds=holds,
        since=None if np.isnan(since) else datetime.fromtimestamp(since, UTC),
        words=words,
        advice="" if holds else advice,
    )

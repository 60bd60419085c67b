"""Writing the report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from modelwright.evaluation.comparison import Comparison
from modelwright.evaluation.figures import decimals_for, p_text, span
from modelwright.evaluation.gap import Gap
from modelwright.evaluation.intervals import Interval
from modelwright.evaluation.report import charts, tables, words
from modelwright.evaluation.report.dossier import Dossier
from modelwright.evaluation.report.explaining import reasons
from modelwright.evaluation.report.outcomes import wrong
from modelwright.evaluation.report.trusting import reliance
from modelwright.pages import Page
from modelwright.problem import Task
from modelwright.store import write_atomic


def write_report(dossier: Dossier, path: Path) -> Path:
    """Write the report of a candidate as one self-contained HTML page.

    Parameters
    ----------
    dossier : Dossier
        All that is known of it.
    path : Path
        Where to write; replaced atomically.

    Returns
    -------
    Path
        `path`.
    """
    evaluation, brief, verdict = dossier.evaluation, dossier.brief, dossier.verdict
    page = _PAGE.render(
        dossier=dossier,
        brief=brief,
        evaluation=evaluation,
        verdict=verdict,
        metric=evaluation.decides,
        is_regression=evaluation.task is Task.REGRESSION,
        answer=words.answer(evaluation, verdict),
        money=words.money(evaluation, brief),
        promises=words.promises(evaluation, brief, verdict),
        meaning=words.meaning(evaluation, brief),
        calibration_words=words.calibration(evaluation),
        score_chart=charts.score_chart(evaluation),
        calibration_chart=charts.calibration_chart(
            evaluation.calibration, shares=evaluation.task is not Task.REGRESSION
        ),
        importance_chart=charts.importance_chart(evaluation.importance, evaluation.decides.title)
        if evaluation.importance
        else None,
        reliance=reliance(evaluation),
        reasons=reasons(evaluation),
        wrong=wrong(evaluation),
        confusion=tables.confusion(evaluation),
        kinds=tables.kinds(dossier.contract),
        columns=tables.columns(dossier.contract),
        cleaning=tables.cleaning(dossier.contract),
        stated=tables.stated(brief),
        findings=sorted(dossier.findings, key=lambda each: ("error", "warning", "info").index(each.severity)),
    )
    write_atomic(path, page)
    return path


def _figure(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.{min(4, decimals_for(0, value))}f}"


def _triple(found: Interval | Comparison | Gap) -> tuple[str, str, str]:
    if isinstance(found, Comparison):
        return span(found.difference, found.low, found.high, signed=True)
    return span(found.value, found.low, found.high)


def _p_short(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")


_PAGE = Page(
    Path(__file__).parent,
    filters={"p_text": p_text, "p_short": _p_short, "figure": _figure, "triple": _triple, "moment": _moment},
)

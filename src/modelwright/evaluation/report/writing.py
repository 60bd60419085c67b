"""Writing the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from modelwright.evaluation.comparison import Comparison
from modelwright.evaluation.evaluation import Evaluation
from modelwright.evaluation.figures import decimals_for, p_text, span
from modelwright.evaluation.gap import Gap
from modelwright.evaluation.intervals import Interval
from modelwright.evaluation.report import charts, tables, words
from modelwright.evaluation.report.explaining import reasons
from modelwright.evaluation.report.trusting import reliance
from modelwright.evaluation.verdict import Verdict
from modelwright.pages import Page
from modelwright.problem import Brief, Finding, Task
from modelwright.store import write_atomic

if TYPE_CHECKING:
    from modelwright.data import Contract, Split
    from modelwright.training import LeaderboardRow


def write_report(
    evaluation: Evaluation,
    brief: Brief,
    contract: Contract,
    path: Path,
    *,
    verdict: Verdict | None = None,
    leaderboard: Sequence[LeaderboardRow] = (),
    findings: Sequence[Finding] = (),
    split: Split | None = None,
    identifiers: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Path:
    """Write the report of a candidate as one self-contained HTML page.

    Parameters
    ----------
    evaluation : Evaluation
        How good the candidate is.
    brief : Brief
        What was asked and promised.
    contract : Contract
        What the columns are.
    path : Path
        Where to write; replaced atomically.
    verdict : Verdict, optional
        The gate's answer; without it the page says that the gate has not judged yet.
    leaderboard : sequence of LeaderboardRow, optional
        What training tried.
    findings : sequence of Finding, optional
        What was noticed about the data.
    split : Split, optional
        How rows were held out, and why.
    identifiers : mapping of str to str, optional
        Such as run, snapshot, release.
    at : datetime, optional
        When it was made; now by default.

    Returns
    -------
    Path
        `path`.
    """
    page = _PAGE.render(
        brief=brief,
        evaluation=evaluation,
        metric=evaluation.decides,
        is_regression=evaluation.task is Task.REGRESSION,
        answer=words.answer(evaluation, verdict),
        promises=words.promises(evaluation, brief, verdict),
        meaning=words.meaning(evaluation),
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
        confusion=tables.confusion(evaluation),
        columns=tables.columns(contract),
        findings=sorted(findings, key=lambda finding: ("error", "warning", "info").index(finding.severity)),
        verdict=verdict,
        leaderboard=leaderboard,
        split=split,
        identifiers=identifiers or {},
        at=(at or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC"),
    )
    write_atomic(path, page)
    return path


def _figure(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.{min(4, decimals_for(0, value))}f}"


def _triple(found: Interval | Comparison | Gap) -> tuple[str, str, str]:
    if isinstance(found, Comparison):
        return span(found.difference, found.low, found.high, signed=True)
    return span(found.value, found.low, found.high)


_PAGE = Page(Path(__file__).parent, filters={"p_text": p_text, "figure": _figure, "triple": _triple})

"""The model card, after Mitchell et al. (2019), "Model cards for model reporting"."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelwright.evaluation.figures import span_text
from modelwright.evaluation.gap import Gap
from modelwright.evaluation.groups import GroupTable
from modelwright.evaluation.intervals import Interval
from modelwright.evaluation.report import tables, words
from modelwright.evaluation.report.dossier import Dossier
from modelwright.pages import percent, whole

if TYPE_CHECKING:
    from jinja2 import Template

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#"})


def render_model_card(dossier: Dossier) -> str:
    """Return the model card as Markdown.

    Every figure is the evaluation's, with its interval. What only people can say is the brief's, or is said
    to be missing.

    Parameters
    ----------
    dossier : Dossier
        All that is known of the candidate.
    """
    evaluation = dossier.evaluation
    text = _template().render(
        dossier=dossier,
        brief=dossier.brief,
        evaluation=evaluation,
        verdict=dossier.verdict,
        answer=words.answer(evaluation, dossier.verdict),
        money=words.money(evaluation, dossier.brief),
        calibration=words.calibration(evaluation),
        kinds=tables.kinds(dossier.contract),
        personal=[column for column in dossier.contract.columns if column.is_personal],
        learned=[column.name for column in dossier.contract.features if column.protected],
        cleaning=tables.cleaning(dossier.contract),
        unitary=[_laid(each) for each in evaluation.groups if not each.crossed],
        crossed=[_laid(each) for each in evaluation.groups if each.crossed],
    )
    return text.strip() + "\n"


def _laid(table: GroupTable) -> dict[str, Any]:
    """Lay a table of groups out by rows of groups."""
    return {
        "column": table.column,
        "titles": [figure.title for figure in table.figures],
        "rows": [
            (group.name, group.rows, [figure.groups.get(group.name) for figure in table.figures])
            for group in table.groups
            if group.counted
        ],
        "small": [(group.name, group.rows) for group in table.groups if not group.counted],
        "gaps": [(figure.title, figure.gap) for figure in table.figures if figure.gap is not None],
        "not_applicable": table.not_applicable,
    }


def _plain(value: object) -> object:
    """Keep what people and data say from being read as marks of Markdown."""
    from markupsafe import Markup

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(re.sub(r"\s+", " ", value).translate(_MARKS))  # noqa: S704 - Markdown: `_MARKS` are escaped


def _spanned(found: Interval | Gap | None) -> str:
    return "too few rows" if found is None else span_text(found.value, found.low, found.high)


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # so that what a macro returns is told from a text, which `finalize` escapes
        finalize=_plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "number": whole, "spanned": _spanned}
    return environment.get_template("card.md.j2")

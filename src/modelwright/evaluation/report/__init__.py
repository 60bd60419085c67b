"""The report: one page that a stakeholder understands at first sight and an engineer can work with.

In: a `Dossier` of what training, the evaluation and the gate said. Out: one self-contained HTML file.
"""

from modelwright.evaluation.report.card import render_model_card
from modelwright.evaluation.report.dossier import Dossier
from modelwright.evaluation.report.writing import write_report

__all__ = ["Dossier", "render_model_card", "write_report"]

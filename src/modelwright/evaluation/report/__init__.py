"""The report: one page that a stakeholder understands at first sight and an engineer can work with.

In: an `Evaluation`, the brief, and what training and the gate said. Out: one self-contained HTML file.
"""

from modelwright.evaluation.report.writing import write_report

__all__ = ["write_report"]

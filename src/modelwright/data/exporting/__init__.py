"""The contract for other tools: one file for each.

In: a contract. Out: a text in the other tool's form, which Modelwright itself never runs.
"""

from modelwright.data.exporting.choice import EXPORTS, export

__all__ = ["EXPORTS", "export"]

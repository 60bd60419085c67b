"""Systems compared over many data sets: ranks, tests, and the critical-difference plot.

In: a table of results (system, data set, score). Out: an `Across`, and a page with its plot.
"""

from modelwright.evaluation.across.plotting import write_ranks
from modelwright.evaluation.across.ranking import Across, SystemPair, compare_across
from modelwright.evaluation.across.results import read_results

__all__ = ["Across", "SystemPair", "compare_across", "read_results", "write_ranks"]

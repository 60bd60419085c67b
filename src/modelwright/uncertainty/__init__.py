"""How far answers may be off: sets of labels and intervals of values, at the level that is asked for.

In: out-of-fold predictions of training and what came true. Out: an `Uncertainty`, plain data that turns
probabilities into sets and values into intervals.
"""

from modelwright.uncertainty.conformal import LEVELS, Uncertainty, assumptions, fit_intervals, fit_sets

__all__ = ["LEVELS", "Uncertainty", "assumptions", "fit_intervals", "fit_sets"]

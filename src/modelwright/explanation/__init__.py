"""Why a model answers as it does: what each column adds to one answer, and how it moves with a column.

In: a trained model, or a package's graph with its ``explanation.json``, and rows. Out: an `Attribution` that
adds up to the answer, an `Explanation` in words, and the curves of partial dependence and accumulated local
effects. Nothing here fits a model or needs a training library.
"""

from modelwright.explanation.background import draw_background
from modelwright.explanation.document import Background, Explaining, Learner, describe, explainer_of
from modelwright.explanation.effects import Curve, Effect, Predict, column_effects
from modelwright.explanation.explainer import Attribution, Explainer, Part
from modelwright.explanation.reading import read_parts
from modelwright.explanation.words import Explanation, in_words

__all__ = [
    "Attribution",
    "Background",
    "Curve",
    "Effect",
    "Explainer",
    "Explaining",
    "Explanation",
    "Learner",
    "Part",
    "Predict",
    "column_effects",
    "describe",
    "draw_background",
    "explainer_of",
    "in_words",
    "read_parts",
]

"""A prototype's code becomes a pipeline: what its predictions need, as functions that learn and apply.

In: a `Studied` prototype. Out: `Pipeline`, the text of ``pipeline.py``, or why there can't be one.
"""

from modelwright.adoption.rewriting.emitting import Pipeline, write_pipeline
from modelwright.adoption.rewriting.goal import Goal, find_goal

__all__ = ["Goal", "Pipeline", "find_goal", "write_pipeline"]

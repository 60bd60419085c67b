"""Behaviour tests: what a model does when a row is changed, and on named cases.

In: the tests of the brief, a model, rows without labels. Out: a `BehaviourResult` for each.
"""

from modelwright.evaluation.behaviour.minimum import MINIMUM
from modelwright.evaluation.behaviour.moving import DIRECTION, INVARIANCE
from modelwright.evaluation.behaviour.result import BehaviourResult, BrokenRow
from modelwright.evaluation.behaviour.running import run_behaviour

__all__ = ["DIRECTION", "INVARIANCE", "MINIMUM", "BehaviourResult", "BrokenRow", "run_behaviour"]

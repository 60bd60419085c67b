"""A challenger on trial: who answers whom, what is known so far, and what follows from it.

In: the answers, failures and labels of champion and challenger, as they come. Out: a `Judgement`, which may
be asked for after every row without its error growing.
"""

from modelwright.deployment.rollout.blocks import Blocks
from modelwright.deployment.rollout.guards import Answered, Guards, guarded_classes, guarded_scores
from modelwright.deployment.rollout.judgement import Guarded, Judgement, LossEvidence, judge
from modelwright.deployment.rollout.splitting import for_challenger
from modelwright.deployment.rollout.standing import Standing, TrialTerms
from modelwright.deployment.rollout.wealth import Wealth

__all__ = [
    "Answered",
    "Blocks",
    "Guarded",
    "Guards",
    "Judgement",
    "LossEvidence",
    "Standing",
    "TrialTerms",
    "Wealth",
    "for_challenger",
    "guarded_classes",
    "guarded_scores",
    "judge",
]

"""What would break in production or flatters the score: one stable code for each.

In: `Code` and what was `Seen` in it. Out: findings, each with the place it is about.
"""

from modelwright.adoption.checks.catalogue import CHECKS, findings_of
from modelwright.adoption.checks.scene import Scene

__all__ = ["CHECKS", "Scene", "findings_of"]

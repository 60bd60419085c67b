"""Prototypes become working models: what a notebook or a script does, and what is wrong with it.

In: a prototype's file. Out: a `Prototype`: what its code does, and what would break in production or flatters
the score, found without running it.
"""

from modelwright.adoption.checks import CHECKS
from modelwright.adoption.claims import Claim
from modelwright.adoption.prototype import Prototype, read_prototype

__all__ = ["CHECKS", "Claim", "Prototype", "read_prototype"]

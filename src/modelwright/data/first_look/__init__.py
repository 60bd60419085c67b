"""The first look: what a person should know about a table before anything is learned from it.

In: a raw table and its contract. Out: findings, each made by one small function with its code.
"""

from modelwright.data.first_look.catalogue import LOOKS, first_findings

__all__ = ["LOOKS", "first_findings"]

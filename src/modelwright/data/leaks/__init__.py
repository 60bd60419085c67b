"""The leak audit: which columns or rows give the answer away.

In: a raw table and its contract. Out: an `Audit` with its findings, each made by one small test with its
code.
"""

from modelwright.data.leaks.auditing import TESTS, audit
from modelwright.data.leaks.result import Audit, Leak

__all__ = ["TESTS", "Audit", "Leak", "audit"]

"""Where work runs: for now, this machine's cores.

In: how many cores the brief allows. Out: how many a fit may use.
"""

from modelwright.engine.local import cores

__all__ = ["cores"]

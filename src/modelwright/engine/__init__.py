"""Where work runs: for now, this machine's cores and memory.

In: how many cores the brief allows. Out: how many a fit may use; and memory, what there is and what is held.
"""

from modelwright.engine.local import cores
from modelwright.engine.memory import held_memory, whole_memory

__all__ = ["cores", "held_memory", "whole_memory"]

"""Where work runs: for now, this machine's cores and memory.

In: how many cores the brief allows. Out: how many a fit may use; memory, what there is and
what is held; and how slow the machine is now.
"""

from modelwright.engine.local import cores
from modelwright.engine.memory import held_memory, whole_memory
from modelwright.engine.speed import slowness

__all__ = ["cores", "held_memory", "slowness", "whole_memory"]

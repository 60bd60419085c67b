"""Can machine learning answer this? An honest first answer within seconds, before anything is built.

In: raw rows, their contract and the brief. Out: a `Framing`: what the baselines earn, whether there is
signal, whether more rows would help, what is suspicious, how rows will be held out, and the answer in
words.
"""

from modelwright.framing.result import Framing, LabelShare, LearningPoint, Signal
from modelwright.framing.stage import frame

__all__ = ["Framing", "LabelShare", "LearningPoint", "Signal", "frame"]

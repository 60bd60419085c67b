"""The whole loop on a real data set that ships with the package.

In: a folder that may be made anew. Out: a project that was framed, built, released, served, fed back,
monitored and retrained, and an account of it in plain words.
"""

from modelwright.demo.data import adult
from modelwright.demo.story import Told, run_demo

__all__ = ["Told", "adult", "run_demo"]

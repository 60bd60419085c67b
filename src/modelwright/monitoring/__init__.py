"""Watching a released model: whether what was promised still holds.

In: the reference of the package, observations and labels of the operations database. Out: `Monitoring` (what
holds, what doesn't, since when and what to do), the `Verdict` on retraining, and the `Trace` of a prediction
back to the request.
"""

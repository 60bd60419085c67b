"""The whole lifecycle over history, as if live: `modelwright replay`.

In: a stream of labelled rows in the order of time. Out: a `Backtested`: what each policy of retraining would
have lost, alarmed, retrained, reverted and cost.
"""

from modelwright.lifecycle.backtesting.conduct import POLICIES, backtest
from modelwright.lifecycle.backtesting.results import Backtested, Event, PolicyResult
from modelwright.lifecycle.backtesting.source import replay_history

__all__ = ["POLICIES", "Backtested", "Event", "PolicyResult", "backtest", "replay_history"]

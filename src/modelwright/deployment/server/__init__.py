"""The HTTP server of what is in production.

In: a package, the operations database, and what is in production now. Out: answers, each durable before it is
given.
"""

from modelwright.deployment.server.app import build_app
from modelwright.deployment.server.follower import Follower, Production
from modelwright.deployment.server.run import run_server
from modelwright.deployment.server.service import Service
from modelwright.deployment.server.trial import OnTrial

__all__ = [
    "Follower",
    "OnTrial",
    "Production",
    "Service",
    "build_app",
    "run_server",
]

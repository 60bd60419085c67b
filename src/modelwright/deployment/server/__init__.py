"""The HTTP server of one package.

In: a package and the operations database. Out: answers, each durable before it is given.
"""

from modelwright.deployment.server.app import build_app
from modelwright.deployment.server.run import run_server
from modelwright.deployment.server.service import Service

__all__ = ["Service", "build_app", "run_server"]

"""A build in a process of its own, to be killed: `python -m tests.lifecycle.builder METHOD PROJECT`."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from pydantic_core import to_jsonable_python

from modelwright.project import Project
from modelwright.training import Progress
from tests.lifecycle.worlds import short_plan


def waiting(*, twice: bool) -> Callable[[Progress], None]:
    """Return a callback that waits in the first fit of the plan to be interrupted, and then for another."""
    seen: list[str] = []

    def tell(now: Progress) -> None:
        seen.append(now.phase)
        sys.stdout.write(f"{now.phase} {now.candidate}\n")
        sys.stdout.flush()
        while "interrupted" not in seen and (now.phase, now.candidate) == ("fitting", "lightgbm"):
            time.sleep(0.01)
        while twice and now.phase == "interrupted":
            time.sleep(0.01)

    return tell


METHODS: dict[str, Any] = {
    "build": lambda project: project.build(),
    "finish": lambda project: project.build(on_progress=waiting(twice=False)),
    "stop": lambda project: project.build(on_progress=waiting(twice=True)),
    "resume": lambda project: project.build(resume=True),
    "deploy": lambda project: project.deploy(),
    "retrain": lambda project: project.retrain(),
    "rollback": lambda project: project.rollback(),
}

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a runner in the background ignores it
    short_plan(pytest.MonkeyPatch())
    sys.stdout.write("started\n")
    sys.stdout.flush()
    result = METHODS[sys.argv[1]](Project(sys.argv[2]))
    sys.stdout.write(json.dumps(to_jsonable_python(result)) + "\n")

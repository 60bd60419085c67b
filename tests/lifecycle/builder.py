"""A build in a process of its own, to be killed: `python -m tests.lifecycle.builder METHOD PROJECT`."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from pydantic_core import to_jsonable_python

from modelwright.project import Project
from tests.lifecycle.worlds import short_plan

METHODS: dict[str, Any] = {
    "build": lambda project: project.build(),
    "resume": lambda project: project.build(resume=True),
    "deploy": lambda project: project.deploy(),
    "retrain": lambda project: project.retrain(),
    "rollback": lambda project: project.rollback(),
}

if __name__ == "__main__":
    short_plan(pytest.MonkeyPatch())
    sys.stdout.write("started\n")
    sys.stdout.flush()
    result = METHODS[sys.argv[1]](Project(sys.argv[2]))
    sys.stdout.write(json.dumps(to_jsonable_python(result)) + "\n")

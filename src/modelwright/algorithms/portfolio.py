"""The portfolio: configurations in the order in which they help an ensemble most, learned on many tables.

`benchmarks/portfolio` collects what configurations say on tables, real and generated, and chooses the order;
its result is data in `portfolio.json`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from modelwright.problem import Task

_FILE = Path(__file__).with_name("portfolio.json")


def portfolio(task: Task) -> list[dict[str, Any]]:
    """Return the configurations for a task, the most helpful first.

    Returns
    -------
    list of dict
        Each with ``algorithm``, ``parameters`` and ``style``, as `Candidate` has them.
    """
    return list(_read()["classes" if task.is_classification else "values"])


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return content

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from modelwright.cli import main
from tests.lifecycle.conftest import (
    _quick_builds,
    _two_candidates,
    framed,
    framed_once,
    opened,
    released,
    released_once,
    source,
)

__all__ = [
    "_quick_builds",
    "_two_candidates",
    "framed",
    "framed_once",
    "opened",
    "released",
    "released_once",
    "source",
]


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def call(monkeypatch, capsys) -> Callable[..., Said]:
    """Run a command in this process, as a shell would."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["modelwright", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        captured = capsys.readouterr()
        return Said(code if isinstance(code, int) else 1, captured.out, captured.err)

    return run

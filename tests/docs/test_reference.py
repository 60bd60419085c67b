"""The reference of the command line says what the commands say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_reference_of_the_command_line_is_up_to_date(tmp_path: Path) -> None:
    page = tmp_path / "cli.md"
    made = ["modelwright.cli", "utils", "docs", "--name", "modelwright", "--title", "The command line"]
    subprocess.run(
        [sys.executable, "-m", "typer", *made, "--output", str(page)], check=True, capture_output=True
    )

    assert REFERENCE.read_text() == page.read_text(), "out of date: run make docs"

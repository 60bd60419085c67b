"""The command line's root: what it lists, and how an error ends."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import typer

from modelwright.cli import (
    access,
    adopting,
    alarms,
    asking,
    auditing,
    catalogue,
    cleaning,
    comparing,
    contract,
    day,
    deploying,
    ending,
    erring,
    experimenting,
    explaining,
    framing,
    incidents,
    monitoring,
    privacy,
    profiling,
    replaying,
    snapshots,
    surroundings,
    training,
    vaults,
    watching,
)
from modelwright.cli.output import fail, log
from modelwright.errors import ModelwrightError, SourceWarning
from modelwright.workday import noted_visit

app = typer.Typer(
    name="modelwright",
    help="From a stakeholder's request to a model in production that is watched and retrained.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for group in (
    framing,
    adopting,
    contract,
    profiling,
    auditing,
    cleaning,
    privacy,
    training,
    comparing,
    erring,
    deploying,
    access,
    monitoring,
    alarms,
    replaying,
    watching,
    experimenting,
    explaining,
    snapshots,
    catalogue,
    surroundings,
    vaults,
    day,
    asking,
    ending,
    incidents,
):
    group.register(app)


_say_otherwise = warnings.showwarning


def _say(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
    """Say in one line of standard error what was put aside."""
    if issubclass(category, SourceWarning):
        log().print(f"warning: {message}", style="yellow", markup=False, soft_wrap=True)
    else:
        _say_otherwise(message, category, *where, **more)


def main() -> None:
    """Run the command line; every expected error is one message and exit code 1."""
    warnings.showwarning = _say
    try:
        with noted_visit(sys.argv):
            app()
    except (ModelwrightError, OSError) as error:
        fail(error, as_json="--json" in sys.argv)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)

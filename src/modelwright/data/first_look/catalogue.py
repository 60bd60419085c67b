"""Every look at a new table, in the order in which findings are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from modelwright.data.contract import Contract
from modelwright.data.first_look import columns, infinite, rows, target
from modelwright.data.first_look.scene import Scene
from modelwright.problem import Finding, stated_reason

LOOKS: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    target.without_target,
    target.identifying_target,
    target.rare_classes,
    target.balance,
    rows.duplicates,
    rows.in_order_of_time,
    columns.groups,
    columns.missing,
    infinite.infinite,
    columns.ambiguous_times,
    columns.numbers_as_text,
    columns.free_text,
    columns.many_levels,
    columns.of_no_use,
)


def first_findings(frame: pl.DataFrame, contract: Contract) -> list[Finding]:
    """Look at a new table for what a person should know before anything is learned from it.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows, the target included.
    contract : Contract
        As inferred from the table.

    Returns
    -------
    list of Finding
        Codes ``MW-D001`` to ``MW-D017``; each of the functions in ``LOOKS`` says how it finds them, why
        they matter and what to do.
    """
    scene = Scene(frame, contract)
    return [_with_reason(finding, look) for look in LOOKS for finding in look(scene)]


def _with_reason(finding: Finding, look: Callable[[Scene], Iterator[Finding]]) -> Finding:
    return finding if finding.why else finding.model_copy(update={"why": stated_reason(look)})

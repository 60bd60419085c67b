"""The profile of a project's data: brief and contract say its roles, and what it must not show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modelwright.data import Contract, Profile, treated_personal
from modelwright.data import profile as profile_table
from modelwright.problem import Brief


def profile(source: Any, brief: Brief, contract: Contract) -> Profile:
    """Say what a project's data holds, without values of sensitive and protected columns.

    Parameters
    ----------
    source : str, Path or table
        What `modelwright.data.read` takes.
    brief : Brief
    contract : Contract
    """
    made = profile_table(
        source,
        target=brief.problem.target,
        time=brief.columns.time or None,
        hidden=[column.name for column in contract.columns if column.is_sensitive],
    )
    return replace(made, findings=(*made.findings, *treated_personal(contract)))

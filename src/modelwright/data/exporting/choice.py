"""From a tool's name to what is written for it."""

from __future__ import annotations

from collections.abc import Callable

from modelwright.data.contract import Contract, nearest
from modelwright.data.exporting.pandera_schema import pandera_module
from modelwright.data.exporting.record_schema import record_schema
from modelwright.errors import ContractError

EXPORTS: dict[str, Callable[[Contract], str]] = {"json-schema": record_schema, "pandera": pandera_module}


def export(contract: Contract, to: str) -> str:
    """Write a contract for another tool.

    Parameters
    ----------
    contract : Contract
    to : {"pandera", "json-schema"}
        A Python module with a schema of pandera for Polars, which holds for the same tables as
        `modelwright.data.check`; or the JSON Schema of one record, as the server takes it.

    Raises
    ------
    ContractError
        If there is no export to such a tool.
    """
    if to not in EXPORTS:
        known = ", ".join(EXPORTS)
        raise ContractError(f"there is no export to '{to}'{nearest(to, list(EXPORTS))}; known are {known}")
    return EXPORTS[to](contract)

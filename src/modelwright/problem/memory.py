"""A memory limit as people write it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(%|[KMGT]B|[KMG]iB)\s*", re.IGNORECASE)


def memory_bytes(text: str, whole: int) -> int:
    """Return how many bytes a memory limit means.

    Parameters
    ----------
    text : str
        Such as ``"8GB"``, ``"512MiB"`` or ``"70%"``.
    whole : int
        What there is, in bytes: the share is of it, and the limit is never above it.

    Raises
    ------
    ValueError
        If it is neither a size nor a share above 0 and up to 100 %.
    """
    match = _WRITTEN.fullmatch(text)
    number = float(match[1]) if match else 0.0
    if match is None or number == 0 or (match[2] == "%" and number > 100):
        raise ValueError(f"must be a size or a share such as '8GB', '512MB' or '70%', but got '{text}'")
    unit = match[2].upper()
    asked = number / 100 * whole if unit == "%" else number * _UNITS[unit]
    return min(int(asked), whole)


def _checked(value: Any) -> Any:
    if isinstance(value, str):
        memory_bytes(value, 1)
    return value


Memory = Annotated[str, BeforeValidator(_checked)]

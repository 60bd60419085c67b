"""One difference between the contract and new data."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Act = Literal["add", "remove", "edit", "none"]


class Change(BaseModel):
    """What new data shows otherwise than the contract says.

    Attributes
    ----------
    code : str
        Stable code, ``MW-D201`` and on.
    column : str
    message : str
        What was found, with its evidence.
    act : {"add", "remove", "edit", "none"}
        What accepting does to the column's section of ``contract.toml``; "none" where it is the data that
        must be mended.
    updates : dict
        The keys that accepting sets, with their values; for "add" the whole section.
    count : int or None
        How many rows show it.
    breaks : bool
        Whether the released model refuses rows of the new data because of this column.
    build : bool
        Whether a model makes use of the change only once it was built anew.
    advice : str
        What accepting means, or what to do instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    column: str
    message: str
    act: Act
    updates: dict[str, Any] = {}
    count: int | None = None
    breaks: bool = False
    build: bool = False
    advice: str = ""

"""How the released model answers, as the brief states it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modelwright.problem.section import Section


class ServingSection(Section):
    """How the released model answers.

    Attributes
    ----------
    abstain_below : float
        An answer whose most probable label is less probable than this says that it abstains; 0 means never.
        Classes only.
    signed_by : tuple of str
        Public Ed25519 keys in hexadecimal: a package that none of them has signed is neither deployed, served
        nor scored with. Empty where no signature is asked for.
    per_second : float
        Requests a second that the server takes from one caller, a key or else an address; 0 sets no limit.
    """

    abstain_below: float = Field(default=0.0, ge=0, lt=1)
    signed_by: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] = ()
    per_second: float = Field(default=0.0, ge=0, allow_inf_nan=False)

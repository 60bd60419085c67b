"""Cleaning, as the brief declares it: small steps that a person switches on and off."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

StepName = Literal[
    "missing",
    "spelling",
    "number",
    "date",
    "unit",
    "impossible",
    "duplicates",
    "near_duplicates",
    "no_target",
    "constant",
]
VALUE_STEPS = ("missing", "spelling", "number", "date", "unit", "impossible")
"""Steps that change cells: in training, in files that are scored and in rows that are served."""
ROW_STEPS = ("duplicates", "near_duplicates", "no_target")
"""Steps that leave rows out of what is learned from."""

CODES: dict[str, str] = {
    "missing": "MW-C001",
    "spelling": "MW-C002",
    "number": "MW-C003",
    "date": "MW-C004",
    "unit": "MW-C005",
    "impossible": "MW-C006",
    "duplicates": "MW-C007",
    "near_duplicates": "MW-C008",
    "no_target": "MW-C009",
    "constant": "MW-C010",
}

_BELONGS: dict[str, set[str]] = {
    "columns": {*VALUE_STEPS, "constant"},
    "values": {"missing"},
    "replace": {"spelling"},
    "decimal": {"number", "unit"},
    "thousands": {"number", "unit"},
    "marks": {"number"},
    "formats": {"date"},
    "unit": {"unit"},
    "factors": {"unit"},
    "minimum": {"impossible"},
    "maximum": {"impossible"},
    "ignoring": {"duplicates", "near_duplicates"},
    "digits": {"near_duplicates"},
}
_NEEDED = {
    "missing": ("columns", "values"),
    "spelling": ("columns", "replace"),
    "number": ("columns",),
    "date": ("columns", "formats"),
    "unit": ("columns", "unit", "factors"),
    "impossible": ("columns",),
    "constant": ("columns",),
}
_LISTS = ("columns", "values", "marks", "formats", "ignoring")


class CleaningStep(BaseModel):
    """One step of cleaning.

    Attributes
    ----------
    step : str
        What is done.
    columns : tuple of str
        Where; empty for steps that look at whole rows.
    enabled : bool
        Whether it is done.
    values : tuple of str
        Texts and numbers that mean "missing".
    replace : dict of str to str
        Spellings, each with the one that stands for it.
    decimal, thousands : str
        How numbers are written.
    marks : tuple of str
        What may stand before or after a number, such as ``$`` or ``%``; it is taken away.
    formats : tuple of str
        How dates are written; the first that reads a text is taken.
    unit : str
        The unit to which all are brought.
    factors : dict of str to float
        How much of `unit` each unit is.
    minimum, maximum : float or None
        Smallest and largest possible number.
    ignoring : tuple of str
        Columns in which copies may differ.
    digits : int
        To how many significant digits numbers must agree.
    changes : int
        How many cells, rows or columns it changed when it was proposed.
    evidence : str
        Why it was proposed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: StepName
    columns: tuple[str, ...] = ()
    enabled: bool = True
    values: tuple[str, ...] = ()
    replace: dict[str, str] = Field(default_factory=dict)
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    marks: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    unit: str = ""
    factors: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    ignoring: tuple[str, ...] = ()
    digits: int = Field(default=3, ge=1, le=9)
    changes: int = Field(default=0, ge=0)
    evidence: str = ""

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _lists_only(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError(  # noqa: TRY004 - pydantic reports ValueError with the key, TypeError not at all
                f"must be a list, such as [\"{value}\"], but got the text '{value}'"
            )
        if isinstance(value, list | tuple):
            return tuple(str(item) if isinstance(item, int | float) else item for item in value)
        return value

    @model_validator(mode="after")
    def _keys_belong_to_the_step(self) -> Self:
        for key in sorted(self.model_fields_set & _BELONGS.keys()):
            field = type(self).model_fields[key]
            changed = getattr(self, key) != field.get_default(call_default_factory=True)
            if changed and self.step not in _BELONGS[key]:
                steps = " or ".join(f"'{name}'" for name in sorted(_BELONGS[key]))
                raise ValueError(f"{key}: only for the step {steps}, but the step is '{self.step}'")
        for key in _NEEDED.get(self.step, ()):
            if not getattr(self, key):
                raise ValueError(f"{key}: the step '{self.step}' needs it")
        return self

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.step == "impossible":
            limits = [limit for limit in (self.minimum, self.maximum) if limit is not None]
            if not limits or not all(isfinite(limit) for limit in limits) or limits != sorted(limits):
                raise ValueError(
                    "minimum: the step 'impossible' needs a minimum, a maximum or both, in this order"
                )
        if self.decimal == self.thousands:
            raise ValueError(f"thousands: '{self.thousands}' is the decimal mark already")
        if self.step == "unit" and self.unit not in self.factors:
            raise ValueError(f"factors: must have the unit '{self.unit}' itself, with its factor")
        for stands, instead in self.replace.items():
            if self.replace.get(instead, instead) != instead:
                raise ValueError(f"replace: '{stands}' becomes '{instead}', which is replaced itself")
        if self.step == "spelling" and len(self.columns) > 1:
            raise ValueError("columns: spellings are declared for one column at a time")
        return self

    @property
    def code(self) -> str:
        """Stable code, as in the docs."""
        return CODES[self.step]

    def declared(self) -> dict[str, Any]:
        """Return the keys that say something, as JSON types."""
        kept = self.model_dump(mode="json", exclude_defaults=True)
        first: dict[str, Any] = {key: kept[key] for key in ("step", "columns") if key in kept}
        return {**first, "enabled": self.enabled, **kept}

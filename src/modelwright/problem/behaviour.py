"""Behaviour tests, as the brief declares them: what a model must do, whatever it has learnt.

After Ribeiro, Wu, Guestrin and Singh (2020), "Beyond accuracy: behavioral testing of NLP models with
CheckList".
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Kind = Literal["invariance", "direction", "minimum"]
Value = bool | int | float | str

_BELONGS: dict[str, set[str]] = {
    "column": {"invariance", "direction"},
    "values": {"invariance", "direction"},
    "change": {"invariance", "direction"},
    "at_most": {"invariance", "direction"},
    "expect": {"direction"},
    "cases": {"minimum"},
    "file": {"minimum"},
}


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def declared(self) -> dict[str, Any]:
        """Return the keys that say something, as JSON types."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Case(_Table):
    """One named case that the model must get right.

    Attributes
    ----------
    case : str
        What to call it.
    row : dict
        Values by column; what is left out is as in a typical row. An empty text means missing.
    expected : str
        The label that must be predicted; classes only.
    at_least, at_most : float or None
        Bounds of the score.
    """

    case: str = Field(min_length=1)
    row: dict[str, Value] = Field(min_length=1)
    expected: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.expected and self.at_least is None and self.at_most is None:
            raise ValueError("expected: a case needs an expected label, at_least or at_most")
        return self


class BehaviourTest(_Table):
    """One thing that the model must do.

    Attributes
    ----------
    kind : {"invariance", "direction", "minimum"}
        Changing a column must not move the score; more of it must move the score one way only; or named cases
        must come out right.
    name : str
        What to call it; made from the other keys where it is empty.
    column : str
        The column that is changed.
    values : tuple
        Invariance: what it is changed to; every category by default. Direction: its values from less to more,
        where it is no number.
    change : float
        By how much a number is raised (in days for a time); by an invariance also lowered.
    expect : {"", "not lower", "not higher"}
        Direction: what the score must be afterwards.
    at_most : float
        How far the score may move all the same: a probability, or a value.
    label : str
        Whose probability is the score: the positive label of two by default. With more labels a direction
        and the bounds of a case need it; without it, an invariance is about every label.
    share : float
        Share of rows or cases that may break it.
    cases : tuple of Case
        Minimum: the named cases.
    file : str
        Minimum: a table of further cases; a relative path is meant from the project's folder.
    """

    kind: Kind
    name: str = ""
    column: str = ""
    values: tuple[Value, ...] = ()
    change: float = 0.0
    expect: Literal["", "not lower", "not higher"] = ""
    at_most: float = Field(default=0.0, ge=0)
    label: str = ""
    share: float = Field(default=0.0, ge=0, lt=1)
    cases: tuple[Case, ...] = ()
    file: str = ""

    @field_validator("values", mode="before")
    @classmethod
    def _lists_only(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError(  # noqa: TRY004 - pydantic reports ValueError with the key, TypeError not at all
                f"must be a list, such as [\"{value}\"], but got the text '{value}'"
            )
        return value

    @model_validator(mode="after")
    def _keys_belong_to_the_kind(self) -> Self:
        for key in sorted(self.model_fields_set & _BELONGS.keys()):
            changed = getattr(self, key) != type(self).model_fields[key].default
            if changed and self.kind not in _BELONGS[key]:
                kinds = " or ".join(f"'{kind}'" for kind in sorted(_BELONGS[key]))
                raise ValueError(f"{key}: only for the kind {kinds}, but the kind is '{self.kind}'")
        return self

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.kind == "minimum":
            if not self.cases and not self.file:
                raise ValueError("cases: a minimum needs cases, or a file of them")
            return self
        if not self.column:
            raise ValueError(f"column: the kind '{self.kind}' needs the column that is changed")
        if self.values and self.change:
            raise ValueError("change: either a change or values, not both")
        if self.kind == "direction":
            if not self.expect:
                raise ValueError("expect: a direction needs 'not lower' or 'not higher'")
            if not self.change and len(self.values) < 2:
                raise ValueError(
                    "change: a direction needs a change, or at least two values from less to more"
                )
        return self

    @property
    def title(self) -> str:
        """The test in a few words."""
        if self.name:
            return self.name
        if self.kind == "minimum":
            return f"{len(self.cases)} named cases"
        if self.kind == "invariance":
            return f"{self.column} does not move the score"
        way = "less" if self.change < 0 else "more"
        return f"{way} {self.column}: the score is {self.expect}"

"""One column of the contract: what its values must be, and what happens to those that are not."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from modelwright.data.time_format import TimeFormat

ColumnKind = Literal["number", "boolean", "category", "time", "text"]
Role = Literal["feature", "target", "id", "time", "group", "weight", "ignore"]
Policy = Literal["accept", "refuse"]
Sensitive = Literal[
    "",
    "none",
    "email",
    "phone",
    "card",
    "iban",
    "national_id",
    "ip",
    "name",
    "address",
    "postcode",
    "birth_date",
    "coordinates",
    "other",
]
Treatment = Literal["", "drop", "hash", "generalise", "keep"]

_BELONGS = {
    "minimum": {"number"},
    "maximum": {"number"},
    "out_of_range": {"number"},
    "infinite": {"number"},
    "categories": {"category"},
    "unseen": {"category"},
    "unseen_share": {"category"},
    "format": {"time"},
}
_GENERALISED_TO = {
    "birth_date": {"number"},
    "coordinates": {"number", "category"},
    "ip": {"category"},
    "postcode": {"category"},
}
"""What can be generalised, and the kinds of what it becomes."""


class Column(BaseModel):
    """What one column must be.

    Attributes
    ----------
    name : str
        As in the data.
    kind : {"number", "boolean", "category", "time", "text"}
        What its values are.
    role : {"feature", "target", "id", "time", "group", "weight", "ignore"}
        What it is there for. Only a feature is seen by a model.
    protected : bool
        Whether its groups must not be left worse off. Messages never show its values.
    required : bool
        Whether a table or record must have the column.
    missing : {"accept", "refuse"}
        What happens where there is no value.
    missing_share : float
        Share of missing values that is no news, from 0 to 1.
    minimum, maximum : float or None
        Smallest and largest usual number; compared as 32-bit floats, as models see them.
    out_of_range : {"accept", "refuse"}
        What happens to other numbers.
    infinite : {"refuse", "missing"}
        What a number that is infinite, or too large for a model, is: wrong, or missing.
    categories : tuple of str
        Known texts, most frequent first; the labels where the column is the target.
    unseen : {"accept", "refuse"}
        What happens to other texts. Accepted, a model sees them as "some other".
    unseen_share : float
        Share of other texts that is no news, from 0 to 1.
    format : str
        How a time is written where it comes as text: ``iso8601``, or directives such as ``%d/%m/%Y``.
    sensitive : str
        What personal data its values are, such as ``email``; empty where they are none, ``none`` where a
        person has said so.
    treatment : {"", "drop", "hash", "generalise", "keep"}
        What is done with personal data before anything is kept or learned. Kind, range and categories are
        those of the treated values.
    reason : str
        Why it is treated so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    kind: ColumnKind
    role: Role = "feature"
    protected: bool = False
    required: bool = True
    missing: Policy = "accept"
    missing_share: float = Field(default=0.0, ge=0, le=1)
    minimum: float | None = Field(default=None, allow_inf_nan=False)
    maximum: float | None = Field(default=None, allow_inf_nan=False)
    out_of_range: Policy = "accept"
    infinite: Literal["refuse", "missing"] = "refuse"
    categories: tuple[str, ...] = ()
    unseen: Policy = "accept"
    unseen_share: float = Field(default=0.0, ge=0, le=1)
    format: str = "iso8601"
    sensitive: Sensitive = ""
    treatment: Treatment = ""
    reason: str = ""

    @model_validator(mode="after")
    def _keys_belong_to_the_kind(self) -> Self:
        for key in sorted(self.model_fields_set & _BELONGS.keys()):
            changed = getattr(self, key) != type(self).model_fields[key].default
            if changed and self.kind not in _BELONGS[key]:
                kinds = " or ".join(_BELONGS[key])
                raise ValueError(f"{key}: only for a {kinds} column, but the kind is {self.kind}")
        return self

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum: {self.minimum} is above the maximum, {self.maximum}")
        if len(set(self.categories)) != len(self.categories):
            twice = next(text for text in self.categories if self.categories.count(text) > 1)
            raise ValueError(f"categories: '{twice}' is there twice")
        if "" in self.categories:
            raise ValueError("categories: an empty text is a missing value, not a category")
        if self.role == "weight" and self.kind != "number":
            raise ValueError(f"role: a weight is a number, but the kind is {self.kind}")
        if self.kind == "time":
            TimeFormat(self.format)
        return self

    @model_validator(mode="after")
    def _is_treated(self) -> Self:
        if not self.is_personal:
            if self.treatment:
                raise ValueError("treatment: only for a column whose personal data is named by 'sensitive'")
            return self
        if self.role == "target":
            raise ValueError(
                "sensitive: a target can't be, since its values are the model's answers; give them other "
                "names at the source"
            )
        if fault := self._fault_of_treatment():
            raise ValueError(f"treatment: {fault}")
        return self

    def _fault_of_treatment(self) -> str:
        if not self.treatment:
            return "is needed where 'sensitive' is set: drop, hash, generalise or keep"
        if self.treatment == "drop" and self.role != "ignore":
            return f'a dropped column can\'t be {self.role}; set role = "ignore"'
        if self.treatment == "hash" and self.kind not in {"category", "text"}:
            return f'hashed values are texts, but the kind is {self.kind}; set kind = "category"'
        if self.treatment == "generalise" and self.kind not in _GENERALISED_TO.get(self.sensitive, set()):
            known = ", ".join(_GENERALISED_TO)
            return (
                f"generalised can be {known}, each to its kind, but this is {self.sensitive} as {self.kind}"
            )
        if self.treatment == "keep" and not self.reason.strip():
            return "to keep personal data needs a reason"
        if self.treatment == "keep" and self.role == "feature" and self.kind in {"category", "text"}:
            return "the texts of a feature are in the model and in its package; hash them instead"
        if self.treatment == "hash" and self.role == "feature" and self.kind == "text":
            return 'hashed texts have no words; set kind = "category"'
        return ""

    @model_serializer(mode="wrap")
    def _brief(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is not said of most columns, so that the hashes of earlier contracts still hold."""
        content: dict[str, Any] = handler(self)
        for key in ("sensitive", "treatment", "reason"):
            if not content.get(key):
                content.pop(key, None)
        return content

    @property
    def is_personal(self) -> bool:
        """Whether its values are personal data."""
        return self.sensitive not in {"", "none"}

    @property
    def is_sensitive(self) -> bool:
        """Whether messages must not show its values."""
        hidden = self.protected or self.is_personal
        return hidden or self.role in {"id", "group", "ignore"} or self.kind == "text"

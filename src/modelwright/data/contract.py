"""The contract: what each column must be, written once and used by every stage."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import msgspec
import polars as pl
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from modelwright.data.column import Column, Role
from modelwright.errors import ContractError
from modelwright.problem import CleaningStep, explain

if TYPE_CHECKING:
    from modelwright.data.cleaning import Cleaner
    from modelwright.problem import Brief

MISSING_VALUES = ("?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null")
"""Texts that mean "missing" unless a contract says otherwise; blank texts always do."""
MOST_COMPARED = 1_000
"""Among more names the nearest is not looked for."""


class Contract(BaseModel):
    """What each column must be, in the order of the data.

    Attributes
    ----------
    columns : tuple of Column
        Exactly one has the role ``target``; its categories are the labels, the negative one first where
        there are two.
    missing_values : tuple of str
        Texts that mean "missing", besides blank ones.
    cleaning : tuple of CleaningStep
        What the brief declares and is done: the steps that are switched on, and those whose being off means
        something. Not in ``contract.toml``.
    format : int
        Version of this form.
    privacy_key : str
        Fingerprint of the key by which values are hashed, from which the key can't be told; empty where none
        are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    missing_values: tuple[str, ...] = MISSING_VALUES
    cleaning: tuple[CleaningStep, ...] = ()
    columns: tuple[Column, ...]
    privacy_key: str = Field(default="", pattern=r"^(?:[0-9a-f]{32})?$")

    @model_serializer(mode="wrap")
    def _brief(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what most contracts do not say, so that the hashes of earlier ones still hold."""
        content: dict[str, Any] = handler(self)
        if not content.get("privacy_key"):
            content.pop("privacy_key", None)
        return content

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        twice = [name for name, count in Counter(each.name for each in self.columns).items() if count > 1]
        if twice:
            raise ValueError(f"column '{twice[0]}' is there twice")
        for role in ("target", "time", "group", "weight"):
            named = [each.name for each in self.columns if each.role == role]
            if len(named) > 1 or (role == "target" and not named):
                found = " and ".join(f"'{name}'" for name in named) or "none"
                raise ValueError(f"exactly one column has the role '{role}', but found {found}")
        if self.target.kind not in {"number", "category"}:
            raise ValueError(
                f"column '{self.target.name}': a target is a number or a category, not a {self.target.kind}"
            )
        if self.target.kind == "category" and len(self.target.categories) < 2:
            raise ValueError(f"column '{self.target.name}': a target needs at least two categories")
        return self

    @cached_property
    def features(self) -> tuple[Column, ...]:
        """The columns that a model sees."""
        return tuple(each for each in self.columns if each.role == "feature")

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Names of the columns of the matrix of numbers: numbers, then booleans."""
        return self._named("number") + self._named("boolean")

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Names of the columns of the matrix of texts: categories, then free texts."""
        return self._named("category") + self._named("text")

    @cached_property
    def times(self) -> tuple[str, ...]:
        """Names of the columns of the matrix of times."""
        return self._named("time")

    @cached_property
    def target(self) -> Column:
        """The column to predict."""
        return next(each for each in self.columns if each.role == "target")

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels, in the order of their codes; empty for a number."""
        return self.target.categories

    @cached_property
    def protected(self) -> tuple[Column, ...]:
        """The columns whose groups must not be left worse off."""
        return tuple(each for each in self.columns if each.protected)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content, in hexadecimal digits."""
        return hashlib.sha256(msgspec.json.encode(self.to_dict(), order="deterministic")).hexdigest()

    def with_role(self, role: Role) -> Column | None:
        """Return the first column of a role, if there is one."""
        return next((each for each in self.columns if each.role == role), None)

    def column(self, name: str) -> Column:
        """Return a column by its name.

        Raises
        ------
        ContractError
            If there is none of that name; the message suggests the nearest.
        """
        found = next((each for each in self.columns if each.name == name), None)
        if found is None:
            raise ContractError(f"the contract has no column '{name}'{nearest(name, self._names)}")
        return found

    def accepting(self) -> Contract:
        """Return the contract with every feature's policies set to "accept", and none required.

        For models that must answer whatever comes, such as scikit-learn's estimators.
        """
        free: dict[str, Any] = {
            "missing": "accept",
            "out_of_range": "accept",
            "unseen": "accept",
            "required": False,
        }
        columns = [each.model_copy(update=free) if each.role == "feature" else each for each in self.columns]
        return self.with_columns(columns)

    def with_columns(self, columns: Iterable[Column]) -> Contract:
        """Return the contract with other columns."""
        return self.but(columns=tuple(columns))

    def but(self, **changes: Any) -> Contract:
        """Return the contract with some fields changed."""
        return Contract(**{name: getattr(self, name) for name in type(self).model_fields} | changes)

    def with_cleaning(self, steps: Iterable[CleaningStep]) -> Contract:
        """Return the contract with the steps of cleaning that a brief declares.

        Parameters
        ----------
        steps : iterable of CleaningStep
            All that are declared.

        Raises
        ------
        BriefError
            If a step names a column that the contract does not have, or can't be done.
        """
        from modelwright.data.cleaning import apply_steps

        return apply_steps(self, tuple(steps))

    @cached_property
    def cleaners(self) -> dict[str, Cleaner]:
        """What cleans the values of the columns that have steps."""
        from modelwright.data.cleaning import cleaners_of

        return cleaners_of(self.cleaning)

    def markers(self, name: str) -> frozenset[str]:
        """Return the texts that mean "missing" in a column, besides blank ones."""
        texts = [
            step.values
            for step in self.cleaning
            if step.step == "missing" and not step.enabled and name in step.columns
        ]
        return frozenset(self.missing_values).difference(*texts)

    @classmethod
    def infer(cls, frame: pl.DataFrame, brief: Brief) -> Contract:
        """Write down what a table's columns are.

        Parameters
        ----------
        frame : polars.DataFrame
            As `modelwright.data.read` returns it, the target included.
        brief : Brief
            States the target, the task and the roles of columns.

        Raises
        ------
        DataError
            If a column that the brief names is not there, or can't be what the brief says it is.
        """
        from modelwright.data.cleaning import clean
        from modelwright.data.inference import infer_columns

        cleaned = clean(frame, brief.cleaning)
        columns = infer_columns(cleaned, brief, frozenset(MISSING_VALUES))
        return cls(columns=columns).with_cleaning(brief.cleaning)

    @classmethod
    def from_dict(cls, content: dict[str, Any], where: str = "the contract") -> Contract:
        """Check the content of a contract.

        Parameters
        ----------
        content : dict
            As `to_dict` returned it.
        where : str
            What to call it in an error.

        Raises
        ------
        ContractError
            Naming every key that is unknown (with the nearest that is known) or wrong.
        """
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise ContractError(explain(error, cls, where)) from error

    def to_dict(self) -> dict[str, Any]:
        """Return the contract as JSON types."""
        content = self.model_dump(mode="json", exclude={"cleaning"})
        if self.cleaning:
            content["cleaning"] = [step.declared() for step in self.cleaning]
        return content

    @classmethod
    def read(cls, path: Path) -> Contract:
        """Read and check a ``contract.toml``.

        Raises
        ------
        ContractError
            If the file is missing, is not TOML, or says something impossible.
        """
        from modelwright.data.layout import parse

        return cls.from_dict(parse(path), str(path))

    def to_toml(self) -> str:
        """Write the contract as TOML with comments, for people to edit."""
        from modelwright.data.layout import render

        return render(self)

    @property
    def _names(self) -> list[str]:
        return [each.name for each in self.columns]

    def _named(self, kind: str) -> tuple[str, ...]:
        return tuple(each.name for each in self.features if each.kind == kind)


def nearest(name: str, known: list[str]) -> str:
    """Return a hint at the known name that is nearest, or nothing."""
    from difflib import get_close_matches

    if len(known) > MOST_COMPARED:
        return ""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""

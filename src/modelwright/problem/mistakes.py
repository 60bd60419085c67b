"""What is wrong with a brief or a contract, said to a person."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError


def explain(error: ValidationError, model: type[BaseModel], where: str) -> str:
    """Turn pydantic's findings into one message that names each key and suggests the nearest.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    model : type of BaseModel
        The model that was checked; its fields are the known keys.
    where : str
        What to call the checked thing, such as a path.
    """
    lines = [
        _line(detail["loc"], detail["type"], detail["msg"], detail["input"], model)
        for detail in error.errors()
    ]
    if len(lines) == 1:
        return f"{where}: {lines[0]}"
    return f"{where}: {len(lines)} keys are wrong\n" + "\n".join(f"  - {line}" for line in lines)


def _line(loc: tuple[int | str, ...], kind: str, message: str, value: Any, model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in loc)
    if kind == "extra_forbidden":
        known = _known_keys(model, loc[:-1])
        near = get_close_matches(str(loc[-1]), known, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(known)}"
        return f"unknown key '{key}'; {hint}"
    if kind == "missing":
        return f"key '{key}' is missing"
    reason = message.removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    if not loc or kind == "value_error":
        return f"'{key}': {reason}" if key else reason
    return f"'{key}': {reason}, but got {value!r}{_nearest_choice(kind, reason, value)}"


def _nearest_choice(kind: str, reason: str, value: Any) -> str:
    if kind not in {"enum", "literal_error"}:
        return ""
    choices = [part.strip("' ") for part in reason.split("should be", 1)[-1].replace(" or ", ",").split(",")]
    near = get_close_matches(str(value), choices, n=1, cutoff=0.5)
    return f"; did you mean '{near[0]}'?" if near else ""


def _known_keys(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        found = next(_models_in(field.annotation), None) if field else None
        if found is None:
            return []
        model = found
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)

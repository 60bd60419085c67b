"""The reference of the profile names each field, each meaning and nothing else."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from modelwright.data import ColumnProfile, Profile
from modelwright.data.profiling.results import Duplicates, Meaning, Numbers
from tests.docs.test_lists import REFERENCE, named, section

PAGE = (REFERENCE / "profile.md").read_text()


@pytest.mark.parametrize(
    "kind", [Profile, ColumnProfile, Numbers, Duplicates], ids=lambda kind: kind.__name__
)
def test_the_fields(kind) -> None:
    assert named(section(PAGE, f"`{kind.__name__}`")) == [field.name for field in fields(kind)]


def test_the_meanings() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| `meaning`"))

    assert [word for word in get_args(Meaning) if f"`{word}`" not in row] == []

"""Every algorithm of the catalogue passes the suite that others are asked to pass."""

from __future__ import annotations

import pytest

from modelwright.algorithms import CATALOGUE
from modelwright.testing.algorithms import ALGORITHM_CHECKS, Check


@pytest.mark.parametrize("check", ALGORITHM_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", [name for name in CATALOGUE if not CATALOGUE[name].by_wish])
def test_it_conforms(name: str, check: Check) -> None:
    check(CATALOGUE[name])

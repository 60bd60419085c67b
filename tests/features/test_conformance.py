"""Every transformer keeps the promises of its interface, and the suite notices when one does not."""

from __future__ import annotations

import pytest

from modelwright.features import (
    BooleanColumns,
    CategoryColumns,
    CoordinateColumns,
    NumberColumns,
    TextColumns,
    TimeColumns,
)
from modelwright.testing.features import COLUMN_TRANSFORMER_CHECKS, column_transformer_settings

OURS = (NumberColumns, BooleanColumns, CategoryColumns, TimeColumns, TextColumns, CoordinateColumns)


@pytest.mark.parametrize("setting", column_transformer_settings(), ids=lambda s: f"{s.style}-{s.task}")
@pytest.mark.parametrize("check", COLUMN_TRANSFORMER_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("transformer", OURS, ids=lambda transformer: transformer.kind)
def test_our_transformers_conform(transformer, check, setting):
    check(transformer, setting)

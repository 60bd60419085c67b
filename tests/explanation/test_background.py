"""The background: as the columns are, and nobody's row."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.data import Column, Contract
from modelwright.explanation import draw_background


def contract(**kinds: str) -> Contract:
    columns = [Column(name=name, kind=kind) for name, kind in kinds.items()]
    return Contract(columns=(*columns, Column(name="outcome", kind="number", role="target")))


def test_each_column_is_as_it_was_and_rows_are_mixed() -> None:
    rng = np.random.default_rng(0)
    amount = rng.normal(100, 10, 2000)
    frame = pl.DataFrame(
        {
            "amount": pl.Series(amount, dtype=pl.Float32),
            "double": pl.Series(2 * amount, dtype=pl.Float32),
            "flag": pl.Series(rng.random(2000) < 0.25, dtype=pl.Boolean).cast(pl.Float32),
            "kind": rng.choice(["a", "b"], 2000, p=[0.75, 0.25]),
        }
    )

    drawn = draw_background(
        frame, contract(amount="number", double="number", flag="boolean", kind="category")
    )

    assert drawn.schema == frame.schema
    assert len(drawn) == 16
    assert abs(drawn["amount"].mean() - 100) < 1
    assert abs(drawn["amount"].std() - 10) < 2
    assert drawn["flag"].sum() == 4
    assert (drawn["kind"] == "b").sum() == 4
    assert abs(np.corrcoef(drawn["amount"], drawn["double"])[0, 1]) < 0.6
    assert not set(drawn["amount"].to_list()) & set(frame["amount"].to_list())


def test_what_few_rows_have_is_not_in_it() -> None:
    names = ["common"] * 500 + [f"somebody {at}" for at in range(100)]
    frame = pl.DataFrame({"name": names, "id": pl.Series(range(600), dtype=pl.Int64) * 86_400})

    drawn = draw_background(frame, contract(name="category", id="time"))

    assert set(drawn["name"]) == {"common"}
    assert (drawn["id"] % 86_400 == 0).all()


def test_no_free_text_is_in_it() -> None:
    frame = pl.DataFrame({"note": ["the same words"] * 50, "size": [float(at) for at in range(50)]})

    drawn = draw_background(frame, contract(note="text", size="number"))

    assert drawn["note"].null_count() == drawn.height


def test_missing_values_come_in_their_share() -> None:
    values = [None] * 500 + [float(at) for at in range(500)]
    frame = pl.DataFrame(
        {"x": pl.Series(values, dtype=pl.Float32), "y": pl.Series([None] * 1000, dtype=pl.String)}
    )

    drawn = draw_background(frame, contract(x="number", y="category"))

    assert drawn["x"].null_count() == 8
    assert drawn["y"].null_count() == 16


def test_the_same_seed_draws_the_same() -> None:
    frame = pl.DataFrame({"x": pl.Series(np.arange(100.0), dtype=pl.Float32), "k": ["a", "b"] * 50})
    asked = contract(x="number", k="category")

    assert draw_background(frame, asked, seed=3).equals(draw_background(frame, asked, seed=3))

"""Identifiers and the order of rows that predict, copies of rows, and what several rows are about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.guess import is_named_identifier
from modelwright.data.leaks.measures import explained
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import SEED, Feature, Table
from modelwright.data.units import duplicates_of

UNIQUE = 0.9
DENSE = 3
SAID_BY_NUMBER = 0.1
SAID_BY_TEXT = 0.3
BINS = 50
SAID_BY_ORDER = 0.3
FEWEST_ROWS = 100
COPIES = 0.02
FEWEST_GROUPS = 20
LEAST_PER_GROUP = 1.3
MOST_PER_GROUP = 0.05
PAIRS = 3000
ALIKE = 0.25
VERY_ALIKE = 0.6


def identifiers(table: Table) -> Iterator[Leak]:
    """MW-L007: a column that identifies rows predicts the target.

    **How**: nearly every row has a value of its own, and it counts the rows or is called an identifier; cut
    into ranges, whole numbers say 10 % of the target, parts of a text 30 %.

    **Why**: numbers are given in some order: by time, by source, by outcome. New rows get new ones.

    **What to do**: leave it out; find out what the order stands for.
    """
    for name, feature in table.tested.items():
        codes = _parts(table, feature)
        if codes is None:
            continue
        said = explained(codes, table.y, table.n_classes, table.half)
        if said >= (SAID_BY_NUMBER if feature.numbers is not None else SAID_BY_TEXT):
            yield Leak(
                "MW-L007",
                (name,),
                round(min(0.55 + said / 2, 0.95), 3),
                "identifier",
                f"it identifies rows, and yet says {said:.0%} of the target",
                "Leave it out (columns.ignore in modelwright.toml); find out what its order stands for.",
                {"explained": said},
            )


def _parts(table: Table, feature: Feature) -> np.ndarray | None:
    known = int((~feature.missing).sum())
    if known < FEWEST_ROWS or feature.distinct < UNIQUE * known:
        return None
    if feature.numbers is not None and feature.kind == "number":
        values = feature.numbers[~feature.missing]
        whole = bool((values == np.floor(values)).all())
        counts = whole and _counts(values)
        return feature.codes if whole and (counts or is_named_identifier(feature.name)) else None
    if feature.texts is None:
        return None
    raw = table.frame[feature.name].cast(pl.String).fill_null("")
    heads = raw.str.slice(0, 3).rank("dense").cast(pl.Int64).to_numpy()
    return heads if len(np.unique(heads)) <= 200 else None


def _counts(values: NDArray[np.float64]) -> bool:
    """Whether numbers count the rows: always up or always down, with few left out."""
    steps = np.diff(values)
    return bool((steps > 0).all() or (steps < 0).all()) and abs(values[-1] - values[0]) <= DENSE * len(values)


def row_order(table: Table) -> Iterator[Leak]:
    """MW-L008: the order of the rows predicts the target.

    **How**: cut into fifty stretches, the rows' places say 30 % of the target, and no time explains their
    order.

    **Why**: the table was sorted by the outcome, or put together from parts. A split by place would
    mislead, and so would a column that counts the rows.

    **What to do**: find out where the order comes from; name the time, if it is one.
    """
    if len(table.y) < FEWEST_ROWS or table.has_time or table.group_codes is not None:
        return
    place = np.arange(len(table.y)) * BINS // len(table.y)
    said = explained(place, table.y, table.n_classes, table.half)
    if said >= SAID_BY_ORDER:
        yield Leak(
            "MW-L008",
            (),
            round(min(0.2 + said / 4, 0.45), 3),
            "order of the rows",
            f"the place of a row in the table says {said:.0%} of the target",
            "Find out where the order comes from; if it is one of time, name the time (columns.time).",
            {"explained": said},
        )


def copied_rows(table: Table) -> Iterator[Leak]:
    """MW-L009: rows are copies of others, with the same label or another.

    **How**: compared in all columns but identifiers, ignored ones and the target. Found from 2 % of the
    rows on.

    **Why**: a copy on the other side of a split is an answer given away, and copies with another label set a
    limit to every model. Modelwright's splits keep copies together.

    **What to do**: remove them at the source, unless they are separate events.
    """
    names = [each.name for each in table.contract.columns if each.role not in {"id", "ignore", "target"}]
    names = [name for name in names if name in table.frame.columns]
    if not names or len(table.frame) < FEWEST_ROWS:
        return
    units = duplicates_of(table.frame, table.contract)
    copies = len(units) - int(units.max(initial=-1)) - 1
    if copies < COPIES * len(units):
        return
    features = pl.DataFrame({"row": table.frame.select(names).hash_rows(), "y": table.y})
    labels = features.group_by("row").agg(pl.len().alias("rows"), pl.col("y").n_unique().alias("labels"))
    other = int(labels.filter((pl.col("rows") > 1) & (pl.col("labels") > 1))["rows"].sum())
    share = copies / len(units)
    words = f"{share:.1%} of the rows are copies of others; {other:,} rows have a twin with another target"
    yield Leak(
        "MW-L009",
        (),
        round(min(0.2 + share / 2, 0.45), 3),
        "copies of rows",
        words,
        "Remove them at the source, unless they are separate events; splits keep copies on one side.",
        {"copies": share, "with_another_target": float(other)},
    )


def groups(table: Table) -> Iterator[Leak]:
    """MW-L013: rows that share a value resemble each other, as rows of one customer or machine do.

    **How**: no group is named; the column is called an identifier and its values repeat, for 20 values and
    1.3 rows each at least. Pairs of rows that share a value agree in the other columns more often than
    pairs by chance: by a quarter of what is possible (60 % where the name does not say so).

    **Why**: with one of them on each side of a split, a model looks better than it is on new ones.

    **What to do**: name it as ``columns.group``.
    """
    if table.contract.with_role("group") is not None or len(table.y) < FEWEST_ROWS:
        return
    for name, feature in table.features.items():
        found = _resemblance(table, feature)
        if found is None:
            continue
        gain, per_group = found
        named = is_named_identifier(name)
        if gain >= (ALIKE if named else VERY_ALIKE) and (named or feature.texts is not None):
            yield Leak(
                "MW-L013",
                (name,),
                round(min(0.25 + gain / 4, 0.45), 3),
                "groups",
                f"rows that share it ({per_group:.1f} on average) agree in {gain:.0%} more than chance",
                "If it is who or what a row is about, name it as columns.group in modelwright.toml.",
                {"alike": gain, "rows_per_value": per_group},
            )


def _resemblance(table: Table, feature: Feature) -> tuple[float, float] | None:
    """Return how much more alike rows with an equal value are than others, and how many share one."""
    values = feature.texts if feature.texts is not None else feature.numbers
    if values is None or feature.kind == "time" or (feature.distinct < FEWEST_GROUPS):
        return None
    known = np.flatnonzero(~feature.missing)
    per_group = len(known) / feature.distinct
    whole = feature.texts is not None or bool((values[known] == np.floor(values[known])).all())
    if not whole or per_group < LEAST_PER_GROUP or per_group > MOST_PER_GROUP * len(known):
        return None
    order = known[np.argsort(values[known], kind="stable")]
    same = np.flatnonzero(values[order][1:] == values[order][:-1])
    if len(same) < 50:
        return None
    rng = np.random.default_rng(SEED)
    same = rng.permutation(same)[:PAIRS]
    one, other = order[same], order[same + 1]
    stranger = rng.permutation(known)[: len(one)]
    stranger = np.resize(stranger, len(one))
    gains = []
    for name, each in table.features.items():
        if name == feature.name or each.kind == "text" or each.distinct < 2:
            continue
        together = float((each.codes[one] == each.codes[other]).mean())
        by_chance = float((each.codes[one] == each.codes[stranger]).mean())
        if by_chance < 0.95:
            gains.append((together - by_chance) / (1 - by_chance))
    return (float(np.mean(gains)), per_group) if len(gains) >= 2 else None

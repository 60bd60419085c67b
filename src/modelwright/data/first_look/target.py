"""Looks at the target."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from modelwright.data.first_look.scene import Scene
from modelwright.data.guess import counts_or_identifies
from modelwright.problem import Finding

RARE_ROWS = 10
RARE_SHARE = 0.05
RARE_PART = 0.25


def without_target(scene: Scene) -> Iterator[Finding]:
    """MW-D001: rows have no target.

    **How**: the target is missing.

    **Why**: nothing can be learned from them; they are left out.

    **What to do**: label them if they are like the others; if not, the labelled ones mislead.
    """
    count = scene.target.null_count()
    if count:
        yield Finding(
            code="MW-D001",
            severity="warning",
            column=scene.contract.target.name,
            message=f"{count:,} of {scene.frame.height:,} rows have no target and are left out",
            count=count,
            advice="Find out why; if those rows differ from the others, the model will not know them.",
        )


def identifying_target(scene: Scene) -> Iterator[Finding]:
    """MW-D017: the target seems to identify or count the rows.

    **How**: its values are whole numbers, all different, that count up without a gap or are called an
    identifier.

    **Why**: what identifies a row says nothing of it, so nothing that holds for new rows can be learned.

    **What to do**: name another target, unless the column is a number that is worth predicting.
    """
    target = scene.contract.target
    if target.kind == "number" and counts_or_identifies(scene.target.alias(target.name)):
        yield Finding(
            code="MW-D017",
            severity="warning",
            column=target.name,
            message="the target seems to identify or count the rows: whole numbers, all different",
            advice="Name another target, unless this is a number that is worth predicting.",
        )


def rare_classes(scene: Scene) -> Iterator[Finding]:
    """MW-D009: a class has fewer than ten rows.

    **How**: counted in the target.

    **Why**: there are too few to learn the class and to judge it.

    **What to do**: collect more rows of it, or merge it with another.
    """
    for label, count in _counts(scene):
        if count < RARE_ROWS:
            yield Finding(
                code="MW-D009",
                severity="warning",
                column=scene.contract.target.name,
                message=f"class '{label}' has only {count} row{'s' * (count != 1)}",
                count=count,
                advice="Collect more rows of it, or merge it with another class.",
            )


def balance(scene: Scene) -> Iterator[Finding]:
    """MW-D010: the classes are of very different size.

    **How**: the rarest has less than five percent of the rows, and less than a quarter of an equal share.

    **Why**: always answering the most frequent one looks accurate; accuracy says little.

    **What to do**: judge by a metric of ranking or of probabilities, and state what mistakes cost.
    """
    counts = _counts(scene)
    total = sum(count for _, count in counts)
    if not counts:
        return
    label, count = min(counts, key=lambda each: each[1])
    if RARE_ROWS <= count < total * min(RARE_SHARE, RARE_PART / len(counts)):
        yield Finding(
            code="MW-D010",
            severity="info",
            column=scene.contract.target.name,
            message=f"class '{label}' has {count / total:.1%} of the rows",
            count=count,
            advice="Judge by roc_auc, average_precision or log_loss, not by accuracy; state the costs.",
        )


def _counts(scene: Scene) -> list[tuple[str, int]]:
    if not scene.contract.classes:
        return []
    counted = scene.target.drop_nulls().alias("label").value_counts(name="count").sort("label")
    return [(label, count) for label, count in counted.select("label", pl.col("count")).iter_rows()]

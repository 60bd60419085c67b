"""A look for numbers that no model can hold."""

from __future__ import annotations

from collections.abc import Iterator

from modelwright.data.first_look.scene import Scene
from modelwright.data.kinds import kind_named
from modelwright.problem import Finding


def infinite(scene: Scene) -> Iterator[Finding]:
    """MW-D016: numbers are infinite, or too large for a model, and are read as missing.

    **How**: their 32-bit float is not finite.

    **Why**: they mostly come of a division by zero or an overflow, and no model can learn from them.

    **What to do**: correct the calculation at the source; or set ``infinite = "refuse"`` in the contract.
    """
    for column in scene.contract.features:
        if column.infinite != "missing":
            continue
        _, too_large = kind_named("number", scene.markers).series(scene.frame[column.name])
        if count := int(too_large.sum()):
            yield Finding(
                code="MW-D016",
                severity="warning",
                column=column.name,
                message=f"{count:,} of {scene.frame.height:,} numbers are infinite or too large for a model, "
                "and are read as missing",
                rows=tuple(too_large.arg_true().head(5).to_list()),
                count=count,
                advice='Correct the calculation at the source; or set infinite = "refuse" in contract.toml.',
            )

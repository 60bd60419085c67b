"""What the checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from modelwright.adoption.reading import Code, Fit, Learned, Score, Seen, Value
from modelwright.problem import Finding, Severity, stated_reason

HELD_OUT = frozenset({"test", "valid", "fold", "folds"})


@dataclass(frozen=True)
class Scene:
    """A prototype's code, and what happens in it.

    Attributes
    ----------
    code : Code
    seen : Seen
    """

    code: Code
    seen: Seen

    @cached_property
    def final(self) -> str:
        """The rows that judge in the end: ``test``, or ``valid`` where there are none."""
        return "test" if any("test" in each.parts for each in self.seen.scores) else "valid"

    @cached_property
    def targets(self) -> frozenset[str]:
        """The columns from which the targets are worked out."""
        pairs = [
            *((each.X, each.y) for each in self.seen.fits),
            *((each.X, each.y) for each in self.seen.scores),
        ]
        return frozenset().union(*(y.whole_trace().sources for _, y in pairs if y.kind == "column"))

    def judged(self) -> Iterator[tuple[Fit | Score, Value]]:
        """Yield what is fitted to be judged on other rows, with the features: training parts, and folds."""
        for fit in self.seen.fits:
            if fit.X.parts and fit.X.parts <= {"train", "valid"}:
                yield fit, fit.X
        for score in self.seen.scores:
            if score.parts == {"folds"}:
                yield score, score.X

    def reads_target(self, learned: Learned) -> bool:
        """Say whether something was learned from the target."""
        return learned.by_target or bool(learned.about and learned.about <= self.targets)

    def at(self, place: object) -> str:
        """Say where something is, as a person would look for it."""
        return self.code.where(getattr(place, "cell", 0), getattr(place, "line", 0))


Check = Callable[[Scene], Iterator[Finding]]


def found(
    check: Check, code: str, severity: Severity, message: str, advice: str, column: str | None = None
) -> Finding:
    """Return a finding of a check; its docstring says why it matters."""
    return Finding(
        code=code, severity=severity, message=message, column=column, why=stated_reason(check), advice=advice
    )


def rows_of(value: Value) -> frozenset[Learned]:
    """Return what was learned from many rows and is in features; figures of groups are rows themselves."""
    return frozenset() if value.kind == "statistic" else value.all_learned


def named(names: object, most: int = 4) -> str:
    """Name a few columns."""
    listed = sorted(map(str, names))  # type: ignore[call-overload]  # any iterable of names
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(f"'{each}'" for each in listed[:most]) + more

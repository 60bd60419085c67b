"""What could not be known when the model is asked: MW-N004, MW-N008 to MW-N010."""

from __future__ import annotations

from collections.abc import Iterator

from modelwright.adoption.checks.scene import Scene, found, named
from modelwright.adoption.reading import Fit, Score, Value
from modelwright.adoption.reading.vocabulary import WHO
from modelwright.problem import Finding


def _pairs(scene: Scene) -> Iterator[tuple[Fit | Score, Value, Value]]:
    """Yield the features and the targets that models learn from, once for each line."""
    told = set()
    folds = [one for one in scene.seen.scores if one.parts == {"folds"}]
    learning: list[Fit | Score] = [*scene.seen.fits, *folds]
    for each in learning:
        if (each.place.cell, each.place.line) not in told and each.y.kind == "column":
            told.add((each.place.cell, each.place.line))
            yield each, each.X, each.y


def given_away(X: Value, y: Value) -> set[str]:
    """Return the features that hold the target, or from which it was worked out in the same row."""
    if not X.origin or X.origin != y.origin or X.kind == "statistic":
        return set()
    sources = y.trace.sources
    found_in = {name for name, trace in X.columns.items() if trace.sources & sources}
    own = {y.name} if y.name and (sources or y.trace.future or y.trace.past) else set()
    found_in |= own & set(X.columns)
    by_place = any(name.startswith("#") for name in X.without)
    if by_place and X.is_open:  # what was left out by its place may be the target itself
        found_in -= {y.name, *sources}
    if X.is_open and not (by_place and not any(name.startswith("#") for name in sources)):
        is_named = not all(name.startswith("#") for name in sources)
        if is_named or by_place or not X.without:
            found_in |= {name for name in sources if name not in X.without}
    return found_in


def target_among_the_features(scene: Scene) -> Iterator[Finding]:
    """The target is among the features, or something is that was worked out from it.

    **Why**: the model reads the answer. When it is asked about a new row, the answer is not there yet.
    """
    told: set[str] = set()
    for each, X, y in _pairs(scene):
        new = given_away(X, y) - told
        if new:
            told |= new
            yield found(
                target_among_the_features,
                "MW-N004",
                "error",
                f"{scene.at(each.place)}: the features hold {named(new)}, of which the target "
                f"'{y.name}' is made" if y.name not in new else
                f"{scene.at(each.place)}: the target {named(new)} is among the features",
                "Leave it out of the features: X = df.drop(columns=[...]).",
                column=min(new),
            )  # fmt: skip


def features_of_the_future(scene: Scene) -> Iterator[Finding]:
    """Features are worked out from later rows.

    **Why**: when the model is asked, the later rows do not exist.
    """
    for each, X, y in _pairs(scene):
        late = {name for name, trace in X.columns.items() if trace.future and name != y.name}
        if late and X.ordered:
            yield found(
                features_of_the_future,
                "MW-N008",
                "error",
                f"{scene.at(each.place)}: the features {named(late)} hold values of later rows",
                "Use earlier rows alone: shift(1), rolling(...) without center, ffill.",
                column=min(late),
            )
            return


def shuffled_time(scene: Scene) -> Iterator[Finding]:
    """Rows that follow each other in time are put apart by chance.

    **Why**: the model learns from rows just after those it is asked about, which it will never have again;
    the score tells how well it fills gaps, not how well it foresees.
    """
    for split in scene.seen.splits:
        data = split.data
        lagged = any(trace.past for trace in data.columns.values()) or bool(data.trace.past)
        if split.shuffled and not split.grouped and data.parts <= {"all"} and (data.ordered or lagged):
            yield found(
                shuffled_time,
                "MW-N009",
                "error" if lagged else "warning",
                f"{scene.at(split.place)}: {split.how.rpartition('.')[2]} puts rows apart by chance, though "
                + ("features look back at earlier rows" if lagged else "they are in the order of time"),
                "Hold out the latest rows: train_test_split(shuffle=False), TimeSeriesSplit, or a date.",
            )
            return
    ordered = [each for each in scene.seen.scores if each.parts == {"folds"} and each.X.ordered]
    if ordered and not scene.seen.splits and "all" in ordered[0].X.parts:
        yield found(
            shuffled_time,
            "MW-N009",
            "warning",
            f"{scene.at(ordered[0].place)}: the folds of {ordered[0].metric} learn from later rows to tell "
            "earlier ones",
            "Pass cv=TimeSeriesSplit().",
        )


def _follows_time(rows: Value) -> bool:
    """Say whether rows are told from earlier ones of their group, or are figures of groups."""
    return rows.ordered or rows.kind == "statistic" or any(trace.past for trace in rows.columns.values())


def groups_on_both_sides(scene: Scene) -> Iterator[Finding]:
    """Rows of one customer, patient or machine are on both sides of a split by chance.

    **Why**: the model recognises those it has met; the score says nothing of new ones.
    """
    splits = [each for each in scene.seen.splits if each.shuffled and each.data.parts <= {"all"}]
    if not splits or any(each.grouped for each in scene.seen.splits):
        return
    for looked in scene.seen.looked:
        who = [key for key in looked.what.split(",") if WHO.match(key)] if looked.kind == "grouped" else []
        same = [
            each
            for each in splits
            if each.data.origin == looked.value.origin and not _follows_time(each.data)
        ]
        if who and same:
            yield found(
                groups_on_both_sides,
                "MW-N010",
                "warning",
                f"{scene.at(same[0].place)}: rows are put apart by chance, though '{who[0]}' has several "
                "rows each "
                f"({scene.at(looked.place)} groups by it)",
                f"Keep each {who[0]} on one side: GroupShuffleSplit, GroupKFold, or columns.group in the "
                "brief.",
                column=who[0],
            )
            return

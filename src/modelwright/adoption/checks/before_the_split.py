"""What was learned from rows that shall judge: MW-N001 to MW-N003, MW-N012 to MW-N014."""

from __future__ import annotations

from collections.abc import Iterator

from modelwright.adoption.checks.scene import Scene, found, named, rows_of
from modelwright.adoption.reading import Learned
from modelwright.problem import Finding

_JUDGES = {"all", "test", "valid"}
_BREAKS = {"LabelEncoder", "get_dummies", "factorize", "LabelBinarizer"}


def _early(scene: Scene) -> list[Learned]:
    """Return what was learned from rows that a fit is judged by later, in the order of the code."""
    seen: dict[tuple[str, int, int], Learned] = {}
    for _, X in scene.judged():
        for learned in rows_of(X):
            if "all" in learned.parts or scene.final in learned.parts:
                seen.setdefault((learned.what, learned.cell, learned.line), learned)
    return sorted(seen.values(), key=lambda one: (one.cell, one.line))


def fitted_before_the_split(scene: Scene) -> Iterator[Finding]:
    """Figures of the features were worked out from all rows, those too that judge.

    **Why**: the rows that judge have already told something of themselves, so the score is better than it
    will be for rows that nobody has seen. For a scaler it is little, for an imputation or an outlier limit
    more.
    """
    for learned in _early(scene):
        if learned.how in {"encode", "resample"} or scene.reads_target(learned) or learned.how == "select":
            continue
        about = f" of {named(learned.about)}" if 0 < len(learned.about) < 4 else ""
        yield found(
            fitted_before_the_split,
            "MW-N001",
            "warning",
            f"{scene.at(learned)}: {learned.what}{about} is learned from all rows, before they are split",
            "Learn it from the training rows alone: put it into a Pipeline, or after the split.",
        )


def target_before_the_split(scene: Scene) -> Iterator[Finding]:
    """Features were made or chosen by the target of all rows, those too that judge.

    **Why**: the answer of the rows that judge is inside their features, so the score says little of what the
    model will do.
    """
    for learned in _early(scene):
        if learned.how == "resample" or not (scene.reads_target(learned) or learned.how == "select"):
            continue
        if learned.how == "select" and not learned.by_target:
            continue
        yield found(
            target_before_the_split,
            "MW-N002",
            "error",
            f"{scene.at(learned)}: {learned.what} reads the target of all rows, before they are split",
            "Do it inside the folds: as a step of a Pipeline that cross-validation fits again each time.",
        )


def resampled_before_the_split(scene: Scene) -> Iterator[Finding]:
    """Rows were copied or made up before the split.

    **Why**: copies of one row, or mixtures of it, are on both sides of the split, so the model is asked what
    it has learned by heart; and the rows that judge have no longer the shares of the classes that there will
    be.
    """
    for learned in _early(scene):
        if learned.how == "resample":
            yield found(
                resampled_before_the_split,
                "MW-N003",
                "error",
                f"{scene.at(learned)}: {learned.what} makes rows before they are split",
                "Split first, then resample the training rows alone; for cross-validation use imblearn's "
                "Pipeline.",
            )


def outside_the_folds(scene: Scene) -> Iterator[Finding]:
    """A cross-validation gets features that were prepared from all of its rows.

    **Why**: what was learned of the whole is in each fold that judges. For a scaler it hardly shows; where
    rows were made up or the target was read, the cross-validated figure is far too good, and so is what it
    chooses.
    """
    for score in scene.seen.scores:
        if score.parts != {"folds"}:
            continue
        for learned in sorted(rows_of(score.X), key=lambda one: one.line):
            if learned.parts != {"train"} or learned.how == "encode":
                continue
            bad = learned.how == "resample" or scene.reads_target(learned)
            yield found(
                outside_the_folds,
                "MW-N012",
                "error" if bad else "info",
                f"{scene.at(score.place)}: the folds share what {learned.what} ({scene.at(learned)}) learned",
                "Make it a step of the Pipeline that is cross-validated.",
            )


def learned_from_test_rows(scene: Scene) -> Iterator[Finding]:
    """The rows that judge were prepared by figures of their own.

    **Why**: they are put on another scale than the rows that were learned from; in production there is one
    row at a time, which has no mean and no spread.
    """
    told = set()
    for score in scene.seen.scores:
        for learned in rows_of(score.X):
            own = learned.parts and learned.parts <= {"test", "valid"} and learned.how != "resample"
            if own and learned.parts & score.parts and (learned.cell, learned.line) not in told:
                told.add((learned.cell, learned.line))
                yield found(
                    learned_from_test_rows,
                    "MW-N013",
                    "error",
                    f"{scene.at(learned)}: {learned.what} is fitted again, on the {named(learned.parts)} "
                    "rows",
                    "Fit on the training rows, and only transform the others.",
                )


def encoded_by_what_was_there(scene: Scene) -> Iterator[Finding]:
    """Categories are numbered, or spread over columns, by whatever values the table happens to hold.

    **Why**: a new row may hold a value that was not there, or only one of them: its code or its columns are
    then others than the model has learned, and nothing says so.
    """
    told = set()
    for fit in scene.seen.fits:
        for learned in rows_of(fit.X):
            if learned.what in _BREAKS and (learned.cell, learned.line) not in told:
                told.add((learned.cell, learned.line))
                yield found(
                    encoded_by_what_was_there,
                    "MW-N014",
                    "warning",
                    f"{scene.at(learned)}: {learned.what} encodes by the values that are in the table at "
                    "hand",
                    'Use OneHotEncoder(handle_unknown="ignore") in the Pipeline: it is kept with the model.',
                )

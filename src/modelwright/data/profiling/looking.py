"""What a person should know of a profile, each as a finding with its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modelwright.data.profiling.results import Profile
from modelwright.problem import Finding, stated_reason

MOSTLY_MISSING = 0.5
MOST_OUTLIERS = 0.001
STRONG = 0.99
GIVES_AWAY = 0.95
CHANGES = 0.3
SHOWN = 5


def numbers_as_text(profile: Profile) -> Iterator[Finding]:
    """MW-D301: numbers, amounts or shares are stored as text.

    **Why**: read as they are, they would be categories: order and distance are lost.

    **What to do**: read them as numbers; the misfits are missing then.
    """
    for column in profile.columns:
        if column.stored == "String" and column.meaning in {"number", "money", "percent"}:
            misfits = f"; {column.misfits:,} values are no numbers" if column.misfits else ""
            yield Finding(
                code="MW-D301",
                severity="info",
                column=column.name,
                message=f"{column.because}{misfits}",
                count=profile.rows - column.missing,
                advice="Read it as numbers, or correct the source.",
            )


def mixed_formats(profile: Profile) -> Iterator[Finding]:
    """MW-D302: times are written in several formats, or some are no times.

    **Why**: where day and month can be mistaken for each other, a time is read wrong without a sign of it.

    **What to do**: write times in one format at the source, best as 2013-08-14T13:05:00Z.
    """
    for column in profile.columns:
        if column.meaning == "time" and (len(column.formats) > 1 or column.misfits):
            listed = ", ".join(f"{each.value} ({each.count:,})" for each in column.formats[:SHOWN])
            misfits = f"; {column.misfits:,} values are no times" if column.misfits else ""
            yield Finding(
                code="MW-D302",
                severity="warning",
                column=column.name,
                message=f"times are written in {len(column.formats)} formats: {listed}{misfits}",
                count=column.misfits or None,
                advice="Write them in one format at the source, best as 2013-08-14T13:05:00Z.",
            )


def sentinels(profile: Profile) -> Iterator[Finding]:
    """MW-D303: a value stands for a missing one.

    **Why**: taken at its word, -999 shifts every average, and ``?`` turns numbers into text.

    **What to do**: declare it missing, if it means that.
    """
    for column in profile.columns:
        if column.sentinels:
            listed = ", ".join(f"'{each.value}' ({each.count:,})" for each in column.sentinels[:SHOWN])
            yield Finding(
                code="MW-D303",
                severity="warning",
                column=column.name,
                message=f"values that seem to stand for a missing one: {listed}",
                count=sum(each.count for each in column.sentinels),
                advice="Declare them missing if they mean that; correct the source if they do not.",
            )


def mostly_missing(profile: Profile) -> Iterator[Finding]:
    """MW-D304: half of the values or more are missing.

    **Why**: what is known of the others may not hold for them; often the column is no longer recorded.

    **What to do**: find out why, before it is learned from.
    """
    for column in profile.columns:
        share = column.missing / max(profile.rows, 1)
        if MOSTLY_MISSING <= share < 1:
            yield Finding(
                code="MW-D304",
                severity="warning",
                column=column.name,
                message=f"{100 * share:.0f} % of the values are missing",
                count=column.missing,
                advice="Find out why before it is learned from.",
            )


def constant(profile: Profile) -> Iterator[Finding]:
    """MW-D305: a column says the same in every row, or nothing.

    **Why**: nothing can be learned from it.

    **What to do**: leave it out.
    """
    for column in profile.columns:
        if column.meaning == "empty" or (column.distinct == 1 and not column.missing and column.counted):
            says = "no value is there" if column.meaning == "empty" else "every row says the same"
            yield Finding(
                code="MW-D305", severity="info", column=column.name, message=says, advice="Leave it out."
            )


def outliers(profile: Profile) -> Iterator[Finding]:
    """MW-D306: a few numbers lie far from all others.

    **How**: beyond three interquartile ranges from the quartiles (Tukey, 1977), on a logarithmic scale where
    positive numbers are skewed; at most one in a thousand, since more are a long tail and no outliers.

    **Why**: they are often mistakes of unit or typing, and pull averages and linear models.

    **What to do**: look at these rows; state a range in the contract.
    """
    for column in profile.columns:
        found = column.numbers.outliers if column.numbers else None
        present = profile.rows - column.missing
        if found and 0 < found.count <= max(MOST_OUTLIERS * present, 3) and column.meaning != "time":
            sides = [f"below {found.low:,.6g}"] if found.low is not None else []
            sides += [f"above {found.high:,.6g}"] if found.high is not None else []
            yield Finding(
                code="MW-D306",
                severity="info",
                column=column.name,
                message=f"{found.count:,} value{'s lie' if found.count > 1 else ' lies'} far from the rest "
                f"({' or '.join(sides)})",
                count=found.count,
                advice="Look at these rows; if such values are impossible, state a range in the contract.",
            )


def duplicates(profile: Profile) -> Iterator[Finding]:
    """MW-D307: rows repeat earlier rows in every column.

    **Why**: a copy on the other side of a split is an answer given away, and events are counted twice.

    **What to do**: remove them at the source unless they are separate events.
    """
    found = profile.duplicates
    if found.rows:
        about = "" if found.counted else "about "
        yield Finding(
            code="MW-D307",
            severity="warning",
            message=f"{about}{found.rows:,} of {profile.rows:,} rows repeat an earlier row in every column",
            count=found.rows,
            advice="Remove them at the source, unless they are separate events.",
        )


def same_content(profile: Profile) -> Iterator[Finding]:
    """MW-D308: one column can be told from another.

    **How**: the strength of their relation is at least 0.99.

    **Why**: one of them adds little, and explanations share their importance between both.

    **What to do**: leave one out, if they say the same.
    """
    for each in profile.relations:
        if each.strength >= STRONG and profile.target not in {each.first, each.second}:
            yield Finding(
                code="MW-D308",
                severity="info",
                column=each.second,
                message=f"one of '{each.first}' and '{each.second}' can be told from the other "
                f"(strength {each.strength:.2f})",
                advice="Leave one of them out, if they say the same.",
            )


def gives_away(profile: Profile) -> Iterator[Finding]:
    """MW-D309: a column all but says the target.

    **How**: the strength of its relation with the target is at least 0.95.

    **Why**: such a column is often known only after the target, so it will not be there in use.

    **What to do**: find out when it is known.
    """
    for column in profile.columns:
        if column.target is not None and column.target >= GIVES_AWAY:
            yield Finding(
                code="MW-D309",
                severity="warning",
                column=column.name,
                message=f"it all but says the target (strength {column.target:.2f})",
                advice="Find out when it is known; if only after the target, leave it out.",
            )


def changes(profile: Profile) -> Iterator[Finding]:
    """MW-D310: a column changes over time, or along the rows.

    **How**: the strength of its relation with the stretch of time is at least 0.3.

    **Why**: a model learned on the past meets other values later; and a split by chance hides it.

    **What to do**: split forward in time; ask what changed.
    """
    along = f"over '{profile.time}'" if profile.time else "along the rows"
    for column in profile.columns:
        if column.change and column.change.strength >= CHANGES and column.meaning != "time":
            yield Finding(
                code="MW-D310",
                severity="info",
                column=column.name,
                message=f"it changes {along} (strength {column.change.strength:.2f})",
                advice="Ask what changed; if rows come in order of time, split forward in time.",
            )


def infinite(profile: Profile) -> Iterator[Finding]:
    """MW-D311: numbers are infinite.

    **Why**: they come from a division by zero, and most methods fail on them.

    **What to do**: correct the source, or declare them missing.
    """
    for column in profile.columns:
        if column.numbers and column.numbers.infinite:
            yield Finding(
                code="MW-D311",
                severity="warning",
                column=column.name,
                message=f"{column.numbers.infinite:,} values are infinite",
                count=column.numbers.infinite,
                advice="Correct the source, or declare them missing.",
            )


LOOKS: tuple[Callable[[Profile], Iterator[Finding]], ...] = (
    gives_away,
    sentinels,
    mixed_formats,
    numbers_as_text,
    infinite,
    mostly_missing,
    duplicates,
    constant,
    outliers,
    same_content,
    changes,
)


def look(profile: Profile) -> tuple[Finding, ...]:
    """Return what a person should know, in the order in which it is told.

    Parameters
    ----------
    profile : Profile
        Its own findings are not looked at.
    """
    return tuple(
        finding.model_copy(update={"why": stated_reason(each)}) for each in LOOKS for finding in each(profile)
    )

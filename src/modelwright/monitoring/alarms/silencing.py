"""For how long nobody is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from modelwright.errors import AlarmError
from modelwright.problem import Gap
from modelwright.store import Operations, Silence


def silence(
    operations: Operations,
    by: str,
    reason: str,
    lasting: str,
    about: tuple[str | None, str | None, str | None],
) -> Silence:
    """Tell nobody of some alarms for a while.

    Parameters
    ----------
    operations : Operations
    by, reason : str
    lasting : str
        Such as ``4h`` or ``7d``.
    about : tuple of (incident, promise, column)
        What the silence is about; None for any.

    Raises
    ------
    AlarmError
        If the time is none, or something is lacking.
    """
    try:
        gap = Gap.parse(lasting)
    except ValueError as error:
        raise AlarmError(f"a silence {error}") from error
    if gap.unit != "seconds" or not gap.amount:
        raise AlarmError(f"a silence must last a time such as '4h' or '7d', but got '{lasting}'")
    incident, promise, column = about
    until = datetime.now(UTC) + timedelta(seconds=gap.amount)
    return operations.add_silence(
        until=until, by=by, reason=reason, incident=incident, promise=promise, column=column
    )

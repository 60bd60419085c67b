"""What is done about groups that are chosen, or missed, more often than others."""

from __future__ import annotations

from typing import Literal

from modelwright.problem.section import Section


class FairnessSection(Section):
    """Whether the groups of a protected column get decision thresholds of their own.

    Attributes
    ----------
    mitigate : str
        A protected column whose groups are evened out to within the promised gap, at the least cost; empty
        for one threshold for all. Binary tasks only.
    constraint : {"selection_rate", "true_positive_rate"}
        What is evened out: how often the positive label is given (demographic parity), or how often those
        are found who have it (equal opportunity).
    """

    mitigate: str = ""
    constraint: Literal["selection_rate", "true_positive_rate"] = "selection_rate"

    def complaint(self, protected: tuple[str, ...], *, is_binary: bool) -> str:
        """Say why it cannot be done for a brief; empty where it can."""
        if not self.mitigate:
            return ""
        if not is_binary:
            return "fairness.mitigate: thresholds are for binary tasks; leave it empty"
        if self.mitigate not in protected:
            return f"fairness.mitigate: '{self.mitigate}' must be one of columns.protected"
        return ""

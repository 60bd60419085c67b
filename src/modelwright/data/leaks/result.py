"""What the audit answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from modelwright.problem import Finding

ACCUSED_FROM = 0.5
"""From this strength on, a finding accuses its columns; below, it only informs."""


@dataclass(frozen=True)
class Leak:
    """One way in which the answer may be given away.

    Attributes
    ----------
    code : str
        Stable code, such as ``MW-L001``.
    columns : tuple of str
        The columns concerned, in the order of the table; empty where it is about rows.
    strength : float
        From 0 to 1. From 0.5 on the columns are accused; below, the finding only informs.
    test : str
        Name of the test behind it.
    evidence : str
        What was measured, in words. It never shows a value of the table.
    advice : str
        What to do.
    why : str
        Why it matters.
    figures : dict of str to float
        The measured figures.
    """

    code: str
    columns: tuple[str, ...]
    strength: float
    test: str
    evidence: str
    advice: str
    figures: dict[str, float] = field(default_factory=dict)
    why: str = ""

    @property
    def accuses(self) -> bool:
        """Whether it is strong enough to act upon."""
        return self.strength >= ACCUSED_FROM

    def as_finding(self) -> Finding:
        """Return it as a finding, for reports and lists beside other findings."""
        one = len(self.columns) == 1
        named = "" if one else f"{', '.join(repr(name) for name in self.columns)}: " if self.columns else ""
        return Finding(
            code=self.code,
            severity="warning" if self.accuses else "info",
            column=self.columns[0] if one else None,
            message=f"{named}{self.evidence} (strength {self.strength:.2f})",
            why=self.why,
            advice=self.advice,
        )


@dataclass(frozen=True)
class Audit:
    """What the leak audit found.

    Attributes
    ----------
    target : str
    rows : int
        With a target.
    rows_looked_at : int
        How many of them were used: all, or a sample.
    columns : int
        How many columns were tested.
    clean : bool
        Whether nothing is accused.
    findings : tuple of Leak
        The strongest first.
    how : str
        Which rows and columns were looked at, in words.
    """

    target: str
    rows: int
    rows_looked_at: int
    columns: int
    clean: bool
    findings: tuple[Leak, ...]
    how: str

    @property
    def accused(self) -> tuple[str, ...]:
        """The accused columns, each once, the most suspicious first."""
        named = [name for found in self.findings if found.accuses for name in found.columns]
        return tuple(dict.fromkeys(named))

    def as_findings(self) -> tuple[Finding, ...]:
        """Return everything found, for reports and lists beside other findings."""
        return tuple(found.as_finding() for found in self.findings)

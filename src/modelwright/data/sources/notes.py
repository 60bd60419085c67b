"""What is noticed while a source is read, and the rows that are put aside."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import msgspec

from modelwright.errors import SourceError, SourceWarning
from modelwright.problem import Finding

MOST_IN_MEMORY = 10_000

_BROKEN = {
    "MW-S001": "another number of cells than the header",
    "MW-S002": "a quote that is not closed",
    "MW-S003": "not in the file's encoding",
    "MW-S004": "NUL bytes",
    "MW-S005": "no JSON object",
}
_ADVICE = "Mend them at the source, or leave them out knowingly."


class Notes:
    """Collects findings, and the rows that could not be read.

    Parameters
    ----------
    quarantine : Path, optional
        Where rows that are put aside are written, as JSON lines of ``file``, ``line``, ``code`` and ``text``;
        nothing is written where there are none. By default they are kept in `rows`.
    keeps_text : bool, default True
        Whether the rows' ``text`` is kept; nothing can be treated in a row that could not be parted.

    Attributes
    ----------
    put_aside : int
        How many rows were put aside.
    rows : list of dict
        The rows that were put aside, where there is no file for them; at most 10,000.
    """

    def __init__(self, quarantine: Path | None = None, *, keeps_text: bool = True) -> None:
        self.quarantine = quarantine
        self._keeps_text = keeps_text
        self.put_aside = 0
        self.rows: list[dict[str, Any]] = []
        self._findings: dict[tuple[str, str | None], Finding] = {}
        self._broken: dict[tuple[str, str], tuple[int, int]] = {}
        self._begun = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed so far."""
        broken = [self._finding(*key, *found) for key, found in self._broken.items()]
        return (*broken, *self._findings.values())

    def warn(self) -> None:
        """Warn of rows that were put aside: for those who read a source and do not show its findings."""
        if self.put_aside:
            broken = (self._finding(*key, *found) for key, found in self._broken.items())
            warnings.warn("; ".join(each.message for each in broken), SourceWarning, stacklevel=3)

    def remark(self, finding: Finding) -> None:
        """Take a finding; one of the same code and column replaces the earlier one."""
        self._findings[finding.code, finding.column] = finding

    def put(self, file: str, line: int, code: str, text: str) -> None:
        """Put a row aside.

        Parameters
        ----------
        file : str
        line : int
            Where it begins, from 1.
        code : str
            Of the fault, MW-S001 to MW-S005.
        text : str
            The row as it stands there.

        Raises
        ------
        SourceError
            If there is no file to put it into, and too many are kept already.
        """
        self.put_aside += 1
        count, first = self._broken.get((code, file), (0, line))
        self._broken[code, file] = (count + 1, min(first, line))
        row = {"file": file, "line": line, "code": code} | ({"text": text} if self._keeps_text else {})
        if self.quarantine is not None:
            self._write(row)
        elif len(self.rows) < MOST_IN_MEMORY:
            self.rows.append(row)
        else:
            raise SourceError(
                f"{file}: more than {MOST_IN_MEMORY:,} rows are broken ({_BROKEN[code]}), up to line "
                f"{line:,}; mend the file"
            )

    def _write(self, row: dict[str, Any]) -> None:
        assert self.quarantine is not None  # noqa: S101 - asked before
        if not self._begun:
            self.quarantine.parent.mkdir(parents=True, exist_ok=True)
            self._begun = True
            self.quarantine.unlink(missing_ok=True)  # the same source may be read twice
        # Private to its owner: these are rows of the data, before anything was taken out of them.
        descriptor = os.open(self.quarantine, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(msgspec.json.encode(row) + b"\n")

    def _finding(self, code: str, file: str, count: int, first: int) -> Finding:
        where = f"line {first:,}" if count == 1 else f"first at line {first:,}"
        kept = f" in {self.quarantine}" if self.quarantine is not None else ""
        words = _BROKEN[code]
        rows, verb = (f"1 row of {file}", "is") if count == 1 else (f"{count:,} rows of {file}", "are")
        return Finding(
            code=code,
            severity="warning",
            message=f"{rows} {verb} put aside{kept}: {words} ({where})",
            count=count,
            advice=_ADVICE,
        )

"""The tables of the comparison, from the lines that `ours` and `rivals` print.

Run it with ``python -m benchmarks.monitoring.table ours.jsonl rivals.jsonl``.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from benchmarks.monitoring.streams import BEFORE

Lives = dict[tuple[str, str], list[int | None]]


def main() -> None:
    """Print a table of false alarms and a table of delays for inputs and for losses."""
    parts: dict[str, Lives] = {name: defaultdict(list) for name in ("stationary", "change", "loss")}
    for path in sys.argv[1:]:
        for line in Path(path).read_text().splitlines():
            each = json.loads(line)
            parts[each["part"]][str(each["case"]), each["tool"]].append(each["row"])
    for part, lives in parts.items():
        cases = list(dict.fromkeys(case for case, _ in lives))
        tools = list(dict.fromkeys(tool for _, tool in lives))
        print(f"\n{part}\n\n| | {' | '.join(tools)} |\n| --- |{' --- |' * len(tools)}")
        for case in cases:
            cells = [_cell(part, case, lives.get((case, tool), [])) for tool in tools]
            print(f"| {case} | {' | '.join(cells)} |")


def _cell(part: str, case: str, rows: list[int | None]) -> str:
    """Say how many lives alarmed without a change; or the median delay, and what was missed or too early."""
    if not rows:
        return ""
    alarms = [row for row in rows if row is not None]
    if part == "stationary" or case == "None":
        return f"{len(alarms)} of {len(rows)}"
    early = sum(row < BEFORE for row in alarms)
    delays = [row - BEFORE for row in alarms if row >= BEFORE]
    missed = len(rows) - len(alarms)
    notes = [f"{early} early"] * (early > 0) + [f"{missed} missed"] * (missed > 0)
    median = f"{statistics.median(delays):.0f}" if delays else "none"
    return f"{median} of {len(rows)}" + (f" ({', '.join(notes)})" if notes else "")


if __name__ == "__main__":
    main()

"""The profile: how long it takes, and against ydata-profiling's default report.

    python benchmarks/profile.py limits            a table of 1,000,000 rows and 50 columns
    python benchmarks/profile.py against PYTHON    one 100,000 x 20 table; profile and HTML page, each

`PYTHON` is the interpreter of an environment with the rival:

    python -m venv rival && rival/bin/pip install ydata-profiling "setuptools<81" pyarrow

Each measurement runs in a process of its own, on a Parquet file; importing the library is not counted.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

OURS = """
import json, resource, sys, time
from pathlib import Path
from modelwright.data import profile, write_profile
started = time.perf_counter()
found = profile(sys.argv[1], target="bool_0", time="time_0")
done = time.perf_counter()
write_profile(found, Path(sys.argv[2]))
print(json.dumps({
    "profile": done - started, "seconds": time.perf_counter() - started,
    "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    "page_kilobytes": Path(sys.argv[2]).stat().st_size / 2**10,
}))
"""
THEIRS = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from ydata_profiling import ProfileReport
started = time.perf_counter()
ProfileReport(pd.read_parquet(sys.argv[1]), progress_bar=False).to_file(sys.argv[2])
print(json.dumps({
    "seconds": time.perf_counter() - started,
    "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
}))
"""


def table(rows: int, columns: int):
    """Make a table of numbers, categories, texts, times, numbers as text and missing values."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(0)
    made: dict[str, pl.Series] = {}
    colours, shares = ["red", "green", "blue", "unknown"], [0.5, 0.3, 0.15, 0.05]
    makers = (
        ("float", lambda: pl.Series(rng.lognormal(3, 1, rows)).round(3)),
        ("gaps", lambda: pl.Series(rng.normal(0, 1, rows)).set(pl.Series(rng.random(rows) < 0.2), None)),
        ("int", lambda: pl.Series(rng.poisson(20, rows))),
        ("wide", lambda: pl.Series(rng.integers(0, 10**7, rows))),
        ("category", lambda: pl.Series(rng.choice(colours, rows, p=shares))),
        ("level", lambda: "level " + pl.Series(rng.zipf(1.6, rows) % 500).cast(pl.String)),
        ("bool", lambda: pl.Series(rng.random(rows) < 0.3)),
        (
            "time",
            lambda: (pl.Series(np.sort(rng.integers(16 * 10**8, 17 * 10**8, rows))) * 10**6).cast(
                pl.Datetime("us")
            ),
        ),
        ("money", lambda: "$" + pl.Series(rng.lognormal(4, 1, rows)).round(2).cast(pl.String)),
        ("code", lambda: "K" + pl.Series(rng.integers(0, 10**6, rows)).cast(pl.String)),
    )
    for at in range(columns):
        name, make = makers[at % len(makers)]
        made[f"{name}_{at // len(makers)}"] = make()
    return pl.DataFrame(made)


def measure(python: str, code: str, source: Path, page: Path) -> dict[str, float]:
    done = subprocess.run([python, "-c", code, source, page], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    what, *rest = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        source, page = Path(folder) / "table.parquet", Path(folder) / "page.html"
        if what == "limits":
            table(1_000_000, 50).write_parquet(source)
            print(json.dumps(measure(sys.executable, OURS, source, page)))
            return
        table(100_000, 20).write_parquet(source)
        ours = [measure(sys.executable, OURS, source, page) for _ in range(3)]
        theirs = measure(rest[0], THEIRS, source, page)
        ours += [measure(sys.executable, OURS, source, page) for _ in range(3)]
        seconds = sorted(each["seconds"] for each in ours)
        print(json.dumps({
            "ours": seconds, "theirs": theirs["seconds"],
            "times faster, by our median": round(theirs["seconds"] / statistics.median(seconds), 1),
            "our gigabytes": max(each["gigabytes"] for each in ours), "their gigabytes": theirs["gigabytes"],
        }))  # fmt: skip


if __name__ == "__main__":
    main()

"""How long `modelwright today` takes over 20 projects with 10,000 runs, the start of the process included.

    python benchmarks/today.py [FOLDER]

Makes the projects once (a minute or two), each with 500 runs and their metrics, run folders, 2,000
predictions, labels, an alarm, a to-do and a request; then times the command and, to compare, a process that
imports nothing.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from modelwright.problem import Brief
from modelwright.store import Label, Observation, Operations, Tracking, ident, write_json
from modelwright.workday import Registry

PROJECTS, RUNS = 20, 500
TIMES = 15
METRICS = (
    "score",
    "score_low",
    "score_high",
    "expected_cost",
    "saving_per_row",
    "roc_auc",
    "brier",
    "log_loss",
)


def make(folder: Path) -> None:
    """Make the projects."""
    registry = Registry()
    for number in range(PROJECTS):
        name = f"project-{number:02d}"
        root = folder / name
        root.mkdir(parents=True)
        brief = {
            "problem": {"name": name, "target": "y", "task": "binary", "positive": "1", "metric": "roc_auc"}
        }
        (root / "modelwright.toml").write_text(Brief.from_dict(brief).to_toml())
        state = root / ".modelwright"
        tracking = Tracking(f"sqlite:///{state / 'mlflow.db'}", state / "artifacts", name)
        first = tracking.start("first")
        tracking.log(first, metrics=dict.fromkeys(METRICS, 0.5))
        tracking.finish(first)
        multiply(state / "mlflow.db", first)
        for run in range(RUNS):
            write_json(state / "runs" / f"{number:02d}{run:030d}" / "start.json", {"name": f"run-{run}"})
            write_json(state / "runs" / f"{number:02d}{run:030d}" / "built.json", {})
        with Operations(f"sqlite:///{state / 'operations.db'}") as operations:
            live(operations, first)
        registry.add(str(root))


def multiply(path: Path, first: str) -> None:
    """Copy a run until there are so many, a month of them."""
    with sqlite3.connect(path) as connection:
        for number in range(1, RUNS):
            run = f"{number:032x}"
            back = int(timedelta(days=30 * number / RUNS).total_seconds() * 1000)
            for table in ("runs", "latest_metrics", "metrics", "tags"):
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                earlier = dict.fromkeys(("start_time", "end_time"), f" - {back}")
                copied = [f'"{name}"{earlier.get(name, "")}' for name in columns]
                copied[columns.index("run_uuid")] = f"'{run}'"
                connection.execute(
                    f"INSERT INTO {table} SELECT {', '.join(copied)} FROM {table} WHERE run_uuid = ?",
                    (first,),
                )
    connection.close()


def live(operations: Operations, run: str) -> None:
    """Let a project have lived a day."""
    release = operations.add_release(run=run, package="runs/x", version=1, verdict={"held": True})
    made = [
        Observation(
            ident("prediction"), datetime.now(UTC), release.id, {"x": 1}, "1", {"0": 0.1, "1": 0.9}, 1.0
        )
        for _ in range(2000)
    ]
    operations.append_observations(made)
    operations.add_labels([Label(each.id, "1") for each in made[:500]])
    operations.add_alarm(
        release=release.id, promise="drift", column="x", evidence={"words": "x moves", "code": "MW-M004"}
    )
    operations.add_todo("look at x", by="me")
    operations.add_request("More of it.", by="me", who="them")


def timed(*command: str) -> list[float]:
    """Return how long a command takes, often."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return sorted(taken)


def main() -> None:
    """Make the projects where they are missing, then time."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="today-"))
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    if not (folder / "data").exists():
        make(folder / "projects")
    for what, command in (("python alone", ("-c", "pass")), ("today", ("-m", "modelwright", "today"))):
        taken = timed(*command)
        print(
            f"{what:14} median {taken[TIMES // 2]:.2f} s, fastest {taken[0]:.2f} s, slowest {taken[-1]:.2f} s"
        )
    said = subprocess.run(
        [sys.executable, "-m", "modelwright", "today"], check=True, capture_output=True, text=True
    )
    print(said.stdout.splitlines()[0], f"(load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")


if __name__ == "__main__":
    main()

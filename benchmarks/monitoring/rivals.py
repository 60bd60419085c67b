"""Evidently, NannyML and river's detectors, as they come, on the same streams.

In an environment of their own (``pip install evidently nannyml river``):
``PYTHONPATH=. python -m benchmarks.monitoring.rivals --lives 10 --tools evidently,river > rivals.jsonl``.
Evidently and NannyML compare each day's rows with the reference; river's detectors take row by row, one for
each column: a category as its code, a missing number as the reference's mean.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from benchmarks.monitoring.streams import (
    BEFORE,
    CHANGES,
    DAY,
    LEVELS,
    LOSS_CHANGES,
    STATIONARY,
    Rows,
    Scene,
    changed,
    losses,
    stationary,
)

Alarms = dict[str, int | None]


def evidently(scene: Scene) -> Alarms:
    """Return the end of the first day at which a column, and the data set, is said to drift."""
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    reference, stream = pd.DataFrame(scene.reference), pd.DataFrame(scene.stream)
    found: Alarms = {"evidently, any column": None, "evidently, data set": None}
    for start in range(0, len(stream), DAY):
        day = stream.iloc[start : start + DAY]
        result = Report([DataDriftPreset()]).run(day, reference).dict()["metrics"]
        count = next(m["value"] for m in result if m["metric_name"].startswith("DriftedColumnsCount"))
        for name, says in (
            ("evidently, any column", count["count"] > 0),
            ("evidently, data set", count["share"] >= 0.5),
        ):
            if says and found[name] is None:
                found[name] = start + DAY - 1
        if None not in found.values():
            break
    return found


def nannyml(scene: Scene) -> Alarms:
    """Return the end of the first day at which NannyML's univariate drift alarms."""
    import nannyml as nml
    import pandas as pd

    reference, stream = pd.DataFrame(scene.reference), pd.DataFrame(scene.stream)
    calculator = nml.UnivariateDriftCalculator(column_names=list(reference), chunk_size=DAY)
    results = calculator.fit(reference).calculate(stream).filter(period="analysis").to_df()
    alerts = results.loc[:, [column for column in results.columns if column[-1] == "alert"]].any(axis=1)
    return {"nannyml, any column": int((alerts.to_numpy().argmax() + 1) * DAY - 1) if alerts.any() else None}


def river(scene: Scene) -> Alarms:
    """Return the row at which the first of river's detectors of each kind alarms."""
    columns = {name: _numbers(scene.reference, scene.stream, name) for name in scene.stream}
    found: Alarms = {}
    for kind, make in _river().items():
        if kind == "KSWIN" and len(columns) > 50:
            continue
        rows = [_first(make(), values) for values in columns.values()]
        found[kind] = min((row for row in rows if row is not None), default=None)
    return found


def river_losses(_: np.ndarray, stream: np.ndarray) -> Alarms:
    """Return the row at which river's detectors alarm about a loss."""
    return {kind: _first(make(), stream) for kind, make in _river().items()}


def _river() -> dict[str, Callable[[], Any]]:
    from river import drift

    return {
        "ADWIN": drift.ADWIN,
        "Page-Hinkley": drift.PageHinkley,
        "KSWIN": lambda: drift.KSWIN(seed=1),
    }


def _first(detector: Any, values: np.ndarray) -> int | None:
    for row, value in enumerate(values.tolist()):
        detector.update(value)
        if detector.drift_detected:
            return row
    return None


def _numbers(reference: Rows, stream: Rows, name: str) -> np.ndarray:
    values = stream[name]
    if values.dtype.kind == "U":
        return np.searchsorted(np.sort(np.append(LEVELS, ["minor", "major"])), values).astype(float)
    return np.where(np.isnan(values), np.nanmean(reference[name]), values)


TOOLS = {"evidently": evidently, "nannyml": nannyml, "river": river}


def main() -> None:
    """Print one line of JSON per life and tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=10)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--tools", default="evidently,nannyml,river")
    parser.add_argument("--parts", default="stationary,change,loss")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    for seed in range(given.lives):
        for tool in given.tools.split(","):
            for kind in STATIONARY if "stationary" in given.parts else ():
                _say("stationary", kind, seed, TOOLS[tool](stationary(kind, seed, given.days)))
            for change in CHANGES if "change" in given.parts else ():
                _say("change", change, seed, TOOLS[tool](changed(change, seed)))
        if "river" in given.tools and "loss" in given.parts:
            for name in (None, *LOSS_CHANGES):
                _say("loss", name, seed, river_losses(*losses(name, seed)))


def _say(part: str, case: str | None, seed: int, found: Alarms) -> None:
    for tool, row in found.items():
        line = {"tool": tool, "part": part, "case": case, "seed": seed, "row": row}
        print(json.dumps(line | {"before": BEFORE, "day": DAY}), flush=True)


if __name__ == "__main__":
    main()

"""Estimated performance beside NannyML's own figures, on the example data that NannyML ships.

NannyML has an environment of its own, whose Python is given. With --made, its figures on the made-up tables
of tests/monitoring/estimated.py, which the tests hold ours against.

PYTHONPATH=src:. python benchmarks/monitoring/estimates.py PYTHON-WITH-NANNYML [--made]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from tests.monitoring.estimated import CHUNK, chunks, made, ours

THEIRS = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pandas as pd
pd.options.future.infer_string = False
import nannyml
nannyml.disable_usage_logging()
kind, chunk, folder, is_made = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4] == "made"
if is_made:
    reference, analysis = (pd.read_parquet(f"{folder}/{name}.parquet") for name in ("reference", "analysis"))
else:
    load = {"binary": nannyml.load_synthetic_car_loan_dataset,
            "multiclass": nannyml.load_synthetic_multiclass_classification_dataset,
            "regression": nannyml.load_synthetic_car_price_dataset}[kind]
    reference, analysis, _ = load()
    reference = reference.rename(columns={"repaid": "y_true"})
    reference.to_parquet(f"{folder}/reference.parquet"), analysis.to_parquet(f"{folder}/analysis.parquet")
if kind == "regression":
    names = ["mae", "rmse"]
    features = [c for c in reference.columns if c not in ("y_pred", "y_true", "timestamp", "id")]
    estimator = nannyml.DLE(feature_column_names=features, y_pred="y_pred", y_true="y_true", metrics=names,
                            chunk_size=chunk)
else:
    names = ["roc_auc", "accuracy", "f1"]
    probabilities = "y_pred_proba"
    if kind == "multiclass":
        start = "y_pred_proba_"
        probabilities = {c.removeprefix(start): c for c in reference if c.startswith(start)}
    estimator = nannyml.CBPE(y_pred_proba=probabilities, y_pred="y_pred", y_true="y_true", metrics=names,
                             chunk_size=chunk, problem_type=f"classification_{kind}")
result = estimator.fit(reference).estimate(analysis).filter(period="analysis").to_df()
print(json.dumps({name: result[(name, "value")].tolist() for name in names}))
"""


def compared(python: str, kind: str, *, is_made: bool) -> tuple[dict[str, list[float]], ...]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if is_made:
            for table, frame in zip(("reference", "analysis"), made(kind), strict=True):
                frame.write_parquet(folder / f"{table}.parquet")
        asked = [
            python,
            "-W",
            "ignore",
            "-c",
            THEIRS,
            kind,
            str(CHUNK),
            name,
            "made" if is_made else "shipped",
        ]
        theirs = json.loads(
            subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        )
        reference, analysis = (
            pl.read_parquet(folder / f"{table}.parquet") for table in ("reference", "analysis")
        )
    return theirs, ours(kind, reference, chunks(analysis))


if __name__ == "__main__":
    is_made = "--made" in sys.argv
    print(
        "| task | metric | NannyML, first and last | ours | furthest apart |\n| --- | --- | --- | --- | --- |"
    )
    for kind in ("binary", "multiclass", "regression"):
        theirs, mine = compared(sys.argv[1], kind, is_made=is_made)
        for metric, values in theirs.items():
            apart = np.abs(np.array(values) - np.array(mine[metric])).max()
            ends = [f"{each[0]:.5g}, {each[-1]:.5g}" for each in (values, mine[metric])]
            print(f"| {kind} | {metric} | {ends[0]} | {ends[1]} | {apart:.2g} |")
        if is_made:
            print(json.dumps(theirs))

"""What choosing between ensemble and linear model on the vault does to the reported score (decision 0011).

PYTHONPATH=src:. python benchmarks/statistics/choice.py
"""

from __future__ import annotations

import numpy as np
from benchmarks.statistics.comparisons import OWN, SHARED, SIGNAL, rivals
from scipy.special import ndtr

from modelwright.evaluation import compare, interval
from modelwright.problem import METRICS

REPEATS, ROWS = 300, 1000

if __name__ == "__main__":
    metric = METRICS["roc_auc"]
    linear = float(ndtr(SIGNAL / np.sqrt(2 * (SHARED**2 + OWN**2))))
    print("| true lead of the ensemble | ensemble chosen | mean optimism | interval holds the truth |")
    print("| --- | --- | --- | --- |")
    for lead in (0.0, 0.01, 0.02, 0.03, 0.05):
        chosen, optimism, held = 0, [], 0
        for repeat in range(REPEATS):
            y, ensemble, line = rivals(np.random.default_rng(repeat), ROWS, lead)
            better = compare(metric, y, ensemble, line, looks=1).better
            found = interval(metric, y, ensemble if better else line, looks=1, resamples=400, seed=repeat)
            truth = linear + lead * better
            chosen += better
            optimism.append(found.value - truth)
            held += found.low <= truth <= found.high
        print(
            f"| {lead:g} | {100 * chosen / REPEATS:.0f} % | {np.mean(optimism):+.4f} "
            f"| {100 * held / REPEATS:.1f} % |",
            flush=True,
        )

"""Choose the portfolio from what was collected: the order in which configurations help an ensemble most.

    PYTHONPATH=src:. python benchmarks/portfolio/choose.py POOL --write

Greedy, as in Salinas and Erickson (2024), "TabRepo": the next configuration is the one with which the
ensemble of all chosen so far loses least, on average over the tables. An ensemble's weights are chosen on
one half of the judged rows and its loss is taken on the other half, both ways, so that a configuration
gains nothing by luck. `--write` puts the order where the plan reads it. The printed table says what each
place brings, and what an order is worth on tables that had no say in it (a fifth left out at a time).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.portfolio.configurations import configurations
from numpy.typing import NDArray

from modelwright.training.checkpoint import fit_key

PORTFOLIO = Path(__file__).parents[2] / "src/modelwright/algorithms/portfolio.json"
STEPS = 25
LENGTH = 12
PARTS = 5


@dataclass(frozen=True)
class Pool:
    """What all configurations said of one table.

    Attributes
    ----------
    name, task : str
    y : ndarray of shape (n,)
    predictions : ndarray of shape (n_configurations, n, n_outputs)
    seconds : ndarray of shape (n_configurations,)
        Of a fit.
    """

    name: str
    task: str
    y: NDArray[np.generic]
    predictions: NDArray[np.float64]
    seconds: NDArray[np.float64]


def read(folder: Path) -> tuple[list[dict], list[Pool]]:
    """Return the configurations, and the tables on which all of them were fitted."""
    names = [fit_key(candidate, 0) for candidate in configurations()]
    tables = sorted(path for path in folder.iterdir() if path.is_dir())
    whole = [table for table in tables if all((table / f"{name}.npz").exists() for name in names)]
    print(f"{len(whole)} of {len(tables)} tables have every configuration")
    abouts = [json.loads(str(np.load(whole[0] / f"{name}.npz")["about"])) for name in names]
    return abouts, [_pool(table, names) for table in whole]


def _pool(table: Path, names: list[str]) -> Pool:
    target = np.load(table / "target.npz")
    files = [np.load(table / f"{name}.npz") for name in names]
    seconds = np.array([json.loads(str(file["about"]))["seconds"] for file in files])
    y, task = target["y"], str(target["task"])
    predictions = np.stack([file["predictions"] for file in files]).astype(np.float64)
    if task == "regression":
        y, predictions = y / y.std(), predictions / y.std()
    return Pool(table.name, task, y, predictions, seconds)


def losses(task: str, y: NDArray[np.generic], predictions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-loss, or the root of the mean squared error, of predictions [..., n, outputs]."""
    if task == "regression":
        return np.sqrt(((predictions[..., 0] - y) ** 2).mean(axis=-1))
    return -np.log(np.clip(predictions[..., np.arange(len(y)), y], 1e-6, None)).mean(axis=-1)


def ensemble(task: str, y: NDArray[np.generic], predictions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of a greedy ensemble; see `modelwright.training`."""
    total, counts, best = np.zeros_like(predictions[0]), np.zeros(len(predictions)), (np.inf, None)
    for step in range(1, STEPS + 1):
        found = losses(task, y, (total + predictions) / step)
        at = int(found.argmin())
        total = total + predictions[at]
        counts[at] += 1
        if found[at] < best[0] - 1e-12:
            best = (found[at], counts / step)
    return best[1]


def loss_of(pool: Pool, chosen: list[int]) -> float:
    """Return the loss of an ensemble of some configurations, its weights chosen on other rows."""
    half = np.random.default_rng(0).permutation(len(pool.y)) % 2
    found = []
    for part in (0, 1):
        inside, outside = half == part, half != part
        among = pool.predictions[chosen]
        weights = ensemble(pool.task, pool.y[inside], among[:, inside])
        found.append(losses(pool.task, pool.y[outside], np.einsum("e,eno->no", weights, among[:, outside])))
    return float(np.mean(found))


def order(pools: list[Pool], scale: dict[str, float], length: int, hurry: float) -> list[int]:
    """Return the order in which configurations help most; where they help alike, cheap ones first."""
    count = len(pools[0].predictions)
    cost = np.mean([pool.seconds / np.median(pool.seconds) for pool in pools], axis=0) ** hurry
    chosen: list[int] = []
    before = 1.0
    for _ in range(min(length, count)):
        left = [at for at in range(count) if at not in chosen]
        gain = {at: before - worth(pools, scale, [*chosen, at]) for at in left}
        best = max(left, key=lambda at: gain[at] / cost[at] if gain[at] > 0 else gain[at])
        chosen.append(best)
        before -= gain[best]
    return chosen


def worth(pools: list[Pool], scale: dict[str, float], chosen: list[int]) -> float:
    """Return the mean loss of the ensembles of some configurations, the best single one's being 1."""
    return float(np.mean([loss_of(pool, chosen) / scale[pool.name] for pool in pools]))


def unseen(pools: list[Pool], scale: dict[str, float], length: int, hurry: float) -> float:
    """Return what an order is worth on tables that had no say in it."""
    found = []
    for part in range(PARTS):
        others = [pool for at, pool in enumerate(pools) if at % PARTS != part]
        own = [pool for at, pool in enumerate(pools) if at % PARTS == part]
        found.append(worth(own, scale, order(others, scale, length, hurry)))
    return float(np.mean(found))


def learn(abouts: list[dict], pools: list[Pool], hurry: float) -> list[dict]:
    """Choose the order for one kind of task, and print what it is worth."""
    scale = {pool.name: float(min(losses(pool.task, pool.y, pool.predictions))) for pool in pools}
    chosen = order(pools, scale, LENGTH, hurry)
    for place, at in enumerate(chosen, start=1):
        about, value = abouts[at], worth(pools, scale, chosen[:place])
        style = about["style"] or ""
        print(f"{place:3d} {value:.4f} {about['algorithm']:12s} {style:9s} {json.dumps(about['parameters'])}")
    print(f"the first 8, on tables that had no say: {unseen(pools, scale, 8, hurry):.4f}", flush=True)
    return [{key: abouts[at][key] for key in ("algorithm", "parameters", "style")} for at in chosen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--hurry", type=float, default=0.3)
    options = parser.parse_args()
    abouts, pools = read(options.pool)
    portfolio = {}
    for name, tasks in (("classes", {"binary", "multiclass"}), ("values", {"regression"})):
        own = [pool for pool in pools if pool.task in tasks]
        print(f"\n{name}: {len(own)} tables, {len(abouts)} configurations")
        portfolio[name] = learn(abouts, own, options.hurry)
    if options.write:
        PORTFOLIO.write_text(json.dumps(portfolio, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Experiments: errors over continuous looking, and Hillstrom's e-mail test.

    PYTHONPATH=src python benchmarks/experiments.py [HILLSTROM]

HILLSTROM is a file with the columns of Kevin Hillstrom's "MineThatData E-Mail Analytics" challenge.
"""

from __future__ import annotations

import sys

import numpy as np

from modelwright import data
from modelwright.evaluation import qini, read_experiment
from modelwright.evaluation.experiments.sequence import margin, tightest_at

STREAMS, ROWS, FIRST, STEP, ALPHA = 2000, 20_000, 200, 50, 0.05
OUTCOMES = {
    "rate of 10 %": lambda random, size: (random.random(size) < 0.1) - 0.1,
    "exponential": lambda random, size: random.exponential(1, size) - 1,
    "log-normal, sigma 1.5": lambda random, size: random.lognormal(0, 1.5, size) - np.exp(1.5**2 / 2),
}


def main() -> None:
    print("| outcome | ever wrong, any look | ever wrong, limits for one look |")
    print("| --- | --- | --- |")
    for name, draw in OUTCOMES.items():
        always, once = wrong(draw)
        print(f"| {name} | {always:.1%} | {once:.1%} |")
    if len(sys.argv) > 1:
        hillstrom(sys.argv[1])


def wrong(draw) -> tuple[float, float]:
    random, looks = np.random.default_rng(0), np.arange(FIRST, ROWS + 1, STEP)
    rho = tightest_at(5000, ALPHA)
    far = np.array([margin(int(look), 1.0, ALPHA, rho) for look in looks])
    naive = 1.96 / np.sqrt(looks)
    counts = np.zeros(2)
    for _ in range(STREAMS):
        values = draw(random, ROWS).astype(float)
        mean = np.cumsum(values)[looks - 1] / looks
        spread = np.sqrt(np.cumsum(values**2)[looks - 1] / looks - mean**2)
        counts += [(np.abs(mean) > limits * spread).any() for limits in (far, naive)]
    return tuple(counts / STREAMS)


def hillstrom(path: str) -> None:
    frame = data.read(path)
    for outcome, kind in (("visit", "rate"), ("conversion", "rate"), ("spend", "mean")):
        reading = read_experiment(
            frame, arm="segment", control="No E-Mail", outcome=outcome, kind=kind,
            covariates=("recency", "history"), segments=("womens",) if outcome == "visit" else (),
        )  # fmt: skip
        for each in (*reading.differences, *(part.difference for part in reading.segments)):
            print(f"{outcome}: {each.words}")
        for part in reading.segments:
            print(f"  {part.column} = {part.value}: {part.difference.words}")
    for campaign in ("Mens E-Mail", "Womens E-Mail"):
        two = frame.filter(frame["segment"].is_in([campaign, "No E-Mail"]))
        scores = effects(two, (two["segment"] == campaign).to_numpy())
        print(
            campaign,
            "|",
            qini((two["segment"] == campaign).to_numpy(), two["visit"].to_numpy(), scores).words,
        )


def effects(frame, treated: np.ndarray) -> np.ndarray:
    """Predict each row's effect by two models, treated and not, on the half without it."""
    from modelwright import ModelwrightClassifier

    X = frame.drop("segment", "visit", "conversion", "spend")
    y = frame["visit"].to_numpy()
    half = np.random.default_rng(0).random(len(y)) < 0.5
    found = np.empty(len(y))
    for side in (half, ~half):
        fitted = [
            ModelwrightClassifier(max_candidates=2, time_limit=60, random_state=0).fit(
                X.filter(~side & arm), y[~side & arm]
            )
            for arm in (treated, ~treated)
        ]
        found[side] = (
            fitted[0].predict_proba(X.filter(side))[:, 1] - fitted[1].predict_proba(X.filter(side))[:, 1]
        )
    return found


if __name__ == "__main__":
    main()

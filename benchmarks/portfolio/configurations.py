"""The configurations among which a portfolio is chosen: known strong ones, and others drawn around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from modelwright.algorithms import Candidate

DRAWN = {"lightgbm": 8, "xgboost": 6, "catboost": 6, "extra_trees": 2}
ENRICHED = (0, 1, 3, 4, 5, 8)  # which of the known ones are also tried on engineered features

KNOWN = [
    # Salinas and Erickson (2024), TabRepo: r177, r163; AutoGluon 1.6: seven leaves
    (
        "lightgbm",
        {
            "extra_trees": True,
            "learning_rate": 0.018,
            "num_leaves": 39,
            "feature_fraction": 0.46,
            "bagging_fraction": 0.88,
            "min_data_in_leaf": 3,
            "lambda_l1": 0.24,
            "lambda_l2": 0.36,
        },
    ),
    ("lightgbm", {"learning_rate": 0.02, "num_leaves": 84, "feature_fraction": 0.53, "min_data_in_leaf": 10}),
    (
        "lightgbm",
        {
            "extra_trees": True,
            "learning_rate": 0.03,
            "num_leaves": 7,
            "feature_fraction": 0.99,
            "bagging_fraction": 0.96,
            "min_data_in_leaf": 10,
            "rounds": 3000,
        },
    ),
    # Holzmueller, Grinsztajn and Steinwart (2024), Better by default: tuned defaults for classes and values
    ("lightgbm", {"learning_rate": 0.04, "num_leaves": 50, "min_data_in_leaf": 40, "bagging_fraction": 0.75}),
    ("lightgbm", {"learning_rate": 0.05, "num_leaves": 100, "min_data_in_leaf": 3, "bagging_fraction": 0.7}),
    ("xgboost", {"learning_rate": 0.08, "max_depth": 6, "subsample": 0.65}),
    ("xgboost", {"learning_rate": 0.05, "max_depth": 9, "min_child_weight": 2.0, "subsample": 0.7}),
    ("xgboost", {"learning_rate": 0.08, "max_depth": 3, "subsample": 0.8, "colsample_bylevel": 0.6}),
    ("catboost", {"learning_rate": 0.05, "depth": 6}),
    ("catboost", {"learning_rate": 0.08, "depth": 7, "bootstrap_type": "Bernoulli", "subsample": 0.9}),
    ("extra_trees", {"min_samples_leaf": 2}),
    ("extra_trees", {"min_samples_leaf": 5, "max_features": 1.0}),
    ("linear", {}),
]


def configurations(seed: int = 0) -> list[Candidate]:
    """Return all configurations, the known ones first; the same for the same seed."""
    known = [Candidate(name, parameters) for name, parameters in KNOWN]
    enriched = [replace(known[at], style="enriched") for at in ENRICHED]
    drawn = [
        Candidate(name, DRAW[name](np.random.default_rng([seed, at, number])))
        for at, (name, count) in enumerate(DRAWN.items())
        for number in range(count)
    ]
    return [*known, *enriched, *drawn]


def _lightgbm(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "extra_trees": bool(rng.random() < 0.5),
        "learning_rate": _log(rng, 0.015, 0.08),
        "num_leaves": int(_log(rng, 4, 160)),
        "feature_fraction": round(rng.uniform(0.3, 1.0), 2),
        "bagging_fraction": round(rng.uniform(0.6, 1.0), 2),
        "min_data_in_leaf": int(_log(rng, 2, 64)),
        "lambda_l1": _log(rng, 1e-3, 2.0),
        "lambda_l2": _log(rng, 1e-2, 10.0),
    }


def _xgboost(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "learning_rate": _log(rng, 0.02, 0.1),
        "max_depth": int(rng.integers(2, 10)),
        "min_child_weight": _log(rng, 0.5, 30.0),
        "subsample": round(rng.uniform(0.5, 1.0), 2),
        "colsample_bylevel": round(rng.uniform(0.4, 1.0), 2),
        "reg_lambda": _log(rng, 0.05, 20.0),
    }


def _catboost(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "learning_rate": _log(rng, 0.03, 0.12),
        "depth": int(rng.integers(3, 9)),
        "l2_leaf_reg": _log(rng, 0.5, 20.0),
        "bootstrap_type": "Bernoulli",
        "subsample": round(rng.uniform(0.6, 1.0), 2),
        "random_strength": _log(rng, 0.3, 5.0),
    }


def _extra_trees(rng: np.random.Generator) -> dict[str, Any]:
    return {"min_samples_leaf": int(_log(rng, 1, 20)), "max_features": round(rng.uniform(0.2, 1.0), 2)}


def _log(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))).round(4))


DRAW = {"lightgbm": _lightgbm, "xgboost": _xgboost, "catboost": _catboost, "extra_trees": _extra_trees}

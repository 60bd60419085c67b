"""The scikit-learn door: `ModelwrightClassifier` and `ModelwrightRegressor`.

They run the same training as a project's build, without the project: no brief, no vault, no release. What
they keep after `fit` is the portable model, so that a fitted estimator needs no training library to predict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin  # noqa: TID253 - this file is scikit-learn's door
from sklearn.utils.multiclass import check_classification_targets  # noqa: TID253
from sklearn.utils.validation import (  # noqa: TID253
    _check_sample_weight,
    assert_all_finite,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from modelwright import data, deployment, training
from modelwright.data import Contract
from modelwright.engine import cores
from modelwright.problem import Brief, Task, default_metric, metric_named

if TYPE_CHECKING:
    from sklearn.utils import Tags


FEW_ROWS = 100
"""Up to which the server's way from rows to matrices is faster than that for tables; both give the same."""


class _Modelwright(BaseEstimator):  # type: ignore[misc]
    """What both estimators share: parameters, the table at the door, and the portable model."""

    def __init__(
        self,
        *,
        time_limit: float = 60.0,
        metric: str | None = None,
        max_candidates: int | None = None,
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = None,
        monotonic_cst: Mapping[str, int] | Sequence[int] | NDArray[np.integer] | None = None,
    ) -> None:
        self.time_limit = time_limit
        self.metric = metric
        self.max_candidates = max_candidates
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.monotonic_cst = monotonic_cst

    def _train(
        self,
        frame: pl.DataFrame,
        y: NDArray[Any],
        task: Task,
        classes: list[str],
        weight: NDArray[np.float64] | None,
    ) -> None:
        from sklearn.utils import check_random_state

        deadline = training.Deadline(self.time_limit)
        metric = metric_named(self.metric, task) if self.metric else default_metric(task)
        target = _free_name(frame.columns)
        labels = pl.Series(target, [classes[code] for code in y] if classes else y)
        if len(frame) != len(labels):
            raise ValueError(f"X has {len(frame)} rows but y has {len(labels)}")
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        brief = _brief(target, task, metric.name, classes, seed, self._directions(frame))
        whole = frame.with_columns(labels)
        contract = Contract.infer(whole, brief).accepting()
        data.refuse_impossible_directions(contract, brief)
        split = data.propose_split(whole, contract)
        folds = data.folds(whole, contract, split, y, seed, training.fold_count(len(whole)))
        work = training.Work(
            frame=data.conform(contract, whole),
            y=y,
            contract=contract,
            task=task,
            n_outputs=max(len(classes), 1),
            metric=metric,
            folds=folds,
            forward=split.kind == "forward",
            seed=seed,
            threads=self._threads(),
            weight=weight,
            monotone=brief.columns.directions,
            together=data.alike_rows(whole, contract, split),
        )
        trained = training.train(work, deadline, with_baselines=False, max_candidates=self.max_candidates)
        self.contract_ = contract
        self.leaderboard_ = trained.leaderboard
        self.score_ = trained.score
        self.onnx_ = deployment.build_graph(trained.model, contract).SerializeToString()
        self._open()

    def _predict(self, X: Any) -> NDArray[np.float64]:
        check_is_fitted(self, "onnx_")
        table = self._table(X, reset=False)
        if table.height <= FEW_ROWS:
            inputs, _ = self._validator.records(table.to_dicts())
        else:
            inputs = data.matrices(self.contract_, data.conform(self.contract_, table))
        predicted = self._session.predict(inputs)
        return np.asarray(predicted, dtype=np.float64)

    def _table(self, X: Any, *, reset: bool) -> pl.DataFrame:
        """Accept a table or an array; scikit-learn checks names and widths, and refuses infinite values."""
        if data.is_table(X):
            frame = data.read(X)
            validate_data(self, frame, reset=reset, skip_check_array=True)
            return frame
        array = validate_data(
            self,
            X,
            reset=reset,
            dtype=None,
            ensure_all_finite="allow-nan",
            ensure_min_samples=2 if reset else 1,
        )
        columns = {f"x{position}": _column(array[:, position]) for position in range(array.shape[1])}
        return pl.DataFrame(columns)

    def _directions(self, frame: pl.DataFrame) -> dict[str, int]:
        given = self.monotonic_cst
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            if len(given) != frame.width:
                raise ValueError(f"monotonic_cst has {len(given)} entries, but X has {frame.width} columns")
            given = dict(zip(frame.columns, given, strict=True))
        for name, direction in given.items():
            if name not in frame.columns:
                raise ValueError(f"monotonic_cst names '{name}', but X has no such column")
            if direction not in (-1, 0, 1):
                raise ValueError(f"monotonic_cst of '{name}' must be -1, 0 or 1, but got {direction!r}")
        return {name: int(direction) for name, direction in given.items() if direction}

    def _open(self) -> None:
        self._session = deployment.Session(self.onnx_, threads=self._threads())
        self._validator = data.Validator(self.contract_)

    def _threads(self) -> int:
        return cores(self.n_jobs if self.n_jobs and self.n_jobs > 0 else 0)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {key: value for key, value in state.items() if key not in {"_session", "_validator"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if hasattr(self, "onnx_"):
            self._open()

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags


class ModelwrightClassifier(ClassifierMixin, _Modelwright):  # type: ignore[misc]
    """Find the best ensemble for classes within a time limit.

    Parameters
    ----------
    time_limit : float, default 60
        Seconds that `fit` may take.
    metric : str, optional
        Name of the metric that decides, such as ``"roc_auc"`` or ``"log_loss"``. By default ROC-AUC for two
        classes and log-loss for more.
    max_candidates : int, optional
        How many candidates of the plan to try at most. Where this and not the time limit ends the search,
        the same data and `random_state` give the same predictions.
    n_jobs : int, optional
        Threads; None or -1 means every core.
    random_state : int, RandomState or None, optional
        Seed of all randomness.
    monotonic_cst : mapping of str to int, or sequence of int, optional
        For columns by name, or for every column: 1 where the probability of the second class (of two) must
        never fall as the column grows, -1 where it must never rise, 0 where it may do as it likes.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    n_features_in_ : int
        Number of columns seen in `fit`.
    feature_names_in_ : ndarray of str
        Their names, where the table had names.
    contract_ : Contract
        What each column must be.
    leaderboard_ : tuple of LeaderboardRow
        Every candidate tried, best first.
    score_ : float
        The metric on the rows held out by the folds.
    onnx_ : bytes
        The portable model: an ONNX graph from raw columns to probabilities.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    >>> model = ModelwrightClassifier(time_limit=10, random_state=0).fit(X, y)  # doctest: +SKIP
    >>> model.predict_proba(X.head(1))  # doctest: +SKIP
    array([[0.998, 0.002]])
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train within the time limit.

        Parameters
        ----------
        X : table or array of shape (n_samples, n_features)
            pandas, Polars, Arrow or NumPy; text, categories, dates and missing values are welcome.
        y : array of shape (n_samples,)
            Labels.
        sample_weight : array of shape (n_samples,), optional
            How much each row counts, in training and in `score_`; rows of weight 0 are left out.

        Returns
        -------
        ModelwrightClassifier
            Itself.
        """
        frame, labels, weight = _counted(self._table(X, reset=True), _target(y), sample_weight)
        check_classification_targets(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"a classifier needs at least 2 classes, but y has only one class: {self.classes_[0]}"
            )
        task = Task.BINARY if len(self.classes_) == 2 else Task.MULTICLASS
        names = [f"class{code:06d}" for code in range(len(self.classes_))]
        self._train(frame, codes.astype(np.int64), task, names, weight)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability of each class, in the order of `classes_`.

        Parameters
        ----------
        X : table or array of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
        """
        probabilities = self._predict(X)
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable label of each row.

        Parameters
        ----------
        X : table or array of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        chosen = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[chosen])


class ModelwrightRegressor(RegressorMixin, _Modelwright):  # type: ignore[misc]
    """Find the best ensemble for a number within a time limit.

    Parameters
    ----------
    time_limit : float, default 60
        Seconds that `fit` may take.
    metric : str, optional
        Name of the metric that decides: ``"rmse"`` (default), ``"mae"`` or ``"r2"``.
    max_candidates : int, optional
        How many candidates of the plan to try at most. Where this and not the time limit ends the search,
        the same data and `random_state` give the same predictions.
    n_jobs : int, optional
        Threads; None or -1 means every core.
    random_state : int, RandomState or None, optional
        Seed of all randomness.
    monotonic_cst : mapping of str to int, or sequence of int, optional
        For columns by name, or for every column: 1 where the prediction must never fall as the column grows,
        -1 where it must never rise, 0 where it may do as it likes.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns seen in `fit`.
    feature_names_in_ : ndarray of str
        Their names, where the table had names.
    contract_ : Contract
        What each column must be.
    leaderboard_ : tuple of LeaderboardRow
        Every candidate tried, best first.
    score_ : float
        The metric on the rows held out by the folds.
    onnx_ : bytes
        The portable model: an ONNX graph from raw columns to values.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train within the time limit.

        Parameters
        ----------
        X : table or array of shape (n_samples, n_features)
            pandas, Polars, Arrow or NumPy; text, categories, dates and missing values are welcome.
        y : array of shape (n_samples,)
            Values.
        sample_weight : array of shape (n_samples,), optional
            How much each row counts, in training and in `score_`; rows of weight 0 are left out.

        Returns
        -------
        ModelwrightRegressor
            Itself.
        """
        frame, values, weight = _counted(self._table(X, reset=True), _target(y), sample_weight)
        self._train(frame, values.astype(np.float64), Task.REGRESSION, [], weight)
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Return the value of each row.

        Parameters
        ----------
        X : table or array of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        return np.asarray(self._predict(X)[:, 0], dtype=np.float64)


def _target(y: Any) -> NDArray[Any]:
    if y is None:
        raise ValueError("training requires y to be passed, but the target y is None")
    values = np.asarray(column_or_1d(y.to_numpy() if isinstance(y, pl.Series) else y, warn=True))
    if values.dtype.kind == "f":
        assert_all_finite(values, input_name="y")
    return values


def _column(values: NDArray[Any]) -> pl.Series:
    if values.dtype != object:
        return pl.Series(values, nan_to_null=values.dtype.kind == "f")
    missing = pl.Series([value is None or (isinstance(value, float) and np.isnan(value)) for value in values])
    return pl.Series(values.tolist(), strict=False).set(missing, None)


def _free_name(columns: list[str]) -> str:
    name = "target"
    while name in columns:
        name += "_"
    return name


def _counted(
    frame: pl.DataFrame, y: NDArray[Any], sample_weight: Any
) -> tuple[pl.DataFrame, NDArray[Any], NDArray[np.float64] | None]:
    """Leave out rows of weight 0, and give the others a mean of 1."""
    if sample_weight is None or len(y) != len(frame):
        return frame, y, None
    checked = _check_sample_weight(sample_weight, np.empty((len(frame), 0)), ensure_non_negative=True)
    rows = np.flatnonzero(checked)
    if not len(rows):
        raise ValueError("sample_weight is 0 for every row, so that there is nothing to learn from")
    weight = np.asarray(checked[rows], dtype=np.float64)
    return frame[rows], y[rows], weight / weight.mean()


def _brief(
    target: str, task: Task, metric: str, classes: list[str], seed: int, directions: Mapping[str, int]
) -> Brief:
    positive = {"positive": classes[1]} if task is Task.BINARY else {}
    problem = {"name": "estimator", "target": target, "task": str(task), "metric": metric, **positive}
    columns = {
        "increasing": [name for name, direction in directions.items() if direction > 0],
        "decreasing": [name for name, direction in directions.items() if direction < 0],
    }
    return Brief.from_dict({"problem": problem, "training": {"seed": seed}, "columns": columns})

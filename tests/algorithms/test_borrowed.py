"""A class of one's own in the search: by its own form where it has one, else as a teacher."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

from modelwright.algorithms import FitJob, algorithm_class, all_algorithms, plan, use_algorithms
from modelwright.errors import BriefError, TrainingError
from modelwright.problem import Brief, Task, metric_named

MODULE = '''
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression


class Plain(ClassifierMixin, BaseEstimator):
    """A logistic regression of somebody's own."""

    def __init__(self, C=1.0):
        self.C = C

    def fit(self, X, y):
        self.inner_ = LogisticRegression(C=self.C, max_iter=500).fit(X, y)
        self.classes_ = self.inner_.classes_
        return self

    def predict(self, X):
        return self.inner_.predict(X)

    def predict_proba(self, X):
        return self.inner_.predict_proba(X)


class WithForm(Plain):
    def portable(self):
        from modelwright.algorithms import Linear, Link

        return Linear(self.inner_.coef_.T, self.inner_.intercept_, Link.SIGMOID)


class WithWrongForm(Plain):
    def portable(self):
        from modelwright.algorithms import Linear, Link

        return Linear(-self.inner_.coef_.T, self.inner_.intercept_, Link.SIGMOID)
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "somebodys.py").write_text(MODULE)
    monkeypatch.delitem(__import__("sys").modules, "somebodys", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def job() -> FitJob:
    X, y = load_breast_cancer(return_X_y=True)
    X = StandardScaler().fit_transform(X).astype(np.float32)[:, :8]
    return FitJob(
        X=X[:300], y=y[:300], X_valid=X[300:], y_valid=y[300:], task=Task.BINARY, n_classes=2,
        metric=metric_named("roc_auc", Task.BINARY), parameters={}, deadline=lambda: 60.0, threads=1, seed=0,
    )  # fmt: skip


def test_an_estimator_with_a_form_is_kept_as_it_is(folder: Path, job: FitJob) -> None:
    learner = algorithm_class("somebodys:WithForm", {"C": 0.5}, folder)().fit(job)

    np.testing.assert_allclose(
        learner.portable().predict(job.X_valid), learner.predict(job.X_valid), atol=1e-6
    )


def test_an_estimator_without_a_form_teaches_a_portable_student(folder: Path, job: FitJob) -> None:
    kind = algorithm_class("somebodys:Plain", None, folder)
    form = kind().fit(job).portable()
    told = form.predict(job.X_valid)[:, 1]

    assert metric_named("roc_auc", Task.BINARY)(job.y_valid, np.column_stack([1 - told, told])) > 0.9
    assert "no portable form" in kind.card.weaknesses[0]


def test_a_form_that_answers_otherwise_is_refused(folder: Path, job: FitJob) -> None:
    with pytest.raises(TrainingError, match="does not answer as the estimator does"):
        algorithm_class("somebodys:WithWrongForm", None, folder)().fit(job)


def test_it_learns_what_its_kind_learns_and_is_tried_first(folder: Path) -> None:
    kind = algorithm_class("somebodys:Plain", None, folder)
    assert kind.tasks == {Task.BINARY, Task.MULTICLASS}
    try:
        use_algorithms([kind()])
        assert plan(Task.BINARY, 1000, 10, 10.0, 2).candidates[0].algorithm == "plain"
        assert "plain" not in [each.algorithm for each in plan(Task.REGRESSION, 1000, 10, 10.0, 2).candidates]
        with pytest.raises(TrainingError, match="rename the class"):
            use_algorithms([kind(), kind()])
    finally:
        use_algorithms([])
    assert "plain" not in all_algorithms()


def test_what_it_cannot_be_made_with_is_said_before_a_fit(folder: Path) -> None:
    with pytest.raises(TrainingError, match="can't be made"):
        algorithm_class("somebodys:Plain", {"D": 1}, folder)


def test_the_brief_names_it() -> None:
    asked = {
        "problem": {"name": "p", "target": "y", "task": "binary", "positive": "1", "metric": "roc_auc"},
        "data": {"source": "a.csv"},
    }
    brief = Brief.from_dict(asked | {"algorithms": [{"class": "mine:Mine", "parameters": {"depth": 3}}]})

    (own,) = brief.algorithms
    assert (own.place, own.made_with) == ("mine:Mine", {"depth": 3})
    assert '[[algorithms]]\nclass = "mine:Mine"' in brief.to_toml()
    with pytest.raises(BriefError):
        Brief.from_dict(asked | {"algorithms": [{"class": "not a place"}]})

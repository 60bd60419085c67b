"""How rows are followed: one way of writing each, accused or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwright.adoption import read_prototype

HEAD = """
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_recall_curve
from sklearn.model_selection import *
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, StandardScaler
from imblearn.over_sampling import SMOTE
df = pd.read_csv("data.csv")
"""
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)\n"
FEATURES = "y = df['left']\nX = df.drop(columns=['left'])\n"
JUDGE = "m = LogisticRegression().fit(X_train, y_train)\nprint(accuracy_score(y_test, m.predict(X_test)))\n"
WRITING = {"MW-N027", "MW-N023"}

ACCUSED = {
    "a statistic of all rows, through a function": (
        "def fill(t):\n    t['age'] = t['age'].fillna(t['age'].median())\n    return t\n"
        "df = fill(df)\n" + FEATURES + SPLIT + JUDGE,
        ["MW-N001"],
    ),
    "a scaler fitted on all rows, that only transforms afterwards": (
        FEATURES + "s = StandardScaler().fit(X)\n" + SPLIT
        + "X_train = s.transform(X_train)\nX_test = s.transform(X_test)\n" + JUDGE,
        ["MW-N001"],
    ),
    "rows trimmed by a quantile of all rows": (
        "df = df[df['age'] < df['age'].quantile(0.99)]\n" + FEATURES + SPLIT + JUDGE,
        ["MW-N001"],
    ),
    "the mean of the target, mapped": (
        "means = df.groupby('city')['left'].mean()\ndf['city'] = df['city'].map(means)\n" + FEATURES + SPLIT + JUDGE,
        ["MW-N002"],
    ),
    "columns chosen by their correlation with the target": (
        "corr = df.corr()['left']\nbest = corr[corr.abs() > 0.1].index\ny = df['left']\nX = df[best]\n"
        + SPLIT + JUDGE,
        ["MW-N002"],
    ),
    "rows drawn again before the split": (
        "few = df[df['left'] == 1].sample(5000, replace=True, random_state=0)\ndf = pd.concat([df, few])\n"
        + FEATURES + SPLIT + JUDGE,
        ["MW-N003"],
    ),
    "the target itself": ("y = df['left']\nX = df.drop(columns=['id'])\n" + SPLIT + JUDGE, ["MW-N004"]),
    "the column that the target is cut from": (
        "df['good'] = (df['grade'] >= 10).astype(int)\ny = df['good']\nX = df.drop(columns=['good'])\n" + SPLIT + JUDGE,
        ["MW-N004"],
    ),
    "the target in another unit": (
        "df['log_left'] = np.log1p(df['left'])\n" + FEATURES + SPLIT + JUDGE,
        ["MW-N004"],
    ),
    "a model fitted on everything": (
        FEATURES + SPLIT + "m = LogisticRegression().fit(X, y)\nprint(m.score(X_test, y_test))\n",
        ["MW-N005"],
    ),
    "a search fitted on everything": (
        FEATURES + SPLIT + "g = GridSearchCV(LogisticRegression(), {'C': [1, 2]}).fit(X, y)\n"
        "print(g.best_estimator_.score(X_test, y_test))\n",
        ["MW-N005"],
    ),
    "a threshold chosen by the test rows": (
        FEATURES + SPLIT + "m = LogisticRegression().fit(X_train, y_train)\np = m.predict_proba(X_test)[:, 1]\n"
        "scores = [f1_score(y_test, p > t) for t in np.arange(0, 1, 0.1)]\nbest = np.argmax(scores)\n"
        "print(accuracy_score(y_test, p > best / 10))\n",
        ["MW-N006"],
    ),
    "the best of a dict of models": (
        FEATURES + SPLIT + "models = {'a': LogisticRegression(), 'b': RandomForestClassifier(random_state=0)}\n"
        "results = {}\nfor name, m in models.items():\n    m.fit(X_train, y_train)\n"
        "    results[name] = accuracy_score(y_test, m.predict(X_test))\n"
        "best = max(results, key=results.get)\nprint(best)\n",
        ["MW-N006"],
    ),
    "several models, side by side on the test rows": (
        FEATURES + SPLIT + "for c in [1, 2, 3]:\n    m = LogisticRegression(C=c).fit(X_train, y_train)\n"
        "    print(c, accuracy_score(y_test, m.predict(X_test)))\n",
        ["MW-N007"],
    ),
    "lags, split by chance": (
        "df = df.sort_values('date')\ndf['last'] = df['sales'].shift(1)\ny = df['sales']\nX = df[['last', 'price']]\n"
        + SPLIT + JUDGE,
        ["MW-N009"],
    ),
    "folds in no order of time": (
        "df = df.sort_values('date')\ny = df['left']\nX = df[['a', 'b']]\n"
        "print(cross_val_score(LogisticRegression(), X, y, cv=5).mean())\n",
        ["MW-N009"],
    ),
    "rows of one customer on both sides": (
        "df['n'] = df.groupby('customer_id')['x'].transform('count')\n" + FEATURES + SPLIT + JUDGE,
        ["MW-N001", "MW-N010"],
    ),
    "a score of the rows that were learned from": (
        FEATURES + "m = LogisticRegression().fit(X, y)\nprint(m.score(X, y))\n",
        ["MW-N011"],
    ),
    "SMOTE outside the folds": (
        FEATURES + SPLIT + "A, b = SMOTE(random_state=0).fit_resample(X_train, y_train)\n"
        "print(cross_val_score(LogisticRegression(), A, b).mean())\n" + JUDGE,
        ["MW-N012"],
    ),
    "the test rows scaled by themselves": (
        FEATURES + SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\n"
        "X_test = s.fit_transform(X_test)\n" + JUDGE,
        ["MW-N013"],
    ),
    "dummies of what is there": ("df = pd.get_dummies(df)\n" + FEATURES + SPLIT + JUDGE, ["MW-N014"]),
}  # fmt: skip

INNOCENT = {
    "the scaler of the training rows": FEATURES + SPLIT
    + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)\n" + JUDGE,
    "the mean of the training rows": FEATURES + SPLIT
    + "m = X_train['age'].mean()\nX_train['age'] = X_train['age'].fillna(m)\nX_test['age'] = X_test['age'].fillna(m)\n"
    + JUDGE,
    "a constant": "df['age'] = df['age'].fillna(0)\n" + FEATURES + SPLIT + JUDGE,
    "a statistic that is only looked at": "print(df['age'].mean(), df.corr()['left'])\n" + FEATURES + SPLIT + JUDGE,
    "a column with a statistic that is dropped again": (
        "df['m'] = df['age'] - df['age'].mean()\ndf = df.drop(columns=['m'])\n" + FEATURES + SPLIT + JUDGE
    ),
    "the target's own labels": FEATURES + "y = LabelEncoder().fit_transform(y)\n" + SPLIT + JUDGE,
    "a scaler inside the folds": FEATURES
    + "print(cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), X, y, cv=5).mean())\n",
    "SMOTE of the training rows": FEATURES + SPLIT
    + "X_train, y_train = SMOTE(random_state=0).fit_resample(X_train, y_train)\n" + JUDGE,
    "a final fit on everything, after the score": FEATURES + SPLIT + JUDGE + "final = LogisticRegression().fit(X, y)\n",
    "the best by folds, judged once": FEATURES + SPLIT
    + "best = 0\nfor c in [1, 2]:\n    s = cross_val_score(LogisticRegression(C=c), X_train, y_train).mean()\n"
    "    if s > best:\n        best, chosen = s, c\n" + JUDGE,
    "the best by rows of their own": FEATURES + SPLIT
    + "X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train, random_state=0)\nbest = 0\n"
    "for c in [1, 2]:\n    m = LogisticRegression(C=c).fit(X_fit, y_fit)\n    s = m.score(X_val, y_val)\n"
    "    if s > best:\n        best, chosen = s, c\n" + JUDGE,
    "folds written out": FEATURES
    + "for a, b in KFold(5, shuffle=True, random_state=0).split(X, y):\n"
    "    m = LogisticRegression().fit(X.iloc[a], y.iloc[a])\n    print(accuracy_score(y.iloc[b], m.predict(X.iloc[b])))\n",
    "a target of later rows": "df = df.sort_values('date')\ny = df['price'].shift(-1)\nX = df[['price', 'volume']]\n"
    "X_train, X_test, y_train, y_test = train_test_split(X, y, shuffle=False)\n" + JUDGE,
    "features of earlier rows, split in time": (
        "df = df.sort_values('date')\ndf['m'] = df['left'].shift(1).rolling(7).mean()\ny = df['left']\nX = df[['m', 'b']]\n"
        "n = int(len(df) * 0.8)\nX_train, X_test = X[:n], X[n:]\ny_train, y_test = y[:n], y[n:]\n" + JUDGE
    ),
    "the last column by its place": "X = df.iloc[:, :-1].values\ny = df.iloc[:, -1].values\n" + SPLIT + JUDGE,
    "a row for each customer": (
        "rfm = df.groupby('customer_id').agg({'amount': 'sum', 'left': 'max'}).reset_index()\n"
        "y = rfm['left']\nX = rfm[['amount']]\n" + SPLIT + JUDGE
    ),
    "folds that keep groups together": (
        "df['n'] = df.groupby('customer_id')['x'].cumcount()\n" + FEATURES
        + "print(cross_val_score(LogisticRegression(), X, y, groups=df['customer_id'], cv=GroupKFold(5)).mean())\n"
    ),
}  # fmt: skip


def found(code: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "prototype.py"
    path.write_text(HEAD + code)
    return [each.code for each in read_prototype(path).findings if each.code not in WRITING]


@pytest.mark.parametrize("what", ACCUSED)
def test_is_accused(what: str, tmp_path: Path) -> None:
    code, expected = ACCUSED[what]

    assert found(code, tmp_path) == expected


@pytest.mark.parametrize("what", INNOCENT)
def test_is_not_accused(what: str, tmp_path: Path) -> None:
    assert found(INNOCENT[what], tmp_path) == []

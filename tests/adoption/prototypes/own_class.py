"""House prices with an estimator of one's own."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split

API_TOKEN = "9f8b7c6d5e4f3a2b1c0d"


class MedianByBin(BaseEstimator, RegressorMixin):
    """Answers with the median of a bin of one column."""

    def __init__(self, column="income", bins=10):
        self.column = column
        self.bins = bins

    def fit(self, X, y):
        self.edges_ = np.quantile(X[self.column], np.linspace(0, 1, self.bins + 1)[1:-1])
        at = np.digitize(X[self.column], self.edges_)
        self.medians_ = np.array([np.median(np.asarray(y)[at == each]) for each in range(self.bins)])
        return self

    def predict(self, X):
        return self.medians_[np.digitize(X[self.column], self.edges_)]


def load():
    return pd.read_csv("houses.csv")


def unused_plot(df):
    df.plot()


houses = load()
houses["rooms_per_head"] = houses["rooms"] / houses["people"]
y = houses["price"]
X = houses.drop(columns=["price"])
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
model = MedianByBin(bins=12).fit(X_train, y_train)
print("MAE", mean_absolute_error(y_test, model.predict(X_test)))

"""Modelwright as a scikit-learn estimator: no encoding, no imputation, cross-validated like any other."""

from sklearn.model_selection import cross_val_score

from modelwright import ModelwrightClassifier
from modelwright.demo import adult

people = adult().sample(2_000, seed=1).to_pandas()
X, y = people.drop(columns=["class", "fnlwgt"]), people["class"]

model = ModelwrightClassifier(time_limit=5, random_state=0)
scores = cross_val_score(model, X, y, cv=2, scoring="roc_auc")
print(f"ROC AUC {scores.mean():.3f} on rows with {X.isna().sum().sum()} gaps and {X.shape[1]} raw columns")

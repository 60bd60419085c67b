"""A clean script: everything that learns is in the Pipeline, chosen by folds, judged once."""

from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

SEED = 7

data = load_breast_cancer(as_frame=True)
X, y = data.data, data.target

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=SEED)

numeric = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
prepare = ColumnTransformer([("numeric", numeric, list(X.columns))])
model = Pipeline([("prepare", prepare), ("model", LogisticRegression(max_iter=1000))])

folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=SEED)
search = GridSearchCV(model, {"model__C": [0.01, 0.1, 1.0]}, cv=folds, scoring="roc_auc")
search.fit(X_train, y_train)
print("cross-validated", round(search.best_score_, 3))

probability = search.predict_proba(X_test)[:, 1]
print("test ROC-AUC", round(roc_auc_score(y_test, probability), 3))

"""Calls that the libraries have removed or deprecated, and what to use instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modelwright.adoption.reading import Code, name_of, qualified_names

_REMOVED = {
    "sklearn.externals": "import joblib",
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.learning_curve": "sklearn.model_selection",
    "sklearn.preprocessing.Imputer": "sklearn.impute.SimpleImputer",
    "sklearn.preprocessing.CategoricalEncoder": "OneHotEncoder or OrdinalEncoder",
    "sklearn.datasets.load_boston": "sklearn.datasets.fetch_california_housing",
    "sklearn.metrics.plot_confusion_matrix": "ConfusionMatrixDisplay.from_estimator",
    "sklearn.metrics.plot_roc_curve": "RocCurveDisplay.from_estimator",
    "sklearn.metrics.plot_precision_recall_curve": "PrecisionRecallDisplay.from_estimator",
    "sklearn.metrics.jaccard_similarity_score": "jaccard_score",
    "sklearn.utils.testing": "sklearn.utils._testing, or numpy.testing",
    "sklearn.ensemble.partial_dependence": "sklearn.inspection",
    "sklearn.inspection.plot_partial_dependence": "PartialDependenceDisplay.from_estimator",
    "sklearn.mixture.GMM": "GaussianMixture",
    "numpy.bool": "bool",
    "numpy.int": "int",
    "numpy.float": "float",
    "numpy.object": "object",
    "numpy.str": "str",
    "numpy.complex": "complex",
    "numpy.product": "numpy.prod",
    "numpy.float_": "numpy.float64",
    "numpy.Inf": "numpy.inf",
    "numpy.NaN": "numpy.nan",
    "numpy.in1d": "numpy.isin",
    "numpy.trapz": "numpy.trapezoid",
    "pandas.Panel": "a table with a further column",
    "pandas.datetime": "the standard library's datetime",
    "pandas.io.json.json_normalize": "pandas.json_normalize",
    "pandas.tools": "pandas.plotting",
    "seaborn.distplot": "histplot or displot",
    "seaborn.factorplot": "catplot",
    "seaborn.tsplot": "lineplot",
    "tensorflow.Session": "eager execution",
    "tensorflow.placeholder": "eager execution",
    "tensorflow.contrib": "a package of its own",
    "tensorflow.set_random_seed": "tensorflow.random.set_seed",
    "keras.wrappers.scikit_learn": "scikeras",
    "keras.utils.np_utils": "keras.utils.to_categorical",
    "keras.layers.normalization": "keras.layers",
    "keras.layers.merge": "keras.layers",
    "keras.preprocessing.text.Tokenizer": "keras.layers.TextVectorization",
    "torch.autograd.Variable": "the tensor itself",
}
_METHODS = {
    "ix": "loc or iloc",
    "as_matrix": "to_numpy()",
    "predict_classes": "predict(...).argmax(axis=1)",
    "fit_generator": "fit",
    "evaluate_generator": "evaluate",
    "predict_generator": "predict",
    "iteritems": "items",
    "get_feature_names": "get_feature_names_out",
}
_ARGUMENTS = {
    ("OneHotEncoder", "sparse"): "sparse_output=",
    ("mean_squared_error", "squared"): "root_mean_squared_error",
    ("LinearRegression", "normalize"): "StandardScaler",
    ("Ridge", "normalize"): "StandardScaler",
    ("Lasso", "normalize"): "StandardScaler",
    ("BaggingClassifier", "base_estimator"): "estimator=",
    ("BaggingRegressor", "base_estimator"): "estimator=",
    ("AdaBoostClassifier", "base_estimator"): "estimator=",
    ("AdaBoostRegressor", "base_estimator"): "estimator=",
    ("CalibratedClassifierCV", "base_estimator"): "estimator=",
    ("Adam", "lr"): "learning_rate=",
    ("SGD", "lr"): "learning_rate=",
    ("RMSprop", "lr"): "learning_rate=",
    ("XGBClassifier", "use_label_encoder"): "nothing: leave it out",
    ("GridSearchCV", "iid"): "nothing: leave it out",
    ("read_csv", "error_bad_lines"): 'on_bad_lines="skip"',
    ("read_csv", "squeeze"): '.squeeze("columns")',
    ("fillna", "method"): "ffill() or bfill()",
    ("SMOTE", "ratio"): "sampling_strategy=",
    ("KMeans", "n_jobs"): "nothing: leave it out",
}
_WARNED = {
    ("AdaBoostClassifier", "algorithm"): "nothing: leave it out",
    ("LogisticRegression", "multi_class"): "OneVsRestClassifier",
}
_IN_FIT = {
    "early_stopping_rounds": "the constructor's argument, or a callback",
    "verbose_eval": "a callback",
    "eval_metric": "the constructor's argument",
}
_VALUES = {
    ("RandomForestClassifier", "max_features", "auto"): "'sqrt'",
    ("RandomForestRegressor", "max_features", "auto"): "1.0",
    ("ExtraTreesClassifier", "max_features", "auto"): "'sqrt'",
    ("GradientBoostingClassifier", "loss", "deviance"): "'log_loss'",
    ("SGDClassifier", "loss", "log"): "'log_loss'",
    ("GradientBoostingRegressor", "loss", "ls"): "'squared_error'",
    ("RandomForestRegressor", "criterion", "mse"): "'squared_error'",
    ("LogisticRegression", "penalty", "none"): "None",
}

Outdated = tuple[int, int, str, str, bool]


def outdated(code: Code) -> Iterator[Outdated]:
    """Yield cell, line, what is called, what to use instead, and whether it is gone already."""
    imported = qualified_names(cell.tree for cell in code.cells)
    told: set[tuple[int, str]] = set()
    for cell in code.cells:
        for node in ast.walk(cell.tree):
            for what, instead, removed in _of_node(node, imported):
                if (cell.number, what) not in told:
                    told.add((cell.number, what))
                    yield cell.number, getattr(node, "lineno", 0), what, instead, removed


def _of_node(node: ast.AST, imported: dict[str, str]) -> Iterator[tuple[str, str, bool]]:
    if isinstance(node, ast.ImportFrom) and node.module:
        for each in node.names:
            yield from _removed(f"{node.module}.{each.name}")
    elif isinstance(node, ast.Import):
        for each in node.names:
            yield from _removed(each.name)
    elif isinstance(node, ast.Attribute):
        full = name_of(node, imported)
        yield from _removed(full)
        if not full and node.attr in _METHODS:
            yield f".{node.attr}", _METHODS[node.attr], True
    elif isinstance(node, ast.Call):
        yield from _of_call(node)


def _removed(full: str) -> Iterator[tuple[str, str, bool]]:
    for old, instead in _REMOVED.items():
        if full == old or full.startswith(f"{old}."):
            yield old, instead, True


def _of_call(node: ast.Call) -> Iterator[tuple[str, str, bool]]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    torch = "torch" in ast.unparse(node.func) or "optim." in ast.unparse(node.func)
    for each in node.keywords:
        name = each.arg or ""
        if (called, name) in _ARGUMENTS and not torch:
            yield f"{called}({name}=...)", _ARGUMENTS[called, name], True
        if (called, name) in _WARNED:
            yield f"{called}({name}=...)", _WARNED[called, name], False
        if (
            called == "fit"
            and name in _IN_FIT
            and any(k.arg == "eval_set" for k in node.keywords)
            and name != "eval_metric"
        ):
            yield f"fit({name}=...)", _IN_FIT[name], True
        value = each.value.value if isinstance(each.value, ast.Constant) else None
        if (called, name, value) in _VALUES:
            yield f"{called}({name}={value!r})", _VALUES[called, name, str(value)], True

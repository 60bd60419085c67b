"""What the classes and functions of the libraries do to rows: the words that the walk knows."""

from __future__ import annotations

import re

from modelwright.adoption.reading.values import How

TRANSFORMERS: dict[str, How] = {
    **dict.fromkeys(
        ("StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler", "PowerTransformer",
         "QuantileTransformer", "TfidfVectorizer", "TfidfTransformer", "SplineTransformer", "Normalization"),
        "scale",
    ),
    **dict.fromkeys(("SimpleImputer", "KNNImputer", "IterativeImputer", "MissForest"), "impute"),
    **dict.fromkeys(
        ("LabelEncoder", "OneHotEncoder", "OrdinalEncoder", "LabelBinarizer", "MultiLabelBinarizer",
         "CountVectorizer", "DictVectorizer", "Tokenizer", "BinaryEncoder", "BaseNEncoder", "HashingEncoder",
         "CountEncoder", "StringLookup", "TextVectorization", "KBinsDiscretizer"),
        "encode",
    ),
    **dict.fromkeys(
        ("SelectKBest", "SelectPercentile", "SelectFromModel", "RFE", "RFECV", "SequentialFeatureSelector",
         "VarianceThreshold", "SelectFpr", "SelectFdr", "GenericUnivariateSelect", "BorutaPy"),
        "select",
    ),
    **dict.fromkeys(
        ("PCA", "KernelPCA", "IncrementalPCA", "TruncatedSVD", "NMF", "FastICA", "FactorAnalysis", "UMAP",
         "LatentDirichletAllocation"),
        "reduce",
    ),
    **dict.fromkeys(
        ("TargetEncoder", "CatBoostEncoder", "LeaveOneOutEncoder", "WOEEncoder", "JamesSteinEncoder",
         "MEstimateEncoder", "GLMMEncoder"),
        "mean",
    ),
    **dict.fromkeys(
        ("SMOTE", "SMOTENC", "SMOTEN", "ADASYN", "BorderlineSMOTE", "SVMSMOTE", "KMeansSMOTE",
         "RandomOverSampler", "RandomUnderSampler", "SMOTEENN", "SMOTETomek", "NearMiss", "TomekLinks"),
        "resample",
    ),
}  # fmt: skip
"""Transformers by the name of their class, and what they do."""

BY_TARGET = {"TargetEncoder", "CatBoostEncoder", "LeaveOneOutEncoder", "WOEEncoder", "JamesSteinEncoder",
             "MEstimateEncoder", "GLMMEncoder", "SelectKBest", "SelectPercentile", "SelectFromModel", "RFE",
             "RFECV", "SequentialFeatureSelector", "SelectFpr", "SelectFdr", "GenericUnivariateSelect",
             "BorutaPy"}  # fmt: skip
"""Of these, the ones that read the target."""

STATELESS = {"Normalizer", "Binarizer", "FunctionTransformer", "HashingVectorizer", "PolynomialFeatures"}
"""Transformers that learn nothing from rows."""

CONTAINERS = {"Pipeline", "ColumnTransformer", "FeatureUnion", "make_pipeline", "make_column_transformer",
              "make_union", "make_imb_pipeline"}  # fmt: skip

SPLITTERS = {
    "KFold", "StratifiedKFold", "RepeatedKFold", "RepeatedStratifiedKFold", "ShuffleSplit",
    "StratifiedShuffleSplit", "GroupKFold", "StratifiedGroupKFold", "GroupShuffleSplit", "LeaveOneGroupOut",
    "LeavePGroupsOut", "TimeSeriesSplit", "LeaveOneOut", "PredefinedSplit",
}  # fmt: skip
SEARCHES = {
    "GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV", "BayesSearchCV",
    "TuneSearchCV", "OptunaSearchCV",
}  # fmt: skip

BY_CHANCE = {
    "RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor",
    "BaggingClassifier", "BaggingRegressor", "MLPClassifier", "MLPRegressor", "SGDClassifier", "SGDRegressor",
    "Perceptron", "KMeans", "SMOTE", "ADASYN", "RandomOverSampler", "RandomUnderSampler", "BorderlineSMOTE",
    "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit", "RandomizedSearchCV",
}  # fmt: skip
"""What draws at random, and so gives another result each time without a seed."""

_PANDAS_LOOKS = ("read_csv", "read_excel", "read_parquet", "read_json", "read_sql", "read_sql_query",
                 "read_table",
                 "read_feather", "read_pickle", "read_hdf", "read_html", "read_fwf", "read_stata", "read_sas",
                 "read_sql_table", "read_orc", "read_spss", "read_xml", "read_clipboard",
                 "scan_csv", "scan_parquet", "read_ndjson", "read_database")  # fmt: skip
READERS = {f"{library}.{name}" for library in ("pandas", "polars") for name in _PANDAS_LOOKS} | {
    "numpy.loadtxt", "numpy.genfromtxt", "numpy.load", "seaborn.load_dataset", "tensorflow_datasets.load",
    "datasets.load_dataset",
}  # fmt: skip

STATISTICS = {
    "mean", "median", "std", "var", "min", "max", "sum", "quantile", "mode", "nanmean", "nanmedian", "nanstd",
    "percentile", "nanpercentile", "average", "skew", "kurt", "corr", "cov", "corrwith", "agg", "aggregate",
    "value_counts", "nlargest", "nsmallest", "idxmax", "idxmin",
}  # fmt: skip
ORDERED = {"shift", "diff", "pct_change", "rolling", "expanding", "ewm", "cumsum", "cumcount", "cummax",
           "cummin",
           "cumprod"}  # fmt: skip
FROM_LATER = {"bfill", "backfill", "interpolate"}

DATE = re.compile(
    r"(^|[_\s.])(date|datetime|time|timestamp|datum|dt|dteday|month|week|day)s?([_\s.]|$)|date$",
    re.IGNORECASE,
)
WHO = re.compile(
    r"^(?:.*[_\s.])?(patient|subject|customer|client|user|person|member|household|account|session|store|shop|"
    r"machine|device|engine|sensor|company|driver|player|speaker|student|employee|vehicle|visitor|msno|id)"
    r"(?:[_\s.]?(?:id|no|nr|num|number|key))?$|^(?:patient|customer|user|client|subject|session)s?id$",
    re.IGNORECASE,
)
"""A column that says what several rows are about."""

IS_TEST = re.compile(r"(^|_)(test|tst|te|holdout|hold_out)(_|\d|$)|test$", re.IGNORECASE)
IS_VALID = re.compile(r"(^|_)(val|valid|validation|dev|eval)(_|\d|$)", re.IGNORECASE)
IS_TRAIN = re.compile(r"(^|_)(train|trn|tr|training)(_|\d|$)", re.IGNORECASE)


def last(full: str) -> str:
    """Return the last part of a qualified name."""
    return full.rpartition(".")[2]


def is_transformer(name: str) -> bool:
    """Say whether a class transforms features rather than predicts."""
    return last(name) in TRANSFORMERS or last(name) in STATELESS

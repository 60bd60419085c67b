"""What the functions and classes of the libraries do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelwright.adoption.reading import learners
from modelwright.adoption.reading.binding import SUBSET, texts
from modelwright.adoption.reading.events import Choice, Looked, Read, Score, Split
from modelwright.adoption.reading.values import Kind, Learned, Model, Trace, Value, joined
from modelwright.adoption.reading.vocabulary import (
    CONTAINERS,
    READERS,
    SEARCHES,
    SPLITTERS,
    STATISTICS,
    is_transformer,
    last,
)

if TYPE_CHECKING:
    from modelwright.adoption.reading.calls import Call
    from modelwright.adoption.reading.walking import Walker

_PLOTS = (
    "matplotlib",
    "seaborn",
    "plotly",
    "bokeh",
    "altair",
    "shap",
    "missingno",
    "ydata_profiling",
    "wandb",
)
_SEEDS = {
    "numpy.random.seed": "numpy", "random.seed": "python", "torch.manual_seed": "torch",
    "torch.cuda.manual_seed_all": "torch", "tensorflow.random.set_seed": "keras",
    "keras.utils.set_random_seed": "keras", "pytorch_lightning.seed_everything": "torch",
    "lightning.seed_everything": "torch",
}  # fmt: skip
_ESTIMATORS = ("sklearn.", "xgboost.", "lightgbm.", "catboost.", "imblearn.", "category_encoders.", "keras.",
               "torch.nn.", "tensorflow.keras.", "tabpfn.", "interpret.", "skorch.", "ngboost.",
               "pytorch_tabnet.", "flaml.", "umap.")  # fmt: skip
_CURVES = {"roc_curve", "precision_recall_curve", "det_curve"}
_NO_SCORE = {
    "make_scorer",
    "get_scorer",
    "auc",
    "ConfusionMatrixDisplay",
    "RocCurveDisplay",
    "pairwise_distances",
}
_KNOWN = CONTAINERS | SPLITTERS | SEARCHES
_DATASETS = ("xgboost.DMatrix", "lightgbm.Dataset", "catboost.Pool", "xgboost.QuantileDMatrix")


def call(walker: Walker, full: str, given: Call) -> Value:
    """Follow a call of a library's function or class."""
    if full in _SEEDS:
        walker.seen.seeds.add(_SEEDS[full])
        return Value()
    if full in READERS or (full.startswith("sklearn.datasets.") and not last(full).startswith("make_scorer")):
        return _read(walker, full, given)
    if full.startswith("keras.datasets."):
        return _ready_split(walker, full, given)
    if full.startswith(_PLOTS):
        return Value()
    if full in {"joblib.dump", "pickle.dump", "pickle.dumps", "cloudpickle.dump", "dill.dump"}:
        walker.seen.looked.append(Looked(walker.place(given.node), "pickle", full, given.argument(0)))
        return Value()
    return _of_scikit_learn(walker, full, given)


def _of_scikit_learn(walker: Walker, full: str, given: Call) -> Value:
    from modelwright.adoption.reading.calls import scored

    name = last(full)
    if name == "train_test_split":
        return _train_test_split(walker, given)
    if full.startswith("sklearn.metrics.") and name in _CURVES:
        told = scored(
            walker, given, name, given.argument(0, "y_true"), given.argument(1, "y_score", "y_pred")
        )
        return Value("items", items=(told, told, told))
    if full.startswith("sklearn.metrics.") and name not in _NO_SCORE:
        told = given.argument(1, "y_pred", "y_score", "y_prob")
        return scored(walker, given, name, given.argument(0, "y_true"), told)
    if name in {
        "cross_val_score",
        "cross_validate",
        "cross_val_predict",
        "learning_curve",
        "validation_curve",
    }:
        return _cross_validated(walker, name, given)
    if full in {"sklearn.utils.resample", "sklearn.utils.shuffle"}:
        return _resampled(walker, full, given)
    if full in {"xgboost.train", "lightgbm.train", "catboost.train", "xgboost.cv", "lightgbm.cv"}:
        return learners.trained(walker, full, given)
    if full in _DATASETS:
        return Value("object", "dataset", items=(given.argument(0, "data"), given.argument(1, "label")))
    is_class = name[:1].isupper() or name in CONTAINERS or full == "keras.models.load_model"
    if is_class and (full.startswith(_ESTIMATORS) or last(full) in _KNOWN or is_transformer(full)):
        return _made(walker, full, given)
    return _of_arrays(walker, full, given)


def _made(walker: Walker, full: str, given: Call) -> Value:
    place = walker.place(given.node)
    inside = [found for each in (*given.given, *given.named.values()) for found in models_in(each)]
    parameters = dict(given.named)
    if given.given and given.given[0].constant is not None:
        parameters["0"] = given.given[0]
    model = Model(full, place.cell, place.line, parameters, inside, in_loop=walker.loops > 0)
    walker.seen.models.append(model)
    return Value("model", full, model=model)


def models_in(value: Value) -> list[Model]:
    """Return the models that a value holds, however deep."""
    if value.kind == "model" and value.model is not None:
        return [value.model]
    return [found for each in value.items for found in models_in(each)]


def _read(walker: Walker, full: str, given: Call) -> Value:
    source = given.argument(0, "filepath_or_buffer", "io", "path", "name", "data_id")
    text = source.constant if isinstance(source.constant, str) else ""
    if full.startswith("sklearn.datasets."):
        text = full
    walker.seen.reads.append(Read(walker.place(given.node), full, text))
    walker.times |= set(texts(given.named.get("parse_dates", Value())))
    index = given.named.get("index_col")
    ordered = bool(given.named.get("parse_dates", Value()).constant is True and index)
    gone = frozenset(texts(index)) if index is not None else frozenset()
    origin = f"{text or full}@{given.node.lineno}"
    table = Value(
        "table", origin=origin, parts=frozenset({"all"}), is_open=True, ordered=ordered, without=gone
    )
    if names := texts(given.named.get("names", Value())):
        table = table.but(columns={each: Trace(frozenset({each})) for each in names}, is_open=False)
    if not full.startswith("sklearn.datasets."):
        return table
    if given.says("return_X_y") or last(full).startswith("make_"):
        X = table.but(without=frozenset({"target"}))
        return Value("items", items=(X, table.column("target")))
    return table.but(kind="object", name="bunch", is_open=False)


def _ready_split(walker: Walker, full: str, given: Call) -> Value:
    place = walker.place(given.node)
    walker.seen.reads.append(Read(place, full, full))
    walker.splits += 1
    whole = Value("table", origin=full, parts=frozenset({"all"}), is_open=True, without=frozenset({"target"}))
    walker.seen.splits.append(Split(place, full, shuffled=False, grouped=False, data=whole))
    pairs = []
    for part in ("train", "test"):
        X = whole.but(parts=frozenset({part}), split=walker.splits)
        pairs.append(Value("items", items=(X, X.column("target").but(is_open=False))))
    return Value("items", items=tuple(pairs))


def _train_test_split(walker: Walker, given: Call) -> Value:
    walker.splits += 1
    whole = joined(given.given)
    shuffle = given.named.get("shuffle", Value()).constant is not False
    size = given.named.get("test_size", Value()).constant
    seeded = "random_state" in given.named and given.named["random_state"].constant is not None
    seeded = seeded or ("random_state" in given.named and given.named["random_state"].kind != "constant")
    share = float(size) if isinstance(size, float) else None
    how = "sklearn.model_selection.train_test_split"
    data = given.given[0] if given.given else Value()
    split = Split(
        walker.place(given.node), how, shuffle, grouped=False, data=data, share=share, seeded=seeded
    )
    walker.seen.splits.append(split)
    inner = "test" if "test" in whole.parts else "valid"
    first, second = ("train", "test") if whole.parts <= {"all"} else (next(iter(whole.parts)), inner)
    found = []
    for each in given.given:
        held = each.but(kind="table") if each.kind == "unknown" else each
        held = held.but(kind="table") if held.kind == "items" and held.name != "columns" else held
        found += [held.but(parts=frozenset({part}), split=walker.splits) for part in (first, second)]
    return Value("items", "train_test_split", items=tuple(found))


def _cross_validated(walker: Walker, name: str, given: Call) -> Value:
    model, X, y = given.argument(0, "estimator"), given.argument(1, "X"), given.argument(2, "y")
    place = walker.place(given.node)
    cv = given.named.get("cv", Value())
    if cv.model is not None:
        note_splitter(walker, given, cv.model, X, grouped="groups" in given.named)
    walker.seen.scores.append(Score(place, name, frozenset({"folds"}), model.model, X, y))
    if name == "cross_val_predict":
        return joined([X, model], "prediction").but(parts=frozenset({"folds"}))
    return Value("score", name, parts=frozenset({"folds"}), model=model.model)


def note_splitter(walker: Walker, given: Call, splitter: Model, X: Value, *, grouped: bool = False) -> None:
    """Note that a splitter of scikit-learn puts these rows apart."""
    name = splitter.short
    shuffles = splitter.parameters.get("shuffle", Value()).constant is True or "Shuffle" in name
    keeps = "Group" in name
    seeded = not shuffles or "random_state" in splitter.parameters or "Repeated" in name
    is_forward = name in {"TimeSeriesSplit", "PredefinedSplit"}
    walker.seen.splits.append(
        Split(
            walker.place(given.node),
            splitter.name,
            not is_forward,
            keeps or (grouped and keeps),
            X,
            seeded=seeded,
        )
    )


def _resampled(walker: Walker, full: str, given: Call) -> Value:
    rows = joined(given.given, given.given[0].kind if given.given else "unknown")
    if full.endswith("shuffle"):
        return Value("items", items=given.given) if len(given.given) > 1 else rows
    if given.named.get("replace", Value()).constant is False:
        return rows
    place = walker.place(given.node)
    what = Learned("rows drawn again (resample)", "resample", rows.parts, place.cell, place.line)
    found = rows.but(learned=rows.learned | {what})
    return (
        Value("items", items=tuple(each.but(learned=each.learned | {what}) for each in given.given))
        if len(given.given) > 1
        else found
    )


def _of_arrays(walker: Walker, full: str, given: Call) -> Value:
    from modelwright.adoption.reading.calls import _has_score, _scores

    name, values = last(full), [*given.given, *given.named.values()]
    first = given.given[0] if given.given else Value()
    if full.startswith("torch.nn.functional.") and ("loss" in name or "entropy" in name):
        return learners.loss(
            walker, name, [each for each in given.given if each.holds_rows or each.parts], given
        )
    if name in {"argmax", "argmin", "nanargmax"} and _has_score(first):
        parts = frozenset().union(*(each.parts for each in _scores(first)))
        walker.seen.choices.append(Choice(walker.place(given.node), parts, f"the best is taken by {name}"))
        return Value("score", parts=parts)
    if full.startswith("numpy.random.") and "seed" not in name and given.given:
        walker.seen.looked.append(Looked(walker.place(given.node), "random", full))
    if name in {
        "concat",
        "concatenate",
        "vstack",
        "hstack",
        "column_stack",
        "append",
        "c_",
        "stack",
        "merge",
    }:
        return _put_together(values)
    if name == "get_dummies":
        place = walker.place(given.node)
        learned = Learned("get_dummies", "encode", first.parts, place.cell, place.line)
        encoded = first.but(kind="table", learned=first.learned | {learned})
        return encoded if first.kind == "table" else encoded.but(columns={f"{first.name}_*": first.trace})
    if name in {"qcut", "factorize"}:
        place = walker.place(given.node)
        learned = Learned(
            name, "quantile" if name == "qcut" else "encode", first.parts, place.cell, place.line
        )
        found = joined(values, "column").but(learned=first.learned | {learned})
        return Value("items", items=(found, Value())) if name == "factorize" else found
    if name in STATISTICS and first.holds_rows and full.startswith(("numpy", "scipy")):
        from modelwright.adoption.reading.rows import statistic

        return statistic(walker, first, name, given.node)
    if name == "to_datetime" and first.name:
        walker.times.add(first.name)
    if name in {"DataFrame", "Series", "array", "asarray"} and first.kind == "items" and _has_score(first):
        return first
    if name == "DataFrame" and first.name == "dict" and first.keys:
        columns = {key: each.whole_trace() for key, each in zip(first.keys, first.items, strict=False)}
        return joined(values, "table").but(columns=columns)
    kind: Kind = next((each.kind for each in values if each.holds_rows or each.kind == "score"), "unknown")
    is_table = name == "DataFrame" and kind in {"column", "prediction"}
    found = joined(values, "table" if is_table else kind)
    return found.but(name=first.name if kind == "column" else "", split=first.split or found.split)


def _put_together(values: list[Value]) -> Value:
    flat = [
        inner
        for each in values
        for inner in (each.items or (each,))
        if inner.holds_rows or inner.kind == "score"
    ]
    if not flat:
        return joined(values)
    if flat[0].kind == "score":
        return joined(flat, "score")
    columns = {name: trace for each in flat for name, trace in each.columns.items()}
    columns |= {each.name: each.trace for each in flat if each.kind == "column" and each.name}
    found = joined(flat, "prediction" if flat[0].kind == "prediction" else "table")
    split = SUBSET if any(each.split == SUBSET for each in flat) else found.split
    return found.but(columns=columns, split=split)

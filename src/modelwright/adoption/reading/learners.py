"""What the methods of estimators and transformers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelwright.adoption.reading.events import Fit
from modelwright.adoption.reading.values import Learned, Model, Trace, Value, joined
from modelwright.adoption.reading.vocabulary import (
    BY_TARGET,
    CONTAINERS,
    SEARCHES,
    SPLITTERS,
    STATELESS,
    TRANSFORMERS,
    last,
)

if TYPE_CHECKING:
    from modelwright.adoption.reading.calls import Call
    from modelwright.adoption.reading.walking import Walker

_PREDICTS = {
    "predict",
    "predict_proba",
    "decision_function",
    "predict_classes",
    "predict_log_proba",
    "forecast",
}
_STOPS = {"EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau", "early_stopping"}
_ITSELF = {"set_params", "to", "cuda", "cpu", "train", "eval", "double", "float", "build"}


def method(walker: Walker, model: Model, name: str, call: Call) -> Value:
    """Follow a method of an estimator or a transformer."""
    if model.short in SPLITTERS and name == "split":
        return _split(walker, model, call)
    if name in {"fit", "partial_fit", "fit_generator", "train_on_batch", "fit_predict", "search"}:
        return _fitted(walker, model, name, call)
    if name in {"fit_transform", "fit_resample", "fit_sample", "adapt"}:
        learn(walker, model, call)
        return _transformed(model, name, call)
    if name == "transform":
        return _transformed(model, name, call)
    if name in _PREDICTS or name.startswith("predict"):
        return told(model, call)
    if name in {"score", "evaluate"} and call.given:
        from modelwright.adoption.reading.calls import scored

        X, y = call.argument(0, "X"), call.argument(1, "y")
        return scored(walker, call, name, y, told_of(model, X))
    if name in _ITSELF or name in {"compile", "add", "summary", "load_state_dict"}:
        model.steps.extend(
            each.model for each in call.given if each.kind == "model" and each.model is not None
        )
        model.parameters.update({f"{name}.{key}": each for key, each in call.named.items()})
        return Value("model", model.name, model=model)
    return Value()


def transforms(model: Model) -> bool:
    """Say whether a model transforms features, rather than predicts."""
    if model.short in CONTAINERS:
        return bool(model.steps) and transforms(model.steps[-1])
    return model.short in TRANSFORMERS or model.short in STATELESS or model.name.endswith(".transformer")


def learn(walker: Walker, model: Model, call: Call) -> None:
    """Note which rows a transformer has learned from."""
    X = call.argument(0, "X", "data", "y", "raw_documents")
    model.fitted.append(X)
    place = walker.place(call.node)
    model.parameters["#fitted"] = Value(learned=frozenset(_lessons(model, X, call, place.cell, place.line)))


def _lessons(model: Model, X: Value, call: Call, cell: int, line: int) -> list[Learned]:
    about = frozenset(X.whole_trace().sources if X.kind == "column" else X.columns)
    found = []
    for each in model.all_steps():
        how = TRANSFORMERS.get(each.short, "scale" if each.name.endswith(".transformer") else None)
        if how is None or each.short in STATELESS:
            continue
        by_target = each.short in BY_TARGET and (len(call.given) > 1 or "y" in call.named)
        found.append(
            Learned(
                each.name.removesuffix(".transformer").rpartition(".")[2],
                how,
                X.parts,
                cell,
                line,
                about,
                by_target,
            )
        )
    return found


def _transformed(model: Model, name: str, call: Call) -> Value:
    X = call.argument(0, "X", "y", "data", "raw_documents")
    learned = model.parameters.get("#fitted", Value()).learned
    kind = X.kind if X.kind in {"table", "column"} else "table" if X.parts else X.kind
    made = X.but(kind=kind, learned=X.learned | learned)
    if kind == "column" and model.short not in TRANSFORMERS:
        made = made.but(kind="table")
    if name in {"fit_resample", "fit_sample"}:
        y = call.argument(1, "y")
        return Value("items", items=(made, y.but(learned=y.learned | learned)))
    return made


def told_of(model: Model, X: Value) -> Value:
    """Return what a model says of some rows."""
    return X.but(kind="prediction", model=model, name="", items=())


def told(model: Model, call: Call) -> Value:
    """Return what a model says of the rows that a call hands it."""
    X = call.argument(0, "X", "x", "data")
    return told_of(model, X.items[0] if X.kind == "object" and X.items else X)


def _split(walker: Walker, splitter: Model, call: Call) -> Value:
    from modelwright.adoption.reading.library import note_splitter

    X = call.argument(0, "X")
    note_splitter(walker, call, splitter, X, grouped="groups" in call.named or len(call.given) > 2)
    walker.splits += 1
    is_single = splitter.parameters.get("n_splits", Value()).constant == 1
    return Value("split", "test" if is_single else "fold", X.origin, X.parts, split=walker.splits)


def _fitted(walker: Walker, model: Model, name: str, call: Call) -> Value:
    itself = Value("model", model.name, model=model)
    if transforms(model):
        learn(walker, model, call)
        return itself
    X, y = call.argument(0, "X", "x"), call.argument(1, "y")
    if X.kind == "object" and X.name == "dataset":
        X, y = X.items
    model.fitted.append(X)
    for each in model.all_steps()[1:]:
        each.fitted.append(X)
    walker.seen.fits.append(Fit(walker.place(call.node), model, X, y, _chosen_on(model, call)))
    if model.short in SEARCHES:
        _note_search(walker, model, call, X, y)
    return told(model, call) if name == "fit_predict" else itself


def _note_search(walker: Walker, model: Model, call: Call, X: Value, y: Value) -> None:
    from modelwright.adoption.reading.events import Score
    from modelwright.adoption.reading.library import note_splitter

    cv = model.parameters.get("cv", Value())
    if cv.model is not None:
        note_splitter(walker, call, cv.model, X, grouped="groups" in call.named)
    walker.seen.scores.append(Score(walker.place(call.node), model.short, frozenset({"folds"}), model, X, y))


def _chosen_on(model: Model, call: Call) -> Value | None:
    """Return the rows by which a fit stops or keeps its best; None where it looks at none."""
    watched = call.named.get("validation_data") or call.named.get("eval_set") or call.named.get("valid_sets")
    if watched is None:
        return None
    rows = joined(_flat(watched))
    stops = model.short.startswith("CatBoost") and not _is_off(call, model, "use_best_model")
    stops = stops or any(
        key in call.named or key in model.parameters
        for key in ("early_stopping_rounds", "early_stopping_round")
    )
    callbacks = [
        *_models(call.named.get("callbacks", Value())),
        *_models(model.parameters.get("callbacks", Value())),
    ]
    stops = stops or any(each in _STOPS for each in callbacks)
    return rows if stops else None


def _is_off(call: Call, model: Model, name: str) -> bool:
    value = call.named.get(name) or model.parameters.get(name)
    return value is not None and value.constant is False


def _models(value: Value) -> list[str]:
    if value.kind == "model":
        return [last(value.name)]
    found = [last(value.name)] if value.name else []
    return found + [name for each in value.items for name in _models(each)]


def _flat(value: Value) -> list[Value]:
    return [inner for each in value.items for inner in _flat(each)] if value.items else [value]


def trained(walker: Walker, full: str, call: Call) -> Value:
    """Follow ``xgb.train`` and ``lgb.train``."""
    place = walker.place(call.node)
    model = Model(full, place.cell, place.line, dict(call.named))
    dataset = call.argument(1, "dtrain", "train_set", "pool")
    X, y = (dataset.items[0], dataset.items[1]) if len(dataset.items) > 1 else (dataset, Value())
    model.fitted.append(X)
    walker.seen.models.append(model)
    watched = call.named.get("evals") or call.named.get("valid_sets")
    stops = "early_stopping_rounds" in call.named or "early_stopping" in _models(
        call.named.get("callbacks", Value())
    )
    rows = (
        joined([each for each in _flat(watched) if "train" not in each.parts]) if watched and stops else None
    )
    if last(full) == "cv":
        from modelwright.adoption.reading.events import Score

        walker.seen.scores.append(Score(place, full, frozenset({"folds"}), model, X, y))
        return Value("score", parts=frozenset({"folds"}), model=model)
    walker.seen.fits.append(Fit(place, model, X, y, rows))
    return Value("model", full, model=model)


def called_as_function(walker: Walker, model: Model, call: Call) -> Value:
    """Follow ``model(x)``: a network that is run, a layer on top of another, or a loss."""
    rows = [each for each in (*call.given, *call.named.values()) if each.holds_rows or each.parts]
    if "Loss" in model.short and rows:
        return loss(walker, model.short, rows, call)
    inner = [each.model for each in call.given if each.model is not None and each.kind == "model"]
    if inner and not rows:
        model.steps.extend(inner)
        return Value("model", model.name, model=model)
    return told_of(model, rows[0]) if rows else Value()


def loss(walker: Walker, name: str, rows: list[Value], call: Call) -> Value:
    """Follow a loss of a network: a figure of its rows, by which it learns or is judged."""
    if not rows:
        return Value()
    told = next((each for each in rows if each.model is not None), rows[0])
    parts = frozenset().union(*(each.parts for each in rows))
    walker.note_score(
        call.node, name, parts, told, joined([each for each in rows if each is not told], "column")
    )
    return joined(rows, "score").but(model=told.model)


def step(walker: Walker, lost: Value, call: Call) -> Value:
    """Follow ``loss.backward()``: a network learns from the rows of the loss."""
    if lost.model is not None:
        X = lost.but(kind="table")
        lost.model.fitted.append(X)
        y = Value("column", parts=lost.parts, trace=Trace())
        walker.seen.fits.append(Fit(walker.place(call.node), lost.model, X, y))
    return Value()

"""What a table lets one ask: the task, the positive label and the roles that nobody stated."""

from __future__ import annotations

from typing import Any

import polars as pl

from modelwright.data import clean, counts_or_identifies, label_text, propose_cleaning
from modelwright.errors import BriefError, DataError
from modelwright.problem import Brief, ColumnRoles, Finding, Task, default_metric

MAX_CLASSES_OF_INTEGERS = 10
ROWS_PER_INTEGER_CLASS = 20
MOST_LABELS = 500
USUAL_POSITIVES = (
    "1",
    "yes",
    "true",
    "y",
    "t",
    "positive",
    "pos",
    "bad",
    "fraud",
    "churn",
    "churned",
    "default",
    "failed",
)
PROTECTED_NAMES = {
    "sex",
    "gender",
    "race",
    "ethnicity",
    "religion",
    "nationality",
    "age",
    "disability",
    "marital_status",
}


def infer_task(target: pl.Series) -> Task:
    """Say what kind of question a target column asks.

    Parameters
    ----------
    target : polars.Series
        The column to predict; missing values are passed over.

    Returns
    -------
    Task
        Two distinct values are binary. Text is multiclass, and so are whole numbers of at most ten
        distinct values with at least twenty rows each on average; other numbers are regression.

    Raises
    ------
    DataError
        If the column has fewer than two distinct values, or identifies the rows.
    """
    _can_be_predicted(target)
    known = target.drop_nulls()
    distinct = known.n_unique()
    if distinct < 2:
        raise DataError(
            f"target '{target.name}' has {distinct} distinct value{'s' if distinct != 1 else ''} in "
            f"{len(target)} rows; there is nothing to predict. Name another column with --target"
        )
    if distinct == 2:
        return Task.BINARY
    numbers = known if known.dtype.is_numeric() else known.cast(pl.String).cast(pl.Float64, strict=False)
    if numbers.null_count() > 0 or (known.dtype == pl.String and not numbers.is_finite().all()):
        return Task.MULTICLASS
    if counts_or_identifies(target):
        raise DataError(
            f"target '{target.name}' seems to identify or count the rows: {distinct:,} whole numbers, all "
            "different; name another column with --target. If it is a number to be predicted, say --task "
            "regression"
        )
    whole = bool((numbers == numbers.round()).all())
    few = distinct <= MAX_CLASSES_OF_INTEGERS and len(known) / distinct >= ROWS_PER_INTEGER_CLASS
    return Task.MULTICLASS if whole and few else Task.REGRESSION


def infer_positive(target: pl.Series) -> str:
    """Choose the label whose probability is asked for: a usual word for it, else the rarer one."""
    counts = target.drop_nulls().value_counts(sort=True)
    labels = [label_text(value) for value in counts[target.name].to_list()]
    usual = [label for label in labels if label.strip().lower() in USUAL_POSITIVES]
    return usual[0] if len(usual) == 1 else labels[-1]


def state_problem(
    frame: pl.DataFrame, *, name: str, target: str, source: str, stated: dict[str, dict[str, Any]]
) -> Brief:
    """Write the brief: what was stated, and the rest inferred from the data.

    Parameters
    ----------
    frame : polars.DataFrame
        The data.
    name : str
        Name of the project.
    target : str
        The column to predict.
    source : str
        Where the data comes from.
    stated : dict
        Sections and keys of the brief that a person stated.

    Raises
    ------
    BriefError
        If a named column is not in the data, or what was stated is impossible.
    """
    _columns_exist(frame, target, stated.get("columns", {}))
    frame = clean(frame, propose_cleaning(frame.select(target), target, ColumnRoles()))
    asked = dict(stated.get("problem", {}))
    task = Task(asked["task"]) if asked.get("task") in list(Task) else None
    if "task" not in asked:
        task = infer_task(frame[target])
        asked["task"] = str(task)
    if task is Task.MULTICLASS:
        _labels_recur(frame[target])
    if task is Task.BINARY:
        asked.setdefault("positive", infer_positive(frame[target]))
    if task is not None:
        asked.setdefault("metric", default_metric(task).name)
    asked.setdefault("request", f"Predict {target}.")
    content = {
        **stated,
        "problem": {"name": name, "target": target, **asked},
        "data": {**stated.get("data", {}), "source": source},
    }
    return Brief.from_dict(content, "the request")


def protected_candidates(brief: Brief, columns: list[str]) -> list[Finding]:
    """Point out columns whose name suggests that the law or fairness protects them."""
    return [
        Finding(
            code="MW-P010",
            severity="info",
            column=column,
            message=f"'{column}' looks like a column whose groups must not be left worse off",
            why="Law or fairness may forbid that a model serves one of its groups worse.",
            advice="Add it to columns.protected in modelwright.toml to have its groups compared.",
        )
        for column in columns
        if column.strip().lower().replace(" ", "_").replace("-", "_") in PROTECTED_NAMES
        and column not in brief.columns.protected
    ]


def _can_be_predicted(target: pl.Series) -> None:
    dtype = target.dtype
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration):
        raise DataError(
            f"target '{target.name}' holds {dtype}, which is neither a label nor a number; name another "
            "column with --target, or take it apart at the source"
        )


def _labels_recur(target: pl.Series) -> None:
    known = target.drop_nulls()
    distinct = known.n_unique()
    if distinct > min(MOST_LABELS, len(known) / 2):
        raise DataError(
            f"target '{target.name}' has {distinct:,} different labels in {len(known):,} rows; labels must "
            f"recur to be learnt, and there may be at most {MOST_LABELS}. If it is an identifier, name "
            "another column with --target; if it is a number, say --task regression"
        )


def _columns_exist(frame: pl.DataFrame, target: str, roles: dict[str, Any]) -> None:
    from difflib import get_close_matches

    wanted = {"target": [target]}
    wanted |= {role: [named] if isinstance(named, str) else list(named) for role, named in roles.items()}
    for role, names in wanted.items():
        for column in names:
            if column and column not in frame.columns:
                near = get_close_matches(column, frame.columns, n=1, cutoff=0.5)
                shown = ", ".join(frame.columns[:12]) + (", …" if frame.width > 12 else "")
                hint = f"did you mean '{near[0]}'?" if near else f"the columns are {shown}"
                raise BriefError(f"{role} column '{column}' is not in the data; {hint}")

"""How a brief is laid out for people: every key with a comment that says what it is for."""

from __future__ import annotations

import json
import re
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+").fullmatch

_HEAD = """\
# The brief: what is asked, what a mistake costs, and what is promised.
# `modelwright new` inferred this; edit it, then run `modelwright build`.
"""

_SECTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "problem": (
        "What is asked.",
        {
            "name": "short name; also the name of the registered model",
            "request": "the request in the stakeholder's words",
            "stakeholder": "who asks",
            "target": "the column to predict",
            "task": "binary | multiclass | regression",
            "positive": "the label whose probability is asked for (binary only)",
            "metric": "the figure that decides: {metrics}",
        },
    ),
    "costs": (
        "What a mistake costs; the decision threshold follows from the ratio (binary only).",
        {
            "currency": "unit, for people",
            "false_positive": "acting on a row that was negative",
            "false_negative": "missing a row that was positive",
        },
    ),
    "promises": (
        "What a released model must hold to: the gate at release and the thresholds of monitoring.",
        {
            "gain": "least improvement over the best baseline, in units of the metric",
            "not_worse_than_champion": "most it may lose on the model in production; 0 = must be better",
            "latency_ms": "longest time for one row in the scorer, 99th percentile",
            "group_gap": "largest gap between protected groups: selection rate, or relative mean error",
            "false_alarms_per_year": "most false alarms of monitoring",
        },
    ),
    "data": (
        "Where the data comes from.",
        {
            "source": "path, pattern, folder or URL; relative to this folder; ${{NAME}} = variable",
            "query": "SQL, for databases",
            "delimiter": "of CSV; empty = found out, as is each of these",
            "quote": "of CSV",
            "encoding": "utf-8, cp1252, ...",
            "header": "of CSV: detect | yes | no",
            "decimal": "of CSV: . or ,",
            "thousands": "of CSV",
            "encrypt": "keep snapshots and held-out rows encrypted; the key is in MODELWRIGHT_DATA_KEY",
        },
    ),
    "columns": (
        "What some columns are there for; all others are features. See contract.toml for each column.",
        {
            "id": "identifies a row",
            "time": "when the row was known; the data is then split forward in time",
            "group": "rows of one group never straddle a split",
            "protected": "groups that must not be left worse off",
            "ignore": "not known at prediction time, or not allowed",
            "weight": "how much a row counts in training and figures; positive, never a feature",
            "increasing": "features with which the prediction must never fall",
            "decreasing": "features with which the prediction must never rise",
        },
    ),
    "split": (
        "How rows are held out; what is empty is proposed from the data, with a reason.",
        {
            "kind": "random | stratified | grouped | forward | grouped_forward",
            "gap": "forward in time: left out before the sealed rows, such as '7d' or '500 rows'",
            "share": "of the rows, for the vault",
        },
    ),
    "training": (
        "How much work a build may do.",
        {
            "time_limit": "seconds, or text such as '5m'",
            "seed": "the one seed of all randomness",
            "cores": "0 = all",
            "memory": "such as '8GB', or a share of the machine's (or container's)",
            "work": "a count of fits in place of the time limit; 0 = time is the limit",
        },
    ),
    "evaluation": (
        "Numbers that some figures of the evaluation need.",
        {
            "lift_share": "share of rows, scored highest, whose lift is reported (binary only)",
            "quantile": "quantile of the reported pinball loss (regression only)",
            "equivalence": "a difference in the metric up to this is none in practice; 0 = a hundredth",
        },
    ),
    "fairness": (
        "Thresholds of their own for the groups of a protected column (binary only).",
        {
            "mitigate": "a protected column; empty = one threshold for all",
            "constraint": "what is evened out: selection_rate | true_positive_rate",
        },
    ),
    "serving": (
        "How the released model answers.",
        {
            "abstain_below": "least probability of the label for a firm answer; 0 = always firm (classes)",
            "signed_by": "public keys; a package that none of them has signed is refused; empty = none asked",
            "per_second": "requests a second from one caller (key, or address); 0 = no limit",
        },
    ),
    "rollout": (
        "How a challenger on trial (deploy --shadow, --canary) is held against the model in production.",
        {
            "key": "column that decides who answers in a canary; empty = the id column, or the whole row",
            "error": "most often that a trial ends wrongly, however often one looks",
            "score_shift": "most that the mean score may differ between the two",
        },
    ),
    "alerts": (
        "Who is told of alarms; empty = not used. Secrets are in environment variables, named as ${{NAME}}.",
        {
            "webhook": "URL that takes Slack's JSON, as ${{NAME}}",
            "smtp": "smtp://USER@HOST:587; the password is in MODELWRIGHT_SMTP_PASSWORD",
            "email_from": "address",
            "email_to": "addresses",
            "alertmanager": "URL of Prometheus Alertmanager",
            "file": "JSON lines, one for each message",
        },
    ),
    "retraining": (
        "When the released model is retrained, and what a challenger must show.",
        {
            "every": "after so long it is due; empty = alarms alone call for it",
            "least_labels": "new labels without which there is too little to learn",
            "cost": "what a retraining must earn, as a share of the loss; where it does not, the next waits",
            "cooldown": "no sooner than this after the last",
            "per_year": "most retrainings a year; what is not used is saved up",
            "approval": "whether a person must agree: `modelwright approve`",
            "release": "unless_worse | if_better: than the model in production, beyond doubt",
            "watch_for": "so long it is compared with the model before, and gives way where it is worse",
        },
    ),
    "card": (
        "What only people can say in the model card.",
        {
            "intended_use": "what the model is for, and who may use it",
            "out_of_scope": "what it must not be used for",
            "considerations": "risks and harms, and what is done about them",
            "contact": "who answers for it",
        },
    ),
    "store": (
        "Where things are kept; empty = SQLite files inside this project.",
        {"tracking": "MLflow tracking URI", "database": "SQLAlchemy URL of the operations database"},
    ),
}

_CLEANING = """\
# Cleaning: what is done to the data, in this order. `enabled` switches a step on and off; snapshots keep the
# data as it came, so nothing is lost. `modelwright clean` shows what each step changes, and proposes more.
"""
_LINE = 110

_ALGORITHMS = "# Classes of one's own, tried beside the catalogue."
_BEHAVIOUR = """\
# Behaviour tests: what the model must do, whatever it has learnt. Run at each build, and part of the gate.
"""


def render(content: dict[str, Any]) -> str:
    """Write the sections of a brief as commented TOML.

    Parameters
    ----------
    content : dict
        Every section with every key, as JSON types; of steps and tests, those that there are.
    """
    from modelwright.problem.metric_lookup import names_for
    from modelwright.problem.task import Task

    metrics = ", ".join(names_for(Task(content["problem"]["task"])))
    parts = [_HEAD]
    for section, (title, comments) in _SECTIONS.items():
        lines = [f"{key} = {_toml(content[section][key])}" for key in comments]
        width = min(max(len(line) for line in lines), 40)
        notes = [comment.format(metrics=metrics) for comment in comments.values()]
        body = "\n".join(f"{line:<{width}}  # {note}" for line, note in zip(lines, notes, strict=True))
        parts.append(f"# {title.format()}\n[{section}]\n{body}\n")
    steps = content.get("cleaning") or ()
    parts += [_CLEANING, *map(_step, steps)] if steps else []
    tests = content.get("behaviour") or ()
    parts += [_BEHAVIOUR, *map(_behaviour, tests)] if tests else []
    own = content.get("algorithms") or ()
    parts += [_ALGORITHMS, *map(_algorithm, own)] if own else []
    return "\n".join(parts)


def _algorithm(own: dict[str, Any]) -> str:
    return "\n".join(["[[algorithms]]", *(f"{key} = {_toml(value)}" for key, value in own.items())]) + "\n"


def _step(step: dict[str, Any]) -> str:
    plain = {key: value for key, value in step.items() if not isinstance(value, dict)}
    lines = ["[[cleaning]]", *(_wrap(f"{key} = {_toml(value)}") for key, value in plain.items())]
    for table in (key for key in step if key not in plain):
        lines.append(f"[cleaning.{table}]")
        lines += [f"{_toml(key)} = {_toml(value)}" for key, value in step[table].items()]
    return "\n".join(lines) + "\n"


def _wrap(line: str) -> str:
    if len(line) <= _LINE or not line.endswith("]"):
        return line
    key, _, value = line.partition(" = ")
    return f"{key} = [\n" + "".join(f"    {_toml(item)},\n" for item in json.loads(value)) + "]"


def _behaviour(test: dict[str, Any]) -> str:
    lines = [f"{key} = {_toml(value)}" for key, value in test.items() if key != "cases"]
    if "cases" in test:
        lines += ["cases = [", *(f"    {_toml(case)}," for case in test["cases"]), "]"]
    return "\n".join(["[[behaviour]]", *lines]) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # TOML's basic strings are JSON's, but for DEL, which JSON leaves bare and TOML forbids.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{key if _BARE(key) else _toml(key)} = {_toml(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    return repr(value)

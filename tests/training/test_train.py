"""Training: repeatable, resumable, on time, and what it says of itself is so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from modelwright import algorithms
from modelwright.data import Contract, conform, encode_target, folds, propose_split
from modelwright.errors import TrainingError
from modelwright.problem import Brief, Task, metric_named
from modelwright.training import Checkpoint, Deadline, Progress, Work, fold_count, train
from modelwright.training.allowance import Allowance
from modelwright.training.pace import Pace
from modelwright.training.search import Race

PLENTY = 600.0
METRIC = {Task.BINARY: "log_loss", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}
REGRESSION_OF_TARGET = {"name": "t", "target": "target", "task": "regression", "metric": "rmse"}
LOAD = {Task.BINARY: load_breast_cancer, Task.MULTICLASS: load_wine, Task.REGRESSION: load_diabetes}


def work_for(task: Task, *, time: str = "", rows: int = 240, n: int = 3, seed: int = 0) -> Work:
    """Real rows, with a date, a boolean and a category made of them, and gaps."""
    table = LOAD[task](as_frame=True)
    frame = pl.from_pandas(table.frame).sample(fraction=1.0, shuffle=True, seed=1).head(rows)
    first = frame.columns[0]
    frame = frame.select(*frame.columns[:6], "target").with_columns(
        pl.when(pl.int_range(pl.len()) % 9 == 0).then(None).otherwise(pl.col(first)).alias(first),
        high=pl.col(first) > pl.col(first).median(),
        size=pl.when(pl.col(frame.columns[1]) > pl.col(frame.columns[1]).mean())
        .then(pl.lit("l"))
        .otherwise(pl.lit("s")),
        day=pl.date(2024, 1, 1) + pl.duration(days=pl.int_range(pl.len())),
    )
    if task is Task.BINARY:
        frame = frame.with_columns(target=pl.col("target").replace_strict({0: "no", 1: "yes"}))
    problem = {"name": "t", "target": "target", "task": str(task), "metric": METRIC[task]}
    if task is Task.BINARY:
        problem["positive"] = "yes"
    contract = Contract.infer(frame, Brief.from_dict({"problem": problem, "columns": {"time": time}}))
    y = encode_target(contract, frame["target"])
    conformed = conform(contract, frame)
    return Work(
        frame=conformed,
        y=y,
        contract=contract,
        task=task,
        n_outputs=max(len(contract.classes), 1),
        metric=metric_named(METRIC[task], task),
        folds=folds(frame, contract, propose_split(frame, contract), y, seed, n),
        seed=seed,
        threads=2,
        proof=conformed,
    )


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch):
    """Plan for a short time, whatever the limit, so that boosting takes few rounds."""
    whole = algorithms.plan
    monkeypatch.setattr(
        algorithms,
        "plan",
        lambda task, rows, columns, _s, _c, classes=2: whole(task, rows, columns, 0.1, 1, classes),
    )


@pytest.mark.parametrize("task", list(Task))
def test_the_same_seed_gives_the_same_bits(task):
    first, second = (train(work_for(task), Deadline(PLENTY), max_candidates=4) for _ in range(2))

    assert (first.tried, first.planned) == (4, 4)
    assert first.proof.tobytes() == second.proof.tobytes()
    assert first.out_of_fold.tobytes() == second.out_of_fold.tobytes()
    assert [row.weight for row in first.leaderboard] == [row.weight for row in second.leaderboard]


def test_another_seed_gives_another_model():
    first, second = (
        train(work_for(Task.BINARY, seed=seed), Deadline(PLENTY), max_candidates=2) for seed in (0, 1)
    )

    assert first.proof.tobytes() != second.proof.tobytes()


@pytest.mark.parametrize("task", list(Task))
def test_the_portable_model_says_what_the_learners_said(task):
    work = work_for(task)
    trained = train(work, Deadline(PLENTY), max_candidates=4)
    said = trained.model.predict(work.frame)

    assert said.shape == trained.proof.shape == (len(work.y), work.n_outputs)
    scale = 1.0 if task.is_classification else np.abs(trained.proof).max()
    np.testing.assert_allclose(said, trained.proof, atol=1e-5 * scale)
    if task.is_classification:
        np.testing.assert_allclose(said.sum(axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize("task", list(Task))
def test_the_leaderboard_says_what_the_model_is_made_of(task):
    trained = train(work_for(task), Deadline(PLENTY), max_candidates=3)
    weights = {row.name: row.weight for row in trained.leaderboard}

    assert sum(weights.values()) == pytest.approx(1.0)
    assert sum(member.weight for member in trained.model.members) == pytest.approx(1.0)
    assert {member.name.split(",")[0] for member in trained.model.members} == {
        n for n, w in weights.items() if w > 0
    }
    finished = [row.score for row in trained.leaderboard if row.score is not None]
    metric = metric_named(METRIC[task], task)
    assert finished == sorted(finished, reverse=metric.greater_is_better), "best first"
    best = finished[0]
    assert trained.score >= best - 1e-9 if metric.greater_is_better else trained.score <= best * 1.02
    simpler = {"linear"} if trained.simpler is None else set()
    assert set(trained.baselines) == set(algorithms.BASELINES) - simpler


def test_an_interrupted_training_goes_on_to_the_same_model(tmp_path):
    whole = train(
        work_for(Task.BINARY), Deadline(PLENTY), checkpoint=Checkpoint(tmp_path / "a"), max_candidates=3
    )

    class Killed(BaseException):
        pass

    calls = []

    def kill(_: Progress) -> None:
        calls.append(1)
        if len(calls) in (4, 9, 13):
            raise Killed

    resumed = None
    for _ in range(10):
        try:
            resumed = train(
                work_for(Task.BINARY),
                Deadline(PLENTY),
                checkpoint=Checkpoint(tmp_path / "b"),
                on_progress=kill,
                max_candidates=3,
            )
            break
        except Killed:
            written = {path: path.stat().st_mtime_ns for path in (tmp_path / "b").glob("*fold*")}
    assert resumed is not None
    assert len(calls) > 13
    assert all(path.stat().st_mtime_ns == at for path, at in written.items()), "no fit was done again"
    assert resumed.proof.tobytes() == whole.proof.tobytes()
    assert files(tmp_path / "a") == files(tmp_path / "b")


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_was_finished_counts_although_time_is_up(tmp_path):
    whole = train(work_for(Task.BINARY), Deadline(PLENTY), checkpoint=Checkpoint(tmp_path), max_candidates=3)
    resumed = train(
        work_for(Task.BINARY),
        Deadline(PLENTY, spent=PLENTY),
        checkpoint=Checkpoint(tmp_path),
        max_candidates=3,
    )

    assert resumed.proof.tobytes() == whole.proof.tobytes()


def test_the_plan_does_not_depend_on_the_clock(monkeypatch):
    asked = []
    plan = algorithms.plan

    def note(task, rows, columns, seconds, cores, classes=2):
        asked.append(seconds)
        return plan(task, rows, columns, seconds, cores, classes)

    monkeypatch.setattr(algorithms, "plan", note)
    for spent in (0.0, 10.0):
        train(work_for(Task.BINARY), Deadline(30.0, spent), max_candidates=1, with_baselines=False)
    assert asked[0] == asked[1] > 0


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("with_baselines", [True, False])
def test_a_deadline_in_the_past_still_gives_a_valid_model(task, with_baselines):
    work = work_for(task)
    trained = train(work, Deadline(-1.0), with_baselines=with_baselines)

    assert trained.tried <= 1
    assert np.isfinite(trained.model.predict(work.frame)).all()
    np.testing.assert_allclose(trained.model.predict(work.frame), trained.proof, rtol=1e-4, atol=1e-4)


def test_progress_is_told_before_and_after_every_fit():
    all_told: list[Progress] = []
    trained = train(work_for(Task.BINARY), Deadline(PLENTY), on_progress=all_told.append, max_candidates=2)
    told = [each for each in all_told if each.phase == "fitted"]

    begun = [(each.candidate, each.fold) for each in all_told if each.phase == "fitting"]
    assert sorted(begun) == sorted((each.candidate, each.fold) for each in told), "each was told of before"
    assert all(each.why for each in all_told), "it is said why each is tried"

    for row in trained.leaderboard:
        if row.algorithm not in algorithms.BASELINES:
            assert [each.fold for each in told if each.candidate == row.name] == list(range(1, row.folds + 1))
    assert {each.candidate for each in told} >= {*algorithms.BASELINES, "lightgbm"}
    assert all(np.isfinite(each.score) for each in told)
    assert told[-1].best is not None
    assert all(0 < each.seconds_left <= PLENTY for each in told)
    last = told[-1]
    assert last.interval[0] < last.best < last.interval[1]
    assert set(last.holds) <= {row.name for row in trained.leaderboard}
    assert sum(last.holds.values()) == pytest.approx(1.0, abs=1e-3)


def test_a_count_of_fits_decides_instead_of_the_clock():
    told: list[Progress] = []
    trained = train(
        work_for(Task.BINARY), Deadline(2.0, spent=1e6), on_progress=told.append, with_baselines=False, fits=4
    )

    assert sum(row.folds for row in trained.leaderboard) == 4
    assert trained.ended == "work"
    assert {each.seconds_left for each in told} == {None}
    assert min(each.fits_left for each in told) == 0


def test_what_is_under_way_ends_when_the_deadline_is_cut():
    deadline = Deadline(PLENTY)

    def cut(now: Progress) -> None:
        if (now.phase, now.candidate, now.fold) == ("fitting", "lightgbm", 1):
            deadline.cut("interrupted")

    trained = train(work_for(Task.BINARY), deadline, on_progress=cut)

    assert trained.ended == "interrupted"
    assert trained.tried < trained.planned
    assert {row.folds for row in trained.leaderboard} == {1}, "a second fold was not begun"
    assert np.isfinite(trained.proof).all()


def test_forward_in_time_the_earliest_rows_are_never_judged():
    work = work_for(Task.REGRESSION, time="day", n=4)
    trained = train(work, Deadline(PLENTY), max_candidates=2)

    assert [max(learnt) < min(judged) for learnt, judged in work.folds] == [True] * len(work.folds)
    assert trained.judged.min() > 0
    np.testing.assert_array_equal(trained.judged, np.arange(trained.judged.min(), len(work.y)))
    assert len(trained.out_of_fold) == len(trained.judged) < len(work.y)
    assert len(trained.model.predict(work.frame)) == len(work.y)
    assert trained.score == pytest.approx(work.metric(work.y[trained.judged], trained.out_of_fold))


def test_features_made_from_the_target_keep_rows_that_are_alike_apart_from_themselves():
    """Each level belongs to one group, whose rows have about one target: of a new group nothing is known."""
    work = work_for(Task.REGRESSION)
    groups = np.argsort(np.argsort(work.y)) // 6
    frame = work.frame.with_columns(pl.Series("size", [f"level {group}" for group in groups]))
    asked = Brief.from_dict({"problem": REGRESSION_OF_TARGET})
    contract = Contract.infer(frame.with_columns(target=work.y), asked)
    work = replace(work, frame=conform(contract, frame), contract=contract)
    spread = []
    for together in (None, groups):
        one = replace(work, together=together, _data={}, _fitted={})
        at = one.representation("tree", 0).names.index("size: mean of the target")
        spread.append(np.ptp(one.fold_data("tree", 0).X[:, at]))

    assert spread[0] > work.y.std()
    assert spread[1] < 1e-6, "no row's encoding rests on a target of its own group"


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_rows_that_count_more_are_learnt_more(task):
    """Two truths in one table: the answer is that of the rows that count."""
    plain = work_for(task)
    first = np.arange(len(plain.y)) % 2 == 0
    contrary = plain.y.max() + plain.y.min() - plain.y
    mixed = replace(plain, y=np.where(first, plain.y, contrary))
    trained = {
        heavy: train(
            replace(mixed, weight=np.where(first == heavy, 1.96, 0.04)), Deadline(PLENTY), max_candidates=2
        )
        for heavy in (True, False)
    }

    for heavy, truth in ((True, plain.y), (False, contrary)):
        said = trained[heavy].model.predict(plain.frame)[:, -1]
        assert np.corrcoef(said, truth)[0, 1] > 0.5
        weight = np.where(first == heavy, 1.96, 0.04)
        assert trained[heavy].score == pytest.approx(
            mixed.metric(mixed.y[trained[heavy].judged], trained[heavy].out_of_fold, weight)
        )


@pytest.mark.parametrize(("task", "direction"), [(Task.BINARY, -1), (Task.REGRESSION, 1)])
def test_a_stated_direction_is_kept_by_the_whole_model(task, direction):
    """Against the data, from below the smallest value to above the largest, in every row."""
    work = work_for(task)
    name = work.frame.columns[0]
    known = work.frame[name].drop_nulls().to_numpy()
    trained = train(replace(work, monotone={name: direction}), Deadline(PLENTY), max_candidates=4)
    used = {row.algorithm for row in trained.leaderboard}
    able = {"linear", "splines", "lightgbm", "xgboost", "catboost", "extra_trees"}
    assert {"lightgbm", "xgboost"} <= used <= able

    beyond = [known.min() - 9e9, known.min() - 1, known.max() + 1, known.max() + 9e9]
    values = np.unique([*np.quantile(known, np.linspace(0, 1, 40)), *beyond])
    swept = work.frame[::6].join(pl.DataFrame({"swept": values}), how="cross")
    rows = swept.with_columns(pl.col("swept").cast(work.frame.schema[name]).alias(name)).drop("swept")
    for model in (trained.model, trained.simpler.model if trained.simpler else trained.model):
        answers = model.predict(rows)[:, -1].reshape(-1, len(values))
        assert (np.diff(answers, axis=1) * direction >= -1e-12).all()


def test_the_ensemble_is_judged_on_rows_that_it_did_not_learn():
    work = work_for(Task.REGRESSION)
    noise = replace(work, y=np.random.default_rng(0).normal(size=len(work.y)))
    trained = train(noise, Deadline(PLENTY), max_candidates=3)

    assert trained.score > 0.9 * noise.y.std(), "there is nothing to learn in noise"


def test_values_that_are_not_finite_are_no_model(monkeypatch):
    class Broken:
        style = "tree"

        def fit(self, job):
            return self

        def predict(self, X):
            return np.full((len(X), 2), np.nan)

    monkeypatch.setattr("modelwright.training.fitting.algorithm_named", lambda _: Broken())
    with pytest.raises(TrainingError, match="not finite on fold 1"):
        train(work_for(Task.BINARY), Deadline(PLENTY), max_candidates=1, with_baselines=False)


def test_a_candidate_that_the_ensemble_does_not_want_is_dropped_after_one_fold(monkeypatch):
    monkeypatch.setattr("modelwright.training.search.FEW_ROWS", 0)
    work = work_for(Task.BINARY)
    race = Race(work, Pace.of(work, PLENTY), Allowance(Deadline(PLENTY)))
    tried = race.run([algorithms.Candidate("lightgbm"), algorithms.Candidate("constant")])

    assert tried == 2
    assert [(entry.name, len(entry.fits)) for entry in race.dropped] == [("constant", 1)]


def test_few_rows_are_worth_many_folds_and_many_rows_hold_out_few():
    counts = [fold_count(rows) for rows in (100, 5_000, 20_000, 50_000, 50_001, 10**6)]

    assert counts == [8, 8, 5, 4, 8, 8]

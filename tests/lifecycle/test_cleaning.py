"""Cleaning through the whole loop: proposed, declared, switched, and the same wherever a value comes from."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path

import polars as pl
import pytest

from modelwright.data import Contract, Validator, conform, encode_target, open_snapshot
from modelwright.deployment import Package, Scorer
from modelwright.errors import BriefError, DataError, RunError, SourceError
from modelwright.lifecycle import contract_for
from modelwright.lifecycle.harvest import harvest
from modelwright.lifecycle.preparation import Preparation
from modelwright.project import Project
from tests.data.cleaning.worlds import dirty
from tests.deployment.serving import served
from tests.lifecycle.worlds import answer, ask, create, edit, released_copy

ROLES = {"target": "again", "id": "customer", "protected": []}


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    rows = dirty(500)
    return pl.concat([rows, rows.head(7)])


@pytest.fixture(scope="module")
def framed_once(tmp_path_factory, table) -> Path:
    folder = tmp_path_factory.mktemp("cleaning")
    table.write_csv(folder / "orders.csv")
    return create(folder / "shop", data=folder / "orders.csv", **ROLES).folder.root


@pytest.fixture(scope="module")
def released_once(tmp_path_factory, framed_once) -> Path:
    return released_copy(framed_once, tmp_path_factory.mktemp("released") / "shop")


def switch(project: Project, step: str, column: str, *, on: bool) -> None:
    """Switch a step, as a person does."""
    old = f'step = "{step}"\ncolumns = ["{column}"]\nenabled = {str(not on).lower()}'
    edit(project, old, old.replace(str(not on).lower(), str(on).lower()))


def learned_from(project: Project, table: pl.DataFrame) -> tuple[Contract, pl.DataFrame, int]:
    """Return the contract of a build, what it would learn from, and how many rows it would seal."""
    contract = contract_for(project.folder, project.brief, table)
    learnt, held = project._builder(None, None)._divide(table, contract, None)
    return contract, conform(contract, table[learnt]), len(held)


def test_a_dirty_row_is_scored_the_same_everywhere(released_once, table, tmp_path, opened):
    project = opened(released_once)
    rows = table.drop("again").head(40)
    rows.write_csv(tmp_path / "rows.csv")
    records = json.loads(rows.write_json())
    package = Package.open(project.folder.state / project._operations.current_release().package)

    project.score(tmp_path / "rows.csv", tmp_path / "answers.parquet")
    by_file = pl.read_parquet(tmp_path / "answers.parquet")["probability_yes"].to_list()
    scores = Scorer(package).score(Validator(package.contract).records(records)[0])
    in_python = scores.probabilities[:, 1].tolist()
    with served(package.folder, f"sqlite:///{tmp_path}/operations.db") as (_, port):
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/predict",
            data=json.dumps({"records": records}).encode(),
            headers={"Content-Type": "application/json"},
        )
        answer = json.loads(urllib.request.urlopen(asked).read())
    by_http = [each["probabilities"]["yes"] for each in answer["predictions"]]

    assert by_http == by_file == in_python
    assert len(set(by_http)) > 20
    assert answer.get("warnings", []) == []


def test_a_row_may_come_clean_as_well(released_once, opened):
    project = opened(released_once)
    package = Package.open(project.folder.state / project._operations.current_release().package)
    validator = Validator(package.contract)
    dirty_one = {
        "price": "$1,234.50", "european": "1.234,50 €", "share": "12.5 %", "weight": "500 g",
        "since": "13/04/2020",
        "city": " New York", "age": -5, "income": -999, "score": "n/d",
    }  # fmt: skip
    clean_one = {
        "price": 1234.5, "european": 1234.5, "share": 12.5, "weight": 0.5, "since": "2020-04-13T00:00:00Z",
        "city": "New York", "age": None, "income": None, "score": None,
    }  # fmt: skip

    assert validator.records([dirty_one])[0] == validator.records([clean_one])[0]


def test_the_steps_travel_in_the_package_and_the_snapshot_is_raw(released_once, table, opened):
    project = opened(released_once)
    package = Package.open(project.folder.state / project._operations.current_release().package)
    (run,) = (project.folder.state / "runs").iterdir()
    prepared = Preparation.of(project.folder, run.name)
    snapshot = open_snapshot(project.folder.snapshots, prepared.start.snapshot).read()

    steps = json.loads(package.content["contract.json"])["cleaning"]
    assert {step["step"] for step in steps} >= {"number", "unit", "date", "spelling", "missing", "duplicates"}
    assert all(step["enabled"] and "evidence" not in step for step in steps)
    assert snapshot["price"].to_list() == table["price"].to_list()
    assert len(project.clean().proposed) == 0


def test_production_is_watched_and_learned_from_cleaned(released_once, table, tmp_path, opened):
    project = opened(Path(shutil.copytree(released_once, tmp_path / "shop")))
    rows = table.filter(pl.col("again").is_not_null()).head(30)
    identifiers = ask(project, json.loads(rows.drop("again").write_json()))
    answer(project, identifiers, rows["again"].to_list())

    contract = contract_for(project.folder, project.brief, table)
    gathered = harvest(project.brief, contract, table, project._operations)

    assert project.monitor().new == 30
    assert gathered.labelled == 30
    assert gathered.rows["price"].dtype == pl.Float64


def test_doubtful_labels_are_listed_for_review(released_once, table, tmp_path, opened):
    project = opened(released_once)

    reviewed = project.labels(most=3, output=tmp_path / "doubtful.csv")
    written = pl.read_csv(tmp_path / "doubtful.csv")

    assert reviewed.code == "MW-C011"
    assert 3 < reviewed.found < reviewed.rows / 3
    assert len(reviewed.labels) == 3
    assert [table["again"][each.row] for each in reviewed.labels] == [each.label for each in reviewed.labels]
    assert all(each.suggested != each.label for each in reviewed.labels)
    assert written["doubtful_row"].head(3).to_list() == [each.row for each in reviewed.labels]
    assert written["price"].to_list() == table["price"].gather(written["doubtful_row"]).to_list()
    assert (tmp_path / "doubtful.csv").stat().st_mode & 0o077 == 0


def test_a_run_without_predictions_of_its_rows_is_told_apart(released_once, tmp_path, opened):
    project = opened(Path(shutil.copytree(released_once, tmp_path / "shop")))
    for kept in project.folder.state.glob("runs/*/out_of_fold.npz"):
        kept.unlink()

    with pytest.raises(RunError, match="kept no predictions of its training rows; build again"):
        project.labels()


@pytest.fixture
def framed(framed_once, tmp_path, opened) -> Project:
    return opened(Path(shutil.copytree(framed_once, tmp_path / "shop")))


def test_what_is_wrong_with_the_data_is_declared_in_the_brief(framed):
    declared = [(step.step, step.enabled) for step in framed.brief.cleaning]

    assert declared == [
        ("number", True), ("number", True), ("number", True), ("unit", True), ("date", True),
        ("spelling", True),
        *declared[6:-6], ("impossible", True), ("missing", True), ("missing", True), ("constant", True),
        ("no_target", True), ("duplicates", True),
    ]  # fmt: skip
    assert framed.check().held


def test_a_step_that_is_switched_off_is_undone_by_the_next_build(framed, table):
    switch(framed, "unit", "weight", on=False)
    switch(framed, "spelling", "city", on=False)
    switch(framed, "missing", "income", on=False)

    contract, rows, _ = learned_from(framed, table)

    assert framed.check().held
    assert contract.column("weight").kind == "category"
    assert {"new york", " New York"} <= set(contract.column("city").categories)
    assert rows["income"].min() == -999


def test_a_step_that_is_switched_on_again_counts_again(framed, table):
    as_framed = framed.contract
    switch(framed, "unit", "weight", on=False)
    off, *_ = learned_from(framed, table)
    switch(framed, "unit", "weight", on=True)

    assert off != as_framed
    assert learned_from(framed, table)[0] == as_framed


def test_a_step_that_makes_values_missing_is_no_breach_of_the_contract(framed, table):
    with framed.folder.brief.open("a") as brief:
        brief.write('\n[[cleaning]]\nstep = "impossible"\ncolumns = ["share"]\nmaximum = 50\n')

    _, rows, _ = learned_from(framed, table)

    assert framed.check().held
    assert rows["share"].null_count() > 0


def test_a_build_goes_on_with_the_steps_with_which_it_began(framed, table):
    start = framed._builder(None, None)._start(table, "orders.csv", None)
    switch(framed, "number", "price", on=False)

    resumed = Preparation.of(framed.folder, start.run)

    assert resumed.frame["price"].min() > 0
    assert "price" in resumed.contract.cleaners
    assert "price" not in framed.contract.cleaners


def test_copies_are_not_learned_from_but_scored(framed, table):
    _, rows, sealed = learned_from(framed, table)

    assert len(rows) + sealed == len(table) - 7 - table.head(500)["again"].null_count()


def test_rows_without_a_target_are_refused_where_none_is_to_be_left_out(framed, table):
    old = 'step = "no_target"\nenabled = true'
    edit(framed, old, old.replace("true", "false"))

    with pytest.raises(DataError, match="rows have no target, and the step 'no_target'"):
        learned_from(framed, table)


def test_an_unknown_column_of_a_step_is_named(framed):
    edit(framed, 'columns = ["price"]', 'columns = ["prise"]')

    with pytest.raises(
        BriefError, match=r"step 1 .number.: there is no column 'prise'; did you mean 'price'"
    ):
        framed.check()


def test_clean_shows_what_is_changed_and_writes_the_table(framed, table, tmp_path):
    cleaned = framed.clean(output=tmp_path / "clean.parquet")
    written = pl.read_parquet(tmp_path / "clean.parquet")

    changes = {(effect.step, *effect.columns): effect.changes for effect in cleaned.steps}
    assert changes["number", "price"] == len(table)
    assert changes["duplicates",] == 7
    assert "'$" in cleaned.steps[0].examples[0]
    assert (cleaned.rows, cleaned.kept) == (len(table), len(written))
    assert {written[name].dtype for name in ("price", "european", "share", "weight", "score")} == {pl.Float64}
    assert written["since"].dtype == pl.Datetime("us", "UTC")
    assert "same" not in written.columns
    with pytest.raises(SourceError, match=r"written as \.parquet"):
        framed.clean(output=tmp_path / "clean.csv")


def test_clean_proposes_what_new_data_calls_for(framed, table, tmp_path):
    later = table.with_columns(
        score=pl.when(pl.int_range(pl.len()) % 9 == 0).then(pl.lit("tbd")).otherwise("score"),
        age=pl.when(pl.int_range(pl.len()) % 9 == 0).then(pl.lit(999)).otherwise("age"),  # declared already
    )

    proposed = framed.clean(later).proposed

    assert [(step.step, step.columns, step.values) for step in proposed] == [
        ("missing", ("score",), ("tbd",)),
    ]


def test_a_target_kept_as_text_is_a_number_to_predict(tmp_path):
    rows = dirty(200).drop("again")

    project = create(tmp_path / "prices", data=rows, target="price", id="customer", protected=[])

    assert project.brief.problem.task == "regression"
    assert project.contract.target.kind == "number"
    contract, learnt, _ = learned_from(project, rows)
    assert encode_target(contract, rows["price"]).min() > 0
    assert learnt["weight"].max() < 10

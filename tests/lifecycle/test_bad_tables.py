"""Bad tables: each ends in an error that says what to do, or in a treatment that is stated."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from modelwright import data
from modelwright.data import Contract, check, conform, differences
from modelwright.errors import ContractError, DataError, SourceError
from modelwright.project import Project
from tests.data.strategies import brief
from tests.lifecycle.worlds import ask, customers, records

ROWS = 200
RNG = np.random.default_rng(0)
LABELS = list(RNG.permutation(["yes", "no"] * (ROWS // 2)))
NUMBERS = list(RNG.normal(size=ROWS))
LONG = "x" * 10_000_000  # more than a request may have
ODD = "a \"b\"\n'c' 🦜, [d] = #"


def new(folder: Any, table: Any, target: str = "target", **stated: Any) -> Project:
    return Project.create(folder / "project", data=table, target=target, **stated)


def table(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame({"number": NUMBERS} | columns, strict=False)


@pytest.mark.parametrize(
    ("bad", "stated", "said"),
    [
        (table(target=LABELS).clear(), {}, "has a header, but no rows; check the source"),
        (
            pl.DataFrame({"target": LABELS}),
            {},
            r"no column .* learned from: 'target' \(the target\); add columns",
        ),
        (table(target=[None] * ROWS), {}, "'target' has 0 distinct values in 200 rows.* Name another"),
        (table(target=["yes"] * ROWS), {}, "'target' has 1 distinct value in 200 rows.* Name another"),
        (
            table(target=["yes", "?"] * (ROWS // 2)),
            {},
            "must have 2 labels for a binary task, but has 1: 'yes'",
        ),
        (table(target=["no"] * (ROWS - 1) + ["yes"]), {}, "only 1 row has the label 'yes'.* at least 5"),
        (
            table(target=["no"] * (ROWS - 3) + ["yes"] * 3),
            {},
            "only 3 rows have the label 'yes'",
        ),
        (
            table(target=[LONG, *["y", "z"] * (ROWS // 2 - 1), "y"]),
            {"task": "multiclass"},
            "a label of 10,000,000 characters",
        ),
        (table(target=[[1], [2]] * (ROWS // 2)), {}, "holds List.* neither a label nor a number"),
        (table(target=[float("inf"), *NUMBERS[1:]]), {}, "must be a finite number.* 1 of 200 rows"),
        (
            table(target=[float(row) for row in range(ROWS)]),
            {},
            "count the rows.*--task regression",
        ),
        (
            table(customer_id=RNG.permutation(10**6)[:ROWS].astype(float)),
            {"target": "customer_id"},
            "identify or count the rows: 200 whole numbers, all different",
        ),
        (
            table(target=[row + 0.5 for row in range(ROWS)]),
            {"task": "multiclass"},
            "200 different labels in 200 rows; labels must recur.* --task regression",
        ),
        (table(target=[row + 0.5 for row in range(ROWS)]), {"task": "binary"}, "2 labels for a binary task"),
        (table(target=[f"u{row}" for row in range(ROWS)]), {}, "If it is an identifier, name another column"),
        (
            pl.DataFrame({"target": LABELS} | {f"c{at}": [0.5] * ROWS for at in range(10_001)}),
            {},
            "has 10,002 columns, but a model can be asked to learn from 10,000 at most",
        ),
    ],
)
def test_what_cannot_be_framed_is_refused_with_the_cure(
    tmp_path: Any, bad: pl.DataFrame, stated: dict[str, Any], said: str
) -> None:
    with pytest.raises((DataError, ContractError), match=f"(?s){said}") as refused:
        new(tmp_path, bad, **stated)

    assert len(str(refused.value)) < 600
    assert not (tmp_path / "project").exists()


def test_two_columns_of_one_name_are_refused(tmp_path: Any) -> None:
    import pandas as pd

    (tmp_path / "twice.csv").write_text("a,a,target\n1,2,yes\n")

    for bad in (tmp_path / "twice.csv", pd.DataFrame([[1, 2, "yes"]], columns=["a", "a", "target"])):
        with pytest.raises(SourceError, match="twice"):
            data.read(bad)


@pytest.mark.parametrize("name", ["^a.*$", "^$"])
def test_a_name_that_reads_as_a_pattern_is_refused(name: str) -> None:
    with pytest.raises(SourceError, match=r"reads as a pattern.* rename it"):
        data.read(table(target=LABELS).rename({"number": name}))


@pytest.mark.parametrize("name", ["*", "a*", "^a", "a$", "[a]", "{a}", "%s", "\\", "é", " a "])
def test_a_name_of_odd_signs_is_taken(name: str) -> None:
    frame = data.read(table(target=LABELS).rename({"number": name}))
    contract = Contract.infer(frame, brief())

    assert check(contract, frame) == []
    assert conform(contract, frame).columns == [name]


def test_a_target_that_counts_the_rows_may_be_meant(tmp_path: Any) -> None:
    project = new(tmp_path, table(target=[float(row) for row in range(ROWS)]), task="regression")

    assert ("MW-D017", "target") in [(each.code, each.column) for each in project.framed.findings]


def inferred(**columns: Any) -> tuple[Contract, pl.DataFrame]:
    frame = table(**columns, target=LABELS)
    return Contract.infer(frame, brief()), frame


def test_columns_without_any_value_are_ignored() -> None:
    contract, frame = inferred(empty=[None] * ROWS, blank=["  ", "?"] * (ROWS // 2))

    assert [column.name for column in contract.features] == ["number"]
    assert check(contract, frame) == []


def test_infinite_numbers_are_missing_in_training_files_and_requests_alike() -> None:
    contract, frame = inferred(odd=[float("inf"), float("-inf"), 1e39, *NUMBERS[3:]])
    record = {"number": 1.0, "odd": float("inf")}
    inputs, warnings = data.Validator(contract).records([record])

    assert contract.column("odd").infinite == "missing"
    assert check(contract, frame) == []
    assert conform(contract, frame)["odd"].null_count() == 3
    assert np.isnan(inputs.numbers[0, contract.numbers.index("odd")])
    assert warnings == []


def test_a_column_of_nothing_but_infinite_numbers_is_ignored_or_harmless() -> None:
    contract, frame = inferred(odd=[float("inf")] * ROWS)

    assert contract.column("odd").role == "ignore"
    assert check(contract, frame) == []


def test_a_new_infinite_number_breaks_the_contract_and_can_be_accepted() -> None:
    contract, frame = inferred(ratio=NUMBERS)
    wrong = frame.with_columns(ratio=pl.Series([float("inf"), *NUMBERS[1:]]))

    assert [each.code for each in check(contract, wrong)] == ["MW-D103"]
    assert differences(contract, wrong)[0].code == "MW-D210"


def test_dates_of_the_year_9999_are_times() -> None:
    contract, frame = inferred(
        text=["2020-01-31", "9999-12-31"] * (ROWS // 2),
        typed=[pl.date(2020, 1, 1)] * 0
        or pl.Series(["2020-01-31", "9999-12-31"] * (ROWS // 2)).str.to_date(),
    )

    assert [contract.column(name).kind for name in ("text", "typed")] == ["time", "time"]
    assert check(contract, frame) == []
    assert conform(contract, frame)["text"].max() == 253402214400


def test_a_text_of_ten_megabytes_is_free_text_and_no_message_shows_it_whole() -> None:
    contract, frame = inferred(cell=[LONG, *["y", "z"] * (ROWS // 2 - 1), "y"])
    strict, _ = inferred(cell=["y", "z"] * (ROWS // 2))

    assert (contract.column("cell").kind, contract.column("cell").role) == ("text", "feature")
    assert len(contract.to_toml()) < 5_000
    (finding,) = check(strict, frame)
    assert (finding.code, len(finding.examples[0])) == ("MW-D107", 60)


def test_values_of_several_types_keep_what_they_say(tmp_path: Any) -> None:
    import pandas as pd

    frame = data.read(pd.DataFrame({"mixed": [1, "x", 2.5, None, True] * (ROWS // 5), "target": LABELS}))
    contract = Contract.infer(frame, brief())

    assert set(contract.column("mixed").categories) == {"1", "x", "2.5", "True"}
    assert check(contract, frame) == []


def test_fifty_thousand_columns_are_inferred_and_checked() -> None:
    values = RNG.normal(size=(20, 50_000))
    frame = pl.DataFrame(values, schema=[f"c{at}" for at in range(50_000)]).with_columns(
        target=pl.Series(LABELS[:20]), text=pl.Series(["a", "b"] * 10)
    )
    contract = Contract.infer(frame, brief())
    wrong = frame.with_columns(c7=pl.lit("soon"), c8=pl.lit(1e6))

    assert len(contract.features) == 50_001
    assert check(contract, frame) == []
    assert [(each.code, each.column) for each in check(contract, wrong)] == [
        ("MW-D103", "c7"),
        ("MW-D106", "c8"),
    ]


def test_names_with_quotes_line_breaks_and_emoji_go_all_the_way(tmp_path, monkeypatch) -> None:
    from tests.lifecycle.worlds import create

    rows = customers(400).rename({"age": ODD, "plan": f"plan {ODD}", "joined": f"joined {ODD}"})
    rows = rows.rename({"left": f"left {ODD}"})
    project = create(tmp_path / "churn", data=rows, target=f"left {ODD}")
    built = project.build()
    assert project.deploy().held
    identifiers = ask(project, records(rows.head(3).drop(f"left {ODD}")))
    schema = data.json_schema(project.contract)

    assert project.check().findings == ()
    assert ODD in schema["properties"]
    assert len(identifiers) == 3
    assert "🦜" in (project.folder.root / built.report).read_text(encoding="utf-8")
    assert compile(project.contract_export("pandera").text, "exported.py", "exec")
    project._operations.close()


def test_where_nothing_can_be_learned_from_each_column_is_told_with_its_reason(tmp_path) -> None:
    nothing = pl.Series([None] * len(LABELS), dtype=pl.String)
    texts = pl.DataFrame({"text": nothing, "pixels": [[1, 2]] * len(LABELS), "target": LABELS})

    with pytest.raises(
        DataError, match=r"'text' \(ignored: all values are missing.*'pixels' \(ignored: it holds no"
    ):
        new(tmp_path / "texts", texts)

    assert not (tmp_path / "texts").exists()


def test_copies_are_told_once(tmp_path) -> None:
    rng = np.random.default_rng(2)
    frame = pl.DataFrame({"x": rng.normal(size=ROWS), "z": rng.normal(size=ROWS), "target": LABELS})
    project = new(tmp_path / "copies", pl.concat([frame, frame.head(60)]))

    codes = [each.code for each in project.framed.findings]
    assert "MW-L009" in codes
    assert "MW-D007" not in codes

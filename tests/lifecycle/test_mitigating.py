"""Groups with thresholds of their own: learnt, judged, packaged and served alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelwright import data
from modelwright.deployment import Package, Scorer
from modelwright.errors import BriefError
from modelwright.project import Project
from tests.lifecycle.worlds import create, customers, edit, short_plan


def uneven(rows: int = 1600) -> pl.DataFrame:
    """Customers of whom those in the north leave far more often."""
    frame = customers(rows)
    random = np.random.default_rng(1)
    flips = (frame["region"] == "north").to_numpy() & (random.random(rows) < 0.5)
    return frame.with_columns(pl.Series("left", np.where(flips, "yes", frame["left"].to_numpy())))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    with pytest.MonkeyPatch.context() as patch:
        short_plan(patch)
        made = create(tmp_path_factory.mktemp("groups") / "churn", uneven())
        edit(made, 'mitigate = ""', 'mitigate = "region"')
        edit(made, "group_gap = 1.0", "group_gap = 0.1")
        made.build()
    return made


def test_the_report_says_what_it_does_and_what_it_costs(project: Project) -> None:
    reported = project.report()
    found = reported.evaluation.mitigation

    assert found is not None
    assert found.before.value > 0.15 > found.after.value
    assert found.thresholds["north"] > found.thresholds["south"]
    assert found.added_cost.low <= found.added_cost.value <= found.added_cost.high
    assert found.words in Path(reported.path).read_text().replace("&#39;", "'")


def test_the_gate_judges_the_decisions_as_they_will_be(project: Project) -> None:
    evaluation = project.report().evaluation

    assert evaluation.groups[0].promised.value == pytest.approx(evaluation.mitigation.after.value)


def test_the_package_decides_by_the_thresholds(project: Project) -> None:
    package = Package.open(Path(project.folder.state) / "runs" / project.runs()[0].id / "package")
    rows = customers(300, seed=5)
    inputs = data.matrices(package.contract, data.conform(package.contract, rows))

    scores = Scorer(package).score(inputs)

    thresholds = project.report().evaluation.mitigation.thresholds
    reached = np.array([thresholds[region] for region in rows["region"]])
    assert scores.predictions == [
        package.manifest.classes[int(chosen)] for chosen in scores.probabilities[:, 1] >= reached
    ]


def test_a_request_that_does_not_say_the_group_gets_the_threshold_for_all(project: Project) -> None:
    package = Package.open(Path(project.folder.state) / "runs" / project.runs()[0].id / "package")
    rows = customers(200, seed=6).with_columns(pl.lit(None, dtype=pl.String).alias("region"))

    contract = package.contract.accepting()
    scores = Scorer(package).score(data.matrices(contract, data.conform(contract, rows)))

    chosen = scores.probabilities[:, 1] >= np.float32(package.manifest.threshold)
    assert scores.predictions == [package.manifest.classes[int(each)] for each in chosen]


def test_only_protected_columns_can_be_evened_out(project: Project) -> None:
    path = project.folder.brief
    text = path.read_text()
    path.write_text(text.replace('mitigate = "region"', 'mitigate = "plan"'))
    try:
        with pytest.raises(BriefError, match=r"'plan' must be one of columns\.protected"):
            _ = project.brief
    finally:
        path.write_text(text)

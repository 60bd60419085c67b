"""The simplest candidate that does the job, judged on rows that stay sealed."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.deployment import Package
from modelwright.lifecycle.preparation import Preparation
from modelwright.project import Project
from tests.lifecycle.worlds import create, customers, edit


def straight(rows: int = 600) -> pl.DataFrame:
    """A world that a line describes as well as anything."""
    rng = np.random.default_rng(0)
    x, z = rng.normal(size=(2, rows))
    left = np.where(x - z + 0.5 * rng.logistic(size=rows) > 0, "yes", "no")
    return pl.DataFrame({"customer": [f"c{n}" for n in range(rows)], "x": x, "z": z, "left": left})


def test_the_linear_model_is_the_candidate_where_nothing_beats_it(tmp_path, opened) -> None:
    project = opened(create(tmp_path / "straight", straight(), protected=[]).folder.root)
    built = project.build()

    assert "linear model alone" in built.choice
    assert built.baseline_name != "linear"
    assert {row.algorithm for row in built.leaderboard if row.weight > 0} == {"linear"}
    assert project.deploy().held


def test_an_ensemble_is_the_candidate_where_it_is_better(released_once, opened) -> None:
    project = opened(released_once)
    package = Package.open(project.folder.run(project.runs()[0].id) / "package")
    assert package.manifest.metadata["choice"].startswith("an ensemble of")


def test_sealed_rows_stay_sealed_when_roles_change(tmp_path, opened) -> None:
    project = opened(create(tmp_path / "churn", customers(), ignore=["plan"]).folder.root)
    first = project.build()
    edit(project, 'ignore = ["plan"]', "ignore = []")
    text = project.folder.contract.read_text().replace('role = "ignore"', 'role = "feature"')
    project.folder.contract.write_text(text)
    second = project.build()

    assert "plan" in [column.name for column in project.contract.features]
    vaults = {Preparation.of(project.folder, run).start.vault for run in (first.run, second.run)}
    assert len(vaults) == 1
    assert project.compare(second.run, first.run).runs == (second.run, first.run)


def test_another_way_of_holding_out_has_another_vault(tmp_path, opened) -> None:
    project = opened(create(tmp_path / "churn", customers()).folder.root)
    first = project.build()
    edit(project, 'time = ""', 'time = "joined"')
    second = project.build()
    assert Preparation.of(project.folder, first.run).start.vault != _vault(project, second.run)


def _vault(project: Project, run: str) -> str:
    return Preparation.of(project.folder, run).start.vault


def test_a_package_does_not_carry_where_the_project_keeps_things(released_once, opened) -> None:
    project = opened(released_once)
    brief = Package.open(project.folder.run(project.runs()[0].id) / "package").content["brief.toml"].decode()
    assert 'database = ""' in brief

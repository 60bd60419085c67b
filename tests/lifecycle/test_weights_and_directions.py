"""Rows that count more, and predictions that keep to stated directions, from framing to serving."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from modelwright import data
from modelwright.deployment import Package, Scorer
from modelwright.errors import ModelwrightError
from modelwright.project import Project
from tests.lifecycle.worlds import create, customers, short_plan


def unequal(rows: int = 600) -> pl.DataFrame:
    """Customers of whom some count twenty times as much; the more they earn, the more of them leave."""
    frame = customers(rows)
    rng = np.random.default_rng(1)
    rich = (frame["income"].rank() / rows).to_numpy() > rng.random(rows)
    left = np.where(rng.random(rows) < 0.5, np.where(rich, "yes", "no"), frame["left"].to_numpy())
    return frame.with_columns(pl.Series("left", left), worth=pl.Series(rng.choice([0.5, 10.0], rows)))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    with pytest.MonkeyPatch.context() as patch:
        short_plan(patch)
        made = create(
            tmp_path_factory.mktemp("weighted") / "churn", unequal(), weight="worth", decreasing=["income"]
        )
        made.build()
    return made


def test_the_figures_of_the_vault_count_rows_by_their_weight(project: Project) -> None:
    evaluation = project.report().evaluation
    rows = pl.read_parquet(next(project.folder.vault.glob("*.parquet")))
    package = Package.open(next((project.folder.state / "runs").glob("*/package")))
    inputs = data.matrices(package.contract, data.conform(package.contract, rows))
    probability = Scorer(package).score(inputs).probabilities[:, 1]
    truth, weight = (rows["left"] == "yes").to_numpy(), rows["worth"].to_numpy()

    assert evaluation.score.value == pytest.approx(
        roc_auc_score(truth, probability, sample_weight=weight), abs=1e-5
    )
    brier = next(figure for figure in evaluation.figures if figure.name == "brier")
    assert brier.interval.value == pytest.approx(
        brier_score_loss(truth, probability, sample_weight=weight), abs=1e-5
    )
    assert evaluation.score.low < evaluation.score.value < evaluation.score.high
    assert evaluation.score.value != pytest.approx(roc_auc_score(truth, probability), abs=1e-4)


def test_the_weight_is_no_feature_and_no_request_needs_it(project: Project) -> None:
    package = Package.open(next((project.folder.state / "runs").glob("*/package")))

    assert package.contract.column("worth").role == "weight"
    assert "worth" not in {column.name for column in package.contract.features}


def test_what_is_served_keeps_to_the_direction_in_every_row(project: Project) -> None:
    """Against the data, in the exported graph, from far below the known values to far above."""
    package = Package.open(next((project.folder.state / "runs").glob("*/package")))
    values = pl.DataFrame({"swept": [-1e9, *np.quantile(unequal()["income"], np.linspace(0, 1, 60)), 1e9]})
    swept = customers(40, seed=3).join(values, how="cross").with_columns(income=pl.col("swept"))
    conformed = data.conform(package.contract.accepting(), swept)
    answers = Scorer(package).score(data.matrices(package.contract, conformed)).probabilities[:, 1]

    steps = np.diff(answers.reshape(40, len(values)), axis=1)
    assert (steps <= 1e-6).all()


@pytest.mark.parametrize(
    ("stated", "change", "said"),
    [
        ({"weight": "worth"}, pl.col("worth").replace({10.0: None}), "have no weight above 0 in 'worth'"),
        ({"weight": "worth"}, pl.col("worth") - 0.5, "have no weight above 0 in 'worth'"),
        ({"weight": "worth"}, pl.lit("much"), "are no numbers"),
        ({"weight": "wort"}, pl.col("worth"), "did you mean 'worth'"),
        ({"increasing": ["plan"]}, pl.col("worth"), "only numbers and booleans have a direction"),
        ({"increasing": ["customer"]}, pl.col("worth"), "models never see it"),
        ({"increasing": ["age"], "decreasing": ["age"]}, pl.col("worth"), "in decreasing too"),
        ({"increasing": ["age"], "target": "plan", "protected": []}, pl.col("worth"), "no one probability"),
    ],
)
def test_what_cannot_be_is_said_when_the_problem_is_framed(tmp_path, stated, change, said) -> None:
    frame = unequal(200).with_columns(change.alias("worth"))
    with pytest.raises(ModelwrightError, match=said):
        create(tmp_path / "churn", frame, **stated)


def test_a_row_that_lost_its_weight_breaks_the_contract(project: Project) -> None:
    frame = unequal().with_columns(
        pl.when(pl.int_range(pl.len()) == 7).then(None).otherwise("worth").alias("worth")
    )
    found = [each for each in project.check(frame).findings if each.column == "worth"]

    assert [(each.code, each.severity) for each in found] == [("MW-D104", "error")]

"""Incorrect outcomes: which rows are wrong, why, where, and what makes more of them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract
from modelwright.evaluation import Background, Evaluation, Outcomes, evaluate, measure_stability
from modelwright.problem import METRICS
from tests.evaluation.worlds import Visits, brief, linear_values


def judged(world: Visits, **changes: object) -> Evaluation:
    given = world.given(**changes)
    return evaluate(
        brief(metric="log_loss"),
        given.pop("y"),
        given.pop("prediction"),
        classes=("no", "yes"),
        resamples=50,
        **given,
    )


@pytest.fixture(scope="module")
def mislabelled() -> Outcomes:
    return judged(Visits(mislabelled=True)).outcomes


@pytest.fixture(scope="module")
def weak() -> Outcomes:
    return judged(Visits(weak=True)).outcomes


def test_the_worst_rows_are_those_of_the_largest_loss(mislabelled) -> None:
    world = Visits(mislabelled=True)
    loss = -np.log(world.predict(world.sealed)[np.arange(800), world.sealed_y])

    assert [each.row for each in mislabelled.worst] == np.argsort(-loss, kind="stable")[:20].tolist()
    assert mislabelled.worst[0].loss == pytest.approx(loss.max())


def test_turned_labels_among_the_worst_rows_are_suspect_and_listed_as_doubted(mislabelled) -> None:
    suspected = {each.row for each in mislabelled.suspected}

    assert len(suspected) >= 10
    assert all(each.siding > 2 for each in mislabelled.suspected)
    assert len(suspected & {each.row for each in mislabelled.doubts.labels}) >= 5
    assert mislabelled.doubts.training_found > 0


def test_a_worst_row_says_what_its_neighbours_are(mislabelled) -> None:
    worst = mislabelled.worst[0]

    assert len(worst.neighbours) == 5
    assert worst.siding == sum(each.label == worst.predicted for each in worst.neighbours)
    assert f"{worst.siding} of the 5 nearest training rows have the predicted label" in worst.reasons[0]


def test_neighbours_are_the_nearest_of_scaled_features() -> None:
    from sklearn.neighbors import NearestNeighbors

    from modelwright.evaluation.outcomes.near import nearest_rows

    world = Visits()
    background = world.given()["background"]
    found, distance = nearest_rows(background, world.sealed[:50], 5, seed=0)
    known, asked = (
        frame.select("basket", "age").to_numpy().astype(float) for frame in (world.frame, world.sealed[:50])
    )
    scaled = [(each - known.mean(axis=0)) / known.std(axis=0) for each in (known, asked)]
    reference, position = NearestNeighbors(n_neighbors=5).fit(scaled[0]).kneighbors(scaled[1])

    np.testing.assert_array_equal(found, position)
    np.testing.assert_allclose(distance, reference / np.sqrt(2), atol=1e-6)


def test_values_of_protected_columns_are_hidden_and_not_searched(weak) -> None:
    assert {each.values["age"] for each in weak.worst} == {"hidden"}
    assert weak.slices.hidden == ("age",)
    assert "age is" not in weak.model_dump_json()


def test_the_most_unusual_value_is_a_reason_but_never_that_of_a_hidden_column() -> None:
    world = Visits()
    world.sealed = world.sealed.with_columns(
        pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("rare")).otherwise(pl.col("kind")).alias("kind"),
        pl.when(pl.int_range(pl.len()) == 4)
        .then(200.0)
        .otherwise(pl.col("age"))
        .cast(pl.Float32)
        .alias("age"),
        pl.when(pl.int_range(pl.len()) == 3)
        .then(5.0)
        .when(pl.int_range(pl.len()) == 4)
        .then(4.0)
        .otherwise(pl.col("basket"))
        .cast(pl.Float32)
        .alias("basket"),
    )
    world.sealed_y[[3, 4]] = 0

    first, second = judged(world).outcomes.worst[:2]

    assert (first.row, second.row) == (3, 4)
    assert any("no training row has" in reason for reason in first.reasons)
    assert not any("age" in reason or "200" in reason for reason in second.reasons)


def test_reasons_of_the_answer_follow_where_it_can_be_explained() -> None:
    found = judged(Visits(), explain=lambda rows: [(f"because of row {row}",) for row in rows]).outcomes

    assert all(each.reasons[-1] == f"because of row {each.row}" for each in found.worst)


def test_a_weak_slice_is_found_on_training_rows_and_confirmed_on_the_vault(weak) -> None:
    (found,) = weak.slices.confirmed

    assert found.words == "kind is 'odd'"
    assert found.excess.low > 0
    assert found.wrong > found.rest_wrong
    assert found.overconfident
    assert weak.slices.searched_rows == 1600
    assert weak.slices.kept_rows == 800


def test_without_predictions_out_of_fold_half_of_the_vault_is_searched_and_the_other_kept() -> None:
    found = judged(Visits(weak=True), judged=None, out_of_fold=None).outcomes.slices

    assert found.searched_rows + found.kept_rows == 800
    assert abs(found.searched_rows - 400) <= 1
    assert [each.words for each in found.confirmed] == ["kind is 'odd'"]


def test_a_slice_that_was_only_weak_where_it_was_searched_is_not_confirmed() -> None:
    world, sound = Visits(weak=True), Visits()
    world.sealed, world.sealed_y = sound.sealed, sound.sealed_y

    found = judged(world).outcomes.slices

    assert [each.words for each in found.slices] == ["kind is 'odd'"]
    assert found.confirmed == ()


def test_rows_that_are_hard_by_nature_are_known_to_be_and_their_labels_not_suspect() -> None:
    """The model's probabilities are the true ones: near one half it is often wrong, and says so."""
    found = judged(Visits()).outcomes

    assert found.slices.confirmed
    assert not any(each.overconfident for each in found.slices.slices)
    assert found.suspected == ()
    assert all(0.3 < each.expected / (rank + 1) < 3 for rank, each in enumerate(found.worst) if rank > 5)


def test_confusions_are_the_cells_of_the_confusion(weak) -> None:
    evaluated = judged(Visits(weak=True))
    counts = evaluated.confusion.counts

    assert {(each.truth, each.predicted): each.rows for each in weak.confusions} == {
        ("no", "yes"): counts[0][1],
        ("yes", "no"): counts[1][0],
    }
    assert all(0.5 <= each.certainty <= 1 for each in weak.confusions)


def test_an_evaluation_with_outcomes_survives_json() -> None:
    evaluated = judged(Visits(weak=True))

    assert Evaluation.model_validate_json(evaluated.model_dump_json()) == evaluated


def test_disturbances_that_touch_what_the_model_needs_cost_and_others_cost_nothing() -> None:
    world = Visits()
    found = measure_stability(
        world.predict, world.sealed, Visits.CONTRACT.features, world.sealed_y, METRICS["roc_auc"]
    )
    loss = {(each.kind, each.amount, each.column): each.loss for each in found.disturbances}

    assert loss["column missing", 1.0, "basket"].low > 0.2
    assert loss["column missing", 1.0, "kind"].value == 0
    assert loss["column unseen", 1.0, "kind"].value == 0
    assert loss["missing", 0.2, ""].value > loss["missing", 0.05, ""].value > 0
    assert loss["noise", 0.5, ""].value > loss["noise", 0.1, ""].value
    assert all(loss["months", float(month), ""].value == 0 for month in range(1, 13))


def test_seasons_cost_most_half_a_year_away_and_nothing_after_a_whole_one() -> None:
    world = Visits(seasonal=True)
    found = measure_stability(
        world.predict, world.sealed, Visits.CONTRACT.features, world.sealed_y, METRICS["roc_auc"]
    )
    months = {each.amount: each.loss for each in found.of("months")}

    assert found.worst.kind == "months"
    assert max(months, key=lambda month: months[month].value) in {5.0, 6.0, 7.0}
    assert abs(months[12.0].value) < 0.01


def test_what_cannot_be_disturbed_is_said() -> None:
    world = Visits()
    columns = [each for each in Visits.CONTRACT.features if each.kind == "number"]
    found = measure_stability(world.predict, world.sealed, columns, world.sealed_y, METRICS["roc_auc"])

    assert {each.kind for each in found.disturbances} == {"missing", "column missing", "noise"}
    assert [words.split(":")[0] for words in found.not_applicable] == ["unseen categories", "shifted months"]


def test_a_frame_is_left_as_it_was() -> None:
    world = Visits()
    before = world.sealed.clone()

    measure_stability(
        world.predict, world.sealed, Visits.CONTRACT.features, world.sealed_y, METRICS["roc_auc"]
    )

    assert world.sealed.equals(before)


def test_values_have_outcomes_too() -> None:
    y, prediction = linear_values(np.random.default_rng(0), 600)
    frame = pl.DataFrame({"x": prediction[:, 0].astype(np.float32)})
    columns = (Column(name="outcome", kind="number", role="target"), Column(name="x", kind="number"))
    y = y.copy()
    y[7] = 40.0

    def predict(part: pl.DataFrame) -> np.ndarray:
        return part["x"].fill_null(0.0).to_numpy()[:, None].astype(float)

    found = evaluate(
        brief("regression", "mae"),
        y,
        predict(frame),
        predict=predict,
        frame=frame,
        background=Background(Contract(columns=columns), frame, y, lambda part: part.to_numpy()),
        resamples=50,
    ).outcomes

    assert found.worst[0].row == 7
    assert found.worst[0].suspected
    assert found.worst[0].probability is None
    assert found.confusions == ()
    assert "nearer to the prediction" in found.worst[0].reasons[0]

"""Challengers on trial: beside the release in production, and on record for ever."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from modelwright.errors import ReleaseError
from modelwright.store import Label, Observation, Operations, ShadowScore, ident


@pytest.fixture
def operations(tmp_path):
    with Operations(f"sqlite:///{tmp_path / 'operations.db'}") as opened:
        yield opened


@pytest.fixture
def champion(operations):
    return operations.add_release(run="a", package="p1", version=1, verdict={})


def begin(operations, share=0.0):
    return operations.begin_rollout(run="b", package="p2", version=2, verdict={"held": True}, share=share)


def answer(operations, release, yes):
    made = Observation(
        ident("prediction"), datetime.now(UTC), release, {"age": 1}, "yes", {"no": 1 - yes, "yes": yes}, 1.0
    )
    operations.append_observations([made])
    return made.id


def test_a_challenger_on_trial_is_a_release_but_not_the_current_one(operations, champion):
    begun = begin(operations, share=0.1)
    assert operations.current_release() == champion
    assert operations.running_rollout() == begun
    assert [each.kind for each in operations.releases()] == ["deploy", "canary"]
    assert (begun.champion, begun.is_shadow) == (champion.id, False)


def test_one_trial_at_a_time_and_only_beside_a_champion(operations):
    with pytest.raises(ReleaseError, match="nothing is in production"):
        begin(operations)
    operations.add_release(run="a", package="p1", version=1, verdict={})
    first = begin(operations)
    with pytest.raises(ReleaseError, match=f"{first.release} is on trial already"):
        begin(operations)


def test_a_trial_ends_once_and_stays_on_record(operations, champion):
    begun = begin(operations)
    operations.keep_rollout(begun.release, {"rows": 3})
    assert operations.running_rollout().state == {"rows": 3}
    assert operations.end_rollout(begun.release, "rolled back", "it was worse")
    assert not operations.end_rollout(begun.release, "promoted", "too late")
    operations.keep_rollout(begun.release, {"rows": 4})
    assert operations.running_rollout() is None
    (kept,) = operations.rollouts()
    assert (kept.status, kept.reason, kept.state) == ("rolled back", "it was worse", {"rows": 3})
    assert kept.ended >= kept.at


@pytest.mark.parametrize(("kind", "status"), [("promote", "promoted"), ("deploy", "superseded")])
def test_a_new_release_ends_the_trial(operations, champion, kind, status):
    begin(operations)
    made = operations.add_release(run="b", package="p2", version=2, verdict={}, kind=kind)
    assert made.replaced == champion.id
    assert [each.status for each in operations.rollouts()] == [status]


def test_in_the_shadow_both_are_held_against_the_same_labels(operations, champion):
    before = answer(operations, champion.id, 0.9)
    begun = begin(operations)
    ids = [answer(operations, champion.id, yes) for yes in (0.2, 0.8, 0.6)]
    unscored = answer(operations, champion.id, 0.5)
    scores = [ShadowScore(each, begun.release, "no", {"no": 0.7, "yes": 0.3}, 2.0) for each in ids]
    operations.append_shadow_scores(scores)
    operations.add_labels([Label(each, "yes") for each in (before, ids[1], unscored, ids[0])])
    given, instead = operations.trial_labels(begun)
    assert given["seq"].to_list() == instead["seq"].to_list()
    assert given["probabilities"].struct.field("yes").to_list() == [0.8, 0.2]
    assert instead["probabilities"].struct.field("yes").to_list() == [0.3, 0.3]
    assert instead["label"].to_list() == ["yes", "yes"]
    operations.add_labels([Label(ids[2], "no"), Label(ids[0], "no")])
    given, instead = operations.trial_labels(begun, after=given["seq"].max())
    assert given["probabilities"].struct.field("yes").to_list() == [0.6], "a corrected label is no first one"


def test_in_a_canary_each_is_held_against_its_own_labels(operations, champion):
    begun = begin(operations, share=0.5)
    theirs, ours = answer(operations, begun.release, 0.7), answer(operations, champion.id, 0.4)
    operations.add_labels([Label(theirs, "yes"), Label(ours, "no")])
    given, instead = operations.trial_labels(begun)
    assert (given["label"].to_list(), instead["label"].to_list()) == (["no"], ["yes"])

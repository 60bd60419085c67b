"""Memory: what is not needed is let go of, then nothing more is begun; and how a limit is written."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright import engine
from modelwright.engine import whole_memory
from modelwright.problem import Task, memory_bytes
from modelwright.training import Deadline, room, train
from modelwright.training.room import Room
from tests.training.test_train import PLENTY, work_for

GB = 10**9


@pytest.mark.parametrize(
    ("text", "means"),
    [("8GB", 8 * GB), ("70%", 70 * GB), ("512 MB", 512 * 10**6), ("1.5GiB", 3 * 2**29), ("2TB", 100 * GB)],
)
def test_a_limit_is_a_size_or_a_share(text, means):
    assert memory_bytes(text, 100 * GB) == means


@pytest.mark.parametrize("text", ["8", "0GB", "120%", "much", "-1GB"])
def test_anything_else_is_refused_with_the_cure(text):
    with pytest.raises(ValueError, match="such as '8GB', '512MB' or '70%'"):
        memory_bytes(text, GB)


def test_the_machine_has_more_than_this_process_holds():
    assert 10**7 < engine.held_memory() < whole_memory()


def test_a_container_has_less_than_its_machine(tmp_path, monkeypatch):
    monkeypatch.setattr("modelwright.engine.memory.CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text("max\n")
    unlimited = whole_memory()
    (tmp_path / "memory.max").write_text("1000000\n")

    assert unlimited > whole_memory() == 1_000_000


def test_what_can_be_made_again_is_let_go_of_before_the_race_ends(monkeypatch):
    held = [3, 1, 3, 3]
    monkeypatch.setattr(room, "held_memory", lambda: held.pop(0))
    work, deadline = work_for(Task.BINARY), Deadline(PLENTY)
    work.fold_data("tree", 0)
    kept = Room(2, work, deadline)

    kept.make()
    assert (work._data, deadline.is_cut) == ({}, False), "that was enough"
    kept.make()
    assert deadline.cut_by == "memory"


def test_without_room_there_is_a_model_all_the_same():
    trained = train(work_for(Task.BINARY), Deadline(PLENTY), memory=1)

    assert trained.ended == "memory"
    assert np.isfinite(trained.model.predict(work_for(Task.BINARY).frame)).all()

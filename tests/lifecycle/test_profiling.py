"""A project's profile takes roles from its brief and shows nothing that its contract calls sensitive."""

from __future__ import annotations

from pydantic_core import to_json

from modelwright import Project
from tests.lifecycle.worlds import customers


def test_roles_come_from_the_brief_and_protected_values_stay_unseen(tmp_path):
    frame = customers(200)
    project = Project.create(tmp_path / "churn", data=frame, target="left", protected=[frame.columns[0]])

    found = project.profile(frame)
    by_name = {column.name: column for column in found.columns}

    assert found.target == "left"
    assert by_name[frame.columns[0]].hidden
    assert by_name[frame.columns[0]].top == ()
    assert "numbers" in to_json(found).decode()

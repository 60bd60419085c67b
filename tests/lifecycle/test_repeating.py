"""Builds that are repeated: by a count of fits, by a replay, and what differs between two runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from modelwright.deployment import Package
from modelwright.errors import RunError
from modelwright.lifecycle.run_manifest import manifest_in

FITS = 20


@pytest.fixture(scope="module")
def built_twice(framed_once, tmp_path_factory):
    """Two projects of one framing, built apart by the same count of fits."""
    from modelwright.project import Project
    from tests.lifecycle.worlds import short_plan

    projects = []
    for name in ("one", "other"):
        root = Path(shutil.copytree(framed_once, tmp_path_factory.mktemp(name) / "churn"))
        project = Project(root)
        with pytest.MonkeyPatch.context() as patch:
            short_plan(patch)
            built = project.build(work=FITS)
        projects.append((project, built))
    yield projects
    for project, _ in projects:
        project._operations.close()


def test_a_count_of_fits_gives_the_same_bits(built_twice):
    (_, first), (_, second) = built_twice
    manifests = [manifest_in(project.folder.run(built.run)) for project, built in built_twice]

    assert manifests[0].predictions == manifests[1].predictions
    assert manifests[0].proof == manifests[1].proof
    graphs = [Package.open(Path(built.package)).content["model.onnx"] for built in (first, second)]
    assert graphs[0] == graphs[1]
    assert (first.score, first.interval) == (second.score, second.interval)
    assert len(list(manifests[0].training.fits)) <= FITS
    assert first.ended in {"work", "complete"}


def test_the_manifest_says_what_it_takes_to_do_the_run_again(built_twice):
    (project, built), _ = built_twice
    manifest = json.loads((project.folder.run(built.run) / "manifest.json").read_text())

    assert {"seed", "snapshot", "vault", "brief", "contract", "versions", "training"} <= set(manifest)
    assert manifest["brief"]["training"]["work"] == FITS
    fits = [fit for entry in manifest["training"]["entries"] for fit in entry["fits"]]
    assert all({"parameters", "fold", "rounds", "predictions"} <= set(fit) for fit in fits)
    assert any(fit["rounds"] for fit in fits)


def test_a_replay_comes_to_the_same_and_is_no_look(built_twice):
    (project, built), _ = built_twice
    looks = len(project.vault().vaults[0].looks)
    replayed = project.replay(built.run)

    assert replayed.equal, replayed
    assert (replayed.largest_difference, replayed.different_fits, replayed.differs) == (0.0, (), ())
    assert "to the bit" in replayed.words
    assert len(project.vault().vaults[0].looks) == looks
    assert not list(project.folder.run(built.run).glob("replay-*")), "nothing is left behind"


def test_a_replay_notices_a_fit_that_comes_to_something_else(built_twice):
    (project, built), _ = built_twice
    path = project.folder.run(built.run) / "manifest.json"
    kept = path.read_text()
    changed = json.loads(kept)
    fit = next(
        fit
        for entry in changed["training"]["entries"]
        for fit in entry["fits"]
        if entry["name"] in changed["weights"] and fit["rounds"]
    )
    fit["rounds"] = max(1, fit["rounds"] // 2)
    changed["versions"]["numpy"] = "0.1"
    try:
        path.write_text(json.dumps(changed))
        replayed = project.replay(built.run)
    finally:
        path.write_text(kept)

    assert not replayed.equal
    assert replayed.largest_difference > 0
    assert len(replayed.different_fits) == 1
    assert [(each.key, each.first) for each in replayed.differs] == [("numpy", "0.1")]


def test_of_two_runs_it_is_said_what_differs(built_twice):
    (project, built), _ = built_twice
    same = project.diff(built.run, built.run)
    assert same.changes == ()
    assert {"data", "brief", "contract", "versions", "machine", "plan", "training", "figures"} == set(
        same.same
    )

    path = project.folder.run(built.run) / "manifest.json"
    other = project.folder.run("0" * 32)
    other.mkdir()
    changed = json.loads(path.read_text())
    changed["brief"]["training"]["seed"] = 7
    changed["contract"]["columns"][0]["description"] = "another"
    (other / "manifest.json").write_text(json.dumps(changed))
    from modelwright.lifecycle import diff

    found = diff(project.folder, built.run, "0" * 32)
    shutil.rmtree(other)
    said = {(each.section, each.key): (each.first, each.second) for each in found.changes}
    assert said["brief", "training.seed"] == (0, 7)
    assert any(section == "contract" for section, _ in said)
    assert ("figures", "score") in said
    assert {"data", "versions", "plan"} <= set(found.same)


def test_a_run_without_a_manifest_says_so(built_twice):
    (project, _), _ = built_twice
    with pytest.raises(RunError, match="has no manifest"):
        manifest_in(project.folder.run("f" * 32))

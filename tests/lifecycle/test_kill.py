"""Kill it: whenever the process dies, the store is whole, and what was finished is not done again."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwright.errors import RunError
from modelwright.lifecycle import examine
from modelwright.store import Operations
from tests.lifecycle.worlds import customers, live

ROOT = Path(__file__).parents[2]


def start(method: str, root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.lifecycle.builder", method, str(root)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str], when: Callable[[], bool]) -> None:
    """Kill a process once something is so, or let it end before."""
    with process:
        assert process.stdout is not None
        process.stdout.readline()  # it has imported what it needs
        while process.poll() is None and not when():
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)


def after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def fits(root: Path) -> dict[Path, int]:
    """The finished fits on disk, and when they were written."""
    found = (root / ".modelwright" / "runs").glob("*/checkpoint/*-fold*.json")
    return {path: path.stat().st_mtime_ns for path in found}


def is_unfinished(root: Path) -> bool:
    runs = root / ".modelwright" / "runs"
    return any(not (path.parent / "built.json").exists() for path in runs.glob("*/start.json"))


def assert_whole(root: Path) -> None:
    examined = examine(root)
    assert examined.healthy, [part for part in examined.parts if not part.healthy]
    with Operations(f"sqlite:///{root / '.modelwright' / 'operations.db'}") as operations:
        operations.check_writable()


def test_a_build_killed_after_any_fit_goes_on_from_there(framed, released):
    root = framed.folder.root
    kept: dict[Path, int] = {}
    for count in (1, 7, 18):
        process = start("resume" if kept else "build", root)
        kill(process, lambda count=count: len(fits(root)) >= count)
        assert_whole(root)
        found = fits(root)
        assert len(found) >= count
        assert kept.items() <= found.items(), "a finished fit was done again"
        kept = found

    seen: list[dict[Path, int]] = []
    built = framed.build(resume=True, on_progress=lambda _: seen.append(fits(root)))
    assert all(kept.items() <= each.items() for each in seen)
    uninterrupted = released.report().evaluation
    assert built.score == uninterrupted.score.value, "the same model as without the kills"
    assert framed.deploy().held
    assert_whole(root)


def test_a_build_killed_after_its_last_fit_loses_nothing(framed, released):
    root = framed.folder.root
    packages = root / ".modelwright" / "runs"
    kill(start("build", root), lambda: any(packages.glob("*/package/manifest.json")))
    assert_whole(root)
    if is_unfinished(root):
        framed.build(resume=True)
    weights = {row.name: row.weight for row in released.build().leaderboard}
    record = json.loads(next(packages.glob("*/built.json")).read_text())
    assert {row["name"]: row["weight"] for row in record["leaderboard"]} == weights
    assert framed.report().evaluation.looks == 1
    assert framed.deploy().held


def test_a_build_killed_at_random_moments_leaves_the_store_whole(framed):
    root = framed.folder.root
    moments = random.Random(3)
    for _ in range(4):
        kill(start("resume" if is_unfinished(root) else "build", root), after(moments.uniform(0.0, 2.5)))
        assert_whole(root)
    built = framed.build(resume=True) if is_unfinished(root) else framed.build()
    assert framed.deploy(built.run).held
    assert_whole(root)


def test_two_processes_do_not_build_one_run(framed):
    root = framed.folder.root
    process = start("build", root)
    with process:
        while not fits(root):
            time.sleep(0.002)
        with pytest.raises(RunError, match="is being built by another process"):
            framed.build(resume=True)
        process.kill()
    assert framed.build(resume=True).run


def test_a_new_that_is_killed_leaves_no_half_project(tmp_path, source):
    moments = random.Random(5)
    for number in range(3):
        root = tmp_path / f"churn{number}"
        command = [
            sys.executable,
            "-m",
            "modelwright",
            "new",
            str(root),
            "--data",
            str(source),
            "--target",
            "left",
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = after(moments.uniform(1.0, 3.5))
        while process.poll() is None and not (until() or list(tmp_path.glob(".churn*"))):
            time.sleep(0.002)
        process.kill()
        process.wait()
        if root.exists():
            assert_whole(root)
    assert subprocess.run([*command[:4], str(tmp_path / "churn"), *command[5:]], check=False).returncode == 0
    assert_whole(tmp_path / "churn")


def test_a_deploy_killed_at_random_moments_is_done_or_not(framed):
    framed.build()
    root = framed.folder.root
    moments = random.Random(1)
    for _ in range(2):
        kill(start("deploy", root), after(moments.uniform(0.0, 0.6)))
        examine(root)
    if framed._operations.current_release() is None:
        assert framed.deploy().held
    assert_whole(root)


def test_a_deploy_stopped_between_registry_and_release_is_noticed_and_done_again(released, monkeypatch):
    run = released._operations.current_release().run
    second = released._tracking.register("churn", run, "package")
    with monkeypatch.context() as patch:
        patch.setattr(released._operations, "add_release", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            released._releases()._put_to_use(run, second, {}, "deploy")

    examined = examine(released.folder.root)
    assert [part.name for part in examined.parts if not part.healthy] == ["release"]
    assert f"version 1 is in production, but the registry's champion is {second}" in str(examined)
    released._releases()._put_to_use(run, second, {}, "deploy")
    assert_whole(released.folder.root)


def test_a_retraining_killed_at_random_moments_can_be_finished(released):
    live(released, customers(80, seed=5))
    root = released.folder.root
    moments = random.Random(2)
    for _ in range(2):
        kill(start("retrain", root), after(moments.uniform(0.3, 2.5)))
        assert_whole(root)
    if is_unfinished(root):
        built = released.build(resume=True)
        assert built.run
        released.deploy(built.run)
    else:
        released.retrain()
    assert_whole(root)

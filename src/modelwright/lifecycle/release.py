"""A candidate through the gate, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from modelwright.deployment import Package, gate
from modelwright.errors import ReleaseError, RunError
from modelwright.evaluation import Comparison, Difference, Evaluation, Verdict
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.judging import Contest, contest, evaluation_in, open_sealed, score
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.reporting import write_run_report
from modelwright.lifecycle.results import Deployed, RolledBack
from modelwright.lifecycle.trusting import behaving_now
from modelwright.problem import Brief
from modelwright.store import Operations, Release, Tracking, read_json, write_json
from modelwright.training import LeaderboardRow


def decide(evaluated: Evaluation, brief: Brief, contested: Contest, package: Package) -> Verdict:
    """Ask the gate."""
    return gate(
        evaluated,
        brief,
        contested.comparison,
        package.manifest.latency,
        contested.why_not,
        contested.differences,
    )


def keep_verdict(place: Path, contested: Contest, verdict: Verdict) -> None:
    """Keep a verdict beside its run, with the contest that it rests on."""
    kept = {"contest": asdict(contested), "verdict": verdict}
    write_json(place / "verdict.json", to_jsonable_python(kept))


def kept_verdict(place: Path) -> tuple[Contest, Verdict]:
    """Return what `keep_verdict` kept."""
    kept = read_json(place / "verdict.json")
    compared = kept["contest"]["comparison"]
    comparison = None if compared is None else Comparison.model_validate(compared)
    differences = tuple(Difference.model_validate(each) for each in kept["contest"]["differences"])
    contested = Contest(kept["contest"]["release"], comparison, kept["contest"]["why_not"], differences)
    return contested, Verdict.model_validate(kept["verdict"])


class Releases:
    """Puts candidates into production and takes them back.

    Parameters
    ----------
    folder : Folder
    brief : Brief
    operations : Operations
        Its newest release is what is in production.
    tracking : Tracking
        Its alias ``champion`` follows.
    """

    def __init__(self, folder: Folder, brief: Brief, operations: Operations, tracking: Tracking) -> None:
        self.folder = folder
        self.brief = brief
        self.operations = operations
        self.tracking = tracking

    def deploy(self, run: str) -> Deployed:
        """Release a run's candidate if the gate lets it through.

        Parameters
        ----------
        run : str
            Identifier of a finished run.

        Raises
        ------
        RunError
            If the run's build has not finished.
        ReleaseError
            If it is in production already, or the brief asks another question now.
        """
        place = self.folder.run(run)
        if not (place / "built.json").exists():
            raise RunError(
                f"run {run[:8]} has no candidate; `modelwright build --resume` finishes an interrupted build"
            )
        current = self.operations.current_release()
        if current is not None and current.run == run:
            raise ReleaseError(f"run {run[:8]} is in production already, as {current.id}")
        verdict = self._verdict(place, current)
        if not verdict.held:
            return Deployed(release=None, run=run, verdict=verdict)
        version = int(read_json(place / "built.json")["version"])
        released = self._put_to_use(run, version, verdict.model_dump(mode="json"), "deploy")
        return Deployed(release=released.id, run=run, verdict=verdict, replaced=released.replaced)

    def rollback(self) -> RolledBack:
        """Put the package that was in production before back to use.

        Raises
        ------
        ReleaseError
            If there is none.
        """
        current = self.operations.current_release()
        if current is None:
            raise ReleaseError("there is no release to take back; `modelwright deploy` makes one")
        earlier = self._before(current)
        released = self._put_to_use(earlier.run, earlier.version, earlier.verdict, "rollback")
        return RolledBack(release=released.id, run=released.run, replaced=current.id)

    def _before(self, current: Release) -> Release:
        """Find the release before, passing over those that were themselves taken back."""
        by_id = {release.id: release for release in self.operations.releases()}
        origin = current
        while origin.kind == "rollback":
            origin = next(r for r in by_id.values() if r.run == origin.run and r.kind == "deploy")
        if origin.replaced is None:
            raise ReleaseError(f"{current.id} is the first release; there is none before it to go back to")
        return by_id[origin.replaced]

    def _put_to_use(self, run: str, version: int | None, verdict: dict[str, Any], kind: Any) -> Release:
        # The release is what counts, and comes last: whoever is interrupted in between does the same again.
        if version is not None:
            self.tracking.set_alias(self.brief.problem.name, "champion", version)
        package = (self.folder.run(run) / "package").relative_to(self.folder.state)
        return self.operations.add_release(
            run=run, package=str(package), version=version, verdict=verdict, kind=kind
        )

    def _verdict(self, place: Path, current: Release | None) -> Verdict:
        """Hold a run to what the brief promises now; only a new rival costs another look at the vault."""
        prepared = Preparation.of(self.folder, place.name)
        _refuse_another_question(prepared, self.brief)
        package = Package.open(place / "package")
        contested, before = kept_verdict(place)
        if current is None:
            contested = Contest()
        elif contested.release != current.id:
            sealed = open_sealed(prepared, self.operations, f"comparison with {current.id}")
            contested = contest(self.folder, prepared, sealed, score(package, sealed.rows), current)
        evaluated = behaving_now(prepared, package, self.brief, evaluation_in(package))
        verdict = decide(evaluated, self.brief, contested, package)
        keep_verdict(place, contested, verdict)
        if verdict != before:
            leaderboard = [LeaderboardRow(**row) for row in read_json(place / "built.json")["leaderboard"]]
            write_run_report(prepared, evaluated, verdict, place, leaderboard, self.operations)
        return verdict


def _refuse_another_question(prepared: Preparation, brief: Brief) -> None:
    then, now = prepared.brief.question(), brief.question()
    changed = [key for key in now if now[key] != then[key]]
    if changed:
        raise ReleaseError(
            f"the brief asks another question than run {prepared.start.run[:8]} answers: "
            f"{', '.join(changed)} changed since; build again, or change it back"
        )

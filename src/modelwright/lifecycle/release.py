"""A candidate through the gate, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from modelwright.deployment import CHAMPION, Package, gate
from modelwright.errors import ReleaseError, RunError
from modelwright.evaluation import Comparison, Difference, Evaluation, Verdict
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.judging import Contest, contest, evaluation_in, open_sealed, score
from modelwright.lifecycle.preparation import Preparation
from modelwright.lifecycle.reporting import write_run_report
from modelwright.lifecycle.results import LINEAR_ALONE, Deployed, RolledBack
from modelwright.lifecycle.trusting import behaving_now
from modelwright.problem import Brief
from modelwright.store import Operations, Release, Rollout, Tracking, read_json, write_json
from modelwright.training import LeaderboardRow


def decide(
    evaluated: Evaluation, brief: Brief, contested: Contest, package: Package, *, unless_worse: bool = False
) -> Verdict:
    """Ask the gate."""
    return gate(
        evaluated,
        brief,
        contested.comparison,
        package.manifest.latency,
        contested.why_not,
        contested.differences,
        unless_worse=unless_worse,
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

    def judge(self, run: str) -> Verdict:
        """Say what the gate says of a challenger that a retraining has made; nothing is released."""
        return self._verdict(self.folder.run(run), self.operations.current_release(), retrained=True)

    def deploy(self, run: str, share: float | None = None, *, retrained: bool = False) -> Deployed:
        """Release a run's candidate if the gate lets it through, or put it on trial.

        In the shadow, where it answers nobody, a candidate may stand that has not been shown to be better
        than the model in production, which is what the shadow is to show.

        Parameters
        ----------
        run : str
            Identifier of a finished run.
        share : float, optional
            Of the keys, for the candidate as a challenger beside the current release; 0 for its shadow.
            Without one, it takes the place of the current release.
        retrained : bool, default False
            Whether a retraining made it: then ``retraining.release`` says what it must show.

        Raises
        ------
        RunError
            If the run's build has not finished.
        ReleaseError
            If it is in production already, the brief asks another question now, or it is to stand beside a
            release that there isn't, that has another challenger already or that answers something else.
        """
        place = self.folder.run(run)
        if not (place / "built.json").exists():
            raise RunError(
                f"run {run[:8]} has no candidate; `modelwright build --resume` finishes an interrupted build"
            )
        current = self.operations.current_release()
        if current is not None and current.run == run:
            raise ReleaseError(f"run {run[:8]} is in production already, as {current.id}")
        if share is not None:
            refuse_trial(self.folder, self.operations, current, run)
        verdict = self._verdict(place, current, retrained=retrained)
        broken = {rule.code for rule in verdict.rules if not rule.held}
        if broken - ({CHAMPION} if share == 0 else set()):
            return Deployed(release=None, run=run, verdict=verdict)
        version = int(read_json(place / "built.json")["version"])
        if share is not None:
            begun = self._begin_trial(run, version, verdict, share)
            return Deployed(begun, run, verdict, kind="canary" if share else "shadow")
        released = self._put_to_use(run, version, verdict.model_dump(mode="json"), "deploy")
        return Deployed(release=released.id, run=run, verdict=verdict, replaced=released.replaced)

    def rollback(self) -> RolledBack:
        """Take the challenger on trial back; where there is none, put the package from before back to use.

        Raises
        ------
        ReleaseError
            If there is none.
        """
        current = self._current()
        trial = self.operations.running_rollout()
        if trial is not None and self.operations.end_rollout(trial.release, "withdrawn", "by hand"):
            return RolledBack(release=current.id, run=current.run, replaced=trial.release)
        earlier = self._before(current)
        released = self._put_to_use(earlier.run, earlier.version, earlier.verdict, "rollback")
        return RolledBack(release=released.id, run=released.run, replaced=current.id)

    def earlier(self) -> Release:
        """Return the release that a rollback would go back to.

        Raises
        ------
        ReleaseError
            If there is none.
        """
        current = self._current()
        return current if self.operations.running_rollout() is not None else self._before(current)

    def _current(self) -> Release:
        current = self.operations.current_release()
        if current is None:
            raise ReleaseError("there is no release to take back; `modelwright deploy` makes one")
        return current

    def challenger(self) -> str:
        """Return the newest run with a candidate that may stand beside the current release.

        Raises
        ------
        ReleaseError
            If there is none, or one stands there already.
        """
        current = self.operations.current_release()
        trial = self.operations.running_rollout()
        if trial is not None:
            raise ReleaseError(f"{trial.release} is on trial already; `modelwright rollback` ends that trial")
        found = next((run for run in self._built() if current is not None and current.run != run), None)
        if found is None:
            raise ReleaseError("no other run has a candidate; `modelwright build` makes one")
        return found

    def _built(self) -> list[str]:
        """List the runs with a candidate, newest first."""
        built = (self.folder.state / "runs").glob("*/built.json")
        newest = sorted(built, key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [path.parent.name for path in newest]

    def fall_back(self) -> RolledBack:
        """Put the newest linear baseline to use in place of the current release; a rollback undoes it.

        It goes past the gate, as a rollback does: it is for the hour in which the model in production fails.

        Raises
        ------
        ReleaseError
            If there is nothing to take back, or no run whose candidate is the linear baseline alone.
        """
        current = self._current()
        run = self.linear_run()
        verdict = read_json(self.folder.run(run) / "verdict.json")["verdict"]
        version = int(read_json(self.folder.run(run) / "built.json")["version"])
        released = self._put_to_use(run, version, verdict, "deploy")
        return RolledBack(release=released.id, run=run, replaced=current.id)

    def linear_run(self) -> str:
        """Return the newest run whose candidate is the linear baseline alone, other than the current one.

        Raises
        ------
        ReleaseError
            If there is none.
        """
        current = self.operations.current_release()
        for run in self._built():
            in_use = current is not None and current.run == run
            if not in_use and read_json(self.folder.run(run) / "built.json")["choice"] == LINEAR_ALONE:
                return run
        raise ReleaseError(
            "no run has the linear baseline alone as its candidate; a build on few rows, or within seconds "
            "(`modelwright build --work 1`), may come to one"
        )

    def _before(self, current: Release) -> Release:
        """Find the release before, passing over those that were themselves taken back."""
        by_id = {release.id: release for release in self.operations.releases()}
        origin = current
        while origin.kind == "rollback":
            came = (r for r in by_id.values() if r.run == origin.run and r.kind in ("deploy", "promote"))
            origin = next(came)
        if origin.replaced is None:
            raise ReleaseError(f"{current.id} is the first release; there is none before it to go back to")
        return by_id[origin.replaced]

    def promote(self, trial: Rollout, verdict: Verdict) -> Release:
        """Put the challenger on trial in the place of the current release.

        Raises
        ------
        ReleaseError
            If the trial has ended already.
        """
        challenger = next(each for each in self.operations.releases() if each.id == trial.release)
        kept = verdict.model_dump(mode="json")
        return self._put_to_use(challenger.run, challenger.version, kept, "promote")

    def _begin_trial(self, run: str, version: int, verdict: Verdict, share: float) -> str:
        return self.operations.begin_rollout(
            run=run,
            package=self._package(run),
            version=version,
            verdict=verdict.model_dump(mode="json"),
            share=share,
            key=self.brief.rollout.key or self.brief.columns.id,
        ).release

    def _package(self, run: str) -> str:
        return str((self.folder.run(run) / "package").relative_to(self.folder.state))

    def _put_to_use(self, run: str, version: int | None, verdict: dict[str, Any], kind: Any) -> Release:
        # The release is what counts, and comes last: whoever is interrupted in between does the same again.
        if version is not None:
            self.tracking.set_alias(self.brief.problem.name, "champion", version)
        return self.operations.add_release(
            run=run, package=self._package(run), version=version, verdict=verdict, kind=kind
        )

    def _verdict(self, place: Path, current: Release | None, *, retrained: bool = False) -> Verdict:
        """Hold a run to what the brief promises now; only a new rival costs another look at the vault."""
        prepared = Preparation.of(self.folder, place.name)
        _refuse_another_question(prepared, self.brief)
        package = Package.open(place / "package", self.brief.serving.signed_by)
        contested, before = kept_verdict(place)
        if current is None:
            contested = Contest()
        elif contested.release != current.id:
            sealed = open_sealed(prepared, self.operations, f"comparison with {current.id}")
            contested = contest(self.folder, prepared, sealed, score(package, sealed.rows), current)
        evaluated = behaving_now(prepared, package, self.brief, evaluation_in(package))
        unless_worse = retrained and self.brief.retraining.release == "unless_worse"
        verdict = decide(evaluated, self.brief, contested, package, unless_worse=unless_worse)
        keep_verdict(place, contested, verdict)
        if verdict != before:
            leaderboard = [LeaderboardRow(**row) for row in read_json(place / "built.json")["leaderboard"]]
            write_run_report(prepared, evaluated, verdict, place, leaderboard, self.operations)
        return verdict


def share_of(*, shadow: bool, canary: float | str | None) -> float | None:
    """Return which share of the keys a challenger answers: 0 in the shadow, None where it is no trial.

    Raises
    ------
    ReleaseError
        If the share is not between 0 and 1, or both are asked for.
    """
    if canary is None:
        return 0.0 if shadow else None
    if shadow:
        raise ReleaseError("a challenger stands in the shadow or answers as a canary, not both; choose one")
    text = str(canary).strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise ReleaseError(
            f"a canary answers a share such as 10% or 0.1, more than 0 and less than 1; got {text}"
        )
    return share


def refuse_trial(folder: Folder, operations: Operations, current: Release | None, run: str) -> None:
    """Refuse to put a candidate beside a release before the vault is opened for it.

    Raises
    ------
    ReleaseError
        If there is no such release, it has another challenger already, or it answers something else.
    """
    if current is None:
        raise ReleaseError(
            "nothing is in production that a challenger could stand beside; run `modelwright deploy` alone"
        )
    other = operations.running_rollout()
    if other is not None:
        raise ReleaseError(f"{other.release} is on trial already; `modelwright rollback` ends that trial")
    champion = Package.open(folder.state / current.package).manifest
    challenger = Package.open(folder.run(run) / "package").manifest
    if (champion.target, champion.classes) != (challenger.target, challenger.classes):
        raise ReleaseError(
            f"run {run[:8]} answers another question than {current.id}, so the two cannot be compared; "
            "run `modelwright deploy` alone"
        )


def _refuse_another_question(prepared: Preparation, brief: Brief) -> None:
    then, now = prepared.brief.question(), brief.question()
    changed = [key for key in now if now[key] != then[key]]
    if changed:
        raise ReleaseError(
            f"the brief asks another question than run {prepared.start.run[:8]} answers: "
            f"{', '.join(changed)} changed since; build again, or change it back"
        )

"""A challenger on trial: judged as labels come, promoted or taken back by the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic_core import to_jsonable_python

from modelwright.deployment import (
    CHAMPION,
    Guards,
    Judgement,
    LossEvidence,
    Package,
    Standing,
    TrialTerms,
    guarded_scores,
    judge,
)
from modelwright.errors import ReleaseError
from modelwright.evaluation import Rule, Verdict
from modelwright.lifecycle.release import Releases
from modelwright.monitoring import REFERENCE, Reference
from modelwright.store import Release, Rollout

LIVE = "MW-R006"
_CAPPED = 3.0  # errors count up to so many times what nine in ten rows of the vault did not exceed

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """A challenger on trial, as it stands.

    Attributes
    ----------
    release : str
        The challenger's.
    run : str
    champion : str
        The release that it stands beside.
    kind : {"shadow", "canary"}
    share : float
        Of the keys, for the challenger.
    key : str
        Column whose value decides who answers; empty for the whole row.
    since : datetime
    status : {"running", "promoted", "rolled back", "withdrawn", "superseded"}
    reason : str
        Why it ended.
    judgement : Judgement
        The evidence, and what follows from it.
    """

    release: str
    run: str
    champion: str
    kind: str
    share: float
    key: str
    since: datetime
    status: str
    reason: str
    judgement: Judgement


class Trials:
    """Judges the challenger on trial; what a running server follows.

    Parameters
    ----------
    releases : Releases
    """

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._operations = releases.operations
        self._state = releases.folder.state
        self._references: dict[str, Reference] = {}

    def standing(self) -> Standing:
        """Say what is in production now.

        Raises
        ------
        ReleaseError
            If nothing is.
        """
        current, trial = self._operations.current_release(), self._operations.running_rollout()
        if current is None:
            raise ReleaseError("nothing is released yet; `modelwright deploy` releases the newest candidate")
        package = str(self._state / current.package)
        signers = self._releases.brief.serving.signed_by
        if trial is None:
            return Standing(current.id, package, signed_by=signers)
        challenger = self._release(trial.release)
        terms = TrialTerms(
            share=trial.share,
            key=trial.key,
            slow_ms=self._releases.brief.promises.latency_ms,
            score_shift=self._releases.brief.rollout.score_shift,
            cuts=_cuts(self._reference(current)),
            guards=trial.state.get("guards"),
        )
        theirs = str(self._state / challenger.package)
        return Standing(current.id, package, challenger.id, theirs, terms, signers)

    def visit(self, guards: Guards | None = None) -> Trial:
        """Bring the evidence up to date, and act on it where it decides.

        Parameters
        ----------
        guards : Guards, optional
            What a server has seen; without them, what one kept last.

        Raises
        ------
        ReleaseError
            If no challenger is on trial.
        """
        trial = self._operations.running_rollout()
        if trial is None:
            raise ReleaseError(
                "no challenger is on trial; `modelwright deploy --shadow` or `--canary 10%` begins a trial"
            )
        champion = self._release(trial.champion)
        loss = self._learn(trial, champion)
        guards = guards or self._kept_guards(trial, champion)
        found = judge(loss, guards, self._releases.brief.rollout.error)
        state = {"loss": loss.to_dict(), "guards": guards.to_dict(), "judgement": to_jsonable_python(found)}
        self._operations.keep_rollout(trial.release, state)
        self._act(trial, found)
        (after,) = (each for each in self._operations.rollouts() if each.release == trial.release)
        return _told(after, self._release(after.release).run, found)

    def _act(self, trial: Rollout, found: Judgement) -> None:
        if found.outcome == "roll back":
            self._operations.end_rollout(trial.release, "rolled back", found.words)
        elif found.outcome == "promote":
            given = Verdict.model_validate(self._release(trial.release).verdict)
            self._releases.promote(trial, _with_live_evidence(given, found))

    def _learn(self, trial: Rollout, champion: Release) -> LossEvidence:
        loss = LossEvidence.begin()
        if "loss" in trial.state:
            loss = loss.restored(trial.state["loss"])
        given, instead = self._operations.trial_labels(trial, loss.last_label)
        rows = pl.concat([given["seq"], instead["seq"]])
        if rows.is_empty():
            return loss
        last, reference = int(rows.max()), self._reference(champion)  # type: ignore[arg-type]
        theirs, ours = _losses(reference, given), _losses(reference, instead)
        if trial.is_shadow:
            return loss.paired(theirs, ours, last)
        order = np.argsort(rows.to_numpy(), kind="stable")
        is_challenger = np.repeat([False, True], [len(theirs), len(ours)])
        return loss.unpaired(is_challenger[order], np.concatenate([theirs, ours])[order], last)

    def _kept_guards(self, trial: Rollout, champion: Release) -> Guards:
        reference = self._reference(champion)
        names = guarded_scores(reference.classes, _cuts(reference))
        guards = Guards.begin(names, self._releases.brief.rollout.score_shift)
        return guards.restored(trial.state["guards"]) if "guards" in trial.state else guards

    def _release(self, named: str) -> Release:
        return next(each for each in self._operations.releases() if each.id == named)

    def _reference(self, release: Release) -> Reference:
        if release.id not in self._references:
            package = Package.open(self._state / release.package)
            self._references[release.id] = Reference.parse(package.content[REFERENCE])
        return self._references[release.id]


def _told(trial: Rollout, run: str, found: Judgement) -> Trial:
    return Trial(
        release=trial.release,
        run=run,
        champion=trial.champion,
        kind="shadow" if trial.is_shadow else "canary",
        share=trial.share,
        key=trial.key,
        since=trial.at,
        status=trial.status,
        reason=trial.reason,
        judgement=found,
    )


def _losses(reference: Reference, labelled: pl.DataFrame) -> Floats:
    """Return the loss of each row in [0, 1]: Brier's score, or the absolute error up to a cap."""
    if labelled.is_empty():
        return np.empty(0)
    if reference.classes:
        codes = {label: code for code, label in enumerate(reference.classes)}
        y = labelled["label"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
        fields = [pl.col("probabilities").struct.field(each) for each in reference.classes]
        distance = labelled.select(fields).to_numpy().astype(np.float64, copy=True)
        distance[np.arange(len(y)), y] -= 1.0
        losses: Floats = np.clip((distance**2).sum(axis=1) / 2, 0.0, 1.0)
        return losses
    limit = None if reference.loss is None else reference.loss.limit
    errors = np.abs((labelled["prediction"] - labelled["label"]).to_numpy().astype(np.float64))
    if not limit:
        raise ReleaseError(
            "the model in production has no promised error to measure by, since its vault had too few rows; "
            "end the trial with `modelwright rollback`"
        )
    capped: Floats = np.minimum(errors / (_CAPPED * limit), 1.0)
    return capped


def _cuts(reference: Reference) -> tuple[float, ...]:
    """Return rising values of the champion, by which the rank of another value is told."""
    if reference.classes:
        return ()
    scores = (each.bins for each in reference.streams if each.subject == "score")
    return next((bins.edges for bins in scores if bins.kind == "number"), ())


def _with_live_evidence(verdict: Verdict, found: Judgement) -> Verdict:
    """Put what production has shown in the place of the comparison on held-out rows."""
    live = Rule(
        code=LIVE,
        name="better than the model in production, there",
        figure="mean loss of the champion minus the challenger's",
        value=found.difference,
        low=found.low,
        high=found.high,
        bound=0.0,
        held=True,
        words=found.words,
    )
    rules = (*(rule for rule in verdict.rules if rule.code != CHAMPION), live)
    return Verdict(held=True, rules=rules, decided_by=LIVE, words=f"Promoted: {found.words}")

"""One build, from start to candidate; killed anywhere, it goes on from the last finished fold."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic_core import to_jsonable_python

from modelwright import data, deployment, training
from modelwright.data import Batches, Contract, Origin
from modelwright.deployment import Package
from modelwright.engine import whole_memory
from modelwright.errors import ContractError, RunError
from modelwright.evaluation import Evaluation, render_model_card
from modelwright.lifecycle.alone import alone
from modelwright.lifecycle.auditing import keep_audit, refuse_leaks
from modelwright.lifecycle.behaving import refuse_impossible_behaviour, with_cases
from modelwright.lifecycle.cleaning import contract_for
from modelwright.lifecycle.cross_validated import keep_out_of_fold
from modelwright.lifecycle.finishing import training_seconds
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.interrupting import Interruption
from modelwright.lifecycle.judging import (
    Sealed,
    contest,
    evaluate,
    evaluation_in,
    open_sealed,
    sealed_prediction,
    simplest,
)
from modelwright.lifecycle.mitigating import mitigated
from modelwright.lifecycle.preparation import Preparation, Start
from modelwright.lifecycle.release import decide, keep_verdict
from modelwright.lifecycle.reporting import CARD, dossier_of, write_run_report
from modelwright.lifecycle.results import LINEAR_ALONE, Built
from modelwright.lifecycle.run_manifest import keep_manifest, manifest_of
from modelwright.lifecycle.trusting import trust
from modelwright.monitoring import Reference
from modelwright.problem import Brief, Finding, SplitSection, StoreSection, memory_bytes
from modelwright.store import Operations, Tracking, make_private, make_private_folder, read_json, write_json
from modelwright.training import Trained

OnProgress = Callable[[training.Progress], None]


class Builder:
    """Conducts builds of one project.

    Parameters
    ----------
    folder : Folder
    brief : Brief
    operations : Operations
        Holds the ledger of looks and the releases.
    tracking : Tracking
        Holds the runs.
    on_progress : callable or None
        Called with a `training.Progress` before and after each fit, and when the build is interrupted.
    strict : bool, default False
        Whether columns that give the answer away stop the build.
    """

    def __init__(
        self,
        folder: Folder,
        brief: Brief,
        operations: Operations,
        tracking: Tracking,
        on_progress: OnProgress | None = None,
        *,
        strict: bool = False,
    ) -> None:
        self.folder = folder
        self.brief = brief
        self.operations = operations
        self.tracking = tracking
        self.on_progress = on_progress
        self.strict = strict
        self._latest = training.Progress("", 0, 0, None, None, None)
        self._interruption = Interruption(self._tell_interrupted)
        self._began = time.monotonic()

    def build(
        self,
        table: pl.DataFrame | Batches,
        source: str | Origin,
        *,
        vault_rows: NDArray[np.int64] | None = None,
    ) -> Built:
        """Build a candidate from a table.

        Parameters
        ----------
        table : polars.DataFrame or Batches
            Raw rows, the target included.
        source : str or Origin
            Where they come from.
        vault_rows : ndarray of int, optional
            Positions of the rows to seal; chosen by the split otherwise.

        Raises
        ------
        ContractError
            If the data breaks the contract.
        LeakError
            If columns give the answer away, and the build is strict.
        """
        return self._conduct(self._start(table, source, vault_rows))

    def resume(self) -> Built:
        """Go on with the newest build that did not finish.

        Raises
        ------
        RunError
            If there is none.
        """
        started = (self.folder.state / "runs").glob("*/start.json")
        unfinished = [path for path in started if not (path.parent / "built.json").exists()]
        if not unfinished:
            raise RunError("there is no interrupted build to resume; start one with `modelwright build`")
        newest = max(unfinished, key=lambda path: path.stat().st_mtime_ns)
        start = Start(**read_json(newest))
        self.tracking.resume(start.run)
        return self._conduct(start)

    def _start(
        self, table: pl.DataFrame | Batches, origin: str | Origin, vault_rows: NDArray[np.int64] | None
    ) -> Start:
        source = data.shown(origin)
        query = origin.options.query if isinstance(origin, Origin) else ""
        treated = _treated(table, self.folder.read_contract())
        encrypt = self.brief.data.encrypt
        snapshot = data.take_snapshot(treated, self.folder.snapshots, source, query=query, encrypt=encrypt)
        frame = treated if isinstance(treated, pl.DataFrame) else snapshot.read()
        contract = data.with_key(contract_for(self.folder, self.brief, frame))
        refuse_impossible_behaviour(contract, with_cases(self.brief, self.folder.root))
        _refuse_broken(data.check(contract, frame), source)
        audited = data.audit(frame, contract, passed_over=self.brief.columns.ignore)
        if self.strict:
            refuse_leaks(audited)
        way = _way(frame, contract, self.brief.split) if vault_rows is None else "the newest labels"
        sealed = self._sealed_before(snapshot.hash, way) if vault_rows is None else vault_rows
        learnt, held = self._divide(frame, contract, sealed)
        data.weights_of(frame[np.union1d(learnt, held)], contract)  # refuses rows without one before any work
        vault = data.seal(
            frame[held], self.folder.vault, snapshot.hash, contract, encrypt=self.brief.data.encrypt
        )
        settings = self.brief.training.model_dump() | self.brief.problem.model_dump(mode="json")
        run = self.tracking.start(_run_name(), settings, {"snapshot": snapshot.hash, "source": source})
        start = Start(
            run=run,
            name=self.tracking.find(run).name,
            snapshot=snapshot.hash,
            vault=vault.name,
            brief=with_cases(self.brief, self.folder.root).model_dump(mode="json"),
            contract=contract.to_dict(),
            way=way,
            by_age=vault_rows is not None,
            reading=to_jsonable_python(table.findings if isinstance(table, Batches) else ()),
        )
        place = self.folder.run(run)
        make_private_folder(place)
        np.save(place / "rows.npy", learnt, allow_pickle=False)
        np.save(place / "held.npy", held, allow_pickle=False)
        keep_audit(place, audited)
        make_private(place)
        write_json(place / "start.json", asdict(start))
        return start

    def _sealed_before(self, snapshot: str, way: str) -> NDArray[np.int64] | None:
        """Return the rows of the snapshot that an earlier build sealed in the same way; they stay sealed."""
        for path in sorted((self.folder.state / "runs").glob("*/start.json")):
            start = read_json(path)
            if (start["snapshot"], start["way"]) == (snapshot, way):
                sealed: NDArray[np.int64] = np.load(path.parent / "held.npy", allow_pickle=False)
                return sealed
        return None

    def _divide(
        self, frame: pl.DataFrame, contract: Contract, held: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the positions of the rows to learn from, and of those to seal."""
        usable = data.rows_to_learn_from(contract, frame)
        split = data.propose_split(frame[usable], contract, self.brief.split)
        if held is None:
            learnt, chosen = data.hold_out(frame[usable], contract, split, self.brief.training.seed)
            return usable[learnt], usable[chosen]
        held = np.intersect1d(data.labelled_rows(contract, frame), held)
        return np.intersect1d(usable, data.learnable(frame, contract, split, held)), held

    def _conduct(self, start: Start) -> Built:
        place = self.folder.run(start.run)
        try:
            with alone(place), self._failing(start.run), self._interruption:
                return self._to_candidate(Preparation(self.folder, start))
        finally:
            make_private(place)

    @contextmanager
    def _failing(self, run: str) -> Iterator[None]:
        """Let the tracking store know of a build that does not come to its end."""
        try:
            yield
        except BaseException as error:
            self.tracking.finish(run, "KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED")
            raise

    def _to_candidate(self, prepared: Preparation) -> Built:
        place = self.folder.run(prepared.start.run)
        trained = self._train(prepared, place)
        sealed = open_sealed(prepared, self.operations, "evaluation")
        trained = mitigated(prepared, _chosen(prepared, trained, sealed, place))
        keep_out_of_fold(prepared, trained, place)
        keep_manifest(manifest_of(prepared, trained), place)
        package = _package(prepared, trained, sealed, place)
        evaluated = evaluation_in(package)
        contested = contest(
            self.folder,
            prepared,
            sealed,
            sealed_prediction(prepared, trained),
            self.operations.current_release(),
        )
        verdict = decide(evaluated, prepared.brief, contested, package)
        keep_verdict(place, contested, verdict)
        write_run_report(prepared, evaluated, verdict, place, trained.leaderboard, self.operations)
        return self._record(prepared, trained, evaluated, place)

    def _train(self, prepared: Preparation, place: Path) -> training.Trained:
        checkpoint = training.Checkpoint(place / "checkpoint")
        limit = prepared.brief.training.time_limit
        self._began -= checkpoint.spent()
        spent = time.monotonic() - self._began
        deadline = training.Deadline(training_seconds(prepared, limit, spent), spent=spent)
        ended = checkpoint.ended()
        record = None if ended is None else training.TrainingRecord.from_dict(ended)
        if record is not None:
            deadline.cut(record.ended)
        self._interruption.watch(deadline)
        trained = training.train(
            prepared.work(),
            deadline,
            checkpoint=checkpoint,
            on_progress=self._tell,
            fits=prepared.brief.training.work or None,
            record=record,
            memory=memory_bytes(prepared.brief.training.memory, whole_memory()),
        )
        checkpoint.note_ended(asdict(trained.record))
        return trained

    def _tell(self, now: training.Progress) -> None:
        self._latest = now
        if self.on_progress is not None:
            self.on_progress(now)

    def _tell_interrupted(self) -> None:
        self._tell(replace(self._latest, phase="interrupted"))

    def _record(self, prepared: Preparation, trained: Trained, evaluated: Evaluation, place: Path) -> Built:
        start, score = prepared.start, evaluated.score
        best = evaluated.best_baseline or ""
        figures = {"score": score.value, "score_low": score.low, "score_high": score.high}
        figures |= {f"baseline_{name}": earned.value for name, earned in evaluated.baselines.items()}
        figures |= {name: figure.value for name, figure in evaluated.intervals.items()}
        if evaluated.cost is not None:
            figures["saving_per_row"] = evaluated.cost.saving.value
        self.tracking.log(start.run, metrics=figures | {"cross_validated": trained.score})
        self.tracking.log_folder(start.run, place / "package", "package")
        self.tracking.log_folder(start.run, place / "report.html", "")
        self.tracking.log_folder(start.run, place / CARD, "")
        if (place / "audit.json").exists():
            self.tracking.log_folder(start.run, place / "audit.json", "")
        version = self.tracking.register(prepared.brief.problem.name, start.run, "package")
        self.tracking.set_alias(prepared.brief.problem.name, "challenger", version)
        self.tracking.finish(start.run)
        built = Built(
            run=start.run,
            name=start.name,
            task=evaluated.task,
            metric=evaluated.metric,
            score=score.value,
            interval=(score.low, score.high),
            baseline=evaluated.baselines[best].value,
            baseline_name=best,
            seconds=time.monotonic() - self._began,
            package=str(place / "package"),
            report=str(place / "report.html"),
            version=version,
            leaderboard=trained.leaderboard,
            choice=_choice(trained),
            tried=trained.tried,
            planned=trained.planned,
            ended=trained.ended,
            reading=tuple(Finding.model_validate(each) for each in start.reading),
        )
        write_json(place / "built.json", to_jsonable_python(built))
        shutil.rmtree(place / "checkpoint")
        return built


def _treated(table: pl.DataFrame | Batches, contract: Contract) -> pl.DataFrame | Batches:
    """Return a table with its personal data treated, part by part where it comes in parts."""
    treatments = data.Treatments(contract)
    if isinstance(table, pl.DataFrame):
        return treatments.table(table)
    schema = treatments.table(pl.DataFrame(schema=table.schema)).schema
    return Batches(schema, map(treatments.table, table), table.notes)


def _without_urls(brief: Brief) -> Brief:
    """Leave out where this project keeps things: the URLs may hold a password, and a package travels."""
    return brief.model_copy(update={"store": StoreSection()})


def _way(frame: pl.DataFrame, contract: Contract, stated: SplitSection) -> str:
    """Name the way rows are held out: a build that holds them out in another way has another vault."""
    split = data.propose_split(frame[data.rows_to_learn_from(contract, frame)], contract, stated)
    roles = (contract.with_role("time"), contract.with_role("group"))
    return " ".join([split.way, *(f"by {column.name!r}" for column in roles if column is not None)])


def _chosen(prepared: Preparation, trained: Trained, sealed: Sealed, place: Path) -> Trained:
    """Choose between the ensemble and the linear model, once: a resumed build keeps to what it packaged."""
    if not (place / "package").exists():
        return simplest(prepared, trained, sealed)
    is_simpler = Package.open(place / "package").manifest.metadata["choice"] == LINEAR_ALONE
    return trained.simpler if is_simpler and trained.simpler is not None else trained


def _choice(trained: Trained) -> str:
    if "linear" not in trained.baselines:
        return LINEAR_ALONE
    kept = sum(row.weight > 0 for row in trained.leaderboard)
    return f"an ensemble of {kept} of {len(trained.leaderboard)} candidates"


def _package(prepared: Preparation, trained: Trained, sealed: Sealed, place: Path) -> Package:
    """Evaluate and package, unless an interrupted attempt got that far."""
    folder = place / "package"
    if folder.exists():
        return Package.open(folder)
    trusted = trust(prepared, trained, sealed, evaluate(prepared, trained, sealed))
    reference = Reference.build(
        prepared.contract,
        prepared.frame,
        task=prepared.brief.problem.task,
        y=sealed.y,
        prediction=sealed_prediction(prepared, trained),
        times=prepared.seconds(prepared.rows),
        vault_times=prepared.seconds(sealed.rows),
        brief=prepared.brief,
        vault=prepared.sealed_frame,
    )
    proof = pl.concat([prepared.frame, prepared.sealed_frame])
    return deployment.write_package(
        folder,
        trained.model,
        prepared.contract,
        run=prepared.start.run,
        snapshot=prepared.start.snapshot,
        brief=prepared.brief,
        metadata={"choice": _choice(trained)},
        proof=(data.matrices(prepared.contract, proof), trained.proof),
        attachments={
            "reference.json": reference.model_dump_json(),
            "evaluation.json": trusted.evaluation.model_dump_json(),
            "brief.toml": _without_urls(prepared.brief).to_toml(),
            CARD: render_model_card(
                dossier_of(prepared, trusted.evaluation, trained.leaderboard, _choice(trained))
            ),
            **trusted.attachments,
        },
    )


def _refuse_broken(findings: Sequence[Finding], source: str) -> None:
    broken = [finding for finding in findings if finding.severity == "error"]
    if broken:
        first = "; ".join(f"{finding.code} {finding.message}" for finding in broken[:3])
        more = f" (and {len(broken) - 3} more)" if len(broken) > 3 else ""
        raise ContractError(
            f"{source} breaks the contract: {first}{more}. `modelwright check` lists everything; mend the "
            "data, or edit contract.toml if the contract is wrong"
        )


def _run_name() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}"

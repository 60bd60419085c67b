"""A project: one object, one method per stage. Read it from top to bottom to know what Modelwright does.

What it says of data, before anything is learnt from it, is in `modelwright.project_data`; who may ask
its server, and who changed what, in `modelwright.project_access`; what is done about alarms, in
`modelwright.project_alarms`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from modelwright import data, deployment, lifecycle, monitoring
from modelwright.deployment import Package
from modelwright.errors import RunError
from modelwright.lifecycle import (
    Built,
    Compared,
    Created,
    Deployed,
    Reported,
    Retrained,
    RolledBack,
    Scored,
    Vaults,
)
from modelwright.monitoring import Feedback, Monitoring, Trace
from modelwright.problem import Brief
from modelwright.project_access import ProjectAccess
from modelwright.store import RunRecord, Tracking
from modelwright.training import Progress


class Project(ProjectAccess):
    """A problem on its way from a request to a watched model.

    Parameters
    ----------
    folder : str or Path, default "."
        A folder with a ``modelwright.toml``; `Project.create` makes one.

    Attributes
    ----------
    framed : Created or None
        What framing found, where this object created the project.

    Raises
    ------
    ProjectError
        If the folder is no project.

    Examples
    --------
    >>> project = Project.create("churn", data="customers.csv", target="left")  # doctest: +SKIP
    >>> project.build(time_limit="2m")  # doctest: +SKIP
    >>> project.deploy()  # doctest: +SKIP
    >>> project.serve()  # doctest: +SKIP
    """

    def __init__(self, folder: str | Path = ".") -> None:
        super().__init__(folder)
        self.framed: Created | None = None

    # problem

    @classmethod
    def create(
        cls,
        folder: str | Path,
        *,
        data: Any,
        target: str,
        task: str | None = None,
        positive: str | None = None,
        metric: str | None = None,
        request: str | None = None,
        stakeholder: str | None = None,
        id: str | None = None,  # noqa: A002 - the brief's own word
        time: str | None = None,
        group: str | None = None,
        weight: str | None = None,
        protected: list[str] | None = None,
        ignore: list[str] | None = None,
        increasing: list[str] | None = None,
        decreasing: list[str] | None = None,
        encrypt: bool = False,
        query: str | None = None,
    ) -> Project:
        """Frame a problem: write its brief and contract, and see what baselines earn.

        Parameters
        ----------
        folder : str or Path
            Where the project shall be; its last part names the model.
        data : str, Path or table
            A path, a pattern, a folder or a URL; or a pandas, Polars, Arrow or DuckDB table.
        target : str
            The column to predict.
        task, positive, metric, request, stakeholder : str, optional
            As in the brief; inferred where not given.
        id, time, group, weight : str, optional
            Columns with a role.
        protected, ignore : list of str, optional
            Columns with a role.
        increasing, decreasing : list of str, optional
            Features with which the prediction must not fall, or must not rise.
        encrypt : bool, default False
            Whether snapshots and held-out rows are kept encrypted.
        query : str, optional
            SQL, for databases: its rows are the table.

        Returns
        -------
        Project
            Its `framed` holds what framing found.
        """
        given = lifecycle.by_section(
            task=task, positive=positive, metric=metric, request=request, stakeholder=stakeholder, id=id,
            time=time, group=group, weight=weight, protected=protected, ignore=ignore, query=query,
            increasing=increasing, decreasing=decreasing, encrypt=encrypt,
        )  # fmt: skip
        framed = lifecycle.create(Path(folder), data, target, given)
        project = cls(framed.project)
        project.framed = framed
        return project

    # training and evaluation

    def build(
        self,
        *,
        time_limit: float | str | None = None,
        work: int | None = None,
        resume: bool = False,
        strict: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Built:
        """Choose, train and evaluate: a candidate.

        Parameters
        ----------
        time_limit : float or str, optional
            Seconds, or text such as ``"5m"``; by default the brief's.
        work : int, optional
            A count of fits in place of the time limit: the same data and brief then give the same predictions
            to the bit, on the same machine.
        resume : bool, default False
            Go on with the newest build that was interrupted, within its own time limit.
        strict : bool, default False
            Refuse to build where the leak audit accuses a column.
        on_progress : callable, optional
            Called with a `modelwright.training.Progress` before and after each fit: what is tried and why,
            the best score so far and its interval, what the ensemble would hold, what is left.

        Notes
        -----
        Interrupted once (Ctrl-C), a build finishes with the best so far; a second interrupt stops it at once.
        """
        builder = self._builder(time_limit, on_progress, work=work, strict=strict)
        if resume and (time_limit is not None or work is not None):
            raise RunError(
                "an interrupted build goes on within its own time limit; leave out --time-limit and --work, "
                "or start a new build"
            )
        if resume:
            return builder.resume()
        return builder.build(data.batches(self._given()), self._source())

    def replay(self, run: str | None = None) -> lifecycle.Replayed:
        """Do a run's fits again and say whether they come to the same; no candidate comes of it."""
        return lifecycle.replay(self.folder, self._run(run))

    def diff(self, first: str, second: str) -> lifecycle.RunDifferences:
        """Say what differs between two runs: data, brief, contract, versions, plan, training and figures."""
        return lifecycle.diff(self.folder, self._run(first), self._run(second))

    def runs(self) -> list[RunRecord]:
        """List the runs, newest first."""
        return self._tracking.runs()

    def report(self, run: str | None = None) -> Reported:
        """Return a run's evaluation and where its report lies; by default of the newest finished run."""
        return lifecycle.report(self.folder, self._run(run))

    def errors(self, run: str | None = None) -> lifecycle.IncorrectOutcomes:
        """Say which outcomes of a run are wrong, why, and where; by default of the newest finished run."""
        return lifecycle.incorrect_outcomes(self.folder, self._run(run))

    def compare(self, *runs: str) -> Compared:
        """Compare two or more runs, paired on the held-out rows that none has learnt from."""
        return lifecycle.compare(self.folder, [self._run(run) for run in runs], self._operations)

    def vault(self) -> Vaults:
        """List the sealed rows and every look at them; this is no look."""
        return lifecycle.list_vaults(self.folder, self._operations)

    def labels(
        self, run: str | None = None, *, most: int = 20, output: str | Path | None = None
    ) -> lifecycle.LabelReview:
        """List the training labels that a run's learners doubt, for review; by default of the newest run."""
        written = None if output is None else Path(output)
        return lifecycle.review_labels(self.folder, self._run(run), most, written)

    # deployment

    def deploy(
        self, run: str | None = None, *, shadow: bool = False, canary: float | str | None = None
    ) -> Deployed:
        """Release a run's candidate through the gate, or put it on trial beside the current release.

        Parameters
        ----------
        run : str, optional
            By default the newest finished run.
        shadow : bool, default False
            Let it score what the current release answers, without answering.
        canary : float or str, optional
            Let it answer this share, such as 0.1 or ``"10%"``, chosen by a stable key.
        """
        share = lifecycle.share_of(shadow=shadow, canary=canary)
        return self._releases().deploy(self._run(run), share)

    def sign(self, key: str | Path, run: str | None = None) -> str:
        """Sign a run's package with a private key, by default the newest run's; return the public key."""
        package = Package.open(self.folder.run(self._run(run)) / "package")
        return package.sign(Path(key))

    def trial(self) -> lifecycle.Trial:
        """Judge the challenger on trial by what is known, and promote it or take it back if that decides."""
        return lifecycle.Trials(self._releases()).visit()

    def rollback(self) -> RolledBack:
        """Take the challenger on trial back; without one, put the release before back to use."""
        return self._releases().rollback()

    def releases(self) -> tuple[lifecycle.Period, ...]:
        """List what was in production or on trial, and when, oldest first."""
        return lifecycle.list_releases(self._operations)

    def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        socket: str | Path | None = None,
        tls_certificate: str | Path | None = None,
        tls_key: str | Path | None = None,
        on_ready: Callable[[str], None] | None = None,
    ) -> None:
        """Serve what is in production over HTTP until interrupted, following releases, trials and keys.

        Parameters
        ----------
        host : str, default "127.0.0.1"
            Address to bind to.
        port : int, default 8000
            0 takes a free one.
        socket : str or Path, optional
            A Unix socket in their place.
        tls_certificate, tls_key : str or Path, optional
            PEM files; the key may be in the certificate's file.
        on_ready : callable, optional
            Called with the URL once requests are answered.
        """
        release, package = self._current()
        paths = [None if each is None else Path(each) for each in (socket, tls_certificate, tls_key)]
        deployment.serve(
            package,
            release.id,
            self._operations,
            address=deployment.Address(host, port, *paths),
            on_ready=on_ready,
            production=lifecycle.Trials(self._releases()),
            per_second=self.brief.serving.per_second,
        )

    def score(
        self,
        source: Any,
        output: str | Path,
        asked: deployment.Asked | None = None,
        *,
        query: str | None = None,
    ) -> Scored:
        """Score a file or table with the current release and write the answers as CSV or Parquet."""
        given, asked = self._given(source, query), asked or deployment.Asked()
        return Scored(deployment.score_file(self._current()[1], given, Path(output), asked), str(output))

    def explain(self, what: Any, *, row: int = 0, run: str | None = None) -> lifecycle.Explained:
        """Say what each column adds to an answer: for a prediction's id, a record or a table's row."""
        run = run and self._run(run)
        return lifecycle.explain(self.folder, self._operations, what, row=row, run=run)

    # monitoring

    def feedback(self, source: Any, *, query: str | None = None) -> Feedback:
        """Join labels that came later (columns ``id`` and ``label``) to the predictions."""
        labels = data.read(self._given(source, query))
        return monitoring.feedback(self._operations, labels, self.contract)

    def monitor(self) -> Monitoring:
        """Say which promises of the current release hold, which do not, and tell who wants to know."""
        release, package = self._current()
        found = monitoring.monitor(self._operations, release, package, self.brief)
        return found.model_copy(update={"told": self.notify()})

    def retrain(
        self,
        *,
        if_needed: bool = False,
        time_limit: float | str | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Retrained:
        """Build a challenger from old and new rows, and release it where it is better.

        Parameters
        ----------
        if_needed : bool, default False
            Only where monitoring calls for it.
        time_limit, on_progress
            As for `build`.
        """
        return lifecycle.retrain(
            self._builder(time_limit, on_progress),
            self._releases(),
            self.monitor(),
            data.read(self._given()),
            if_needed=if_needed,
        )

    def approve(self, run: str) -> Retrained:
        """Release a challenger that awaits approval, if the gate still lets it through."""
        return lifecycle.approve(self._releases(), self._run(run))

    def reject(self, run: str, reason: str = "") -> Retrained:
        """Refuse a challenger that awaits approval."""
        return lifecycle.reject(self._releases(), self._run(run), reason)

    def watch(
        self,
        *,
        every: float | str = "10m",
        retrain: bool = False,
        visits: int | None = None,
        on_visit: Callable[[lifecycle.Visited], None] = lambda _: None,
    ) -> int:
        """Monitor every so often until asked to stop, retrain by policy, and return the number of visits."""
        by_policy = (lambda: self.retrain(if_needed=True)) if retrain else None
        seconds = lifecycle.seconds_of(every)
        return lifecycle.keep_watch(self.folder.state, seconds, self.monitor, by_policy, on_visit, visits)

    def trace(self, prediction: str) -> Trace:
        """Walk from a prediction back to the release, the run, the data and the request."""
        return lifecycle.trace(self.folder, self._operations, prediction)

    # what the stages share

    @cached_property
    def _tracking(self) -> Tracking:
        return self.folder.open_tracking(self.brief)

    def _builder(
        self,
        time_limit: float | str | None,
        on_progress: Callable[[Progress], None] | None,
        *,
        work: int | None = None,
        strict: bool = False,
    ) -> lifecycle.Builder:
        brief = self.brief
        asked = {"time_limit": time_limit, "work": work}
        given = {key: value for key, value in asked.items() if value is not None}
        if given:
            stated = brief.model_dump()
            stated["training"] |= given
            brief = Brief.from_dict(stated, " and ".join(f"--{key.replace('_', '-')}" for key in given))
        return lifecycle.Builder(
            self.folder, brief, self._operations, self._tracking, on_progress, strict=strict
        )

    def _releases(self) -> lifecycle.Releases:
        return lifecycle.Releases(self.folder, self.brief, self._operations, self._tracking)

    def _run(self, run: str | None) -> str:
        if run is not None:
            return self._tracking.find(run).id
        finished = [record.id for record in self.runs() if record.status == "FINISHED"]
        if not finished:
            raise RunError("there is no finished run yet; `modelwright build` makes one")
        return finished[0]

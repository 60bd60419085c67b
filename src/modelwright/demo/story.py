"""The demo: a request, a model, a service, labels, an eye on it, and a challenger."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console

from modelwright.demo.data import adult
from modelwright.demo.traffic import post, serving
from modelwright.errors import ProjectError
from modelwright.lifecycle import Built, Deployed, Retrained
from modelwright.monitoring import Monitoring
from modelwright.project import Project
from modelwright.training import Progress

REQUEST = (
    "Which households earn more than 50,000 dollars? We write to them; a letter costs 1, a missed donor 5."
)
LIVE_ROWS = 600
LABELLED_ROWS = 500
ROWS_PER_REQUEST = 20
MARK = ".modelwright-demo"


@dataclass(frozen=True)
class Told:
    """What the demo did.

    Attributes
    ----------
    project : str
        Its folder.
    report : str
        The HTML report.
    built : Built
    deployed : Deployed
    sent, labelled : int
        Rows sent over HTTP, and labels fed back.
    monitoring : Monitoring
    retrained : Retrained
    seconds : float
        From start to finish.
    """

    project: str
    report: str
    built: Built
    deployed: Deployed
    sent: int
    labelled: int
    monitoring: Monitoring
    retrained: Retrained
    seconds: float


def run_demo(folder: str | Path, *, time_limit: str | float = "30s", out: Console | None = None) -> Told:
    """Walk the whole loop and say what happened.

    Parameters
    ----------
    folder : str or Path
        Where the project shall be. An earlier demo there is replaced; anything else is left alone.
    time_limit : str or float, default "30s"
        How long each of the two builds may take.
    out : rich.console.Console, optional
        Where the account is written.

    Raises
    ------
    ProjectError
        If the folder holds something that no demo wrote.
    """
    began = time.monotonic()
    root = _make_room(Path(folder).expanduser().resolve())
    say = _Voice(out or Console(highlight=False))
    rows = adult().sample(fraction=1.0, shuffle=True, seed=7)
    history, live = rows[:-LIVE_ROWS], rows[-LIVE_ROWS:]

    say.heading("The problem", f"{REQUEST!r}, asks the fundraising team.")
    with say.progress("reading, profiling, fitting the baselines"):
        project = _frame(root, history)
    say.framed(project)
    checked = project.check()
    say.line(
        f"The contract holds on all {checked.rows:,} rows." if checked.held else "The contract is broken."
    )

    say.heading("A model", f"Candidates are trained, joined and judged for at most {time_limit}.")
    with say.progress("building") as on_progress:
        built = project.build(time_limit=time_limit, on_progress=on_progress)
    say.built(built)
    deployed = project.deploy()
    say.verdict(deployed)

    say.heading("In production", "Serving on a free port of this machine only.")
    with serving(root) as url:
        answers = list(_send(url, live))
        labelled = _feed_back(url, answers, live)
    say.line(f"{len(answers)} rows were sent to {url}/predict; each answer was kept before it was given.")
    say.line(f"{labelled} labels came back to {url}/feedback.")
    monitoring = project.monitor()
    say.line(monitoring.words)

    say.heading("Retraining", "A challenger learns from old and new rows; the newest rows judge both.")
    with say.progress("retraining") as on_progress:
        retrained = project.retrain(time_limit=time_limit, on_progress=on_progress)
    say.line(retrained.reason)
    say.line(_OUTCOMES[retrained.decision])

    seconds = time.monotonic() - began
    say.heading("Done", f"The whole loop took {seconds:.0f} s.")
    say.paths(built.report, str(root), answers[0]["id"])
    return Told(
        str(root), built.report, built, deployed, len(answers), labelled, monitoring, retrained, seconds
    )


_OUTCOMES = {
    "released": "So the challenger is in production now.",
    "refused": "So the model in production stays.",
    "kept": "So the model in production stays.",
}


def _make_room(root: Path) -> Path:
    if root.exists() and any(root.iterdir()):
        if not (root / MARK).exists():
            raise ProjectError(
                f"{root} exists and no demo wrote it; name another folder: modelwright demo FOLDER"
            )
        shutil.rmtree(root)
    return root


def _frame(root: Path, history: pl.DataFrame) -> Project:
    project = Project.create(
        root,
        data=history,
        target="class",
        request=REQUEST,
        stakeholder="fundraising team",
        protected=["sex", "race"],
        ignore=["fnlwgt"],
    )
    (root / MARK).touch()
    brief = project.brief
    wishes = {
        "costs": brief.costs.model_copy(
            update={"currency": "USD", "false_positive": 1.0, "false_negative": 5.0}
        ),
        "promises": brief.promises.model_copy(update={"gain": 0.005, "group_gap": 0.5}),
    }
    project.folder.brief.write_text(brief.model_copy(update=wishes).to_toml(), encoding="utf-8")
    return project


def _send(url: str, live: pl.DataFrame) -> Iterator[dict[str, Any]]:
    records = live.drop("class").to_dicts()
    for start in range(0, len(records), ROWS_PER_REQUEST):
        answer = post(f"{url}/predict", {"records": records[start : start + ROWS_PER_REQUEST]})
        yield from answer["predictions"]


def _feed_back(url: str, answers: list[dict[str, Any]], live: pl.DataFrame) -> int:
    truth = zip(answers[:LABELLED_ROWS], live["class"], strict=False)
    labels = [{"id": answer["id"], "label": label} for answer, label in truth]
    post(f"{url}/feedback", {"labels": labels})
    return len(labels)


class _Voice:
    """Says what happened in plain words."""

    def __init__(self, out: Console) -> None:
        self.out = out

    def heading(self, title: str, words: str) -> None:
        self.out.print(f"\n[bold]{title}[/]")
        self.line(words)

    def line(self, words: str) -> None:
        self.out.print(words, markup=False)

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[Progress], None]]:
        """Show what is tried now, on a terminal only; it leaves nothing behind."""
        with self.out.status(what, spinner="line") as status:
            yield lambda now: status.update(
                f"{what}: {now.candidate}, fold {now.fold} of {now.folds}, {now.seconds_left or 0:.0f} s left"
            )

    def framed(self, project: Project) -> None:
        framed = project.framed
        if framed is None:
            return
        self.line(f"A {framed.task} task, judged by {framed.metric}. Cross-validated baselines:")
        for name, earned in framed.baselines.items():
            self.line(f"  {name:<10} {earned}")
        self.line(framed.framing.answer)

    def built(self, built: Built) -> None:
        low, high = built.interval
        self.line(
            f"{built.metric} {built.score:.4f} ({low:.4f} to {high:.4f}) on sealed rows, against "
            f"{built.baseline:.4f} of the best baseline ({built.baseline_name}); {built.seconds:.0f} s."
        )

    def verdict(self, deployed: Deployed) -> None:
        for rule in deployed.verdict.rules:
            self.line(f"  {'held  ' if rule.held else 'broken'} {rule.code} {rule.words}")
        self.line(deployed.verdict.words)

    def paths(self, report: str, project: str, prediction: str) -> None:
        self.out.print(f"  report   {report}", markup=False, soft_wrap=True)
        self.out.print(f"  project  {project}", markup=False, soft_wrap=True)
        self.line("Go on there, for example from a prediction back to the request:")
        command = sys.argv[0] if Path(sys.argv[0]).name == "modelwright" else "modelwright"
        self.out.print(f"  {command} trace {prediction} -p {project}", markup=False, soft_wrap=True)

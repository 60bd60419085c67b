"""What each command answers: frozen, printable, and JSON by their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from modelwright.evaluation import Difference, Evaluation, Rule, Verdict
from modelwright.framing import Framing
from modelwright.problem import CleaningStep, Finding, Task
from modelwright.training import Ending, LeaderboardRow

LINEAR_ALONE = "the linear model alone, since no ensemble was better beyond doubt"
"""The choice of a run whose candidate is the linear baseline."""


@dataclass(frozen=True)
class Created:
    """A problem, framed.

    Attributes
    ----------
    project : str
        The project's folder.
    task : Task
    metric : str
    baselines : dict of str to dict
        What the constant, the rule and the linear model earn: ``value``, ``low``, ``high``.
    findings : tuple of Finding
        What the first look at the data noticed.
    framing : Framing
        Signal, learning curve, balance, split, and whether machine learning can answer.
    cleaning : tuple of CleaningStep
        What the brief now declares: what is surely right is switched on, the rest waits for a person.
    """

    project: str
    task: Task
    metric: str
    baselines: dict[str, Any]
    findings: tuple[Finding, ...]
    framing: Framing
    cleaning: tuple[CleaningStep, ...] = ()


@dataclass(frozen=True)
class Checked:
    """Data against the contract.

    Attributes
    ----------
    source : str
    rows : int
    held : bool
        False where a finding is an error.
    findings : tuple of Finding
    """

    source: str
    rows: int
    held: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Built:
    """A candidate.

    Attributes
    ----------
    run : str
        Identifier of the run.
    name : str
        Its readable name.
    task : Task
    metric : str
    score : float
        The metric on the vault.
    interval : tuple of float
        Limits of the score, widened for earlier looks at the vault.
    baseline : float
        The best baseline's metric on the same rows.
    baseline_name : str
    seconds : float
        From start to finish.
    package : str
        Folder of the deployable package.
    report : str
        Path of the HTML report.
    version : int
        Version in the model registry.
    leaderboard : tuple of LeaderboardRow
    choice : str
        What the candidate is, in words.
    tried, planned : int
        How many candidates of the plan the time limit allowed.
    ended : str
        Why training ended: ``complete``, ``time``, ``work``, ``interrupted`` or ``memory``.
    reading : tuple of Finding
        What was noticed while the source was read, such as rows that were put aside.
    """

    run: str
    name: str
    task: Task
    metric: str
    score: float
    interval: tuple[float, float]
    baseline: float
    baseline_name: str
    seconds: float
    package: str
    report: str
    version: int
    leaderboard: tuple[LeaderboardRow, ...]
    choice: str
    tried: int
    planned: int
    ended: Ending
    reading: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Deployed:
    """The gate's answer, and the release where it held.

    Attributes
    ----------
    release : str or None
        Identifier of the release, or of the trial; None where the gate refused.
    run : str
    held : bool
        Whether the gate let the candidate through: the verdict's answer.
    rules : tuple of Rule
        The verdict's rules.
    verdict : Verdict
        Each rule with its figure, its interval and whether it holds, and the one that decided. The release
        keeps the same, the server answers it, and the report begins with it.
    replaced : str or None
        The release that was in production before; None for a trial.
    kind : {"deploy", "shadow", "canary"}
        In full, or on trial in the shadow of the current release or for a part of its requests.
    """

    release: str | None
    run: str
    held: bool = field(init=False)
    rules: tuple[Rule, ...] = field(init=False)
    verdict: Verdict
    replaced: str | None = None
    kind: str = "deploy"

    def __post_init__(self) -> None:
        # What scripts ask first stands at the top of the JSON as well.
        object.__setattr__(self, "held", self.verdict.held)
        object.__setattr__(self, "rules", self.verdict.rules)


@dataclass(frozen=True)
class RolledBack:
    """Back to the release before.

    Attributes
    ----------
    release : str
        The new release, of the earlier package; or the current one, where a trial was ended.
    run : str
    replaced : str
        The release, or the challenger on trial, that was taken back.
    """

    release: str
    run: str
    replaced: str


@dataclass(frozen=True)
class Retrained:
    """What retraining decided.

    Attributes
    ----------
    decision : {"kept", "released", "refused", "awaits approval", "rejected", "reverted"}
        Kept: nothing called for a new model. Released: a challenger took the champion's place. Refused: a
        challenger was built, but the gate did not let it through. Awaits approval: the gate would let it
        through, and the brief asks for a person; rejected: who said no. Reverted: the release turned out to
        be worse than the one before it, which is back.
    reason : str
    run : str or None
        The challenger's run.
    release : str or None
    verdict : Verdict or None
        The gate's answer; None where nothing was built.
    """

    decision: str
    reason: str
    run: str | None = None
    release: str | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Reported:
    """A run's report, all that its page says.

    Attributes
    ----------
    run : str
    path : str
        The HTML report.
    card : str
        The model card, in Markdown.
    evaluation : Evaluation
    verdict : Verdict
        What the gate says.
    words : dict
        The page's sentences: ``answer``, ``money``, ``meaning``, ``calibration``, ``promises``.
    labels : list
        Of each label its name, held-out rows, the share found and the share right; empty for regression.
    choice : str
        What the candidate is, in words.
    leaderboard, findings : list of dict
        What training tried, and what was noticed about the data.
    split : dict or None
        How rows were held out, and why.
    brief : list of dict
        Its keys: ``key``, ``value``, ``by_default``.
    columns, cleaning : list of dict
        What the contract says, without values of sensitive columns, and the steps of cleaning.
    looks : list of dict
        Every look at the held-out rows.
    proved, identifiers, versions : dict of str to str
        What was proved of the package, what things are known by, and which libraries made it.
    made : str
        When, in UTC.
    """

    run: str
    path: str
    card: str
    evaluation: Evaluation
    verdict: Verdict
    words: dict[str, Any]
    labels: list[Any]
    choice: str
    leaderboard: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    split: dict[str, Any] | None
    brief: list[dict[str, Any]]
    columns: list[dict[str, Any]]
    cleaning: list[dict[str, Any]]
    looks: list[dict[str, Any]]
    proved: dict[str, str]
    identifiers: dict[str, str]
    versions: dict[str, str]
    made: str


@dataclass(frozen=True)
class Compared:
    """Runs on the same rows, each with each.

    Attributes
    ----------
    runs, names : tuple of str
        The runs, and how they are called in `differences`.
    metric : str
        The metric that decides.
    rows : int
        Held-out rows.
    scores : dict of str to float
        That metric of each run, by its name.
    differences : tuple of Difference
        By every metric, and in each protected group by the metric that decides.
    not_over_folds : str
        Why the runs are not compared over folds as well; empty where they are.
    words : str
    """

    runs: tuple[str, ...]
    names: tuple[str, ...]
    metric: str
    rows: int
    scores: dict[str, float]
    differences: tuple[Difference, ...]
    not_over_folds: str
    words: str


@dataclass(frozen=True)
class Scored:
    """A file scored.

    Attributes
    ----------
    rows : int
    output : str
        The file written.
    """

    rows: int
    output: str

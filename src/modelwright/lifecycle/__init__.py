"""The conductors: each walks several rooms to answer one command.

In: a project's folder and its brief. Out: the frozen result of `new`, `build`, `deploy`, `retrain`, ...
Nothing is computed here; rooms are called in the order of the lifecycle, and what they return is put in
its place.
"""

from modelwright.lifecycle.adopting import Adopted, adopt, default_folder
from modelwright.lifecycle.at_rest import Encrypted, encrypt
from modelwright.lifecycle.auditing import audit
from modelwright.lifecycle.backtesting import Backtested, PolicyResult, backtest, replay_history
from modelwright.lifecycle.catalogued import (
    Answer,
    Catalogued,
    Conformance,
    check_algorithm_class,
    list_algorithms,
)
from modelwright.lifecycle.cleaning import Cleaned, clean, contract_for
from modelwright.lifecycle.conduct import Builder
from modelwright.lifecycle.creating import by_section, create
from modelwright.lifecycle.differing import Change, RunDifferences, diff
from modelwright.lifecycle.doctor import Examined, Part, examine
from modelwright.lifecycle.evolving import Accepted, Differences, Evolution, Exported, check
from modelwright.lifecycle.explaining import Explained, explain
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.history import Period, list_releases
from modelwright.lifecycle.incorrect import IncorrectOutcomes, incorrect_outcomes
from modelwright.lifecycle.keeping import KeptSnapshot, Pruned, Snapshots, list_kept, prune
from modelwright.lifecycle.labels import DoubtfulLabel, LabelReview, review_labels
from modelwright.lifecycle.looking_back import compare, report
from modelwright.lifecycle.personal import (
    PersonalColumn,
    Privacy,
    change_treatment,
    privacy,
)
from modelwright.lifecycle.profiling import profile
from modelwright.lifecycle.release import Releases, share_of
from modelwright.lifecycle.replaying import Replayed, replay
from modelwright.lifecycle.results import (
    Built,
    Checked,
    Compared,
    Created,
    Deployed,
    Reported,
    Retrained,
    RolledBack,
    Scored,
)
from modelwright.lifecycle.retraining import approve, reject, retrain
from modelwright.lifecycle.tracing import trace
from modelwright.lifecycle.trial import Trial, Trials
from modelwright.lifecycle.vaults import LookedAt, SealedRows, Vaults, list_vaults
from modelwright.lifecycle.watching import Visited, keep_watch, seconds_of

__all__ = [
    "Accepted",
    "Adopted",
    "Answer",
    "Backtested",
    "Builder",
    "Built",
    "Catalogued",
    "Change",
    "Checked",
    "Cleaned",
    "Compared",
    "Conformance",
    "Created",
    "Deployed",
    "Differences",
    "DoubtfulLabel",
    "Encrypted",
    "Evolution",
    "Examined",
    "Explained",
    "Exported",
    "Folder",
    "IncorrectOutcomes",
    "KeptSnapshot",
    "LabelReview",
    "LookedAt",
    "Part",
    "Period",
    "PersonalColumn",
    "PolicyResult",
    "Privacy",
    "Pruned",
    "Releases",
    "Replayed",
    "Reported",
    "Retrained",
    "RolledBack",
    "RunDifferences",
    "Scored",
    "SealedRows",
    "Snapshots",
    "Trial",
    "Trials",
    "Vaults",
    "Visited",
    "adopt",
    "approve",
    "audit",
    "backtest",
    "by_section",
    "change_treatment",
    "check",
    "check_algorithm_class",
    "clean",
    "compare",
    "contract_for",
    "create",
    "default_folder",
    "diff",
    "encrypt",
    "examine",
    "explain",
    "incorrect_outcomes",
    "keep_watch",
    "list_algorithms",
    "list_kept",
    "list_releases",
    "list_vaults",
    "privacy",
    "profile",
    "prune",
    "reject",
    "replay",
    "replay_history",
    "report",
    "retrain",
    "review_labels",
    "seconds_of",
    "share_of",
    "trace",
]

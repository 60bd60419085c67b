"""From a trained model to answers: the package, the release gate, the server, batch scoring.

In: a model, its contract and its evaluation. Out: a `Package` (data only, proved to score like the model), a
`Verdict`, and predictions that are kept before they are given. Nothing here, once a package is written,
imports a training library.
"""

from modelwright.deployment.address import Address
from modelwright.deployment.asking import Asked
from modelwright.deployment.batch import score_file
from modelwright.deployment.explaining import PackageExplainer, explain_rows
from modelwright.deployment.graph import build_graph
from modelwright.deployment.manifest import Latency, Manifest, Measured, Parity
from modelwright.deployment.package import EXPLANATION, UNCERTAINTY, Package
from modelwright.deployment.release_gate import CHAMPION, gate
from modelwright.deployment.rollout import (
    Guarded,
    Guards,
    Judgement,
    LossEvidence,
    Standing,
    TrialTerms,
    guarded_scores,
    judge,
)
from modelwright.deployment.scorer import Scorer, Scores
from modelwright.deployment.serving import serve
from modelwright.deployment.session import Session
from modelwright.deployment.signing import new_signing_key
from modelwright.deployment.writing import write_package
from modelwright.evaluation import Rule, Verdict

__all__ = [
    "CHAMPION",
    "EXPLANATION",
    "UNCERTAINTY",
    "Address",
    "Asked",
    "Guarded",
    "Guards",
    "Judgement",
    "Latency",
    "LossEvidence",
    "Manifest",
    "Measured",
    "Package",
    "PackageExplainer",
    "Parity",
    "Rule",
    "Scorer",
    "Scores",
    "Session",
    "Standing",
    "TrialTerms",
    "Verdict",
    "build_graph",
    "explain_rows",
    "gate",
    "guarded_scores",
    "judge",
    "new_signing_key",
    "score_file",
    "serve",
    "write_package",
]

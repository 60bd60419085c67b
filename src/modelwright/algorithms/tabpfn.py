"""TabPFN: a transformer that was trained on made-up tables, as a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from modelwright.algorithms.algorithm import Card, FitJob
from modelwright.algorithms.pretrained import Pretrained
from modelwright.problem import Task


class TabPFN(Pretrained):
    """Trees that learn TabPFN's answers; weights come from the folder in ``MODELWRIGHT_TABPFN_WEIGHTS``."""

    name: ClassVar[str] = "tabpfn"
    package: ClassVar[str] = "tabpfn"
    variable: ClassVar[str] = "MODELWRIGHT_TABPFN_WEIGHTS"
    card: ClassVar[Card] = Card(
        title="Student of TabPFN",
        good_for="up to a few thousand rows, where the package tabpfn and its weights are on disk",
        strengths=(
            "the teacher is among the strongest single models on small tables, untuned",
            "the student is trees: a package needs neither PyTorch nor the weights",
        ),
        weaknesses=(
            "the student loses some of the teacher's accuracy",
            "reads at most 3,000 rows, and no weights of rows",
            "cannot be stopped while the teacher answers, so a fit may pass its deadline",
            "the weights have a licence of their own",
        ),
        cost="four passes of a transformer over the rows; minutes on a CPU, seconds on a GPU",
        paper="Hollmann et al. (2025), Accurate predictions on small data with a tabular foundation model",
    )

    def teacher(self, job: FitJob, weights: Path, estimators: int) -> Any:
        """See `Pretrained.teacher`."""
        import tabpfn

        kind = tabpfn.TabPFNRegressor if job.task is Task.REGRESSION else tabpfn.TabPFNClassifier
        return kind(
            model_path=str(weights),
            n_estimators=estimators,
            random_state=job.seed,
            ignore_pretraining_limits=True,  # our own cap on rows is what counts
        )

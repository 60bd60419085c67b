"""From conformed rows to a calibrated ensemble, within a time limit.

In: a `Work` (rows, target, folds, metric) and a `Deadline`. Out: a `Trained` with its `Model`, which is data
only: representations, portable learners, weights and a calibration.
"""

from modelwright.training.checkpoint import Checkpoint
from modelwright.training.deadline import Deadline, Ending
from modelwright.training.model import Member, Model
from modelwright.training.progress import Progress
from modelwright.training.record import TrainingRecord, hash_of, repeat_fits
from modelwright.training.stage import LeaderboardRow, Trained, train
from modelwright.training.thresholds import GroupThresholds
from modelwright.training.work import Folds, Work, fold_count

__all__ = [
    "Checkpoint",
    "Deadline",
    "Ending",
    "Folds",
    "GroupThresholds",
    "LeaderboardRow",
    "Member",
    "Model",
    "Progress",
    "Trained",
    "TrainingRecord",
    "Work",
    "fold_count",
    "hash_of",
    "repeat_fits",
    "train",
]

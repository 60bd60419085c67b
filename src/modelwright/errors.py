"""Every error that Modelwright raises on purpose, one class per cause.

::

    ModelwrightError
    ├── BriefError            modelwright.toml cannot be read, or says something impossible
    ├── SourceError           a data source cannot be read
    ├── DataError             the data cannot be used for what is asked
    │   └── LeakError         columns give the answer away, and the build is strict
    ├── ContractError         contract.toml cannot be read, or the data does not hold to it
    │   └── RowError          rows of a request break the contract; carries row and column
    ├── PrivacyError          the key for personal data or for encrypted files is lacking or another
    ├── VaultError            the held-out rows are missing or were changed
    ├── TrainingError         no model can be trained
    │   ├── DeadlineError     the time limit leaves no room for a single fit
    │   └── PretrainedError   the package or the weights of a pretrained model are not there
    ├── ParityError           the portable model does not score like the trained one
    ├── PackageError          a package is incomplete, changed or of an unknown version
    ├── ReleaseError          there is no release, or none to go back to
    ├── RunError              a run is unknown, unfinished or ambiguous
    ├── StoreError            the operations database or the tracking store cannot be used
    ├── FeedbackError         labels cannot be joined to predictions
    ├── AlarmError            an incident or silence is unknown, or nobody can be told of it
    ├── TraceError            a prediction is unknown
    ├── WorkdayError          a to-do, request or incident is unknown, or can't be changed so
    ├── PrototypeError        a prototype cannot be read, run or made portable
    └── ProjectError          the folder is not a project, or is one already

Each message says what was found, where, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ModelwrightError(Exception):
    """What every error of Modelwright can be caught as."""


class BriefError(ModelwrightError, ValueError):
    """The brief cannot be read, or says something impossible."""


class SourceError(ModelwrightError):
    """A data source cannot be read."""


class SourceWarning(UserWarning):
    """Rows of a source could not be read and were put aside, where nobody asked for the report of reading."""


class DataError(ModelwrightError, ValueError):
    """The data cannot be used for what is asked."""


class LeakError(DataError):
    """Columns give the answer away, and the build was asked to be strict."""


class ContractError(ModelwrightError, ValueError):
    """The contract cannot be read, or the data does not hold to it."""


@dataclass(frozen=True)
class RowFault:
    """One cell of a request that breaks the contract.

    Attributes
    ----------
    row : int
        Position of the row in the request, from 0.
    column : str or None
        Name of the column; None where the whole row is at fault.
    message : str
        What was found and what is expected, without the value of a sensitive column.
    """

    row: int
    column: str | None
    message: str


class RowError(ContractError):
    """Rows of a request break the contract.

    Parameters
    ----------
    faults : sequence of RowFault
        Every fault found, in the order of the rows.
    """

    def __init__(self, faults: Sequence[RowFault]) -> None:
        self.faults = list(faults)
        first = self.faults[0]
        where = f"row {first.row}" + (f", column '{first.column}'" if first.column else "")
        # Of a column, no more than twenty faults are listed.
        many = "at least " if len(self.faults) >= 20 else ""
        more = f" (and {many}{len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        super().__init__(f"{where}: {first.message}{more}")


class PrivacyError(ModelwrightError):
    """The key for personal data or for encrypted files is lacking or another."""


class VaultError(ModelwrightError):
    """The held-out rows are missing or were changed."""


class TrainingError(ModelwrightError):
    """No model can be trained."""


class DeadlineError(TrainingError):
    """The time limit leaves no room for a single fit."""


class PretrainedError(TrainingError):
    """The package or the weights of a pretrained model are not there."""


class ParityError(ModelwrightError):
    """The portable model does not score like the trained one."""


class PackageError(ModelwrightError):
    """A package is incomplete, changed or of an unknown version."""


class ReleaseError(ModelwrightError):
    """There is no release, or none to go back to."""


class RunError(ModelwrightError):
    """A run is unknown, unfinished or ambiguous."""


class StoreError(ModelwrightError):
    """The operations database or the tracking store cannot be used."""


class FeedbackError(ModelwrightError, ValueError):
    """Labels cannot be joined to predictions."""


class AlarmError(ModelwrightError):
    """An incident or a silence is unknown or cannot be treated so, or nobody can be told of it."""


class TraceError(ModelwrightError):
    """A prediction is unknown."""


class WorkdayError(ModelwrightError):
    """A to-do, request or incident is unknown, or can't be changed so."""


class PrototypeError(ModelwrightError):
    """A notebook, a script or a fitted model cannot be read, run or made portable."""


class ProjectError(ModelwrightError):
    """The folder is not a project, or is one already."""

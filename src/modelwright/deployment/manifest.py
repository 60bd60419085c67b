"""What a package says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from modelwright.problem import Task

FORMAT: Final = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileEntry(_Part):
    """One file of the package.

    Attributes
    ----------
    sha256 : str
        Of its content, in hexadecimal.
    bytes : int
        Its length.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)


class Parity(_Part):
    """Proof that the graph scores like the trained model.

    Attributes
    ----------
    rows : int
        How many rows were scored both ways.
    largest_difference : float
        Largest difference between the two.
    measure : {"probability", "relative"}
        Absolute, between probabilities; or between values, relative to the greater of the value's size
        and the standard deviation of all values.
    tolerance : float
        Largest difference allowed.
    """

    rows: int = Field(ge=1)
    largest_difference: float = Field(ge=0)
    measure: Literal["probability", "relative"]
    tolerance: float


class Latency(_Part):
    """Time for one row inside the scorer, on the machine that built the package.

    Attributes
    ----------
    calls : int
        How many single rows were timed, in five rounds.
    p50_ms, p99_ms : float
        Median and 99th percentile of the quietest round, in milliseconds.
    """

    calls: int
    p50_ms: float
    p99_ms: float


class Measured(_Part):
    """What differs between two packages of one run: when it was packaged, and how fast the machine was.

    Attributes
    ----------
    created : datetime
    latency : Latency
    """

    created: datetime
    latency: Latency


class Manifest(_Part):
    """Where a package comes from, what was proved of it, and the hash of each of its files.

    Attributes
    ----------
    format : int
        Version of this layout.
    name : str
        Name of the problem.
    task : Task
    target : str
        Name of the predicted column.
    classes : tuple of str
        The labels in the order of the graph's output; empty for regression.
    threshold : float or None
        Probability of ``classes[1]`` at which that label is the prediction; binary only.
    abstain_below : float or None
        Least probability of the label for a firm answer; None where no answer abstains.
    run, snapshot, contract : str
        Identifier of the run, hash of the data, hash of the contract.
    created : datetime
    parity : Parity
    latency : Latency
    versions : dict of str to str
        Libraries that made the package.
    metadata : dict
        Anything else worth keeping with it, as JSON.
    files : dict of str to FileEntry
        Every file but this one.
    """

    format: Literal[1] = FORMAT
    name: str
    task: Task
    target: str
    classes: tuple[str, ...]
    threshold: float | None
    abstain_below: float | None = None
    run: str
    snapshot: str
    contract: str
    created: datetime
    parity: Parity
    latency: Latency
    versions: dict[str, str]
    metadata: dict[str, Any] = {}
    files: dict[str, FileEntry]

    @property
    def measured(self) -> Measured:
        """When it was packaged, and how fast it was."""
        return Measured(created=self.created, latency=self.latency)

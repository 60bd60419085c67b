"""A prototype and its pipeline, run in processes of their own, without network where the system allows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import PrototypeError

LONGEST = 1800
"""Seconds that one run may take."""

_BEGIN = """
import random
import numpy
random.seed(0)
numpy.random.seed(0)
"""
_END = """
import numpy
def _plain(values):
    values = values.detach().cpu().numpy() if hasattr(values, "detach") else numpy.asarray(values)
    return values.astype(str) if values.dtype == object else values
numpy.savez({result!r}, labels=_plain(_labels), told=_plain(_told))
"""


def run_program(
    text: str, beside: Path, also: dict[str, NDArray[np.int64]] | None = None
) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    """Run a program that leaves ``_labels`` and ``_told``, and return both.

    Parameters
    ----------
    text : str
        The program.
    beside : Path
        A folder whose files it may read by their names; what it writes goes elsewhere and is thrown away.
    also : dict of str to ndarray, optional
        Arrays for it to read, each in the file NAME.npy.

    Raises
    ------
    PrototypeError
        If it fails, with the last line of what it said.
    """
    with TemporaryDirectory(prefix="modelwright-adopt-") as folder:
        place = Path(folder)
        for each in beside.iterdir():
            (place / each.name).symlink_to(each.resolve())
        for name, values in (also or {}).items():
            np.save(place / f"{name}.npy", values, allow_pickle=False)
        result = place / "_result.npz"
        program = place / "_program.py"
        program.write_text(_BEGIN + text + _END.format(result=str(result)), encoding="utf-8")
        done = _alone([sys.executable, str(program)], place)
        if done.returncode or not result.exists():
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise PrototypeError(f"it stops with: {said}")
        with np.load(result, allow_pickle=False) as held:
            return held["labels"], held["told"]


def _alone(command: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in its own process group of one folder, without the network where that can be had."""
    withheld = ("MODELWRIGHT_", "AWS_")  # keys that a prototype has no need of
    environment = {key: value for key, value in os.environ.items() if not key.startswith(withheld)}
    environment |= {"MPLBACKEND": "Agg", "PYTHONPATH": str(place), "PYTHONHASHSEED": "0"}
    try:
        return subprocess.run(  # noqa: S603 - the prototype is run because its owner asks for it
            [*without_network(), *command], cwd=place, env=environment, capture_output=True, text=True,
            timeout=LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise PrototypeError(f"it was stopped after {LONGEST // 60} minutes; run it on fewer rows") from error


@cache
def without_network() -> tuple[str, ...]:
    """Return what takes a command's network away, to stand before it; empty where nothing can."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    asked = (unshare, "--user", "--map-root-user", "--net")
    tried = subprocess.run([*asked, "true"], capture_output=True, check=False)  # noqa: S603 - our own command
    return asked if tried.returncode == 0 else ()

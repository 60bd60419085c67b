"""Where a prototype's data is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelwright.adoption.prototype import Prototype
from modelwright.errors import PrototypeError


def locate_data(prototype: Prototype, given: Path | None) -> Any:
    """Return the file that a prototype reads, or the table of scikit-learn's own that it loads.

    Parameters
    ----------
    prototype : Prototype
    given : Path or None
        The file, where somebody names it.

    Returns
    -------
    Path or pandas.DataFrame

    Raises
    ------
    PrototypeError
        If it is not there.
    """
    if given is not None:
        if not given.exists():
            raise PrototypeError(f"{given}: there is no such file; name the prototype's data with --data")
        return given.resolve()
    if prototype.reader.startswith("sklearn.datasets.load_"):
        return _bundled(prototype.reader.rpartition(".")[2])
    named = prototype.source
    beside = prototype.path.parent
    for path in (beside / named, beside / Path(named.replace("\\", "/")).name):
        if named and path.is_file():
            return path.resolve()
    what = f"'{named}'" if named else "a source that no constant names"
    raise PrototypeError(
        f"{prototype.path.name} reads {what}, which is not beside it; name its data with --data FILE"
    )


def _bundled(name: str) -> Any:
    from sklearn import datasets

    load = getattr(datasets, name, None)
    if load is None:
        raise PrototypeError(f"scikit-learn has no {name} any more; name the data with --data FILE")
    return load(as_frame=True).frame

"""Reading portable learners back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modelwright.algorithms.portable.forest import Forest
from modelwright.algorithms.portable.form import Portable
from modelwright.algorithms.portable.linear import Linear
from modelwright.algorithms.portable.neighbours import Neighbours
from modelwright.algorithms.portable.network import Network
from modelwright.algorithms.portable.splines import Splines
from modelwright.errors import TrainingError

_FORMS: dict[str, type[Portable]] = {
    form.kind: form for form in (Forest, Linear, Neighbours, Network, Splines)
}


def load_portable(path: Path) -> Portable:
    """Read a learner that `Portable.save` wrote. Nothing in the file is executed.

    Raises
    ------
    TrainingError
        If the file is of a form that this version does not know.
    """
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    kind = str(arrays.pop("kind", ""))
    if kind not in _FORMS:
        raise TrainingError(
            f"{path} holds a learner of the form '{kind}', but this version knows {', '.join(_FORMS)}; "
            "build again, or use the version that wrote it"
        )
    return _FORMS[kind].from_arrays(arrays)

"""The arrays that figures are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Weights = NDArray[np.uint8 | np.float64]
"""Of rows: how often each is in a resample, or any weights that are not negative."""

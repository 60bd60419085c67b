"""What MLflow loads: ``mlflow.pyfunc.load_model`` on a package. No pickle is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelwright.data import Treatments, read
from modelwright.deployment.batch import score_frame
from modelwright.deployment.package import Package
from modelwright.deployment.scorer import Scorer

if TYPE_CHECKING:
    import pandas as pd


class PackageModel:
    """A package behind MLflow's interface.

    Parameters
    ----------
    package : Package
    """

    def __init__(self, package: Package) -> None:
        self._contract = package.contract
        self._scorer = Scorer(package)
        self._treatments = Treatments(package.contract)

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> pd.DataFrame:  # noqa: ARG002
        """Score a table.

        Parameters
        ----------
        model_input : pandas.DataFrame
            Raw rows, as the contract describes them.
        params : dict, optional
            Not used; MLflow passes it.

        Returns
        -------
        pandas.DataFrame
            ``prediction`` and, for classes, one ``probability_LABEL`` column each, with the index of the
            input.
        """
        import pandas as pd

        scored = score_frame(self._contract, self._scorer, self._treatments.table(read(model_input)))
        columns = {name: scored[name].to_numpy() for name in scored.columns[1:]}
        return pd.DataFrame(columns, index=getattr(model_input, "index", None))


def _load_pyfunc(path: str) -> PackageModel:
    """Open a package for MLflow."""
    return PackageModel(Package.open(Path(path)))

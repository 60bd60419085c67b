"""The demo's data: see ``DATA.md`` for its source and licence."""

from __future__ import annotations

from importlib.resources import as_file, files

import polars as pl


def adult() -> pl.DataFrame:
    """Return the 32,561 rows of the Adult data set (census income, UCI, CC BY 4.0).

    Becker and Kohavi (1996), doi:10.24432/C5XW20. The target is ``class``; ``workclass``, ``occupation`` and
    ``native_country`` have missing values; ``fnlwgt`` is a sampling weight.
    """
    with as_file(files("modelwright.demo") / "adult.parquet") as path:
        return pl.read_parquet(path)

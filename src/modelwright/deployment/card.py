"""The model card: one page, readable without anything else."""

from __future__ import annotations

from importlib.resources import files

from modelwright.data import Contract
from modelwright.deployment.manifest import Manifest
from modelwright.problem import Brief


def render_card(manifest: Manifest, contract: Contract, brief: Brief) -> str:
    """Return the card of a package as one self-contained HTML page.

    Parameters
    ----------
    manifest : Manifest
        Where the package comes from and what was proved of it.
    contract : Contract
        What it takes.
    brief : Brief
        What was asked.
    """
    from jinja2 import Environment, StrictUndefined

    source = files("modelwright.deployment").joinpath("card.html.jinja").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source).render(manifest=manifest, contract=contract, brief=brief)

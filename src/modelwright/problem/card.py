"""What only people can say in a model card."""

from __future__ import annotations

from modelwright.problem.section import Section


class CardSection(Section):
    """What only people can say in a model card; where they say nothing, the card says so.

    Attributes
    ----------
    intended_use : str
        What the model is for, and who may use it.
    out_of_scope : str
        What it must not be used for.
    considerations : str
        Risks and harms, and what is done about them.
    contact : str
        Who answers for it.
    """

    intended_use: str = ""
    out_of_scope: str = ""
    considerations: str = ""
    contact: str = ""

"""``[[algorithms]]``: classes of one's own in the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model

from modelwright.problem.section import Section

if TYPE_CHECKING:
    _Keys = Section
else:  # `class` is a word of Python, so that no class body can name it
    _Keys = create_model(
        "_Keys",
        __base__=Section,
        **{
            "class": (str, Field(pattern=r"^[\w.]+:\w+$")),
            "parameters": (dict[str, Any], {}),
        },
    )


class OwnAlgorithm(_Keys):
    """One class that shall be tried beside the catalogue.

    Attributes
    ----------
    class : str
        ``package.module:Class``, with ``fit`` and ``predict``, or a subclass of `Algorithm`.
    parameters : dict
        What it is made with.
    """

    @property
    def place(self) -> str:
        """The class, as ``package.module:Class``."""
        return str(getattr(self, "class"))

    @property
    def made_with(self) -> dict[str, Any]:
        """What it is made with."""
        return dict(getattr(self, "parameters"))  # noqa: B009 - its class is made, not written

    def declared(self) -> dict[str, Any]:
        """Return the keys that say something, as JSON types."""
        return self.model_dump(mode="json", exclude_defaults=True)

"""The shell of a page: its template is found beside its code, the rest is shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelwright.pages.writing_figures import percent, whole

if TYPE_CHECKING:
    from jinja2 import Template

_SHARED = Path(__file__).parent


class Page:
    """A kind of page.

    Its template extends ``base.html.j2``, which has the blocks ``title``, ``skip``, ``header``, ``main`` and
    ``footer``, and may import ``picture``, ``icon`` and ``finding_row`` from ``parts.html.j2``. The filters
    ``percent`` and ``number`` are always there. A ``style.css`` beside the template is added to the shared
    style.

    Parameters
    ----------
    folder : Path
        Where the template lies.
    template : str, default "page.html.j2"
        Its name.
    filters : mapping of str to callable, optional
        Filters of its own.
    """

    def __init__(
        self,
        folder: Path,
        template: str = "page.html.j2",
        filters: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self.folder = folder
        self.template = template
        self.filters = dict(filters or {})

    def render(self, **shown: Any) -> str:
        """Return the page as one self-contained HTML text.

        Parameters
        ----------
        **shown : Any
            What the template shows.
        """
        return self._template.render(style=self._style, **shown)

    @cached_property
    def _style(self) -> str:
        sheets = [_SHARED / "style.css", self.folder / "style.css"]
        return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.exists())

    @cached_property
    def _template(self) -> Template:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader([self.folder, _SHARED]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {"percent": percent, "number": whole} | self.filters
        return environment.get_template(self.template)

"""The page at ``/docs``: one file, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files


@cache
def page() -> bytes:
    """Return the page; it reads ``openapi.json`` from its own server."""
    return files("modelwright.deployment.server").joinpath("docs.html").read_bytes()


@cache
def page_policy() -> str:
    """Return the content security policy that allows the page's own script and style, and nothing else."""
    return (
        f"default-src 'none'; script-src {_hash('script')}; style-src {_hash('style')}; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _hash(element: str) -> str:
    (content,) = re.findall(rb"<%b>(.*?)</%b>" % ((element.encode(),) * 2), page(), re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"

"""A contract as the JSON Schema of one record."""

from __future__ import annotations

import json

from modelwright.data.contract import Contract
from modelwright.data.schema import json_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def record_schema(contract: Contract) -> str:
    """Return the JSON Schema (2020-12) of one record of features, as text."""
    about = {
        "$schema": DIALECT,
        "title": f"What is known when '{contract.target.name}' is asked for",
        "$comment": f"Exported by Modelwright from the contract {contract.hash[:12]}.",
    }
    return json.dumps(about | json_schema(contract), indent=2, ensure_ascii=False) + "\n"

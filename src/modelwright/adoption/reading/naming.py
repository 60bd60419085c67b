"""Which library a name is from."""

from __future__ import annotations

import ast
from collections.abc import Iterable

_SAME = {
    "tensorflow.keras": "keras",
    "tensorflow.python.keras": "keras",
    "tf.keras": "keras",
    "imblearn.over_sampling": "imblearn",
    "imblearn.under_sampling": "imblearn",
}


def qualified_names(trees: Iterable[ast.Module]) -> dict[str, str]:
    """Return what each imported name means in full, such as ``pd`` → ``pandas``."""
    found: dict[str, str] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    full = alias.name if alias.asname else alias.name.partition(".")[0]
                    found[alias.asname or full] = full
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return {name: one_name(full) for name, full in found.items()}


def one_name(full: str) -> str:
    """Return the one name of what has several, such as Keras inside TensorFlow."""
    for other, same in _SAME.items():
        if full == other or full.startswith(f"{other}."):
            return same + full[len(other) :]
    return full


def name_of(node: ast.expr, imported: dict[str, str]) -> str:
    """Return the qualified name that an expression means; empty where it is none of a library."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in imported:
        return ""
    return one_name(".".join([imported[node.id], *reversed(parts)]))

"""The wheel without its tests' tools: every module is imported, every door opens. Run by `make bare`."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys

import modelwright

NOT_INSTALLED = ("fairlearn", "hypothesis", "pytest")
RUN_NOT_IMPORTED = (".__main__", ".migrations.env")


def main() -> None:
    """Import every module, then every name of every door."""
    for name in NOT_INSTALLED:
        if importlib.util.find_spec(name):
            sys.exit(f"{name} is installed, so this is not a bare environment")
    if "src" in modelwright.__file__:
        sys.exit(f"modelwright comes from {modelwright.__file__}, not from the wheel")
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(modelwright.__path__, "modelwright.")
        if not found.name.endswith(RUN_NOT_IMPORTED)
    ]
    doors = [module for module in [modelwright, *modules] if hasattr(module, "__all__")]
    for door in doors:
        for name in door.__all__:
            getattr(door, name)
    sys.stdout.write(f"{len(modules)} modules import, {len(doors)} doors open\n")


if __name__ == "__main__":
    main()

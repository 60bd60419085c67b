"""The files of a project that a prototype becomes: its pipeline, the pipeline's tests, and a lock."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from modelwright.adoption.rewriting import Pipeline

_TESTS = '''"""What the pipeline promises. Run them with pytest, beside pipeline.py."""

import json
from pathlib import Path

import numpy as np
import pipeline

RECORDED = Path(__file__).parent / "prototype_predictions.json"


def test_it_predicts_the_rows_that_it_is_judged_by() -> None:
    labels, told = pipeline.predictions()

    assert len(labels) == len(told) > 0


def test_it_says_what_the_prototype_said() -> None:
    if not RECORDED.exists():
        return  # `modelwright adopt --run` records it
    np.random.seed(0)
    _, told = pipeline.predictions()
    recorded = np.array(json.loads(RECORDED.read_text()))
    if recorded.dtype.kind == "f":
        np.testing.assert_allclose(np.asarray(told).reshape(recorded.shape), recorded, rtol=1e-6)
    else:
        assert np.asarray(told).astype(recorded.dtype).tolist() == recorded.tolist()
'''


def pipeline_files(pipeline: Pipeline) -> dict[str, str]:
    """Return the files by their names in the project."""
    return {
        "pipeline.py": pipeline.text,
        "test_pipeline.py": _TESTS,
        "requirements.lock": lock_of(pipeline.text),
    }


def lock_of(text: str) -> str:
    """Return the packages that a program imports, in the versions that are installed here."""
    provided = packages_distributions()
    names = {each for node in ast.walk(ast.parse(text)) for each in _imported(node)} - sys.stdlib_module_names
    lines = []
    for name in sorted(names):
        for distribution in sorted(set(provided.get(name, [name]))):
            try:
                lines.append(f"{distribution}=={version(distribution)}")
            except PackageNotFoundError:
                lines.append(f"# {distribution}: not installed where this was written; pin it")
    return "\n".join(lines) + "\n"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name.partition(".")[0] for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from modelwright.deployment import Package, build_graph
from modelwright.errors import PackageError, ParityError, StoreError
from modelwright.store import sha256_file

ROOT = Path(__file__).parents[2]
TASKS = ["binary", "multiclass", "regression"]


@pytest.mark.parametrize("task", TASKS)
def test_the_graph_scores_every_row_like_the_model(trained, packaged, task):
    parity = packaged(task).manifest.parity
    assert parity.rows == len(trained(task).frame)
    assert parity.largest_difference <= 1e-5
    assert parity.measure == ("relative" if task == "regression" else "probability")


def test_the_graph_takes_matrices_in_the_contracts_order(trained):
    contract = trained("binary").contract
    graph = build_graph(trained("binary").model, contract).graph
    widths = {each.name: each.type.tensor_type.shape.dim[1].dim_value for each in graph.input}
    assert widths == {"numbers": 3, "texts": 1, "times": 1}
    assert [each.name for each in graph.output] == ["probabilities"]


def test_a_regression_gives_values(trained):
    graph = build_graph(trained("regression").model, trained("regression").contract).graph
    assert [each.name for each in graph.output] == ["values"]


def test_the_manifest_says_where_the_package_comes_from(packaged):
    manifest = packaged("binary").manifest
    assert (manifest.run, manifest.snapshot, manifest.target) == ("run-1", "snapshot-1", "buys")
    assert manifest.classes == ("no", "yes")
    assert manifest.threshold == 0.25  # a missed buyer costs three times a needless call
    assert packaged("multiclass").manifest.threshold is None
    assert packaged("regression").manifest.classes == ()
    assert 0 < manifest.latency.p50_ms <= manifest.latency.p99_ms


def test_every_file_is_hashed(packaged):
    package = packaged("binary")
    names = {path.name for path in package.folder.iterdir()} - {"manifest.json"}
    assert names == set(package.manifest.files) == {"model.onnx", "contract.json", "card.html", "MLmodel"}
    for name, entry in package.manifest.files.items():
        assert sha256_file(package.folder / name) == entry.sha256


def test_the_same_model_gives_the_same_bytes(trained, packaged, tmp_path):
    again = trained("binary").write(tmp_path / "again")
    assert again.graph == packaged("binary").graph


def test_the_same_bytes_in_another_process(packaged):
    code = (
        "from tests.deployment.conftest import *\n"
        "import hashlib\n"
        "from modelwright.deployment import build_graph\n"
        "brief, frame = brief_for('multiclass'), people()\n"
        "contract = Contract.infer(frame, brief)\n"
        "conformed = conform(contract, frame)\n"
        "model = linear_model(conformed, encode_target(contract, frame['segment']), contract, brief)\n"
        "graph = build_graph(model, contract).SerializeToString(deterministic=True)\n"
        "print(hashlib.sha256(graph).hexdigest())"
    )
    command = [sys.executable, "-c", code]
    found = {
        subprocess.run(
            command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    found = {printed.decode().strip() for printed in found}
    assert found == {packaged("multiclass").manifest.files["model.onnx"].sha256}


@pytest.mark.parametrize("task", TASKS)
def test_a_graph_that_scores_otherwise_is_refused_and_nothing_is_written(trained, tmp_path, task):
    given = trained(task)
    wrong = given.expected.copy()
    wrong[17] += 1e-4 * max(1.0, np.abs(wrong).max())
    with pytest.raises(ParityError, match=r"differs from the trained one by .* \(row 17 of 600"):
        replace(given, expected=wrong).write(tmp_path / "package")
    assert list(tmp_path.iterdir()) == []


def test_parity_is_not_fooled_by_nan_or_shape(trained, tmp_path):
    given = trained("binary")
    with pytest.raises(ParityError):
        replace(given, expected=np.full_like(given.expected, np.nan)).write(tmp_path / "package")
    with pytest.raises(ParityError, match="shape"):
        replace(given, expected=given.expected[:, :1]).write(tmp_path / "package")


def test_a_package_is_never_overwritten(trained, tmp_path):
    trained("binary").write(tmp_path / "package")
    with pytest.raises(StoreError, match="exists already"):
        trained("binary").write(tmp_path / "package")


def test_further_data_travels_with_the_package(trained, tmp_path):
    further = {"reference.json": '{"a": 1}'}
    trained("binary").write(tmp_path / "p", attachments=further, metadata={"score": 0.9})
    package = Package.open(tmp_path / "p")
    assert package.content["reference.json"] == b'{"a": 1}'
    assert package.manifest.metadata == {"score": 0.9}


@pytest.mark.parametrize(
    "name", ["model.py", "../evil.json", "manifest.json", "model.onnx", "a/b.json", ".hidden.json"]
)
def test_what_is_not_data_does_not_travel(trained, tmp_path, name):
    with pytest.raises(PackageError, match="may not have a file"):
        trained("binary").write(tmp_path / "package", attachments={name: b"{}"})
    assert list(tmp_path.iterdir()) == []


def test_the_card_says_what_it_is_in_plain_words(packaged):
    card = packaged("binary").content["card.html"].decode()
    for words in ("Whom should we call?", "people-buys", "at least 0.25", "cook, ", "snapshot-1"):
        assert words in card
    assert "http" not in card, "the card must not need anything from elsewhere"


def test_the_card_escapes_what_people_wrote(trained, tmp_path):
    given = trained("binary")
    problem = given.brief.problem.model_copy(update={"request": "<script>alert(1)</script>"})
    package = given.write(tmp_path / "p", brief=given.brief.model_copy(update={"problem": problem}))
    assert b"<script>" not in package.content["card.html"]

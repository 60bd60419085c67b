"""A package is checked before anything of it is used; each way of tampering is refused for its reason."""

from __future__ import annotations

import hashlib
import json
import os
import shutil

import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwright.deployment import Package, Scorer
from modelwright.errors import PackageError


@pytest.fixture
def folder(packaged, tmp_path):
    shutil.copytree(packaged("binary").folder, tmp_path / "package")
    return tmp_path / "package"


def restate(folder, name, content=None, **changes):
    """Write a file and have the manifest name it rightly, as a careful attacker would."""
    if content is not None:
        (folder / name).write_bytes(content)
        changes["files"] = {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)},
        }
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] |= changes.pop("files", {})
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


def refused(folder, reason):
    with pytest.raises(PackageError, match=reason):
        Package.open(folder)


def test_a_whole_package_opens_and_scores(folder, trained):
    package = Package.open(folder)
    assert len(Scorer(package).score(trained("binary").inputs).predictions) == 600


def test_no_package(tmp_path):
    refused(tmp_path / "nowhere", "there is no package here")
    refused(tmp_path, r"manifest\.json is missing")


@pytest.mark.parametrize("name", ["model.onnx", "contract.json", "card.html", "MLmodel"])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    refused(folder, f"{name} is missing")


@pytest.mark.parametrize("name", ["model.onnx", "contract.json", "card.html", "MLmodel"])
def test_a_file_the_manifest_leaves_out(folder, name):
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"][name]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    refused(folder, f"does not name {name}")


@pytest.mark.parametrize("name", ["model.onnx", "contract.json", "card.html", "MLmodel"])
def test_a_changed_file(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    refused(folder, f"{name} was changed")


def test_a_file_of_another_length(folder):
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"more")
    refused(folder, "but the manifest says")


def test_a_file_too_large_to_read(folder):
    os.truncate(folder / "model.onnx", 2**31)
    refused(folder, "at most 1073741824 are read")


def test_a_manifest_too_large_to_read(folder):
    os.truncate(folder / "manifest.json", 2**31)
    refused(folder, r"manifest\.json has 2147483648 bytes")


@pytest.mark.parametrize("name", ["helper.py", "model.pkl", ".hidden", "more.json"])
def test_a_file_nobody_named(folder, name):
    (folder / name).write_text("x")
    refused(folder, "which the manifest does not name")


@pytest.mark.parametrize(
    "name", ["../outside.json", "/etc/passwd", "code.py", "model.pkl", "a\\b.json", "..", ""]
)
def test_a_manifest_that_names_what_it_may_not(folder, name):
    (folder.parent / "outside.json").write_text("{}")
    restate(folder, name, files={name: {"sha256": hashlib.sha256(b"{}").hexdigest(), "bytes": 2}})
    refused(folder, "which a package may not have")


def test_a_link_out_of_the_folder(folder):
    outside = folder.parent / "model.onnx"
    (folder / "model.onnx").rename(outside)
    (folder / "model.onnx").symlink_to(outside)
    refused(folder, "cannot be read as a plain file")


def test_a_pipe_instead_of_a_file(folder):
    (folder / "model.onnx").unlink()
    os.mkfifo(folder / "model.onnx")
    refused(folder, "is not a plain file")


def test_a_folder_instead_of_a_file(folder):
    (folder / "card.html").unlink()
    (folder / "card.html").mkdir()
    refused(folder, r"card\.html is not a plain file")


def test_an_unknown_format(folder):
    restate(folder, "", format=2)
    refused(folder, "has format 2, but this Modelwright reads 1")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"format": 1}', b"\xff"])
def test_a_manifest_that_is_none(folder, content):
    (folder / "manifest.json").write_bytes(content)
    refused(folder, r"manifest\.json|format")


def test_the_contract_of_another_package(folder, packaged):
    restate(folder, "contract.json", packaged("multiclass").content["contract.json"])
    refused(folder, "is not the contract")


def test_the_graph_of_another_package(folder, packaged):
    restate(folder, "model.onnx", packaged("regression").content["model.onnx"])
    refused(folder, "gives .*values")


def test_an_mlmodel_that_loads_other_code(folder):
    stated = json.loads((folder / "MLmodel").read_text())
    for flavor in (
        {"loader_module": "os"},
        {"loader_module": "modelwright.deployment.pyfunc", "code": "code"},
    ):
        stated["flavors"] = {"python_function": flavor}
        restate(folder, "MLmodel", json.dumps(stated).encode())
        refused(folder, "would load code from elsewhere")
    restate(folder, "MLmodel", b"!!python/object/apply:os.system ['true']")
    refused(folder, "is not as Modelwright writes it")


# ---- the graph


def graph_of(folder):
    return onnx.load(folder / "model.onnx")


def test_a_graph_with_data_in_other_files(folder):
    model = graph_of(folder)
    (folder.parent / "secret").write_bytes(b"\0" * 64)
    tensor = model.graph.initializer.add(name="w", data_type=onnx.TensorProto.FLOAT, dims=[16])
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../secret")
    restate(folder, "model.onnx", model.SerializeToString())
    refused(folder, "keeps data in other files")


def test_a_graph_with_data_in_other_files_inside_a_branch(folder):
    model = graph_of(folder)
    constant = onnx.helper.make_node("Constant", [], ["c"])
    inner = onnx.helper.make_graph([constant], "branch", [], [])
    attribute = constant.attribute.add(name="value", type=onnx.AttributeProto.TENSOR)
    attribute.t.data_location = onnx.TensorProto.EXTERNAL
    attribute.t.external_data.add(key="location", value="/etc/passwd")
    inner = onnx.helper.make_graph([constant], "branch", [], [])
    model.graph.node.append(onnx.helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner))
    restate(folder, "model.onnx", model.SerializeToString())
    refused(folder, "keeps data in other files")


def test_a_graph_with_foreign_operators(folder):
    model = graph_of(folder)
    model.graph.node[0].domain = "com.example"
    restate(folder, "model.onnx", model.SerializeToString())
    refused(folder, r"not ONNX's own \(com.example\)")


def test_a_graph_that_is_none(folder):
    restate(folder, "model.onnx", b"\x80\x04pickle")
    refused(folder, "is not an ONNX graph|takes {}")


def test_a_graph_of_other_columns(folder):
    model = graph_of(folder)
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value += 1
    restate(folder, "model.onnx", model.SerializeToString())
    refused(folder, "but the contract has")


def test_a_graph_that_cannot_run(folder):
    model = graph_of(folder)
    model.graph.node[-1].op_type = "NoSuchOperator"
    restate(folder, "model.onnx", model.SerializeToString())
    with pytest.raises(PackageError, match="ONNX Runtime cannot load the graph"):
        Scorer(Package.open(folder))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_no_byte_can_be_changed_unnoticed(folder, data):
    """Of every file but the manifest itself, which nothing signs yet."""
    names = ["model.onnx", "contract.json", "card.html", "MLmodel"]
    path = folder / data.draw(st.sampled_from(names))
    content = bytearray(path.read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= data.draw(st.integers(1, 255))
    before = path.read_bytes()
    path.write_bytes(content)
    refused(folder, "was changed")
    path.write_bytes(before)

"""Nothing on the serving path imports a training library."""

from __future__ import annotations

import json
import subprocess
import sys

from .conftest import people, records

HEAVY = [
    "sklearn",
    "lightgbm",
    "xgboost",
    "catboost",
    "spox",
    "mlflow",
    "pandas",
    "scipy",
    "skl2onnx",
    "onnxmltools",
]

SCORE = """
import json, sys
from pathlib import Path
from modelwright.deployment import Package
from modelwright.deployment.server import Service, build_app
from modelwright.store import Operations

service = Service(Package.open(Path(sys.argv[1])), Operations(sys.argv[2]), "release-1")
build_app(service)
answer, observations = service.predict(sys.argv[3].encode())
service.operations.append_observations(observations)
modules = {name.partition(".")[0] for name in sys.modules}
print(json.dumps([answer.predictions[0].prediction, sorted(modules)]))
"""


def test_serving_imports_no_training_library(packaged, tmp_path):
    url = f"sqlite:///{tmp_path / 'operations.db'}"
    body = json.dumps({"records": records(people(1), packaged("binary").contract, 1)})
    command = [sys.executable, "-c", SCORE, str(packaged("binary").folder), url, body]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    prediction, modules = json.loads(done.stdout)
    assert prediction in {"no", "yes"}
    assert sorted(set(modules) & set(HEAVY)) == []


def test_the_door_imports_no_training_library():
    code = "import json, sys, modelwright.deployment; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert (
        sorted(modules & {*HEAVY, "onnx", "onnxruntime", "sqlalchemy", "pyarrow", "jinja2", "starlette"})
        == []
    )

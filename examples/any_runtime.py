"""A package is data: `model.onnx` and `contract.json` are all that another language needs to score a row.

Here that language is Python with ONNX Runtime and NumPy; after the package is built, Modelwright is not used.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime

from modelwright import Project
from modelwright.demo import adult

MISSING = {"number": np.nan, "boolean": np.nan, "category": "", "time": np.iinfo(np.int64).min}
MATRICES = {"numbers": ("number", "boolean"), "texts": ("category",), "times": ("time",)}
TYPES = {"numbers": np.float32, "texts": object, "times": np.int64}

people = adult().sample(3_000, seed=1).drop("fnlwgt")

with TemporaryDirectory() as folder:
    package = Path(
        Project.create(Path(folder) / "income", data=people, target="class").build(time_limit="8s").package
    )
    contract = json.loads((package / "contract.json").read_text())
    session = onnxruntime.InferenceSession(package / "model.onnx")

# One row as it would come from a form: raw values, gaps as null.
row = people.drop("class").row(0, named=True)
features = [column for column in contract["columns"] if column["role"] == "feature"]

matrices = {}
for matrix, kinds in MATRICES.items():
    columns = [column for kind in kinds for column in features if column["kind"] == kind]
    values = [
        MISSING[column["kind"]] if row[column["name"]] is None else row[column["name"]] for column in columns
    ]
    if columns:
        matrices[matrix] = np.array([values], dtype=TYPES[matrix])

[probabilities] = session.run(["probabilities"], matrices)
print(row)
print("probability of each class:", probabilities[0].round(3))

"""How sure an answer is, and why: over HTTP, for files, and without a training library."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelwright.data import conform, encode_target, matrices
from modelwright.deployment import (
    Asked,
    Package,
    PackageExplainer,
    Scorer,
    Session,
    build_graph,
    explain_rows,
    score_file,
)
from modelwright.deployment.inspection import parse_graph
from modelwright.deployment.manifest import FileEntry
from modelwright.deployment.server import Service, build_app
from modelwright.errors import PackageError
from modelwright.explanation import Explainer, describe, draw_background, explainer_of, read_parts
from modelwright.problem import Brief
from modelwright.uncertainty import fit_intervals, fit_sets

from .conftest import people, records
from .models import linear_model
from .test_light import HEAVY

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def reliable(trained, tmp_path_factory):
    """Package a model with what sets, intervals and explanations need, once for each task."""
    made: dict[str, Package] = {}

    def get(task: str) -> Package:
        if task not in made:
            one = trained(task)
            frame = conform(one.contract, one.frame)
            y = encode_target(one.contract, one.frame[one.brief.problem.target])
            fit = (
                fit_sets(y, one.expected, "")
                if one.contract.classes
                else fit_intervals(y, one.expected[:, 0], "")
            )
            attachments = {
                "uncertainty.json": fit.model_dump_json(),
                "explanation.json": describe(
                    one.model, one.contract, draw_background(frame, one.contract)
                ).model_dump_json(),
            }
            serving = {"abstain_below": 0.6} if task == "multiclass" else {}
            brief = Brief.from_dict(one.brief.model_dump() | {"serving": serving})
            folder = tmp_path_factory.mktemp("reliable") / task
            made[task] = one.write(folder, brief=brief, attachments=attachments)
        return made[task]

    return get


@pytest.fixture
def asked(reliable, operations):
    """Ask a server for some rows."""

    def get(task: str, query: str, rows: int = 3):
        app = build_app(Service(reliable(task), operations, "release-1"))
        body = {"records": records(people(rows, seed=9), reliable(task).contract, rows)}
        with TestClient(app, raise_server_exceptions=False) as client:
            return client.post(f"/predict{query}", json=body)

    return get


def test_a_number_comes_with_the_intervals_that_were_asked_for(asked, reliable):
    for each in asked("regression", "?interval=0.8,0.95&interval=0.5").json()["predictions"]:
        assert list(each["intervals"]) == ["0.8", "0.95", "0.5"]
        low, high = each["intervals"]["0.95"]
        inner_low, inner_high = each["intervals"]["0.8"]
        assert low <= inner_low <= each["prediction"] <= inner_high <= high


def test_a_label_comes_with_the_sets_that_were_asked_for(asked):
    for each in asked("binary", "?interval=0.9").json()["predictions"]:
        assert max(each["probabilities"], key=each["probabilities"].get) in each["sets"]["0.9"]
        assert set(each["sets"]["0.9"]) <= {"no", "yes"}
        assert "abstained" not in each


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_an_answer_is_explained_by_what_adds_up_to_it(asked, task):
    for each in asked(task, "?explain=true").json()["predictions"]:
        why = each["explanation"]
        assert why["base"] + sum(why["columns"].values()) == pytest.approx(why["output"], abs=1e-9)
        assert set(why["columns"]) == {"age", "income", "job", "member", "joined"}
        assert why["reasons"]
        if task == "regression":
            assert why["output"] == pytest.approx(each["prediction"], rel=1e-5)
        else:
            p = each["probabilities"][why["label"]]
            assert why["output"] == pytest.approx(np.log(p / (1 - p)), abs=1e-3)


def test_the_explanation_of_a_package_is_that_of_the_trained_model(reliable, trained):
    one, package = trained("binary"), reliable("binary")
    frame = conform(one.contract, one.frame)
    explainer = explainer_of(one.model, one.contract, draw_background(frame, one.contract))
    ours = explain_rows(package, matrices(one.contract, frame[:3]))
    for row, explanation in enumerate(ours):
        features = [made.transform(frame[row : row + 1])[0] for made in one.model.representations]
        theirs = explainer.explain(features, 1)
        found = [explanation.columns[name] for name in explainer.columns]
        np.testing.assert_allclose(found, theirs.values, atol=1e-6)


def test_splines_and_neighbours_are_scored_and_explained_from_the_graph_as_trained(trained):
    one = trained("regression")
    frame = conform(one.contract, one.frame)
    y = one.frame["spent"].to_numpy()
    model = linear_model(frame, y, one.contract, one.brief, ("splines", "nearest_neighbours", "linear"))
    background = draw_background(frame, one.contract)
    described = describe(model, one.contract, background)
    assert [learner.kind for learner in described.learners] == ["splines", "other", "linear"]
    graph = parse_graph(build_graph(model, one.contract).SerializeToString())
    inputs = matrices(one.contract, frame)
    scored = Session(graph.SerializeToString()).predict(inputs)
    np.testing.assert_allclose(scored, model.predict(frame), rtol=1e-5)

    ours = explainer_of(model, one.contract, background)
    read = Explainer(
        ours.columns,
        read_parts(graph, described),
        described.columns_of,
        [made.transform(background) for made in model.representations],
    )

    features = [made.transform(frame[:1])[0] for made in model.representations]
    expected, found = ours.explain(features, 0), read.explain(features, 0)
    np.testing.assert_allclose(found.values, expected.values, atol=1e-4 * np.abs(expected.values).max())
    assert found.output == pytest.approx(float(scored[0, 0]), rel=1e-5)


def test_an_answer_abstains_below_the_brief_s_limit_or_the_request_s(asked):
    for limit, query in ((0.6, ""), (0.9, "?abstain_below=0.9"), (0.0, "?abstain_below=0")):
        answered = asked("multiclass", query, rows=40).json()["predictions"]
        for each in answered:
            unsure = max(each["probabilities"].values()) < limit
            assert each.get("abstained", False) == unsure
            assert each["prediction"]
        assert any(each.get("abstained") for each in answered) == (limit > 0)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?intervall=0.9", "did you mean 'interval'"),
        ("?interval=high", "must be a number between 0 and 1"),
        ("?interval=1", "must be a number between 0 and 1"),
        ("?interval=0.999", "the level 0.999 is not to be had"),
        ("?interval=" + ",".join(f"0.{each}" for each in range(10, 25)), "at most 10 levels"),
        ("?explain=perhaps", "must be true or false"),
        ("?abstain_below=2", "must be a number between 0 and 1"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_the_reason(asked, query, said):
    response = asked("binary", query)
    assert response.status_code == 422
    assert said in response.json()["detail"][0]["message"]


def test_numbers_do_not_abstain(asked):
    response = asked("regression", "?abstain_below=0.5")
    assert response.status_code == 422
    assert "no probability" in response.json()["detail"][0]["message"]


def test_only_so_many_rows_are_explained_at_once(asked):
    assert asked("binary", "?explain=1", rows=101).status_code == 413
    assert asked("binary", "?explain=false", rows=101).status_code == 200


def test_a_package_without_them_answers_and_says_what_is_missing(packaged, operations):
    body = {"records": records(people(1), packaged("binary").contract, 1)}
    with TestClient(build_app(Service(packaged("binary"), operations, "release-1"))) as client:
        plain = client.post("/predict", json=body)
        assert set(plain.json()["predictions"][0]) == {"id", "prediction", "probabilities"}
        for query, said in (("interval=0.9", "no uncertainty.json"), ("explain=true", "no explanation.json")):
            response = client.post(f"/predict?{query}", json=body)
            assert response.status_code == 422
            assert said in response.json()["detail"][0]["message"]


def test_an_answer_that_asks_for_nothing_more_reads_nothing_more(reliable, operations):
    service = Service(reliable("binary"), operations, "release-1")
    service.predict(json.dumps({"records": records(people(2), reliable("binary").contract, 2)}).encode())
    assert "fitted" not in vars(service.champion._scorer._uncertainty)
    assert "_explainer" not in vars(service.champion)


def test_what_may_be_asked_for_is_described(reliable, operations):
    for task, names in (
        ("binary", {"interval", "explain", "abstain_below"}),
        ("regression", {"interval", "explain"}),
    ):
        with TestClient(build_app(Service(reliable(task), operations, "release-1"))) as client:
            described = client.get("/openapi.json").json()
        assert {each["name"] for each in described["paths"]["/predict"]["post"]["parameters"]} == names
        schemas = described["components"]["schemas"]
        assert "explanation" in schemas["Prediction"]["properties"]
        assert "explanation" not in schemas["Prediction"]["required"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_carries_what_was_asked_for(reliable, tmp_path, ending):
    frame, wanted = people(50, seed=4), Asked(levels=(0.9,), abstain_below=0.7)
    for task, columns in (("binary", ["set_0.9", "abstained"]), ("multiclass", ["set_0.9", "abstained"])):
        output = tmp_path / f"{task}.{ending}"
        score_file(reliable(task), frame, output, wanted)
        scored = pl.read_csv(output) if ending == "csv" else pl.read_parquet(output)
        assert scored.columns[-2:] == columns
        assert all(
            set(json.loads(each)) <= set(reliable(task).contract.classes) for each in scored["set_0.9"]
        )
    output = tmp_path / f"values.{ending}"
    score_file(reliable("regression"), frame, output, Asked(levels=(0.9,)))
    scored = pl.read_csv(output) if ending == "csv" else pl.read_parquet(output)
    assert (scored["low_0.9"] <= scored["prediction"]).all()
    assert (scored["prediction"] <= scored["high_0.9"]).all()


def test_no_row_of_the_data_is_in_the_package(reliable, trained):
    said = json.loads(reliable("binary").content["explanation.json"])["background"]
    known = {round(value, 2) for value in trained("binary").frame["income"].to_list()}
    position = reliable("binary").contract.numbers.index("income")
    assert not {round(row[position], 2) for row in said["numbers"]} & known


EXPLAIN = """
import json, sys
from pathlib import Path
from modelwright.deployment import Asked, Package
from modelwright.deployment.server import Service
from modelwright.store import Operations

service = Service(Package.open(Path(sys.argv[1])), Operations(sys.argv[2]), "release-1")
answer, _ = service.predict(sys.argv[3].encode(), Asked((0.9,), explain=True))
modules = {name.partition(".")[0] for name in sys.modules}
print(json.dumps([answer.predictions[0].explanation.reasons, sorted(modules)]))
"""


def test_explaining_imports_no_training_library(reliable, tmp_path):
    url = f"sqlite:///{tmp_path / 'operations.db'}"
    body = json.dumps({"records": records(people(1), reliable("binary").contract, 1)})
    command = [sys.executable, "-c", EXPLAIN, str(reliable("binary").folder), url, body]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    reasons, modules = json.loads(done.stdout)
    assert reasons
    assert sorted(set(modules) & set(HEAVY)) == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("explanation.json", {"columns": ["a", "b", "c", "d", "e"]}, "not of the package's contract"),
        ("explanation.json", {"format": 2}, "not as Modelwright writes it"),
        ("explanation.json", {"learners": []}, "not as Modelwright writes it"),
        ("uncertainty.json", {"kind": "intervals"}, "not as Modelwright writes it"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(reliable, name, change, said):
    whole = reliable("binary")
    changed = json.dumps(json.loads(whole.content[name]) | change).encode()
    package = Package(whole.folder, whole.manifest, whole.contract, {**whole.content, name: changed})
    inputs = matrices(whole.contract, conform(whole.contract, people(1)))

    def answer() -> None:
        scores = Scorer(package).score(inputs, Asked((0.9,)))
        PackageExplainer(package).explain(inputs, scores)

    with pytest.raises(PackageError, match=said):
        answer()


def test_both_files_are_in_the_manifest(reliable):
    files = reliable("binary").manifest.files
    assert isinstance(files["uncertainty.json"], FileEntry)
    assert isinstance(files["explanation.json"], FileEntry)
    assert Path(reliable("binary").folder, "explanation.json").exists()

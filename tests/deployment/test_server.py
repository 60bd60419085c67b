from __future__ import annotations

import json
import sqlite3
import warnings
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from modelwright.deployment.server import Service, build_app
from modelwright.deployment.server import app as app_module
from modelwright.deployment.server import service as service_module
from modelwright.errors import StoreError
from modelwright.store import Observation

from .conftest import people, records

with warnings.catch_warnings():  # Starlette prefers httpx2 from 1.0 on, but takes httpx, as older ones do
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from starlette.testclient import TestClient

JSON = {"content-type": "application/json"}


@pytest.fixture
def opened(packaged, operations):
    """Open a client of a server for a task."""
    clients = []

    def get(task: str = "binary") -> TestClient:
        app = build_app(Service(packaged(task), operations, "release-1"))
        client = TestClient(app, raise_server_exceptions=False)
        clients.append(client)
        return client.__enter__()

    yield get
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(opened):
    return opened("binary")


@pytest.fixture
def rows(packaged):
    return records(people(5, seed=9), packaged("binary").contract, 5)


def messages(response) -> str:
    return " | ".join(
        f"{each['row']} {each['column']} {each['message']}" for each in response.json()["detail"]
    )


# ---- predictions


def test_rows_are_answered_in_order_with_probabilities(client, rows):
    response = client.post("/predict", json={"records": rows})
    assert response.status_code == 200
    answer = response.json()
    assert set(answer) == {"release", "predictions"}
    assert answer["release"] == "release-1"
    assert len({each["id"] for each in answer["predictions"]}) == 5
    for each in answer["predictions"]:
        assert set(each["probabilities"]) == {"no", "yes"}
        assert sum(each["probabilities"].values()) == pytest.approx(1)
        assert each["prediction"] == ("yes" if each["probabilities"]["yes"] >= 0.25 else "no")
    alone = [client.post("/predict", json={"records": [row]}).json()["predictions"][0] for row in rows]
    assert [each["probabilities"] for each in alone] == [
        pytest.approx(each["probabilities"]) for each in answer["predictions"]
    ]


def test_a_regression_answers_numbers_without_probabilities(opened, rows):
    (answered,) = opened("regression").post("/predict", json={"records": rows[:1]}).json()["predictions"]
    assert set(answered) == {"id", "prediction"}
    assert isinstance(answered["prediction"], float)


def test_many_classes_are_answered(opened, rows):
    (answered,) = opened("multiclass").post("/predict", json={"records": rows[:1]}).json()["predictions"]
    assert set(answered["probabilities"]) == {"bronze", "gold", "silver"}
    assert answered["prediction"] == max(answered["probabilities"], key=answered["probabilities"].get)


def test_every_answered_prediction_is_kept(client, rows, operations):
    answer = client.post("/predict", json={"records": rows}).json()
    kept = operations.observations()
    assert kept["id"].to_list() == [each["id"] for each in answer["predictions"]]
    first = operations.observation(answer["predictions"][0]["id"])
    assert first.row == rows[0]
    assert first.prediction == answer["predictions"][0]["prediction"]
    assert first.probabilities == answer["predictions"][0]["probabilities"]
    assert first.release == "release-1"
    assert first.latency_ms > 0


def test_large_requests_are_answered_too(client, packaged):
    many = records(people(3000), packaged("binary").contract, 3000)
    assert len(client.post("/predict", json={"records": many}).json()["predictions"]) == 3000


def test_what_cannot_be_kept_is_not_given(client, rows, operations, monkeypatch):
    def fail(_):
        raise StoreError("disk full at /secret/path")

    monkeypatch.setattr(operations, "append_observations", fail)
    response = client.post("/predict", json={"records": rows})
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert "could not be kept" in messages(response)
    assert "secret" not in response.text
    assert client.get("/ready").json()["reasons"] == ["the last predictions could not be kept"]
    monkeypatch.undo()
    assert client.post("/predict", json={"records": rows}).status_code == 200
    assert client.get("/ready").status_code == 200


# ---- refusals


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "not valid JSON"),
        (b"{", 400, "not valid JSON"),
        (b"\xff\xfe", 400, "not valid JSON"),
        (b'{"records": [{"age": "\xff"}]}', 400, "not valid JSON"),
        (b'{"records": [{"age": NaN}]}', 400, "not valid JSON"),
        (b'{"records": [{"age": Infinity}]}', 400, "not valid JSON"),
        (b'{"records": [{"age": 1e999}]}', 422, "out of range"),
        (b'{"records": [{"age": ' + b"[" * 100_000, 400, "not valid JSON"),
        (b"[]", 422, "Expected `object`, got `array`"),
        (b"{}", 422, "missing required field `records`"),
        (b'{"records": []}', 422, "at least one row"),
        (b'{"records": {}}', 422, "Expected `array`"),
        (b'{"records": [1]}', 422, r"$.records[0]"),
        (b'{"records": [{}], "more": 1}', 422, "unknown field `more`"),
    ],
)
def test_a_body_that_is_not_as_it_should(client, body, status, words):
    response = client.post("/predict", content=body, headers=JSON)
    assert response.status_code == status
    assert words in messages(response)


def test_a_row_that_breaks_the_contract_is_named_with_its_column(client, rows, operations):
    rows[1]["age"] = "old"
    del rows[3]["income"]
    response = client.post("/predict", json={"records": rows})
    assert response.status_code == 422
    named = {(each["row"], each["column"]) for each in response.json()["detail"]}
    assert named == {(1, "age"), (3, "income")}
    assert operations.observations().height == 0, "a refused request keeps nothing"


def test_what_the_contract_accepts_but_does_not_expect_is_said(client, rows):
    odd = rows[0] | {"job": "astronaut", "shoe_size": 43}
    response = client.post("/predict", json={"records": [rows[1], odd]})
    assert response.status_code == 200
    named = {(each["row"], each["column"]) for each in response.json()["warnings"]}
    assert named == {(1, "job"), (1, "shoe_size")}


def test_a_thousand_faults_are_not_all_listed(client):
    response = client.post("/predict", json={"records": [{}] * 1000})
    assert response.status_code == 422
    assert len(response.json()["detail"]) == 101
    assert "more" in response.json()["detail"][-1]["message"]


def test_too_many_rows(client, rows, monkeypatch):
    monkeypatch.setattr(service_module, "MOST_ROWS", 4)
    response = client.post("/predict", json={"records": rows})
    assert (response.status_code, "at most 4 rows" in messages(response)) == (413, True)


def test_a_body_too_large_whether_it_says_so_or_not(client, rows, monkeypatch):
    monkeypatch.setattr(app_module, "LARGEST_BODY", 200)
    assert client.post("/predict", json={"records": rows}).status_code == 413
    streamed = client.post("/predict", content=iter([b"x" * 100] * 5), headers=JSON)
    assert streamed.status_code == 413
    assert client.post("/predict", json={"records": rows[:1]}).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_another_content_type(client, kind):
    response = client.post("/predict", content=b"{}", headers={"content-type": kind})
    assert response.status_code == 415


def test_a_content_type_with_a_character_set(client, rows):
    kind = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.post("/predict", content=json.dumps({"records": rows}), headers=kind).status_code == 200


def test_another_path_or_method_is_answered_in_json(client):
    response = client.get("/nothing/here")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/json")
    assert "/predict" in messages(response)
    response = client.get("/predict")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert "not allowed" in messages(response)


def test_a_fault_of_ours_leaks_nothing(client, rows, monkeypatch):
    def fail(*_):
        raise RuntimeError("the password is 1234")

    monkeypatch.setattr(Service, "predict", fail)
    response = client.post("/predict", json={"records": rows})
    assert response.status_code == 500
    assert "the fault is in its log" in messages(response)
    assert "1234" not in response.text
    assert "Traceback" not in response.text


# ---- labels


@pytest.fixture
def ids(client, rows):
    return [each["id"] for each in client.post("/predict", json={"records": rows}).json()["predictions"]]


def test_labels_are_joined_by_the_predictions_id(client, ids, operations):
    labels = [{"id": ids[0], "label": "yes"}, {"id": ids[1], "label": "no"}]
    assert client.post("/feedback", json={"labels": labels}).json() == {"accepted": 2, "changed": 2}
    assert client.post("/feedback", json={"labels": labels}).json() == {"accepted": 2, "changed": 0}
    assert operations.observation(ids[0]).label == "yes"
    assert operations.observations(labelled=True).height == 2


def test_unknown_predictions_and_impossible_labels_are_named_and_nothing_is_kept(client, ids, operations):
    labels = [
        {"id": ids[0], "label": "yes"},
        {"id": "nobody", "label": "yes"},
        {"id": ids[1], "label": "maybe"},
    ]
    response = client.post("/feedback", json={"labels": labels})
    assert response.status_code == 422
    assert messages(response) == ("1 id no prediction is called so | 2 label must be one of no, yes")
    assert operations.observations(labelled=True).height == 0


def test_a_regression_takes_numbers_only(opened, rows, operations):
    client = opened("regression")
    name = client.post("/predict", json={"records": rows[:1]}).json()["predictions"][0]["id"]
    assert client.post("/feedback", json={"labels": [{"id": name, "label": 12}]}).status_code == 200
    assert operations.observation(name).label == 12.0
    for wrong in ("12", True):
        response = client.post("/feedback", json={"labels": [{"id": name, "label": wrong}]})
        assert "must be a finite number" in messages(response)


def test_whole_numbers_are_labels_too(packaged, operations):
    service = Service(packaged("binary"), operations, "release-1")
    manifest = service.package.manifest.model_copy(update={"classes": ("0", "1")})
    service.champion.package = replace(service.package, manifest=manifest)
    operations.append_observations([Observation("p", datetime.now(UTC), "release-1", {}, "1", None, 1.0)])
    for label in (1, 1.0, "1"):
        service.feedback(json.dumps({"labels": [{"id": "p", "label": label}]}).encode())
        assert operations.observation("p").label == "1"


@pytest.mark.parametrize(
    "body", [{}, {"labels": []}, {"labels": [{"id": 1, "label": "yes"}]}, {"labels": [{"id": "a"}]}]
)
def test_feedback_that_is_none(client, body):
    assert client.post("/feedback", json=body).status_code == 422


# ---- about the server


def test_health_and_readiness(client):
    assert client.get("/health").json() == {"status": "ok"}
    ready = client.get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "release": "release-1", "reasons": []})


def test_readiness_says_that_the_database_cannot_be_written(client, operations, monkeypatch):
    def fail():
        raise StoreError("locked")

    monkeypatch.setattr(operations, "check_writable", fail)
    ready = client.get("/ready")
    assert ready.status_code == 503
    assert ready.json()["reasons"] == ["the operations database cannot be written"]


def test_metrics_count_requests_errors_rows_and_time(client, rows):
    client.post("/predict", json={"records": rows})
    client.post("/predict", json={"records": [{}]})
    client.get("/nothing")
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }
    assert samples["modelwright_requests_total", "/predict", "200"] == 1
    assert samples["modelwright_requests_total", "/predict", "422"] == 1
    assert samples["modelwright_errors_total", "/predict"] == 1
    assert samples["modelwright_errors_total", "other"] == 1
    assert samples["modelwright_rows_total",] == 5
    assert samples["modelwright_request_seconds_count", "/predict"] == 2
    assert samples["modelwright_waiting_rows",] == 0
    assert any(name == "modelwright_release_info" and "release-1" in rest for name, *rest in samples)


def test_openapi_describes_the_contract_and_its_examples_are_accepted(client, packaged):
    api = client.get("/openapi.json").json()
    assert api["openapi"].startswith("3.1")
    assert set(api["paths"]) == {"/predict", "/feedback", "/health", "/ready", "/release", "/metrics"}
    record = api["components"]["schemas"]["Record"]
    assert list(record["properties"]) == [column.name for column in packaged("binary").contract.features]
    example = api["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert client.post("/predict", json=example).status_code == 200


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_answers_are_as_openapi_says(opened, rows, task):
    from jsonschema import Draft202012Validator

    client = opened(task)
    api = client.get("/openapi.json").json()

    def check(name, content):
        schema = {"$ref": f"#/components/schemas/{name}", "components": api["components"]}
        Draft202012Validator(schema).validate(content)

    for schema in api["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    check("PredictRequest", {"records": rows})
    check("PredictAnswer", client.post("/predict", json={"records": rows}).json())
    check("Refusal", client.post("/predict", json={"records": [{}]}).json())
    check("Refusal", client.get("/nothing").json())
    check("Readiness", client.get("/ready").json())


def test_the_page_is_whole_in_itself(client):
    response = client.get("/docs")
    assert response.headers["content-type"].startswith("text/html")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for elsewhere in ("http://", "https://", "//cdn", "import "):
        assert elsewhere not in response.text


def test_the_store_is_whole_after_all_this(client, rows, operations, tmp_path):
    client.post("/predict", json={"records": rows})
    with sqlite3.connect(tmp_path / "operations.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()

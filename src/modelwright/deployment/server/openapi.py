"""The server's description in OpenAPI 3.1, made from the contract."""

from __future__ import annotations

from typing import Any

from modelwright.data import json_schema
from modelwright.deployment.server.more import MOST_EXPLAINED, MOST_LEVELS
from modelwright.deployment.server.service import Service
from modelwright.evaluation import Verdict

_JSON = "application/json"
_REFUSALS = {
    "400": "The body is not valid JSON.",
    "401": "The server asks for a key.",
    "403": "The key does not open this path.",
    "408": "The body took too long to come.",
    "413": "The body, or the number of rows, is too large.",
    "415": "The body is not declared as JSON.",
    "422": "Rows or labels break the contract; each is named.",
    "429": "Too many requests from this caller.",
    "503": "Not kept, so not given; try again.",
}


def openapi(service: Service) -> dict[str, Any]:
    """Describe a server.

    Parameters
    ----------
    service : Service

    Returns
    -------
    dict
        An OpenAPI 3.1 document; the record's schema is the contract's.
    """
    manifest = service.package.manifest
    return {
        "openapi": "3.1.0",
        "info": {
            "title": manifest.name,
            "version": service.release,
            "summary": f"Predicts {manifest.target}.",
            "description": f"Run {manifest.run}, packaged by Modelwright {manifest.versions['modelwright']}.",
        },
        "paths": _paths(service),
        "components": {"schemas": _schemas(service)},
    }


def _paths(service: Service) -> dict[str, Any]:
    return {
        "/predict": {
            "post": {
                "operationId": "predict",
                "summary": "Score rows",
                "description": "Every prediction is kept durably before it is answered.",
                "parameters": _parameters(service),
                "requestBody": _body("PredictRequest", {"records": [example_record(service)]}),
                "responses": _answered("PredictAnswer"),
            }
        },
        "/feedback": {
            "post": {
                "operationId": "feedback",
                "summary": "Say what turned out to be true",
                "description": "Labels may be repeated and corrected; the latest counts.",
                "requestBody": _body("FeedbackRequest", {"labels": [_example_label(service)]}),
                "responses": _answered("FeedbackAnswer"),
            }
        },
        "/health": {"get": _plain("health", "Whether the process runs", "It does.")},
        "/ready": {
            "get": {
                "operationId": "ready",
                "summary": "Whether requests can be answered, and if not, why",
                "responses": {
                    "200": _content("Yes.", "Readiness"),
                    "429": "Too many requests from this caller.",
                    "503": _content("No, for the reasons given.", "Readiness"),
                },
            }
        },
        "/release": {
            "get": {
                "operationId": "release",
                "summary": "What is served, and why it was released",
                "responses": {
                    "200": _content("The release, with the gate's verdict.", "Release"),
                    "404": _content("The release is not on record.", "Refusal"),
                },
            }
        },
        "/metrics": {
            "get": _plain("metrics", "Counters for Prometheus", "In its text format.", "text/plain")
        },
    }


def _parameters(service: Service) -> list[dict[str, Any]]:
    """Describe what may be asked for beside the predictions."""
    share = {"type": "number", "minimum": 0, "exclusiveMaximum": 1}
    what = (
        "set of labels that holds the true one" if _classes(service) else "interval that holds the true value"
    )
    wanted = [
        _parameter(
            "interval",
            f"Levels, by commas: for each, the {what} as often as the level says.",
            {"type": "array", "items": share | {"exclusiveMinimum": 0}, "maxItems": MOST_LEVELS},
            example=[0.9],
        )
        | {"style": "form", "explode": False},
        _parameter(
            "explain",
            f"Whether each answer says what each column adds to it; at most {MOST_EXPLAINED} rows.",
            {"type": "boolean", "default": False},
        ),
    ]
    if not _classes(service):
        return wanted
    default = service.package.manifest.abstain_below or 0
    words = "Least probability of the most probable label; answers below it say that they abstain."
    return [*wanted, _parameter("abstain_below", words, share | {"default": default})]


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _classes(service: Service) -> tuple[str, ...]:
    return service.package.manifest.classes


def _schemas(service: Service) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    return {
        "Record": json_schema(service.package.contract),
        "PredictRequest": _object({"records": _list("Record", minItems=1)}, closed=True),
        "PredictAnswer": _object(
            {"release": text, "predictions": _list("Prediction"), "warnings": _list("Detail")},
            optional=["warnings"],
        ),
        "Prediction": _prediction(service),
        "Explanation": _explanation(),
        "FeedbackRequest": _object({"labels": _list("Label", minItems=1)}, closed=True),
        "Label": _object({"id": text, "label": _label(service)}, closed=True),
        "FeedbackAnswer": _object({"accepted": {"type": "integer"}, "changed": {"type": "integer"}}),
        "Readiness": _object(
            {
                "ready": {"type": "boolean"},
                "release": text,
                "reasons": {"type": "array", "items": text},
                "warnings": {"type": "array", "items": text},
            },
            optional=["warnings"],
        ),
        "Release": _release(text),
        **_verdict(),
        "Detail": _object(
            {"row": {"type": ["integer", "null"]}, "column": {"type": ["string", "null"]}, "message": text}
        ),
        "Refusal": _object({"detail": _list("Detail")}),
    }


def _release(text: dict[str, Any]) -> dict[str, Any]:
    return _object(
        {
            "release": text,
            "run": text,
            "at": text | {"format": "date-time"},
            "kind": text | {"enum": ["deploy", "rollback", "promote", "shadow", "canary"]},
            "replaced": {"type": ["string", "null"]},
            "verdict": _reference("Verdict"),
        }
    )


def _verdict() -> dict[str, Any]:
    schema = Verdict.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Verdict": schema}


def _prediction(service: Service) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    classes = _classes(service)
    explanation = {"explanation": _reference("Explanation"), "release": text}
    if not classes:
        limits = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        more = {"intervals": {"type": "object", "additionalProperties": limits}} | explanation
        return _object({"id": text, "prediction": {"type": "number"}} | more, optional=list(more))
    share = {"type": "number", "minimum": 0, "maximum": 1}
    probabilities = _object(dict.fromkeys(classes, share))
    labels = {"type": "array", "items": _label(service), "minItems": 1}
    more = {
        "abstained": {"type": "boolean", "default": False},
        "sets": {"type": "object", "additionalProperties": labels},
    } | explanation
    answer = {"id": text, "prediction": _label(service), "probabilities": probabilities}
    return _object(answer | more, optional=list(more))


def _explanation() -> dict[str, Any]:
    text, number = {"type": "string"}, {"type": "number"}
    return _object(
        {
            "label": text,
            "scale": {"type": "string", "enum": ["log-odds", "value"]},
            "base": number,
            "output": number,
            "columns": {"type": "object", "additionalProperties": number},
            "reasons": {"type": "array", "items": text},
        }
    ) | {"description": "`base` and all of `columns` add up to `output`, on `scale`."}


def _label(service: Service) -> dict[str, Any]:
    classes = service.package.manifest.classes
    return {"type": "string", "enum": list(classes)} if classes else {"type": "number"}


def _example_label(service: Service) -> dict[str, Any]:
    classes = service.package.manifest.classes
    return {"id": "prediction_…", "label": classes[-1] if classes else 1.5}


def example_record(service: Service) -> dict[str, Any]:
    """Return a record that the contract accepts."""
    schema = json_schema(service.package.contract)
    examples = schema.get("examples")
    return dict(examples[0]) if examples else {}


def _object(
    properties: dict[str, Any], optional: list[str] | None = None, closed: bool = False
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in (optional or [])],
    }
    return schema | {"additionalProperties": False} if closed else schema


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str, **limits: int) -> dict[str, Any]:
    return {"type": "array", "items": _reference(name), **limits}


def _content(description: str, name: str) -> dict[str, Any]:
    return {"description": description, "content": {_JSON: {"schema": _reference(name)}}}


def _body(name: str, example: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {_JSON: {"schema": _reference(name), "example": example}}}


def _answered(name: str) -> dict[str, Any]:
    refusals = {status: _content(words, "Refusal") for status, words in _REFUSALS.items()}
    return {"200": _content("The answers.", name), **refusals}


def _plain(operation: str, summary: str, answer: str, kind: str = _JSON) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "responses": {"200": {"description": answer, "content": {kind: {}}}},
    }

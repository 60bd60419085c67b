"""Who may ask the server what; and over what."""

from __future__ import annotations

import json
import socket
import ssl
import stat
import subprocess
import sys
import warnings
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection

import pytest

from modelwright.deployment import Address
from modelwright.deployment.server import Service, build_app
from modelwright.deployment.server import access as access_module
from modelwright.errors import ReleaseError

from .conftest import people, records

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from starlette.testclient import TestClient


@pytest.fixture
def client(packaged, operations, monkeypatch):
    monkeypatch.setattr(access_module, "_FRESH_SECONDS", 0.0)
    app = build_app(Service(packaged("binary"), operations, "release-1"))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def body(packaged):
    return {"records": records(people(1, seed=9), packaged("binary").contract, 1)}


def bearing(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_without_any_key_the_server_is_open_and_from_the_first_on_it_is_not(client, operations, body):
    assert client.post("/predict", json=body).status_code == 200
    _, key = operations.add_key("shop", ["predict"])
    refused = client.post("/predict", json=body)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert client.post("/predict", json=body, headers=bearing(key)).status_code == 200


@pytest.mark.parametrize(
    ("scope", "opened"),
    [
        ("predict", {"/predict", "/release", "/openapi.json", "/docs"}),
        ("feedback", {"/feedback", "/release", "/openapi.json", "/docs"}),
        ("admin", {"/predict", "/feedback", "/metrics", "/release", "/openapi.json", "/docs"}),
    ],
)
def test_a_key_opens_what_it_is_for(client, operations, body, scope, opened):
    _, key = operations.add_key("shop", [scope])
    asked = ("/predict", "/feedback", "/metrics", "/release", "/openapi.json", "/docs")
    statuses = {
        path: client.request(
            "POST" if path in asked[:2] else "GET", path, json=body, headers=bearing(key)
        ).status_code
        for path in asked
    }
    assert {path for path, status in statuses.items() if status != 403} == opened


def test_keys_are_rotated_without_a_restart(client, operations, body):
    old, old_key = operations.add_key("shop", ["predict"])
    _, new_key = operations.add_key("shop", ["predict"])
    assert client.post("/predict", json=body, headers=bearing(old_key)).status_code == 200
    operations.revoke_key(old.id)
    assert client.post("/predict", json=body, headers=bearing(old_key)).status_code == 401
    assert client.post("/predict", json=body, headers=bearing(new_key)).status_code == 200
    expired = operations.add_key("late", ["predict"], datetime.now(UTC) - timedelta(seconds=1))[1]
    assert client.post("/predict", json=body, headers=bearing(expired)).status_code == 401


@pytest.mark.parametrize("given", ["", "x", "mw_a_b", "mw__", "mw_" + "a" * 10_000, "mw_\xff_\xfe"])
def test_what_is_no_key_opens_nothing(client, operations, body, given):
    made, key = operations.add_key("shop", ["predict"])
    for header in (f"Bearer {given}", f"Bearer mw_{made.id}_{given}", f"Basic {key}", key):
        headers = {"authorization": header.encode("latin-1")}
        assert client.post("/predict", json=body, headers=headers).status_code == 401


@pytest.mark.parametrize(
    "path", ["/predict", "/feedback", "/release", "/openapi.json", "/docs", "/metrics", "/nowhere"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_whoever_has_no_key_learns_nothing(client, operations, path, method, packaged):
    operations.add_key("shop", ["predict"])
    answers = client.request(method, path, content=b'{"records": [{"age": "x"}]}')
    assert answers.status_code == 401
    assert answers.json() == {
        "detail": [
            {"row": None, "column": None, "message": "a key is needed: send authorization: Bearer KEY"}
        ]
    }
    assert client.get("/ready").json() == {"ready": True}
    assert client.get("/health").json() == {"status": "ok"}


def test_every_answer_keeps_browsers_from_harm(client, body):
    for answer in (client.get("/health"), client.post("/predict", json=body), client.get("/nowhere")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" in client.get("/docs").headers["content-security-policy"]


# ---- TLS and Unix sockets

SERVE = """
import json, sys
from pathlib import Path
from modelwright.deployment import Address, Package, serve
from modelwright.store import Operations

given = {name: Path(value) for name, value in json.loads(sys.argv[3]).items()}
with Operations(sys.argv[2]) as operations:
    serve(
        Package.open(Path(sys.argv[1])), "release-1", operations, address=Address(port=0, **given),
        on_ready=lambda url: print(url, flush=True),
    )
"""


def serving(package, tmp_path, **given) -> subprocess.Popen[str]:
    stated = json.dumps({name: str(path) for name, path in given.items()})
    command = [sys.executable, "-c", SERVE, package.folder, f"sqlite:///{tmp_path / 'o.db'}", stated]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def certificate(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"


def test_over_tls(packaged, tmp_path):
    cert, key = certificate(tmp_path)
    with serving(packaged("binary"), tmp_path, tls_certificate=cert, tls_key=key) as process:
        url = process.stdout.readline().strip()
        assert url.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(cert))
        asked = HTTPSConnection("localhost", int(url.rpartition(":")[2]), context=context, timeout=30)
        asked.request("GET", "/ready")
        assert asked.getresponse().status == 200
        asked.close()
        process.terminate()


def test_over_a_unix_socket_that_only_its_user_may_open(packaged, tmp_path):
    # A socket's path may have 107 bytes.
    path = (tmp_path if len(str(tmp_path)) < 90 else tmp_path.parent.parent) / "s"
    with serving(packaged("binary"), tmp_path, socket=path) as process:
        assert process.stdout.readline().startswith("unix://")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        asked = HTTPConnection("localhost", timeout=30)
        asked.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        asked.sock.connect(str(path))
        asked.request("GET", "/ready")
        assert asked.getresponse().status == 200
        asked.close()
        process.terminate()
        assert process.wait(30) == 0
    assert not path.exists()


def test_what_makes_no_sense_is_said(tmp_path, packaged, operations):
    from modelwright.deployment import serve

    with pytest.raises(ReleaseError, match="key alone"):
        Address(tls_key=tmp_path / "key.pem")
    with pytest.raises(ReleaseError, match="needs no TLS"):
        Address(socket=tmp_path / "s", tls_certificate=tmp_path / "cert.pem")
    (tmp_path / "cert.pem").write_text("no certificate")
    for name in ("cert.pem", "missing.pem"):
        address = Address(port=0, tls_certificate=tmp_path / name)
        with pytest.raises(ReleaseError, match="TLS cannot be set up"):
            serve(packaged("binary"), "release-1", operations, address=address)

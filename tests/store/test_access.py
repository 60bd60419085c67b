"""Keys are kept as hashes, and the log shows what was changed in it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from modelwright.errors import StoreError
from modelwright.store import Operations


@pytest.fixture
def path(tmp_path):
    return tmp_path / "operations.db"


@pytest.fixture
def operations(path):
    with Operations(f"sqlite:///{path}") as opened:
        yield opened


def release(operations, run):
    return operations.add_release(run=run, package="p", version=1, verdict={})


def test_a_key_is_nowhere_in_the_database(operations, path):
    made, text = operations.add_key("shop", ["predict"])
    operations.close()
    kept = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert text.encode() not in kept
    assert text.rpartition("_")[2].encode() not in kept
    assert made.hash.encode() in kept


def test_a_key_holds_until_it_expires_or_is_revoked(operations):
    now = datetime.now(UTC)
    lasting, _ = operations.add_key("shop", ["predict"])
    operations.add_key("shop", ["predict"], now + timedelta(days=1))
    operations.revoke_key(lasting.id)
    first, second = operations.list_keys()
    assert not first.holds(now)
    assert (second.holds(now), second.holds(now + timedelta(days=2))) == (True, False)
    with pytest.raises(StoreError, match="no key in force"):
        operations.revoke_key(lasting.id)


def test_what_changes_production_or_its_keys_is_written_down_and_verified(operations):
    release(operations, "a")
    begun = operations.begin_rollout(run="b", package="p", version=2, verdict={}, share=0.1)
    operations.end_rollout(begun.release, "rolled back", "worse")
    key, _ = operations.add_key("shop", ["predict"])
    operations.revoke_key(key.id)
    entries = operations.log_entries()
    acts = ["deploy", "canary", "trial rolled back", "key added", "key revoked"]
    assert [each.act for each in entries] == acts
    verified = operations.verify_log()
    assert (verified.entries, verified.fault, verified.head) == (5, None, entries[-1].hash)
    assert operations.verify_log(entries[2].hash).holds
    assert not operations.verify_log("0" * 64).holds


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE log_entry SET who = 'nobody' WHERE seq = 2", "entry 2"),
        ("UPDATE log_entry SET body = '{}' WHERE seq = 3", "entry 3"),
        ("DELETE FROM log_entry WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM log_entry WHERE seq = 1", "entry 1 is missing"),
    ],
)
def test_tampering_shows(operations, path, change, fault):
    for run in "abc":
        release(operations, run)
    with sqlite3.connect(path) as direct:
        direct.execute(change)
    direct.close()
    assert fault in operations.verify_log().fault


def test_a_cut_end_shows_where_its_hash_was_noted(operations, path):
    release(operations, "a")
    release(operations, "b")
    noted = operations.verify_log().head
    with sqlite3.connect(path) as direct:
        direct.execute("DELETE FROM log_entry WHERE seq = 2")
    direct.close()
    assert operations.verify_log().holds, "the chain alone cannot show this"
    assert "no entry has the hash" in operations.verify_log(noted).fault

"""Encrypted files: read again by the holder of the key, and by nobody who changed a bit of them."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwright.errors import PrivacyError, StoreError
from modelwright.store import encrypted_file, encryption, has_newest_key, is_encrypted, read_encrypted

FIRST, SECOND = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
SMALL_CHUNK = 64


@pytest.fixture(autouse=True)
def _key(monkeypatch) -> None:
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", FIRST)
    monkeypatch.setattr(encryption, "CHUNK", SMALL_CHUNK)


def written(path: Path, content: bytes = b"the rows of people") -> Path:
    with encrypted_file(path) as file:
        file.write(content)
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=3 * SMALL_CHUNK), max_size=5))
def test_what_was_written_is_read_again_however_it_was_written(tmp_path: Path, parts: list[bytes]) -> None:
    path = tmp_path / "rows.parquet"
    with encrypted_file(path) as file:
        for part in parts:
            file.write(part)
        assert file.tell() == sum(map(len, parts))

    assert read_encrypted(path) == b"".join(parts)


@pytest.mark.parametrize("length", [0, 1, SMALL_CHUNK - 1, SMALL_CHUNK, SMALL_CHUNK + 1, 5 * SMALL_CHUNK])
def test_every_length_is_read_again(tmp_path: Path, length: int) -> None:
    assert read_encrypted(written(tmp_path / "rows.parquet", b"x" * length)) == b"x" * length


def test_nothing_of_the_content_is_in_the_file_and_no_two_files_are_alike(tmp_path: Path) -> None:
    one, other = written(tmp_path / "rows.parquet"), written(tmp_path / "more" / "rows.parquet")

    assert is_encrypted(one)
    assert b"people" not in one.read_bytes()
    assert one.read_bytes()[24:] != other.read_bytes()[24:]
    assert one.stat().st_mode & 0o077 == 0


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.parquet", b"x" * 2 * SMALL_CHUNK)
    content = path.read_bytes()

    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises((StoreError, PrivacyError)):
            read_encrypted(path)


def chunks_of(path: Path) -> tuple[bytes, list[bytes]]:
    content = path.read_bytes()
    header, rest, size = content[:56], content[56:], SMALL_CHUNK + 16
    return header, [rest[at : at + size] for at in range(0, len(rest), size)]


@pytest.mark.parametrize(
    "rearranged",
    [
        pytest.param(lambda chunks: chunks[:-1], id="cut off"),
        pytest.param(lambda chunks: [chunks[1], chunks[0], *chunks[2:]], id="swapped"),
        pytest.param(lambda chunks: [chunks[0], *chunks], id="doubled"),
        pytest.param(lambda chunks: chunks[1:], id="begun later"),
        pytest.param(lambda _: [], id="empty"),
    ],
)
def test_chunks_keep_their_number_and_their_order(tmp_path: Path, rearranged) -> None:
    path = written(tmp_path / "rows.parquet", bytes(n % 251 for n in range(4 * SMALL_CHUNK)))
    header, chunks = chunks_of(path)

    path.write_bytes(header + b"".join(rearranged(chunks)))

    with pytest.raises(StoreError, match="changed after it was written"):
        read_encrypted(path)


def test_a_file_cannot_stand_in_for_another(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.parquet")
    shutil.copy(path, tmp_path / "others.parquet")

    with pytest.raises(StoreError, match="not what its name says"):
        read_encrypted(tmp_path / "others.parquet")


def test_without_a_key_nothing_is_written_or_read(tmp_path: Path, monkeypatch) -> None:
    path = written(tmp_path / "rows.parquet")
    monkeypatch.delenv("MODELWRIGHT_DATA_KEY")

    with pytest.raises(PrivacyError, match="MODELWRIGHT_DATA_KEY is not set"):
        read_encrypted(path)
    with pytest.raises(PrivacyError, match="openssl rand -base64 32"):
        written(tmp_path / "more.parquet")
    assert not (tmp_path / "more.parquet").exists()


@pytest.mark.parametrize("key", ["short", base64.b64encode(b"x" * 31).decode(), f"{FIRST},nonsense"])
def test_a_key_that_is_none_is_refused_without_showing_it(tmp_path: Path, monkeypatch, key: str) -> None:
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", key)

    with pytest.raises(PrivacyError, match="must be 32 bytes in base64") as refused:
        written(tmp_path / "rows.parquet")
    assert key not in str(refused.value)


def test_another_key_is_told_from_a_changed_file(tmp_path: Path, monkeypatch) -> None:
    path = written(tmp_path / "rows.parquet")
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", SECOND)

    with pytest.raises(PrivacyError, match="was encrypted with another key"):
        read_encrypted(path)


def test_a_new_key_before_the_old_one_encrypts_and_the_old_one_still_reads(
    tmp_path: Path, monkeypatch
) -> None:
    old = written(tmp_path / "old.parquet")
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", f"{SECOND}, {FIRST}")
    new = written(tmp_path / "new.parquet")

    assert read_encrypted(old) == read_encrypted(new)
    assert (has_newest_key(old), has_newest_key(new)) == (False, True)
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", SECOND)
    assert read_encrypted(new) == b"the rows of people"


def test_a_block_that_raises_leaves_no_file(tmp_path: Path) -> None:
    def stop_half_way() -> None:
        with encrypted_file(tmp_path / "rows.parquet") as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_half_way()

    assert list(tmp_path.iterdir()) == []

from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import StoreError
from modelwright.store import (
    atomic_file,
    atomic_folder,
    ident,
    read_json,
    sha256_file,
    write_atomic,
    write_json,
)


def names(folder):
    return [each.name for each in folder.iterdir()]


def write_half(path):
    with atomic_file(path) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt


def fill_half(path):
    with atomic_folder(path) as folder:
        (folder / "a").write_text("a")
        raise KeyboardInterrupt


def test_a_file_is_written_with_its_folder_and_replaced_whole(tmp_path):
    path = tmp_path / "deep" / "note.txt"
    write_atomic(path, "first")
    write_atomic(path, b"second")
    assert path.read_text() == "second"
    assert names(path.parent) == ["note.txt"]


def test_a_writer_that_fails_leaves_the_previous_file_and_no_litter(tmp_path):
    path = tmp_path / "note.txt"
    write_atomic(path, "first")
    with pytest.raises(KeyboardInterrupt):
        write_half(path)
    assert path.read_text() == "first"
    assert names(tmp_path) == ["note.txt"]


def test_permissions_can_be_narrowed(tmp_path):
    write_atomic(tmp_path / "sealed", b"", mode=0o600)
    assert stat.S_IMODE((tmp_path / "sealed").stat().st_mode) == 0o600


def test_a_folder_appears_whole(tmp_path):
    with atomic_folder(tmp_path / "package") as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "a").write_text("a")
        assert not (tmp_path / "package").exists()
    assert (tmp_path / "package" / "inner" / "a").read_text() == "a"
    assert names(tmp_path) == ["package"]


def test_a_folder_that_fails_does_not_appear(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        fill_half(tmp_path / "package")
    assert names(tmp_path) == []


def test_a_folder_is_never_overwritten(tmp_path):
    (tmp_path / "package").mkdir()
    with pytest.raises(StoreError, match="exists already"), atomic_folder(tmp_path / "package"):
        pass


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_json_comes_back_as_it_went(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "content.json"
    write_json(path, content)
    assert read_json(path) == content


def test_json_that_cannot_be_read_says_which_file(tmp_path):
    with pytest.raises(StoreError, match=r"gone\.json: there is no such file"):
        read_json(tmp_path / "gone.json")
    (tmp_path / "half.json").write_text('{"a": ')
    with pytest.raises(StoreError, match=r"half\.json: not valid JSON"):
        read_json(tmp_path / "half.json")


def test_sha256_is_the_standard_one(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_file(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_identifiers_are_unique_and_sort_by_time():
    made = [ident("look") for _ in range(1000)]
    assert len(set(made)) == 1000
    assert made[::100] == sorted(made[::100])
    assert all(each.startswith("look_") and len(each) == 37 for each in made)

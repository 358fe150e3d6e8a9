"""Files appear whole or not at all: what a writer that fails, a full disk and a strict umask leave."""

import errno
import os

import pytest

from crosscut.base.files import write_file


def names(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize("content", [b"new", "new", lambda p: p.write_text("new")])
def test_bytes_text_and_a_writer_give_the_same_file(tmp_path, content):
    path = tmp_path / "deep" / "result.json"
    assert write_file(path, content) == path
    assert path.read_text() == "new" and names(path.parent) == ["result.json"]


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = write_file(tmp_path / "result.json", "old")

    def half(to):
        assert to.parent == tmp_path and to.name.startswith(".result.json.")
        to.write_text("ne")
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        write_file(path, half)
    assert path.read_text() == "old" and names(tmp_path) == ["result.json"]


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    """A disk that is full shows itself only when it is flushed: the old file must still be there."""
    path = write_file(tmp_path / "result.json", "old")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_file(path, "new")
    assert path.read_text() == "old" and names(tmp_path) == ["result.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no umask")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_others_may_read_what_the_umask_lets_them(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        assert write_file(tmp_path / "x", b"").stat().st_mode & 0o777 == mode
        assert os.umask(mask) == mask
    finally:
        os.umask(before)

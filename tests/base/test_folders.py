"""Caches and accepted figures stay where they were: the platform's folders and the user's variables."""

import sys
from pathlib import Path

import pytest

from crosscut.base.folders import cache_folder, user_data_folder


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")
def test_the_folders_of_linux(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert cache_folder("ledger") == tmp_path / ".cache" / "crosscut" / "ledger"
    assert user_data_folder() == tmp_path / ".local" / "share" / "crosscut"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    assert cache_folder() == tmp_path / "c" / "crosscut"
    assert user_data_folder("") == tmp_path / "d" / "crosscut"


def test_a_folder_of_the_user_wins():
    assert user_data_folder("~/figures") == Path.home() / "figures"

"""Caches and accepted figures stay where they were, in the platform's folders and the user's variables; the
clock tells UTC in one form everywhere; a key of a service that is missing is empty."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosscut.base.machine import cache_folder, now, secret, stamp, today, user_data_folder


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


def test_the_moment_carries_its_time_zone():
    assert now().utcoffset() == timedelta(0)
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_day_and_stamp_are_those_of_the_moment():
    before, day, written, after = now().replace(microsecond=0), today(), stamp(), now()
    assert before <= datetime.fromisoformat(written) <= after
    assert before.date() <= day <= after.date()


def test_a_key_is_read_without_spaces_and_a_missing_one_is_empty(monkeypatch):
    monkeypatch.setenv("CROSSCUT_TEST_KEY", " abc \n")
    assert secret("CROSSCUT_TEST_KEY") == "abc"
    monkeypatch.delenv("CROSSCUT_TEST_KEY")
    assert secret("CROSSCUT_TEST_KEY") == ""

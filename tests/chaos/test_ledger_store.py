"""The compiled ledger under chaos: killed at any moment, built twice at once, cut short, on a full disk, in
a folder that may not be written. It may be built anew; it may never be wrong, half or in the way."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from crosscut.ledger.store import compile_store as compiled
from crosscut.ledger.store.sqlite_store import opened

ASK = (
    "from crosscut.ledger.ask.ledger import facts_of; from crosscut.ledger.store.ledger import Ledger;"
    "l = facts_of(Ledger.bundled(), 'tungsten'); print(len(l), l.facts[-1].id)"
)


def start(cache: Path, code: str = ASK) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def asked(cache: Path, code: str = ASK) -> str:
    process = start(cache, code)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def stores(cache: Path) -> list[Path]:
    return sorted((cache / "crosscut" / "ledger").glob("*.sqlite"))


def left_behind(cache: Path) -> list[Path]:
    return sorted((cache / "crosscut" / "ledger").glob(".*"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, str]:
    """A cache with its store, and what it answers."""
    cache = tmp_path_factory.mktemp("whole")
    return cache, asked(cache)


def copied(whole: tuple[Path, str], to: Path) -> Path:
    shutil.copytree(whole[0] / "crosscut", to / "crosscut")
    (path,) = stores(to)
    return path


@pytest.mark.parametrize(
    "n", [pytest.param(1, id="once"), pytest.param(25, id="many", marks=pytest.mark.soak)]
)
def test_killed_at_random_moments_of_the_build(tmp_path, whole, n):
    rng = random.Random(7)
    for _ in range(n):
        cache = tmp_path / f"{rng.random()}"
        process = start(cache)
        folder, until = cache / "crosscut" / "ledger", time.monotonic() + 60
        while not (folder.is_dir() and any(folder.iterdir())) and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for path in stores(cache):  # a file that has its name is whole
            db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            db.close()
        assert asked(cache) == whole[1]
        assert len(stores(cache)) == 1


def test_two_at_once_build_the_same_store(tmp_path, whole):
    both = [start(tmp_path), start(tmp_path)]
    answers = [p.communicate(timeout=120) for p in both]
    assert [p.returncode for p in both] == [0, 0], answers
    assert {a[0] for a in answers} == {whole[1]}
    assert len(stores(tmp_path)) == 1
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    "share", [0.6, *(pytest.param(s, marks=pytest.mark.soak) for s in (0.0, 0.001, 0.3, 0.999))]
)
def test_a_store_cut_short_is_built_anew(tmp_path, whole, share):
    path = copied(whole, tmp_path)
    body = path.read_bytes()
    path.write_bytes(body[: int(len(body) * share)])
    assert opened(path, "k") is None
    assert asked(tmp_path) == whole[1]
    assert path.stat().st_size == len(body)


@pytest.mark.soak
def test_a_store_of_zeros_is_built_anew(tmp_path, whole):
    """What a power cut can leave of a file that was never flushed."""
    path = copied(whole, tmp_path)
    path.write_bytes(bytes(path.stat().st_size))
    assert asked(tmp_path) == whole[1]


def test_a_full_disk_is_no_obstacle(tmp_path, whole):
    """Files may not grow beyond a quarter of a megabyte: the store is kept in memory, and nothing is left
    behind."""
    assert resource.RLIMIT_FSIZE
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))\n" + ASK
    assert asked(tmp_path, limited) == whole[1]
    assert stores(tmp_path) == []
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("error", [PermissionError, OSError])
def test_a_folder_that_may_not_be_written(tmp_path, whole, monkeypatch, error):
    """As on a read-only file system: by error, because root may write everywhere."""

    def refused(*a, **k):
        raise error(30, "Read-only file system")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(tempfile, "mkstemp", refused)
    compiled._store.cache_clear()
    try:
        store = compiled.store_of()
        assert f"{len(store.facts('tungsten'))} " in whole[1]
        assert stores(tmp_path) == []
    finally:
        compiled._store.cache_clear()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path, whole):
    folder = tmp_path / "crosscut" / "ledger"
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    try:
        assert asked(tmp_path) == whole[1]
    finally:
        folder.chmod(0o700)


def test_a_store_in_a_read_only_folder_is_read(tmp_path, whole):
    path = copied(whole, tmp_path)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        before = path.stat().st_mtime_ns
        assert asked(tmp_path) == whole[1]
        assert path.stat().st_mtime_ns == before
    finally:
        path.parent.chmod(0o700)


def test_what_killed_builds_left_goes_in_time(tmp_path, whole):
    folder = tmp_path / "crosscut" / "ledger"
    folder.mkdir(parents=True)
    old, young = folder / ".abc-1.tmp", folder / ".abc-2.tmp"
    for p in (old, young):
        p.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    assert asked(tmp_path) == whole[1]
    assert left_behind(tmp_path) == [young]  # it may belong to a build that is under way


@pytest.mark.soak
def test_a_folder_in_the_place_of_the_store(tmp_path, whole):
    folder = tmp_path / "crosscut" / "ledger"
    (folder / stores(whole[0])[0].name).mkdir(parents=True)
    assert asked(tmp_path) == whole[1]

"""The compiled store: one file under its content's hash, atomic, immutable when read, and not needed at
all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crosscut.ledger.store import compile_store as compiled
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.sqlite_store import FORMAT, opened

LOAD = (
    "from crosscut.ledger.ask.ledger import facts_of; from crosscut.ledger.store.ledger import Ledger;"
    "print(len(facts_of(Ledger.bundled(), 'tungsten')))"
)


def run(code: str, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    run(LOAD, folder)
    return folder


def the_file(cache: Path) -> Path:
    (found,) = (cache / "crosscut" / "ledger").glob("*.sqlite")
    return found


def test_importing_writes_nothing(tmp_path: Path) -> None:
    run("import crosscut, crosscut.ledger, crosscut.ledger.ask.ledger, crosscut.app.api", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_file_and_nothing_beside_it(cache: Path) -> None:
    assert {p.suffix for p in (cache / "crosscut" / "ledger").iterdir()} == {".sqlite"}
    db = sqlite3.connect(the_file(cache))
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    db.close()


def test_the_second_time_reads_the_same_file(cache: Path) -> None:
    before = the_file(cache).stat().st_mtime_ns
    run(LOAD, cache)
    assert the_file(cache).stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_written_does_not_matter(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the cache should be", encoding="utf-8")
    assert int(run(LOAD, blocked).stdout) > 3000


def test_a_damaged_file_is_rebuilt(cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "crosscut" / "ledger"
    folder.mkdir(parents=True)
    (folder / the_file(cache).name).write_bytes(the_file(cache).read_bytes()[:5000])
    assert int(run(LOAD, tmp_path).stdout) > 3000
    assert opened(folder / the_file(cache).name, "") is not None


def test_a_kill_leaves_no_half_written_store(tmp_path: Path) -> None:
    code = (
        "import os, crosscut.ledger.store.compile_store as c\n"
        "c.write = lambda content, db: (db.execute('CREATE TABLE x (y)'), os._exit(9))\n" + LOAD
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)}, check=False
    )
    assert done.returncode == 9
    assert not list((tmp_path / "crosscut" / "ledger").glob("*.sqlite"))
    assert int(run(LOAD, tmp_path).stdout) > 3000


def test_other_content_is_another_file() -> None:
    assert compiled.store_of().key == compiled.store_of().key
    assert len(compiled.store_of().key) == 24


def test_search_is_by_every_word_in_any_script_and_length() -> None:
    store = compiled.store_of()
    by_hand = {
        "tungsten": store.facts("tungsten"),
    }["tungsten"]
    assert store.about("tungsten", "North Katpar") <= {f.id for f in by_hand}
    for words in ("巴库塔", "库塔", "Upper kairakty", "W", '"', "100%"):
        found = store.about("tungsten", words)
        assert all(isinstance(i, str) for i in found)
    assert store.about("tungsten", "库塔") >= store.about("tungsten", "巴库塔") > set()
    assert store.about("tungsten", by_hand[0].id)


def test_facts_come_back_as_they_went_in() -> None:
    facts = compiled.store_of().facts("tungsten")
    assert all(isinstance(f, Fact) for f in facts)
    assert {type(f.value) for f in facts} == {float, str, type(None)}
    assert [f.value for f in facts if f.table == "tungsten/production"][:3] == [0.0, 920.0, 840.0]

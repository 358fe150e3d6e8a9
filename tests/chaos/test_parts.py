"""A stress run shared out among machines: 64 parts in any order give the files of one machine, byte for byte;
what is missing, doubled, damaged or foreign is said by number, and nothing is joined then."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from crosscut.base.errors import UserError
from crosscut.base.parallel import chunks_of
from crosscut.base.workers import Executor, WorkerPool
from crosscut.studies.stress.ensemble.ensemble import solved_ensemble
from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.ensemble.parts import Part, merged_parts, part_of, solve_part
from crosscut.studies.stress.ensemble.store import MANIFEST, sha256_of
from tests.chaos import stress_job

PARTS, DRAWS = 64, 130  # 65 chunks: one part has two
SERIAL = WorkerPool()


@cache
def job(seed: int = 7) -> StressJob:
    return replace(stress_job.job(seed), chunk=2)


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of draws of a run on one machine."""
    folder = tmp_path_factory.mktemp("serial") / "draws"
    solved_ensemble(job(), DRAWS, out=folder)
    return folder


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all 64 parts, solved in any order."""
    out = tmp_path_factory.mktemp("parts")
    numbers = list(range(1, PARTS + 1))
    random.Random(3).shuffle(numbers)
    for number in numbers:
        solve_part(job(), DRAWS, Part(number, PARTS), out, SERIAL)
    return out


@pytest.fixture
def out(solved: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be spoiled."""
    shutil.copytree(solved, tmp_path / "out")
    return tmp_path / "out"


def edited(folder: Path, edit: Callable[[dict], object]) -> None:
    """The manifest of a part, changed."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text())
    edit(manifest)
    path.write_text(json.dumps(manifest))


def refused(out: Path, draws: int = DRAWS) -> list[str]:
    """What joining says, without the folders; nothing is joined."""
    with pytest.raises(UserError) as e:
        merged_parts(job(), draws, out)
    assert not (out / "draws").exists()
    return [p.what for p in e.value.problems]


def test_64_parts_in_any_order_are_the_run_of_one_machine(out: Path, serial: Path) -> None:
    merged = merged_parts(job(), DRAWS, out)
    files = {p.name: p.read_bytes() for p in (out / "draws").iterdir()}
    assert files == {p.name: p.read_bytes() for p in serial.iterdir()}
    assert merged.store.redone == [] and merged.numbers("draw")["draw"].shape == (DRAWS, 1)
    assert merged_parts(job(), DRAWS, out).sum == merged.sum  # joining twice does no harm


@pytest.mark.parametrize("of", [1, 7, 64, 65])
def test_the_parts_share_out_every_chunk_once(of: int) -> None:
    chunks = chunks_of(DRAWS, 2)
    shared = [Part(n, of).chunks(chunks) for n in range(1, of + 1)]
    assert [c for part in shared for c in part] == chunks
    assert max(map(len, shared)) - min(map(len, shared)) <= 1


def test_parts_solved_by_processes_are_the_same(tmp_path: Path, solved: Path) -> None:
    pool = WorkerPool(Executor.PROCESSES, 2)
    found = solve_part(job(), DRAWS, Part(2, 8), tmp_path, pool)
    assert (found.draws.start, found.draws.stop) == (16, 32)
    for path in found.folder.glob("draws-*"):
        assert [path.read_bytes()] == [p.read_bytes() for p in solved.glob(f"parts/*/{path.name}")]


def test_missing_parts_are_named(out: Path) -> None:
    shutil.rmtree(out / "parts" / "17-of-64")
    assert refused(out) == ["part 17/64 is missing"]
    shutil.rmtree(out / "parts" / "5-of-64")
    assert refused(out) == ["parts 5/64, 17/64 are missing"]


def test_an_equal_copy_of_a_part_does_no_harm(out: Path, serial: Path) -> None:
    shutil.copytree(out / "parts" / "17-of-64", out / "parts" / "from the other machine")
    assert merged_parts(job(), DRAWS, out).store.sums == {
        p.name: sha256_of(p) for p in serial.glob("draws-*")
    }


def test_a_part_that_is_there_twice_with_other_draws_is_named(out: Path) -> None:
    folder = out / "parts" / "again"
    shutil.copytree(out / "parts" / "17-of-64", folder)
    (chunk,) = folder.glob("draws-*")
    shutil.copyfile(next((out / "parts" / "18-of-64").glob("draws-*")), chunk)
    edited(folder, lambda m: m["chunks"].update({chunk.name: sha256_of(chunk)}))
    assert refused(out) == ["part 17/64 is there 2 times with different draws"]


def test_a_part_of_another_version_is_named(out: Path) -> None:
    def older(manifest: dict) -> None:
        manifest["key"] = "0" * 64
        manifest["inputs"]["code"] = "0.0.9"

    edited(out / "parts" / "17-of-64", older)
    edited(out / "parts" / "18-of-64", lambda m: m["libraries"].update(polars="0.20.1"))
    first, second, missing = refused(out)
    assert first.startswith("part 17/64 is of another request: version of crosscut 0.0.9, not ")
    assert second.startswith("part 18/64 is of another request: polars 0.20.1, not ")
    assert missing == "parts 17/64, 18/64 are missing"


def test_a_part_of_another_request_is_named(out: Path, tmp_path: Path) -> None:
    other = solve_part(job(seed=8), DRAWS, Part(17, PARTS), tmp_path / "other", SERIAL).folder
    shutil.rmtree(out / "parts" / "17-of-64")
    shutil.move(other, out / "parts" / "17-of-64")
    first, missing = refused(out)
    assert first.startswith("part 17/64 is of another request:") and "seed 8, not 7" in first
    assert missing == "part 17/64 is missing"


def test_a_part_of_another_split_is_named(out: Path) -> None:
    solve_part(job(), DRAWS, Part(3, 10), out, SERIAL)
    assert refused(out) == ["part 3/10 is of another split than the 64 parts beside it"]


def test_parts_of_fewer_draws_are_named(out: Path) -> None:
    said = refused(out, draws=DRAWS + 2)
    assert said[0] == "part 1/64 is of another request: 130 draws, not 132"


def test_a_part_that_was_killed_or_damaged_is_named_and_goes_on(out: Path, serial: Path) -> None:
    begun, hurt, double = (out / "parts" / f"{n}-of-64" for n in (17, 18, 64))
    (lost,) = begun.glob("draws-*")
    lost.unlink()
    edited(begun, lambda m: m.update(chunks={}))
    (chunk,) = hurt.glob("draws-*")
    chunk.write_bytes(chunk.read_bytes()[:-100])
    edited(double, lambda m: m["chunks"].popitem())
    assert refused(out) == [
        "part 17/64 is not finished: 0 of 1 chunks",
        f"part 18/64 is damaged: {chunk.name}",
        "part 64/64 is not finished: 1 of 2 chunks",
    ]
    for number in (17, 18, 64):
        solve_part(job(), DRAWS, Part(number, PARTS), out, SERIAL)
    merged_parts(job(), DRAWS, out)
    assert {p.name: p.read_bytes() for p in (out / "draws").iterdir()} == {
        p.name: p.read_bytes() for p in serial.iterdir()
    }


def test_what_is_no_part_is_said(out: Path, tmp_path: Path) -> None:
    (out / "parts" / "17-of-64" / MANIFEST).write_text("{")
    assert refused(out) == ["not the manifest of a stress run", "part 17/64 is missing"]
    edited(out / "parts" / "18-of-64", lambda m: m.update(part=65))
    assert refused(out)[1:] == ["the manifest of no part", "parts 17/64, 18/64 are missing"]
    with pytest.raises(UserError, match="no parts"):
        merged_parts(job(), DRAWS, tmp_path / "empty")
    with pytest.raises(UserError, match="at most 65"):
        solve_part(job(), DRAWS, Part(1, 66), tmp_path, SERIAL)


@pytest.mark.parametrize("text", ["17", "0/64", "65/64", "1/0", "a/b", "-1/64", ""])
def test_what_is_typed_wrong_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="the 17th of 64 parts"):
        part_of(text)

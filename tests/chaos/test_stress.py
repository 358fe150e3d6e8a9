"""A stress run killed, damaged, out of disk or short of workers ends with the numbers of an undisturbed run,
bit for bit."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from crosscut.base.errors import UserError
from crosscut.base.workers import Executor, WorkerPool
from crosscut.studies.stress.ensemble.chunk import chunk_solver
from crosscut.studies.stress.ensemble.ensemble import solved_ensemble
from crosscut.studies.stress.ensemble.store import MANIFEST
from tests.chaos.stress_job import CHUNK, held_job, job
from tests.paths import ROOT

DRAWS = 300


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    return solved_ensemble(job(), DRAWS, out=tmp_path_factory.mktemp("whole") / "draws").sum


def child(
    folder: Path, executor: str = "serial", workers: int = 1, which: str = "calm"
) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.chaos.stress_child",
            str(folder),
            str(DRAWS),
            executor,
            str(workers),
            which,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed_somewhere(folder: Path, rng: random.Random, which: str = "calm") -> int:
    """Starts a run, kills it once a random number of chunks is there or a moment after; returns how many
    were."""
    wanted = rng.randrange(1, DRAWS // CHUNK)
    process = child(folder, which=which)
    deadline = time.monotonic() + 120
    while (
        process.poll() is None
        and len(list(folder.glob("draws-*.parquet"))) < wanted
        and time.monotonic() < deadline
    ):
        time.sleep(0.002)
    time.sleep(rng.random() * 0.03)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    if process.stdout is not None and process.stderr is not None:
        process.stdout.close()
        process.stderr.close()
    return len(list(folder.glob("draws-*.parquet")))


def check_killed(tmp_path: Path, times: int, undisturbed: str) -> None:
    rng = random.Random(times)
    for k in range(times):
        folder = tmp_path / str(k)
        before = killed_somewhere(folder, rng)
        assert before > 0
        stamps = {p.name: p.stat().st_mtime_ns for p in folder.glob("draws-*.parquet")}
        again = solved_ensemble(job(), DRAWS, out=folder, resume=True)
        assert again.sum == undisturbed
        # A chunk that was whole is not solved a second time (one may have been renamed before the manifest
        # knew of it).
        solved_twice = [n for n, t in stamps.items() if (folder / n).stat().st_mtime_ns != t]
        assert len(solved_twice) <= 1
        draws = pl.concat(
            [
                pl.read_parquet(folder / n, columns=["draw"])
                for n in sorted(p.name for p in folder.glob("draws-*"))
            ]
        )
        assert draws["draw"].to_list() == list(range(DRAWS))


def test_killed_three_times_and_resumed(tmp_path: Path, undisturbed: str) -> None:
    check_killed(tmp_path, 3, undisturbed)


@pytest.mark.soak
def test_killed_twenty_times_and_resumed(tmp_path: Path, undisturbed: str) -> None:
    check_killed(tmp_path, 20, undisturbed)


def test_killed_and_resumed_on_top_of_measures_in_force(tmp_path: Path) -> None:
    whole = solved_ensemble(held_job(), DRAWS, out=tmp_path / "whole").sum
    assert killed_somewhere(tmp_path / "killed", random.Random(5), "in_force") > 0
    with pytest.raises(UserError, match="other inputs"):
        solved_ensemble(replace(held_job(), measures_held=None), DRAWS, out=tmp_path / "killed", resume=True)
    again = solved_ensemble(
        held_job(), DRAWS, out=tmp_path / "killed", resume=True, pool=WorkerPool(Executor.PROCESSES, 2)
    )
    assert again.sum == whole


def test_one_worker_is_two_workers(tmp_path: Path, undisturbed: str) -> None:
    two = solved_ensemble(job(), DRAWS, out=tmp_path / "two", pool=WorkerPool(Executor.PROCESSES, 2))
    assert two.sum == undisturbed


def test_a_lost_worker_process_loses_nothing(tmp_path: Path, undisturbed: str) -> None:
    """One of the pool's processes is killed mid-run: a new pool solves what it had in hand."""
    from multiprocessing import active_children

    hit: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if not hit and done >= CHUNK:
            victim = next(c for c in active_children() if c.pid is not None)
            hit.append(int(victim.pid or 0))
            os.kill(hit[0], signal.SIGKILL)

    out = solved_ensemble(
        job(), DRAWS, out=tmp_path / "d", pool=WorkerPool(Executor.PROCESSES, 2), progress=kill_one
    )
    assert hit and out.sum == undisturbed


def test_damaged_and_missing_chunks_are_solved_again(tmp_path: Path, undisturbed: str) -> None:
    folder = tmp_path / "d"
    solved_ensemble(job(), DRAWS, out=folder)
    chunks = sorted(folder.glob("draws-*.parquet"))
    data = bytearray(chunks[2].read_bytes())
    data[len(data) // 2] ^= 0xFF
    chunks[2].write_bytes(bytes(data))
    chunks[5].write_bytes(b"")
    chunks[7].unlink()
    again = solved_ensemble(job(), DRAWS, out=folder, resume=True)
    assert again.sum == undisturbed
    assert sorted(again.store.redone) == sorted(c.name for c in (chunks[2], chunks[5], chunks[7]))


def test_a_full_disk_is_said_and_nothing_is_lost(
    tmp_path: Path, undisturbed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, written = tmp_path / "d", os.fsync
    count = 0

    def full(handle: int) -> None:
        nonlocal count
        count += 1
        if count > 9:
            raise OSError(errno.ENOSPC, "No space left on device")
        written(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        solved_ensemble(job(), DRAWS, out=folder)
    monkeypatch.undo()
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]
    whole = list(folder.glob("draws-*.parquet"))
    assert whole
    assert solved_ensemble(job(), DRAWS, out=folder, resume=True).sum == undisturbed


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    solved_ensemble(job(), CHUNK, out=folder)
    with pytest.raises(UserError, match="another run"):
        solved_ensemble(job(), CHUNK, out=folder)
    with pytest.raises(UserError, match="other inputs"):
        solved_ensemble(job(seed=8), CHUNK, out=folder, resume=True)
    (folder / MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="not the manifest"):
        solved_ensemble(job(), CHUNK, out=folder, resume=True)


def test_more_draws_go_on_from_fewer(tmp_path: Path, undisturbed: str) -> None:
    folder = tmp_path / "d"
    solved_ensemble(job(), DRAWS // 3, out=folder)
    assert solved_ensemble(job(), DRAWS, out=folder, resume=True).sum == undisturbed


def test_dask_with_a_worker_killed_gives_the_same(tmp_path: Path, undisturbed: str) -> None:
    """A real local cluster of separate processes; one worker is killed mid-run."""
    distributed = pytest.importorskip("distributed")
    hit: list[int] = []
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            worker_class="distributed.Nanny",
            silence_logs=50,
        ) as cluster,
    ):
        pids = [nanny.pid for nanny in cluster.workers.values()]

        def kill_one(done: int, total: int) -> None:
            if not hit and done >= CHUNK:
                hit.append(pids[0])
                os.kill(hit[0], signal.SIGKILL)

        out = solved_ensemble(
            job(),
            DRAWS,
            out=tmp_path / "d",
            pool=WorkerPool(Executor.DASK, scheduler=cluster.scheduler_address),
            progress=kill_one,
        )
    assert hit and out.sum == undisturbed


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(UserError, match="no Dask scheduler answers"):
        solved_ensemble(job(), CHUNK, pool=WorkerPool(Executor.DASK, scheduler="tcp://127.0.0.1:1"))


def test_a_worker_of_another_version_is_refused() -> None:
    """The key of a job names code, data and solver: a worker that makes another key does not solve."""
    with pytest.raises(UserError, match="another version"):
        chunk_solver(job(), "0" * 64)

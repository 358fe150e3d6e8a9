"""Executors: who solves the chunks. This process, processes of this machine, or a Dask cluster; the numbers
are the same.

A worker that dies loses nothing: its chunks are solved again, by a new pool here, by another worker on a
cluster.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from itertools import islice
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.base.parallel import AHEAD, DIED, one_thread_each, work_of_process, worker_pool
from crosscut.studies.stress.ensemble.chunk import Chunk, chunk_solver
from crosscut.studies.stress.ensemble.job import StressJob

SERIAL, PROCESSES, DASK = "serial", "processes", "dask"
EXECUTORS = (SERIAL, PROCESSES, DASK)
PATIENCE = 60  # seconds for a first worker
MOST_LOSSES = 3  # pools that may break before the run gives up; what is written stays

Solved = Iterator[tuple[range, Chunk]]


def solved_chunks(
    job: StressJob, chunks: Sequence[range], *, executor: str = SERIAL, workers: int = 1, scheduler: str = ""
) -> Solved:
    """(chunk, its rows) of every chunk, in any order.

    Raises UserError for an unknown executor, a scheduler that does not answer, or workers that keep dying.
    """
    workers = max(1, min(workers, len(chunks))) if executor == PROCESSES else workers
    if executor == SERIAL or (executor == PROCESSES and workers == 1):
        work = chunk_solver(job)
        return ((c, work(c)) for c in chunks)
    if executor == PROCESSES:
        return _by_processes(job, chunks, workers)
    if executor == DASK:
        return _by_dask(job, chunks, workers, scheduler)
    raise UserError(Problem(f"executor {executor!r}", "--executor", f"one of {', '.join(EXECUTORS)}"))


def _by_processes(job: StressJob, chunks: Sequence[range], workers: int) -> Solved:
    """This process works too: it is there already, with everything loaded that a new one would load."""
    work = chunk_solver(job)
    left, lost = list(chunks), 0
    while left:
        done: set[int] = set()
        try:
            for chunk, rows in _one_pool(job, work, left, workers - 1):
                done.add(chunk.start)
                yield chunk, rows
        except BrokenProcessPool:
            lost += 1
            if lost > MOST_LOSSES:
                raise UserError(
                    Problem(
                        "worker processes keep dying",
                        "--workers",
                        f"{DIED}; then the same command with --resume",
                    )
                ) from None
        left = [c for c in left if c.start not in done]


def _one_pool(job: StressJob, work: Callable[[range], Chunk], chunks: Sequence[range], others: int) -> Solved:
    """Keeps `others` processes busy and solves chunks here meanwhile; few are in the air, so that memory
    stays flat."""
    with worker_pool(chunk_solver, (job,), others) as pool:
        left = iter(chunks)
        waiting: dict[Future[Chunk], range] = {}
        try:
            while True:
                while len(waiting) < others + 1 and (ahead := next(left, None)) is not None:
                    waiting[pool.submit(work_of_process, ahead)] = ahead
                ahead = None if any(f.done() for f in waiting) else next(left, None)
                if ahead is not None:
                    yield ahead, work(ahead)
                elif waiting:
                    first = next(as_completed(waiting))
                    chunk = waiting[first]
                    yield chunk, first.result()
                    del waiting[first]
                else:
                    return
        finally:
            for future in waiting:
                future.cancel()


@lru_cache(maxsize=2)
def _solver_of(key: str, kept: _Kept) -> Callable[[range], Chunk]:
    if kept.job.key != key:
        raise UserError(
            Problem(
                "a worker has another version of crosscut, of its data or of its solver",
                "--executor dask",
                "the same installation on every machine",
            )
        )
    return chunk_solver(kept.job)


class _Kept:
    """A job that compares equal to its copies: a worker makes its solvers once."""

    def __init__(self, job: StressJob) -> None:
        self.job, self.key = job, job.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.key == self.key


def _on_worker(kept: _Kept, start: int, stop: int) -> Chunk:
    return _solver_of(kept.key, kept)(range(start, stop))


def _by_dask(job: StressJob, chunks: Sequence[range], workers: int, scheduler: str) -> Solved:
    """On the cluster at `scheduler`, or on one of this machine with `workers` processes."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise UserError(
            Problem("dask is not installed", "--executor dask", "pip install 'crosscut[cluster]'")
        ) from None
    with one_thread_each():
        cluster: Any = None
        if not scheduler:
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                silence_logs=logging.ERROR,
            )
        try:
            client = Client(scheduler or cluster, timeout="10s")
        except (OSError, ValueError) as e:
            raise UserError(
                Problem(
                    f"no Dask scheduler answers ({e})",
                    f"--scheduler {scheduler}",
                    "such as tcp://10.0.0.5:8786",
                )
            ) from None
        try:
            yield from _on_cluster(client, job, chunks)
        finally:
            client.close()
            if cluster is not None:
                cluster.close()


def _on_cluster(client: Any, job: StressJob, chunks: Sequence[range]) -> Solved:
    """The job goes with every chunk, so that any worker can take over from one that died."""
    from distributed import as_completed as completed

    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise UserError(
            Problem(
                f"no worker joined the scheduler in {PATIENCE} s",
                "--executor dask",
                "`dask worker ADDRESS` beside it",
            )
        ) from None
    kept = _Kept(job)
    most = AHEAD * len(client.scheduler_info()["workers"])
    left = iter(chunks)
    where: dict[str, range] = {}

    def submitted(chunk: range) -> Any:
        future = client.submit(
            _on_worker, kept, chunk.start, chunk.stop, key=f"{job.key[:16]}-{chunk.start}", pure=False
        )
        where[future.key] = chunk
        return future

    waiting = completed([submitted(c) for c in islice(left, most)])
    for future in waiting:
        rows = _of(future)
        yield where.pop(future.key), rows
        future.release()
        if (ahead := next(left, None)) is not None:
            waiting.add(submitted(ahead))


def _of(future: Any) -> Chunk:
    """What a future holds. Raises UserError where the cluster gave up on it."""
    from distributed import CancelledError, KilledWorker

    try:
        rows: Chunk = future.result()
    except (KilledWorker, CancelledError) as e:
        raise UserError(
            Problem(
                f"the cluster lost a chunk ({type(e).__name__})",
                "--executor dask",
                "workers that stay up, then the same command with --resume",
            )
        ) from None
    return rows

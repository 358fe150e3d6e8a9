"""Parallel work: chunks done by this process, by several, or by a cluster (`crosscut.base.cluster`), with the
same numbers whoever does them.

Work is described by a function `begin` and its arguments: `begin(*arguments)` runs once in every process
that takes part and returns the function that does a chunk. With more than one process both must be
importable and picklable; a script then needs `if __name__ == "__main__":`. A worker that dies loses nothing:
its chunks are done again. Workers end with the process that started them, however that ends.

Tests: tests/chaos/test_workers.py, tests/base/test_progress.py, tests/studies/scenario/test_batch.py
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, current_process, get_context, parent_process
from pathlib import Path
from typing import Any, Protocol, TypeVar

from crosscut.base.errors import Problem, UserError
from crosscut.base.progress import Progress
from crosscut.base.workers import Executor, Work, WorkerPool, one_thread_each

Result = TypeVar("Result")
Given = TypeVar("Given", contravariant=True)

CHUNK = 100
AHEAD = 2  # chunks in the air for every worker: enough to keep it busy, few enough to keep memory flat
MOST_LOSSES = 3  # pools that may break before the run gives up; what is written stays
DIED = "fewer of them (memory?); in a script, the call under `if __name__ == '__main__':`"


class KeptChunks(Protocol[Given]):
    """Where done chunks are kept, so that a run that was stopped goes on."""

    def missing(self, chunks: Iterable[range]) -> list[range]:
        """Those that have to be done."""

    def add(self, chunk: range, result: Given) -> None:
        """Keeps a chunk that is done."""


def chunks_of(draws: int, size: int = CHUNK) -> list[range]:
    """0 .. draws - 1 in ranges.

    Parameters
    ----------
    draws : int
        The number of draws.
    size : int
        The largest number in a range.

    Returns
    -------
    list of range
        In order; the last may be shorter.

    Examples
    --------
    >>> chunks_of(250)
    [range(0, 100), range(100, 200), range(200, 250)]
    """
    return [range(start, min(start + size, draws)) for start in range(0, draws, size)]


def do_missing(
    store: KeptChunks[Result],
    begin: Callable[..., Work[Result]],
    arguments: tuple[Any, ...],
    chunks: Sequence[range],
    pool: WorkerPool,
    *,
    name: str = "",
    progress: Progress | None = None,
) -> None:
    """Does the chunks that a store does not have yet, and keeps each as soon as it is done.

    Parameters
    ----------
    store
        Asked once for what is missing.
    begin, arguments
        The work; see the module.
    chunks
        All chunks of the run.
    pool
        Who works.
    name
        Names the work on a cluster: equal names are the same work.
    progress
        Called with (items done, items in all) at the start and after every chunk.

    Raises
    ------
    UserError
        Where workers keep dying or no cluster answers; what is in the store stays.
    """
    total, missing = sum(map(len, chunks)), store.missing(chunks)
    done = total - sum(map(len, missing))
    if progress:
        progress(done, total)
    for chunk, result in results(begin, arguments, missing, pool, name):
        store.add(chunk, result)
        done += len(chunk)
        if progress:
            progress(done, total)


def results_in_order(
    begin: Callable[..., Work[Result]], arguments: tuple[Any, ...], chunks: Sequence[range], workers: int = 1
) -> Iterator[Result]:
    """Every chunk done, in the order of the chunks.

    Parameters
    ----------
    begin : Callable[..., Work[Result]]
        Runs once in every process and returns the function that does a chunk; with more than one worker it
        must be importable.
    arguments : tuple[Any, ...]
        What `begin` is given; with more than one worker it must be picklable.
    chunks : Sequence[range]
        Ranges of draws.
    workers : int
        The number of processes; 1 means this one.

    Yields
    ------
    Result
        The same numbers whatever the number of processes.

    Examples
    --------
    >>> list(results_in_order(len_of_chunks, (), chunks_of(250)))
    [100, 100, 50]
    """
    early: dict[int, Result] = {}
    awaited = deque(chunk.start for chunk in chunks)
    for chunk, result in results(begin, arguments, chunks, WorkerPool(Executor.PROCESSES, workers)):
        early[chunk.start] = result
        while awaited and awaited[0] in early:
            yield early.pop(awaited.popleft())


def results(
    begin: Callable[..., Work[Result]],
    arguments: tuple[Any, ...],
    chunks: Sequence[range],
    pool: WorkerPool,
    name: str = "",
) -> Iterator[tuple[range, Result]]:
    """Every chunk done, in the order in which they are done.

    Parameters
    ----------
    begin : Callable[..., Work[Result]]
        Runs once in every process and returns the function that does a chunk.
    arguments : tuple[Any, ...]
        What `begin` is given.
    chunks : Sequence[range]
        Ranges of draws.
    pool : WorkerPool
        Who works: this process, others, or a cluster.
    name : str
        Names the work on a cluster: equal names are the same work, which a worker begins once.

    Yields
    ------
    tuple of (range, Result)
        A chunk and its result.

    Raises
    ------
    UserError
        Workers keep dying, or no scheduler answers.

    Notes
    -----
    Each worker uses one thread: the parallel part is the chunks.
    """
    if not chunks:
        return
    if _is_starting():
        raise SystemExit(1)  # without a word: the process that started this one says it, once
    if pool.executor is Executor.DASK:
        from crosscut.base.cluster import results_of_cluster

        yield from results_of_cluster(begin, arguments, chunks, pool, name)
        return
    others = min(pool.workers, len(chunks)) - 1 if pool.executor is Executor.PROCESSES else 0
    work = begin(*arguments)
    left, lost = list(chunks), 0
    while left:
        done: set[int] = set()
        began = threading.Event()
        try:
            for chunk, result in _by_processes(begin, arguments, work, left, others, began):
                done.add(chunk.start)
                yield chunk, result
        except BrokenProcessPool:
            lost += 1
            if lost > (MOST_LOSSES if began.is_set() else 1):
                raise UserError(Problem("worker processes died", "workers", DIED)) from None
        left = [c for c in left if c.start not in done]


def _is_starting() -> bool:
    """Whether this process is a worker that is still reading the script it belongs to.

    A script that asks for workers outside of `if __name__ == "__main__":` asks again in each worker.
    """
    return bool(getattr(current_process(), "_inheriting", False))


def _by_processes(
    begin: Callable[..., Work[Result]],
    arguments: tuple[Any, ...],
    work: Work[Result],
    chunks: Sequence[range],
    others: int,
    began: threading.Event,
) -> Iterator[tuple[range, Result]]:
    """Keeps `others` processes busy and does chunks here meanwhile: this process has everything loaded."""
    if others < 1:
        yield from ((chunk, work(chunk)) for chunk in chunks)
        return
    left = deque(chunks)
    waiting: dict[Future[Result], range] = {}
    with _process_pool(begin, arguments, others, began) as pool:
        try:
            while left or waiting:
                while len(waiting) < AHEAD * others and len(left) > 1:
                    ahead = left.popleft()
                    waiting[pool.submit(_work_here, ahead)] = ahead
                if left and not any(f.done() for f in waiting):
                    chunk = left.popleft()
                    yield chunk, work(chunk)
                else:
                    first = next(as_completed(waiting))
                    result = first.result()
                    yield waiting.pop(first), result
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def _process_pool(
    begin: Callable[..., Work[Any]], arguments: tuple[Any, ...], workers: int, began: threading.Event
) -> Iterator[ProcessPoolExecutor]:
    """Processes in which `begin(*arguments)` has made what `_work_here` does; `began` is set when one has.

    The arguments go through a file: what is handed to a new process directly is written into a pipe, and
    that waits for ever where a process dies before it reads more than the pipe holds.
    """
    with tempfile.TemporaryDirectory(prefix="crosscut-") as folder, one_thread_each():
        job, mark = Path(folder, "job"), Path(folder, "began")
        job.write_bytes(pickle.dumps((begin, arguments), protocol=pickle.HIGHEST_PROTOCOL))
        try:
            with ProcessPoolExecutor(
                workers, get_context("spawn"), initializer=_begin, initargs=(str(job), str(mark))
            ) as pool:
                yield pool
        finally:
            if mark.exists():
                began.set()


_work: list[Work[Any]] = []


def _begin(job: str, mark: str) -> None:
    """What a new process does first."""
    with contextlib.suppress(ValueError):  # not the main thread of its process, as in a test
        signal.signal(signal.SIGINT, _end_quietly)  # a stop at the keyboard reaches everyone; one says so
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    begin, arguments = pickle.loads(Path(job).read_bytes())
    _work[:] = [begin(*arguments)]
    with contextlib.suppress(OSError):
        Path(mark).touch()


def _end_quietly(number: int, frame: object) -> None:
    """Ends this process without a word."""
    os._exit(1)


def _end_with(sentinel: int) -> None:
    """Ends this process when the one that started it is gone: nobody is left to take its results."""
    connection.wait([sentinel])
    sys.stderr.close()
    os._exit(1)


def _work_here(chunk: range) -> Any:
    """What the process was begun for, done for one chunk."""
    return _work[0](chunk)


def len_of_chunks() -> Work[int]:
    """Work that does nothing, for the examples."""
    return len

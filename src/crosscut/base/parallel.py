"""Parallel work: chunks of draws done by this process or by several, in order, with the same numbers.

Tests: tests/chaos/test_workers.py, tests/studies/scenario/test_batch.py
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from crosscut.base.errors import Problem, UserError

Result = TypeVar("Result")
Work = Callable[[range], Result]

CHUNK = 100
AHEAD = 3  # chunks in the air for every worker: enough to keep them busy, few enough to keep memory flat
DIED = "fewer of them (memory?); in a script, the call under `if __name__ == '__main__':`"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


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


def results_in_order(
    begin: Callable[..., Work[Result]], arguments: tuple[Any, ...], chunks: Sequence[range], workers: int = 1
) -> Iterator[Result]:
    """`begin(*arguments)(chunk)` for every chunk, in the order of the chunks.

    `begin` runs once in every process and returns the function that does a chunk; with more than one worker
    both it and its arguments must be importable and picklable (a script then needs `if __name__ ==
    "__main__"`). Each worker uses one thread: the parallel part is the chunks. Raises UserError where
    workers die.

    >>> list(results_in_order(len_of_chunks, (), chunks_of(250)))
    [100, 100, 50]
    """
    if workers <= 1 or len(chunks) <= 1:
        work = begin(*arguments)
        for chunk in chunks:
            yield work(chunk)
        return
    with worker_pool(begin, arguments, min(workers, len(chunks))) as pool:
        waiting: deque[Future[Result]] = deque()
        left = iter(chunks)
        try:
            while True:
                while len(waiting) < AHEAD * workers and (ahead := next(left, None)) is not None:
                    waiting.append(pool.submit(work_of_process, ahead))
                if not waiting:
                    return
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise UserError(Problem("worker processes died", "workers", DIED)) from None
        finally:
            for future in waiting:
                future.cancel()


def len_of_chunks() -> Work[int]:
    """Work that does nothing, for the example."""
    return len


@contextmanager
def one_thread_each() -> Iterator[None]:
    """What child processes inherit while they are started."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


KEPT = 31 * 2**20  # bytes; from 32 MB on, glibc always gives memory back


def keep_freed_memory() -> None:
    """Let the memory of arrays up to 31 MB be used again without the system, which would clear each page
    anew.

    glibc returns a freed block to the system if it is larger than the largest freed before (and the top of
    the heap if twice that is free), so that work in chunks of megabytes pays more for pages than for sums.
    One large block, asked for and freed untouched, raises both limits; elsewhere it does nothing.
    """
    np.empty(KEPT, dtype=np.uint8)


@contextmanager
def worker_pool(
    begin: Callable[..., Work[Any]], arguments: tuple[Any, ...], workers: int
) -> Iterator[ProcessPoolExecutor]:
    """Processes in which `begin(*arguments)` has made what `work_of_process` does.

    The arguments go through a file: what is handed to a new process directly is written into a pipe, and
    that waits for ever where a process dies before it reads more than the pipe holds.
    """
    with tempfile.TemporaryDirectory(prefix="crosscut-") as folder, one_thread_each():
        path = Path(folder, "job")
        path.write_bytes(pickle.dumps((begin, arguments), protocol=pickle.HIGHEST_PROTOCOL))
        with ProcessPoolExecutor(
            workers, get_context("spawn"), initializer=_begin, initargs=(str(path),)
        ) as pool:
            yield pool


_work: list[Work[Any]] = []


def _begin(path: str) -> None:
    begin, arguments = pickle.loads(Path(path).read_bytes())
    _work[:] = [begin(*arguments)]


def work_of_process(chunk: range) -> Any:
    """What the process was begun for, done for one chunk."""
    return _work[0](chunk)

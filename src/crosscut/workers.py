"""Workers: chunks of draws done by this process or by several, in order, with the same numbers either way."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np

Result = TypeVar("Result")
Work = Callable[[range], Result]

CHUNK = 100
AHEAD = 3  # chunks in the air for every worker: enough to keep them busy, few enough to keep memory flat
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


def chunks_of(draws: int, size: int = CHUNK) -> list[range]:
    """0 .. draws - 1 in ranges of `size`.

    >>> chunks_of(250)
    [range(0, 100), range(100, 200), range(200, 250)]
    """
    return [range(start, min(start + size, draws)) for start in range(0, draws, size)]


def results_in_order(
    begin: Callable[..., Work[Result]], arguments: tuple[Any, ...], chunks: Sequence[range], workers: int = 1
) -> Iterator[Result]:
    """`begin(*arguments)(chunk)` for every chunk, in the order of the chunks.

    `begin` runs once in every process and returns the function that does a chunk; with more than one worker both it
    and its arguments must be importable and picklable (a script then needs `if __name__ == "__main__"`). Each worker
    uses one thread: the parallel part is the chunks.

    >>> list(results_in_order(len_of_chunks, (), chunks_of(250)))
    [100, 100, 50]
    """
    if workers <= 1 or len(chunks) <= 1:
        work = begin(*arguments)
        for chunk in chunks:
            yield work(chunk)
        return
    with (
        one_thread_each(),
        ProcessPoolExecutor(
            min(workers, len(chunks)), get_context("spawn"), initializer=_begin, initargs=(begin, arguments)
        ) as pool,
    ):
        waiting: deque[Future[Result]] = deque()
        left = iter(chunks)
        try:
            while True:
                while len(waiting) < AHEAD * workers and (ahead := next(left, None)) is not None:
                    waiting.append(pool.submit(_done, ahead))
                if not waiting:
                    return
                yield waiting.popleft().result()
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
    """Let the memory of arrays up to 31 MB be used again without the system, which would clear each page anew.

    glibc returns a freed block to the system if it is larger than the largest freed before (and the top of the heap if twice
    that is free), so that work in chunks of megabytes pays more for pages than for sums. One large block, asked for and
    freed untouched, raises both limits; elsewhere it does nothing.
    """
    np.empty(KEPT, dtype=np.uint8)


_work: list[Work[Any]] = []


def _begin(begin: Callable[..., Work[Any]], arguments: tuple[Any, ...]) -> None:
    _work[:] = [begin(*arguments)]


def _done(chunk: range) -> Any:
    return _work[0](chunk)

"""Chunks of work on a Dask cluster (extra `cluster`): one that listens at an address, or one of this machine.

The work goes with every chunk, so that any worker can take over from one that died; a worker begins it once.

Tests: tests/chaos/test_stress.py, tests/studies/stress/test_answers.py
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from crosscut.base.errors import Problem, UserError
from crosscut.base.workers import Work, WorkerPool, one_thread_each

Result = TypeVar("Result")

AHEAD = 3  # chunks in the air for every worker; the way to it is longer than to a process
PATIENCE = 60  # seconds for a first worker


class _Named:
    """Work that compares equal to its copies of the same name: a worker begins it once."""

    def __init__(self, begin: Callable[..., Work[Any]], arguments: tuple[Any, ...], name: str) -> None:
        self.begin, self.arguments, self.name = begin, arguments, name

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and other.name == self.name


@lru_cache(maxsize=2)
def _begun(named: _Named) -> Work[Any]:
    return named.begin(*named.arguments)


def _on_worker(named: _Named, start: int, stop: int) -> Any:
    return _begun(named)(range(start, stop))


def results_of_cluster(
    begin: Callable[..., Work[Result]],
    arguments: tuple[Any, ...],
    chunks: Sequence[range],
    pool: WorkerPool,
    name: str,
) -> Iterator[tuple[range, Result]]:
    """Chunks done on a Dask cluster: the one at `pool.scheduler`, or one of this machine with `pool.workers`
    processes.

    Parameters
    ----------
    begin : Callable[..., Work[Result]]
        Runs once in every worker and returns the function that does a chunk.
    arguments : tuple[Any, ...]
        What `begin` is given; it travels with every chunk.
    chunks : Sequence[range]
        Ranges of draws.
    pool : WorkerPool
        Who works, and where the scheduler listens.
    name : str
        Names the work on a cluster: equal names are the same work, which a worker begins once.

    Yields
    ------
    tuple of (range, Result)
        A chunk and its result, in the order in which they are done.

    Raises
    ------
    UserError
        Dask is not installed, no scheduler answers, no worker joins, or a chunk is lost.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise UserError(
            Problem("dask is not installed", "--executor dask", "pip install 'crosscut[cluster]'")
        ) from None
    named = _Named(begin, arguments, name or uuid.uuid4().hex)
    with one_thread_each():
        own: Any = None
        if not pool.scheduler:
            own = LocalCluster(
                n_workers=pool.workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                silence_logs=logging.ERROR,
            )
        try:
            client = Client(pool.scheduler or own, timeout="10s")
        except (OSError, ValueError) as e:
            raise UserError(
                Problem(
                    f"no Dask scheduler answers ({e})",
                    f"--scheduler {pool.scheduler}",
                    "such as tcp://10.0.0.5:8786",
                )
            ) from None
        try:
            yield from _results(client, named, chunks)
        finally:
            client.close()
            if own is not None:
                own.close()


def _results(client: Any, named: _Named, chunks: Sequence[range]) -> Iterator[tuple[range, Any]]:
    from distributed import as_completed

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
    most = AHEAD * len(client.scheduler_info()["workers"])
    left = iter(chunks)
    where: dict[str, range] = {}

    def submitted(chunk: range) -> Any:
        key = f"{named.name[:16]}-{chunk.start}"
        future = client.submit(_on_worker, named, chunk.start, chunk.stop, key=key, pure=False)
        where[future.key] = chunk
        return future

    waiting = as_completed([submitted(c) for c in islice(left, most)])
    for future in waiting:
        yield where.pop(future.key), _result(future)
        future.release()
        if (ahead := next(left, None)) is not None:
            waiting.add(submitted(ahead))


def _result(future: Any) -> Any:
    """What a future holds. Raises UserError where the cluster gave up on it."""
    from distributed import CancelledError, KilledWorker

    try:
        return future.result()
    except (KilledWorker, CancelledError) as e:
        raise UserError(
            Problem(
                f"the cluster lost a chunk ({type(e).__name__})",
                "--executor dask",
                "workers that stay up, then the same command with --resume",
            )
        ) from None

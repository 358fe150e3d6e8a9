"""Workers: who does the chunks of a long run, and how a process is set up for it.

Tests: tests/base/test_progress.py, tests/chaos/test_workers.py
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np

from crosscut.base.errors import Problem, UserError

Result = TypeVar("Result")
Work = Callable[[range], Result]

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


class Executor(StrEnum):
    """Who works: this process, processes of this machine, or a Dask cluster."""

    SERIAL = "serial"
    PROCESSES = "processes"
    DASK = "dask"


@dataclass(frozen=True)
class WorkerPool:
    """Who does the chunks of a run: `workers` processes with this one among them, or a cluster at the address
    `scheduler` (empty: one of this machine)."""

    executor: Executor = Executor.SERIAL
    workers: int = 1
    scheduler: str = ""


def executor_named(text: str) -> Executor:
    """The executor of a name.

    Parameters
    ----------
    text : str
        What the user wrote.

    Returns
    -------
    Executor
        Who does the chunks.

    Raises
    ------
    UserError
        There is none of this name; the nearest is in the text.

    Examples
    --------
    >>> executor_named("dask")
    <Executor.DASK: 'dask'>
    """
    try:
        return Executor(text)
    except ValueError:
        raise UserError(
            Problem(f"executor {text!r}", "--executor", f"one of {', '.join(Executor)}")
        ) from None


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

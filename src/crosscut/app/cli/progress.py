"""Progress: a counter on the error stream once the work has taken two seconds; silent in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 2.0  # seconds without a word


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function of (done, total) that shows both, and after ten per cent what is left to wait."""
    started, shown = time.perf_counter(), False

    def report(done: int, total: int) -> None:
        nonlocal shown
        spent = time.perf_counter() - started
        if not sys.stderr.isatty() or spent <= PATIENCE:
            return
        left = f", about {spent / done * (total - done):.0f} s left" if done >= total / 10 else ""
        sys.stderr.write(f"\r{what} {done}/{total}{left}      ")
        sys.stderr.flush()
        shown = True

    try:
        yield report
    finally:
        if shown:
            sys.stderr.write("\r" + " " * 60 + "\r")

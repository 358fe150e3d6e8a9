"""Progress: what long work tells whoever waits for it, and a bar on the error stream for those at a terminal.

The bar appears after two seconds and says the time left once that is above ten; in a pipe it stays silent.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 2.0  # seconds without a word
WORTH_SAYING = 10.0  # seconds left below which nobody needs a number
MEGABYTE = 1e6

Arriving = Callable[[str, int, int | None], None]  # (file, bytes so far, bytes in all where known)


class Progress(Protocol):
    """Called as work goes on, from the thread that asked for it."""

    def __call__(self, done: int, total: int, /) -> None:
        """`done` of `total` pieces. An exception it raises, such as `Cancelled`, ends the work; what was
        written stays."""


class Cancelled(Exception):
    """Raised by a progress function to end work that nobody waits for any more."""


@contextmanager
def counted(what: str) -> Iterator[Progress]:
    """A progress function that shows a count, such as `draws 1200/10000, 40 s left`.

    Parameters
    ----------
    what : str
        What is counted, in the plural.

    Yields
    ------
    Progress
        Takes what is done and what is to do.

    Examples
    --------
    >>> with counted("draws") as progress:  # no terminal here, so it is silent
    ...     progress(5, 10)
    """
    with _bar() as show:
        yield lambda done, total: show(what, f"{done:,}/{total:,}", done, total)


@contextmanager
def arriving() -> Iterator[Arriving]:
    """A function of (name, bytes, bytes in all or None) that shows what arrives, such as
    `baci.zip 12.5 of 800.0 MB`."""
    with _bar() as show:
        yield lambda name, done, total: show(name, _megabytes(done, total), done, total)


def _megabytes(done: int, total: int | None) -> str:
    """Bytes in words.

    >>> _megabytes(12_500_000, None), _megabytes(12_500_000, 800_000_000)
    ('12.5 MB', '12.5 of 800.0 MB')
    """
    return f"{done / MEGABYTE:,.1f}{f' of {total / MEGABYTE:,.1f}' if total else ''} MB"


@contextmanager
def _bar() -> Iterator[Callable[[str, str, int, int | None], None]]:
    """Shows (what, how far in words, done, total) on the error stream, once it has taken two seconds."""
    started = monotonic()
    bar: Bar | None = None

    def show(what: str, words: str, done: int, total: int | None) -> None:
        nonlocal bar
        spent = monotonic() - started
        if spent <= PATIENCE or not sys.stderr.isatty():
            return
        if bar is None:
            bar = _begun_bar()
        left = spent / done * (total - done) if total and done >= total / 10 else 0.0
        said = f"{words}, {left:.0f} s left" if left > WORTH_SAYING else words
        bar.update(bar.task_ids[0], description=what, said=said, completed=done, total=total)

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()


def _begun_bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.fields[said]}"))
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", said="")
    bar.start()
    return bar

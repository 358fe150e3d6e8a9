"""Reading: which ledger is being read (bundled, or with a workspace over it) and which facts are forced.

A reading holds for a block of code and whatever it calls; without one it is the workspace of
`CROSSCUT_WORKSPACE`, or none. `--fact ID` forces a fact: every fact that states the same thing is then read
with its value.

Remembered: results kept for as long as the same ledger is read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

from crosscut.ledger.store.compile_store import store_of
from crosscut.ledger.store.sqlite_store import Store

VARIABLE = "CROSSCUT_WORKSPACE"


@dataclass(frozen=True)
class Reading:
    """The store that is read, and the ids of forced facts in the order given."""

    store: Store
    forced: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """Two readings with the same key read the same figures."""
        return self.store.key, self.forced


_active: ContextVar[Reading | None] = ContextVar("crosscut_reading", default=None)


def current() -> Reading:
    """The reading in force.

    >>> current().forced
    ()
    """
    active = _active.get()
    if active is not None:
        return active
    folder = os.environ.get(VARIABLE)
    return Reading(store_of(Path(folder) if folder else None))


@contextmanager
def reading(workspace: str | Path | None = None, forced: tuple[str, ...] = ()) -> Iterator[Reading]:
    """Reads the ledger with `workspace` laid over it (None: the one already in force) and with these facts
    forced.

    Raises UserError for a broken workspace. Forced ids are not checked here: see `picks.forced_facts`.
    """
    store = current().store if workspace is None else store_of(Path(workspace))
    active = Reading(store, forced)
    token = _active.set(active)
    try:
        yield active
    finally:
        _active.reset(token)


def use(workspace: str | Path) -> None:
    """Reads the ledger with `workspace` laid over it from here on (in this thread of control). Raises
    UserError for a broken workspace."""
    _active.set(Reading(store_of(Path(workspace))))


R = TypeVar("R")


def per_reading(function: Callable[..., R]) -> Callable[..., R]:
    """`function` computed once for each reading (workspace and forced facts) and each set of arguments by
    position."""

    @lru_cache(maxsize=256)
    def kept(reading_key: Hashable, *args: Hashable) -> R:
        del reading_key
        return function(*args)

    @wraps(function)
    def read(*args: Hashable) -> R:
        return kept(current().key, *args)

    return read

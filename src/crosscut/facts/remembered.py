"""Remembered: results kept for as long as the same ledger is read."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import TypeVar

from crosscut.facts.reading import current

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

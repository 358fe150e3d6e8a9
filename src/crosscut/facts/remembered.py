"""Remembered: results kept for as long as the same ledger is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from crosscut.facts.reading import current

P = ParamSpec("P")
R = TypeVar("R")


def per_reading(function: Callable[P, R]) -> Callable[P, R]:
    """`function` computed once for each reading (workspace and forced facts) and arguments, which must hash."""

    @lru_cache(maxsize=256)
    def kept(reading_key: object, *args: P.args, **kwargs: P.kwargs) -> R:
        del reading_key
        return function(*args, **kwargs)

    @wraps(function)
    def read(*args: P.args, **kwargs: P.kwargs) -> R:
        return kept(current().key, *args, **kwargs)

    return read

"""Compiled: how routines of the kernel are compiled, and where compiled code is kept.

Plain numba: floating-point flags are off (`fastmath`), but for the sums of `rows`. The numpy error model
leaves out the test for a zero divisor: what is divided by zero is infinite or not a number, and shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.extending import register_jitable

from crosscut.base.machine import cache_folder

# Nothing is allocated in compiled code, so views of rows need not be counted (a seventh of a draw's time).
OPTIONS: Any = {"error_model": "numpy", "fastmath": False, "_nrt": False}
# called by compiled code, compiled with each routine that calls it; to Python it stays the function it is
inner: Any = register_jitable(**OPTIONS)
# the same for sums: these may be taken in several parts, and with fused multiply-adds
summing: Any = register_jitable(**{**OPTIONS, "fastmath": {"reassoc", "contract"}})
_config: Any = numba.config
_njit: Any = numba.njit


class Routine:
    """A function that Python calls, compiled for declared arguments when it is first needed and kept for this
    machine. Under `NUMBA_DISABLE_JIT=1` it is the function as written."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.name = function.__name__
        self._arguments = arguments
        self._call = _njit(cache=True, error_model="numpy")(function)
        self._ready = bool(_config.DISABLE_JIT)

    @property
    def cached(self) -> bool:
        """Whether this machine keeps the compiled routine."""
        if _config.DISABLE_JIT:
            return True
        return any(Path(self._call.stats.cache_path).glob(f"*.{self.name}-*.nbi"))

    def make_ready(self) -> None:
        """Loads or compiles it. Other arguments than declared are a TypeError from here on: compiling once
        more for them would take many seconds without a word."""
        if not self._ready:
            self._call.compile(self._arguments)
            self._call.disable_compile()
            self._ready = True

    def __call__(self, *arguments: Any) -> Any:
        """What the function returns."""
        if not self._ready:
            self.make_ready()
        return self._call(*arguments)


def routine(*arguments: Any) -> Callable[[Callable[..., Any]], Routine]:
    """Declares a routine that Python calls; `arguments`: numba's types of them."""
    return lambda function: Routine(function, arguments)


def _kept_in() -> str:
    """Where compiled code is kept: with the user, not beside the source, which may be read-only; in a folder
    named by a hash of numba's version and of all sources of the kernel, because a change of one file does not
    by itself invalidate what was compiled from others.
    """
    said, here = hashlib.sha256(numba.__version__.encode()), Path(__file__).parent
    others = ("solve/newton.py", "model/policy_curves.py")  # whose numbers are compiled in
    for path in (*sorted(here.rglob("*.py")), *(here.parent / other for other in others)):
        said.update(path.read_bytes())
    return str(cache_folder("kernel", said.hexdigest()[:16]))


if not _config.CACHE_DIR:  # NUMBA_CACHE_DIR
    _config.CACHE_DIR = _kept_in()

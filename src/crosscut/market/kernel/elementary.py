"""Elementary: how routines of the kernel are compiled, and where compiled code is kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _config
from numba.core import sigutils

# Sums may be reordered; never nnan or ninf: a NaN must stay visible. The numpy error model leaves out the
# test for a zero divisor. Nothing is allocated in compiled code, so nothing is counted.
_OPTIONS: Any = {
    "cache": True,
    "error_model": "numpy",
    "fastmath": {"contract", "reassoc", "nsz", "arcp"},
    "no_cfunc_wrapper": True,
    "_nrt": False,
}
_njit: Any = numba.njit
inner = _njit(**_OPTIONS, no_cpython_wrapper=True)  # called by compiled code only
config: Any = _config


class Routine:
    """A function with a declared signature, compiled when it is first needed and kept for this machine."""

    def __init__(self, function: Callable[..., Any], signature: str, from_python: bool = True) -> None:
        self.name = function.__name__
        self._signature = signature
        self._call = _njit(**_OPTIONS, no_cpython_wrapper=not from_python)(function)

    @property
    def cached(self) -> bool:
        """Whether this machine keeps the compiled routine."""
        return any(Path(self._call.stats.cache_path).glob(f"*.{self.name}-*.nbi"))

    def compiled(self) -> Any:
        """The compiled routine, loaded or made."""
        if not self._call.overloads:
            arguments, _ = sigutils.normalize_signature(self._signature)
            self._call.compile(tuple(arguments))  # the same key in the cache as a call has
        return next(iter(self._call.overloads.values()))

    def __call__(self, *arguments: Any) -> Any:
        """What the function returns."""
        return self._call(*arguments)


def routine(signature: str) -> Callable[[Callable[..., Any]], Routine]:
    """Declares a routine that Python calls."""
    return lambda function: Routine(function, signature)


def _cache_folder() -> str:
    """Where compiled code is kept: with the user, not beside the source, which may be read-only; in a folder
    named by a hash of all sources of the kernel, because a change of one file does not by itself invalidate
    what was compiled from others.
    """
    said, here = hashlib.sha256(), Path(__file__).parent
    for path in (
        *sorted(here.glob("*.py")),
        here.parent / "solve" / "newton.py",
        here.parent / "model" / "policy_curves.py",
    ):
        said.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return str(base / "crosscut" / "kernel" / said.hexdigest()[:16])


if not config.CACHE_DIR:
    config.CACHE_DIR = _cache_folder()

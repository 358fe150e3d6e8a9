"""Elementary: how routines of the kernel are compiled, and where compiled code is kept."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _config

# Sums may be reordered into vectors; never nnan or ninf: a NaN must stay visible. The numpy error model leaves out
# the test for a zero divisor that would keep loops from being vectors.
_OPTIONS: Any = {"cache": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
_REORDERED = {"contract", "reassoc", "nsz", "arcp"}
njit: Any = numba.njit
options: Any = {**_OPTIONS, "fastmath": _REORDERED}
compiled = njit(**options)
compiled_exactly = njit(**_OPTIONS)
inner = njit(**options, no_cpython_wrapper=True)  # called by compiled code only


config: Any = _config


def _cache_folder() -> str:
    """Where compiled code is kept: with the user, not beside the source, which may be read-only; in a folder named by a hash
    of all sources of the kernel, because a change of one file does not by itself invalidate what was compiled from others."""
    said = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(__file__).parent.parent / "newton.py"):
        said.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return str(base / "crosscut" / "kernel" / said.hexdigest()[:16])


if not config.CACHE_DIR:
    config.CACHE_DIR = _cache_folder()

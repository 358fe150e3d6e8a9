"""Lock: one pull of a source at a time; the system lets go of it however the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crosscut.base.errors import Problem, UserError


@contextmanager
def locked(folder: Path, what: str) -> Iterator[None]:
    """Holds the folder's lock; UserError, naming the process, while somebody else does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as e:
        raise UserError(
            Problem(
                f"cannot be written ({e.strerror})",
                str(folder),
                "a folder of your own; $CROSSCUT_DATA names another",
            )
        ) from None
    try:
        try:
            _take(handle)
        except OSError:
            holder = (
                os.pread(handle, 64, 0).decode("ascii", "replace").strip() if hasattr(os, "pread") else ""
            )
            raise UserError(
                Problem(
                    f"another process{f' ({holder})' if holder else ''} is at it",
                    what,
                    "to wait until it is done",
                )
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

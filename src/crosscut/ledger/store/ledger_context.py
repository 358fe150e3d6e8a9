"""Context: the ledger in force where none is handed down yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from crosscut.base.folders import user_data_folder
from crosscut.ledger.store.compile_store import store_of
from crosscut.ledger.store.ledger import Ledger

VARIABLE = "CROSSCUT_WORKSPACE"
_active: ContextVar[Ledger | None] = ContextVar("crosscut_ledger", default=None)


@lru_cache(maxsize=8)
def _kept(key: str, workspace: Path | None, folder: Path, versions: tuple[tuple[str, str], ...]) -> Ledger:
    from crosscut.ledger.reference.data_versions import DataVersions

    return Ledger(store_of(workspace), DataVersions(folder, dict(versions)), workspace)


def opened(workspace: str | Path | None = None) -> Ledger:
    """The ledger of a workspace, or of what the environment names."""
    from crosscut.ledger.reference.data_versions import DataVersions, data_choices

    named = os.environ.get(VARIABLE) if workspace is None else workspace
    folder = Path(named) if named else None
    data = DataVersions(
        user_data_folder(os.environ.get("CROSSCUT_DATA")),
        data_choices(os.environ.get("CROSSCUT_DATA_USE", "")),
    )
    return _kept(store_of(folder).key, folder, data.folder, data.read())


def current() -> Ledger:
    """The ledger in force."""
    return _active.get() or opened()


@contextmanager
def reading(workspace: str | Path | None = None, forced: tuple[str, ...] = ()) -> Iterator[Ledger]:
    """Reads the ledger with `workspace` laid over it and with these facts forced."""
    active = (current() if workspace is None else opened(workspace)).forcing(forced)
    token = _active.set(active)
    try:
        yield active
    finally:
        _active.reset(token)


def use(workspace: str | Path) -> None:
    """Reads the ledger with `workspace` laid over it from here on."""
    _active.set(opened(workspace))

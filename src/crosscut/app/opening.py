"""The context of a question, made by the entrance: the one place that asks the environment what to read."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.base.machine import now
from crosscut.base.progress import Arriving, Progress
from crosscut.studies.context import Context, DataInUse

if TYPE_CHECKING:
    from crosscut.ledger.store.ledger import Ledger

WORKSPACE, DATA, CHOICES = "CROSSCUT_WORKSPACE", "CROSSCUT_DATA", "CROSSCUT_DATA_USE"


def open_context(
    *,
    workspace: str | Path | None = None,
    facts: Sequence[str] = (),
    executor: str = "serial",
    workers: int = 1,
    progress: Progress | None = None,
    arriving: Arriving | None = None,
    clock: Callable[[], datetime] = now,
) -> Context:
    """A context on a ledger and the reference data in use; two of them do not see each other.

    Parameters
    ----------
    workspace
        Folder of own facts, laid over the bundled ones; by default that of `CROSSCUT_WORKSPACE`, or none.
    facts
        Ids of facts to read in place of those the rule of conflicts picks.
    executor
        Who solves where a request says nothing of it: serial, processes or dask.
    workers
        Processes where a request says nothing of them.
    progress
        Called with (done, total) as work is done.
    arriving
        Called with (file, bytes, of how many or None) as a file arrives.
    clock
        What time it is.

    Returns
    -------
    Context
        Reference data are those of the folder `CROSSCUT_DATA`, in the versions accepted there or named by
        `CROSSCUT_DATA_USE`.

    Raises
    ------
    UserError
        With every broken line of the workspace; for versions that are not there.

    Examples
    --------
    >>> context = open_context()
    >>> context.ledger.forced
    ()
    """
    ledger = _ledger(workspace or os.environ.get(WORKSPACE) or None)
    if facts:
        ledger = ledger.forcing(facts)
    data = DataInUse(ledger.data.version(), tuple(ledger.data.sources()))
    return Context(executor, workers, progress, arriving, data, clock, ledger=ledger)


def _ledger(workspace: str | Path | None) -> Ledger:
    from crosscut.base.machine import user_data_folder
    from crosscut.ledger.reference.data_versions import DataVersions, data_choices
    from crosscut.ledger.store.compile_store import store_of

    folder = None if workspace is None else Path(workspace)
    data = DataVersions(user_data_folder(os.environ.get(DATA)), data_choices(os.environ.get(CHOICES, "")))
    return _opened(store_of(folder, data).key, folder, data.folder, data.read())


@lru_cache(maxsize=4)
def _opened(key: str, workspace: Path | None, folder: Path, versions: tuple[tuple[str, str], ...]) -> Ledger:
    """A ledger is opened again only when something in it is another: it is known by the hash of all facts
    (`key`) and the versions of the data, so that a second question finds its worlds built."""
    from crosscut.ledger.reference.data_versions import DataVersions
    from crosscut.ledger.store.compile_store import store_of
    from crosscut.ledger.store.ledger import Ledger

    data = DataVersions(folder, dict(versions))
    return Ledger(store_of(workspace, data), data, workspace)

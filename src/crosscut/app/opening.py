"""The context of a question, made by the entrance."""

from __future__ import annotations

from pathlib import Path

from crosscut.base.progress import Arriving, Progress
from crosscut.studies.context import Context, DataInUse


def open_context(
    *,
    executor: str = "serial",
    workers: int = 1,
    progress: Progress | None = None,
    arriving: Arriving | None = None,
    workspace: str | Path | None = None,
) -> Context:
    """A context on a ledger and the reference data in use.

    Parameters
    ----------
    executor
        Who solves where a request says nothing of it: serial, processes or dask.
    workers
        Processes where a request says nothing of them.
    progress
        Called with (done, total) as work is done.
    arriving
        Called with (file, bytes, of how many or None) as a file arrives.
    workspace
        Folder of own facts, laid over the bundled ones; by default that of the environment.
    """
    from crosscut.ledger.store.ledger_context import current, opened

    ledger = current() if workspace is None else opened(workspace)
    data = DataInUse(ledger.data.version(), tuple(ledger.data.sources()))
    return Context(executor, workers, progress, arriving, data, ledger=ledger)

"""The reference data in use, and newer ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crosscut.ledger.store.ledger_context import current


def data_version() -> str:
    """One hash over the reference data in use: the bundled copy's, or one over what was pulled and
    accepted."""

    return current().data.version()


def data_in_use() -> dict[str, Any]:
    """What a result says of the data it was solved on: one hash, and the version of every source."""

    return {"data": data_version(), "data_sources": current().data.sources()}


def data_status(source: str | None = None, check: bool = False) -> dict[str, Any]:
    """What is in use of every dataset, how old it is, and what was pulled; with `check`, its files are read
    whole."""
    from crosscut.ledger.sources.status import dataset_status, source_status

    return {
        "folder": str(current().data.folder),
        "version": data_version(),
        "datasets": dataset_status(current().data),
        "sources": source_status(current().data, source, check),
    }


def data_pull(
    source: str,
    *,
    origin: str | Path = "",
    release: str = "",
    codes: Sequence[str] = (),
    years: Sequence[int] = (),
    progress: Callable[[str, int, int | None], None] | None = None,
) -> dict[str, Any]:
    """Fetches a source and stages it; what it would change is in `difference`. `origin` is a file at hand or
    another address than the official one."""
    from crosscut.ledger.sources.connector import Options
    from crosscut.ledger.sources.difference import staged_difference
    from crosscut.ledger.sources.pull import pull
    from crosscut.ledger.sources.registry import connector

    address = str(origin) if str(origin).startswith(("http://", "https://")) else ""
    files = [Path(origin).expanduser()] if origin and not address else []
    built = connector(source, Options(release, tuple(codes), tuple(years)), address)
    version = pull(current().data, built, files, progress=progress)
    return {"source": source, "version": version, "difference": staged_difference(current().data, source)}


def data_diff(source: str, draws: int = 10, scenario: str = "china-controls-2025") -> dict[str, Any]:
    """What the staged version of a source changes in the figures, and in the headline prices of a scenario
    (solved on both with `draws` futures; 0 leaves that out)."""
    from crosscut.ledger.sources.difference import staged_difference
    from crosscut.studies.explain.data_change import headline_change

    found = staged_difference(current().data, source)
    return {**found, "headline": headline_change(current(), source, scenario, draws) if draws else None}


def data_accept(source: str) -> dict[str, Any]:
    """Puts the staged version of a source into use, for every process that starts from now on."""
    from crosscut.ledger.sources.pull import accept

    return {"source": source, "version": accept(current().data, source)}


def data_revert(source: str) -> dict[str, Any]:
    """Takes the version in use out of use: back to the one before it, or to the bundled figures (version
    None)."""
    from crosscut.ledger.sources.pull import revert

    return {"source": source, "version": revert(current().data, source)}

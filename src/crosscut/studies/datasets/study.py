"""The reference data in use: status, newer figures, what they change, taking them and going back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosscut.base.errors import Partly, Problem, UserError
from crosscut.ledger.reference.data_versions import LEDGER_DATASETS, DataVersions
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.connector import Options
from crosscut.ledger.sources.difference import staged_difference
from crosscut.ledger.sources.pull import accept, pull, revert
from crosscut.ledger.sources.registry import connector
from crosscut.ledger.sources.status import dataset_status, source_status
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.context import Context
from crosscut.studies.datasets.request import (
    DataAcceptRequest,
    DataDiffRequest,
    DataPullRequest,
    DataRevertRequest,
    DataStatusRequest,
)
from crosscut.studies.explain.data_change import headline_change

#: what a pull without a name asks: no key, no second copy
WITHOUT_KEY = ("baci", "usgs-mcs", "wgi", "world-mining-data")


def data_status(request: DataStatusRequest, context: Context) -> dict[str, Any]:
    """What is in use of every dataset, and what was pulled."""
    return {
        "folder": str(context.ledger.data.folder),
        "version": context.data.version,
        "datasets": dataset_status(context.ledger.data),
        "sources": source_status(context.ledger.data, request.source, request.check),
    }


def data_pull(request: DataPullRequest, context: Context) -> list[dict[str, Any]]:
    """Fetches one source, or all that need no key, and says what each would change."""
    pulled: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for name in [request.source] if request.source else WITHOUT_KEY:
        try:
            pulled.append(_pulled(name, request, context))
        except UserError as e:
            problems += e.problems
    if problems:
        raise Partly(problems, pulled)
    return pulled


def _pulled(source: str, request: DataPullRequest, context: Context) -> dict[str, Any]:
    origin = request.origin
    address = origin if origin.startswith(("http://", "https://")) else ""
    files = [Path(origin).expanduser()] if origin and not address else []
    built = connector(source, Options(request.release, request.codes, request.years), address)
    version = pull(context.ledger.data, built, files, progress=context.arriving)
    difference = staged_difference(context.ledger.data, source)
    out = {
        "source": source,
        "version": version,
        "difference": difference,
        "accepted": request.accept,
    }
    if request.accept:
        accept(context.ledger.data, source)
        out |= _use(context, source)
    return out


def data_diff(request: DataDiffRequest, context: Context) -> dict[str, Any]:
    """What a staged version changes: figures, and headline prices solved on both."""
    headline = (
        headline_change(context.ledger, request.source, request.scenario, request.draws)
        if request.draws
        else None
    )
    return {**staged_difference(context.ledger.data, request.source), "headline": headline}


def data_accept(request: DataAcceptRequest, context: Context) -> dict[str, Any]:
    """Takes the staged version into use, and says what reads it."""
    version = accept(context.ledger.data, request.source)
    return {"source": request.source, "version": version, **_use(context, request.source)}


def _use(context: Context, source: str) -> dict[str, Any]:
    """What reads an accepted source, and how many facts of the ledger it became by mineral."""
    data = DataVersions(context.ledger.data.folder, {**context.ledger.data.choices, source: ""})
    datasets = [d for d in DATASETS.values() if (used := data.in_use(d.id)) and used.source == source]
    facts: dict[str, int] = {}
    if any(d.id in LEDGER_DATASETS for d in datasets):
        ledger = Ledger.opened(context.ledger.workspace, data)
        facts = ledger.store.facts_by_mineral(f"{source}-{data.current_version(source)}")
    return {"read_by": [d.read_by for d in datasets], "facts": facts}


def data_revert(request: DataRevertRequest, context: Context) -> dict[str, Any]:
    """Goes back to the version before, or to the bundled figures."""
    return {"source": request.source, "version": revert(context.ledger.data, request.source)}

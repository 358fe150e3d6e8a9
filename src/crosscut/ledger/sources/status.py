"""Status: of every source and dataset, what is in use, how old it is, what waits, and how the last try
ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from crosscut.base.errors import UserError
from crosscut.base.machine import now, today
from crosscut.ledger.reference.data_versions import DataVersions, read_json
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.pull import check_version
from crosscut.ledger.sources.registry import SOURCES, connector


def dataset_status(data: DataVersions, day: date | None = None) -> list[dict[str, Any]]:
    """One row a dataset: the copy in use, the last year of its figures, and since when newer ones should be
    out."""
    day = day or today()
    out = []
    for d in DATASETS.values():
        used = data.in_use(d.id)
        row: dict[str, Any] = {
            "dataset": d.id,
            "title": d.title,
            "source": "",
            "version": "",
            "through": None,
            "accepted": "",
            "state": "not here",
            "stale_since": None,
            "pull": d.providers[0],
        }
        if used is not None:
            stale = used.stale_since(day)
            row |= {
                "source": used.source,
                "version": used.version,
                "through": used.through,
                "accepted": used.accepted,
                "state": "stale" if stale else "newest expected",
                "stale_since": stale and stale.isoformat(),
            }
        out.append(row)
    return out


def source_status(data: DataVersions, source: str | None = None, check: bool = False) -> list[dict[str, Any]]:
    """One row a source: versions at hand, the one in use, the one staged, the last try and the last good one.

    With `check`, the version in use is read whole and compared with its checksums and totals.
    """
    out = []
    for name in [source] if source else SOURCES:
        built = connector(name)
        root = data.folder / name
        tries = read_json(root / "tries.json")
        current = read_json(root / "current.json")
        staged = data.staged_version(name)
        row: dict[str, Any] = {
            "source": name,
            "title": built.title,
            "licence": built.licence,
            "address": built.address,
            "datasets": list(built.datasets),
            "in_use": current.get("version"),
            "accepted_utc": current.get("accepted_utc"),
            "staged": staged,
            "staged_release": data.version_manifest(name, staged)["release"] if staged else None,
            "versions": data.versions(name),
            "last_try_utc": tries.get("last_utc"),
            "last_error": tries.get("error") or None,
            "last_good_utc": tries.get("last_good_utc") or None,
            "age_days": _days_since(tries.get("last_good_utc")),
            "checked": None,
        }
        if check and current.get("version"):
            try:
                check_version(data, name, str(current["version"]))
                row["checked"] = "whole"
            except UserError as e:
                row["checked"] = str(e.problems[0])
        out.append(row)
    return out


def _days_since(moment: str | None) -> int | None:
    return (now() - datetime.fromisoformat(moment)).days if moment else None

"""Compiled: the bundled tables and a workspace become one store, in the user's cache or, where nothing may
be written, in memory.

The file is named by a hash of every file and declaration behind it: changed files are another store, and an
old one is never written to. It is built under a temporary name and renamed.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import time
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.base.bundled import bundled_file, bundled_text
from crosscut.base.files import write_file
from crosscut.base.machine import cache_folder
from crosscut.ledger.own_tables import ENTRIES, OwnTables
from crosscut.ledger.store import extract_facts as extract
from crosscut.ledger.store.accepted import Accepted, ReleasedFacts, accepted_versions, with_release
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.overlay import (
    CORRECTIONS,
    EVIDENCE_STATUS,
    applied,
    checked_errors,
    checked_overlay,
    workspace_files,
)
from crosscut.ledger.store.sqlite_store import FORMAT, FactStore, StoreContent, opened, write
from crosscut.ledger.store.validate_rows import (
    Vocabulary,
    checked_sources,
    checked_units,
    fact_id,
    numbered_rows,
    rows_of_table,
)

if TYPE_CHECKING:
    from crosscut.ledger.reference.data_versions import DataVersions

WORLD_MINING_DATA = "Sadccf8e470"
REFERENCE = "reference/production"
EQUIVALENTS = "equivalents.csv"
LEFT_BEHIND = 3600.0  # seconds after which a temporary file belongs to no build any more
KEPT = 12  # stores of other versions and workspaces left in the cache


@cache
def bundled_vocabulary() -> Vocabulary:
    """Sources and units of the bundled tables.

    Returns
    -------
    Vocabulary
        Sources by id, units by text.
    """
    return Vocabulary(
        checked_sources(bundled_text("facts", "sources.csv"), "sources.csv"),
        checked_units(bundled_text("facts", "units.csv"), "units.csv"),
    )


@cache
def _bundled_key() -> str:
    h = hashlib.blake2b(
        repr((FORMAT, sorted(TABLES.items()), sorted(ENTRIES.items()))).encode(), digest_size=12
    )
    for name in (
        *sorted(f"{t}.csv" for t in TABLES),
        "sources.csv",
        "units.csv",
        CORRECTIONS,
        EQUIVALENTS,
        EVIDENCE_STATUS,
    ):
        h.update(name.encode() + b"\0" + bundled_file("facts", name).read_bytes())
    h.update(bundled_file("facts", f"{REFERENCE}.parquet").read_bytes())
    h.update(bundled_file("facts", "reference", "usgs_series.csv").read_bytes())
    return h.hexdigest()


def store_of(workspace: Path | None = None, data: DataVersions | None = None) -> FactStore:
    """The store of the bundled facts, or of these with accepted releases and a workspace laid over them.

    Parameters
    ----------
    workspace : Path or None
        Folder of the user's own facts; None for the bundled ones alone.
    data : DataVersions or None
        Which releases the user accepted; None for none.

    Returns
    -------
    FactStore
        Opened from the cache where it was compiled before, else compiled; kept in memory where the cache
        cannot be written.

    Raises
    ------
    UserError
        With every broken line of the workspace; the stores that were there stay as they are.
    """
    accepted = accepted_versions(data) if data is not None else ()
    texts = workspace_files(workspace) if workspace is not None else ()
    if not accepted and not texts:
        return _store(_bundled_key(), (), ())
    h = hashlib.blake2b(_bundled_key().encode(), digest_size=12)
    for a in accepted:
        h.update(f"{a.dataset}\0{a.source}\0{a.version}\0{a.release}\0{a.pulled}\0".encode())
    for name, text in texts:
        h.update(f"{name}\0{text}\0".encode())
    return _store(h.hexdigest(), accepted, texts)


@lru_cache(maxsize=8)
def _store(key: str, accepted: tuple[Accepted, ...], texts: tuple[tuple[str, str], ...]) -> FactStore:
    path = cache_folder("ledger") / f"{key}.sqlite"
    if path.is_file() and (found := opened(path, key)) is not None:
        return found
    content = _content(accepted, texts)
    return _saved(content, path, key) or _in_memory(content, key)


def _saved(content: StoreContent, path: Path, key: str) -> FactStore | None:
    """The store written to its file; None where the folder cannot be written."""

    def build(temporary: Path) -> None:
        try:
            db = sqlite3.connect(temporary)
            try:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=OFF")  # it is flushed once, whole, before it has its name
                write(content, db)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                db.close()
        finally:
            for end in ("-wal", "-shm"):
                with contextlib.suppress(OSError):
                    Path(f"{temporary}{end}").unlink()

    try:
        write_file(path, build)
    except (OSError, sqlite3.Error):
        return None
    _tidied(path)
    return opened(path, key)


def _tidied(newest: Path) -> None:
    """Removes the oldest stores beyond KEPT, and what killed builds left an hour ago or earlier; a store
    that is open stays readable until it is closed."""
    for p in newest.parent.glob(".*"):
        with contextlib.suppress(OSError):
            if time.time() - p.stat().st_mtime > LEFT_BEHIND:
                p.unlink()
    others = sorted(
        (p for p in newest.parent.glob("*.sqlite") if p != newest), key=lambda p: p.stat().st_mtime
    )
    for p in others[: max(0, len(others) - KEPT + 1)]:
        with contextlib.suppress(OSError):
            p.unlink()


def _in_memory(content: StoreContent, key: str) -> FactStore:
    db = sqlite3.connect(":memory:", check_same_thread=False)
    write(content, db)
    return FactStore(db, key)


def _content(accepted: tuple[Accepted, ...], texts: tuple[tuple[str, str], ...]) -> StoreContent:
    """Everything the store holds: bundled tables, the World Mining Data excerpt, corrections, accepted
    releases, workspace."""
    known = bundled_vocabulary()
    tables = {
        name: rows_of_table(name, bundled_text("facts", f"{name}.csv"), spec, known)
        for name, spec in TABLES.items()
    }
    minerals = _minerals(tables)
    facts: list[tuple[Fact, str, str, str]] = []
    said: list[str] = []
    for name, spec in TABLES.items():
        for r in tables[name]:
            row_text = " ".join(
                (*(v for k, v in r.items() if k != "fact_id"), known.sources[r["source_id"]].title)
            )
            for f, column in extract.facts_of_row(name, spec, r, known.units, minerals):
                facts.append((f, r["fact_id"], column, ""))
                said.append(f"{row_text} {f.subject} {f.attribute} {f.id}".casefold())
    title = known.sources[WORLD_MINING_DATA].title
    for f in (f for own in ENTRIES.values() for f in _world_mining_data(own)):
        facts.append((f, f.id, "value", ""))
        of_what = f"{f.subject} {f.subject_id} {f.attribute} {f.period}"
        said.append(f"{of_what} {f.value} {title} {f.note} {f.id}".casefold())
    rows = [(name, r) for name in TABLES for r in tables[name]]
    same_fields = ("fact", "subject_kind", "subject_id", "attribute", "period", "unit", "why")
    same = [
        tuple(r[c] for c in same_fields)
        for _, r in numbered_rows(bundled_text("facts", EQUIVALENTS), EQUIVALENTS, same_fields)
    ]
    errors = checked_errors(bundled_text("facts", EVIDENCE_STATUS), EVIDENCE_STATUS)
    content = StoreContent(known, facts, said, rows, same=same, errors=errors)
    content = applied(
        content, checked_overlay({CORRECTIONS: bundled_text("facts", CORRECTIONS)}, content, "bundled")
    )
    for a in accepted:
        content = with_release(content, _released(a, known), TABLES, minerals)
    if texts:
        content = applied(content, checked_overlay(dict(texts), content, "workspace"))
    return content


def _released(accepted: Accepted, known: Vocabulary) -> ReleasedFacts:
    """What an accepted version says, as facts."""
    import polars as pl

    from crosscut.ledger.store.reported_trade import reported_trade_facts
    from crosscut.ledger.store.usgs_release import usgs_facts

    frame = pl.read_parquet(accepted.table)
    if accepted.dataset == "summaries":
        return usgs_facts(frame, accepted, known)
    return reported_trade_facts(frame, accepted)


def _minerals(tables: dict[str, list[dict[str, str]]]) -> frozenset[str]:
    found = {
        r["mineral"]
        for name, rows in tables.items()
        if name.startswith("minerals/") and not name.endswith(("elasticities", "world_totals", "deviations"))
        for r in rows
    }
    return frozenset({*ENTRIES, *found})


def _world_mining_data(own: OwnTables) -> list[Fact]:
    """World Mining Data of one mineral by country and year, and its world total as their sum (evidence status
    derived); only what the package carries."""
    import polars as pl

    from crosscut.ledger.reference.data_versions import bundled_path

    note = "World Mining Data; tonnes of metal content"
    totals: dict[str, float] = {}
    listed: list[tuple[str, str, float | None, str, str]] = []
    carried = pl.read_parquet(bundled_path("production")).filter(pl.col("mineral") == own.title)
    for country, year, value in carried.select("country", "year", "value").iter_rows():
        listed.append((str(country), str(year), value, "reported", note))
        totals[str(year)] = totals.get(str(year), 0.0) + (value or 0.0)
    listed += [("WLD", y, t, "derived", f"{note}; sum of the countries") for y, t in sorted(totals.items())]
    out = []
    for country, year, value, evidence_status, said in listed:
        content = {"country": country, "year": year, "value": str(value), "source_id": WORLD_MINING_DATA}
        out.append(
            Fact(
                id=fact_id(REFERENCE, content),
                mineral=own.mineral,
                table=REFERENCE,
                subject_kind="country",
                subject_id=country,
                subject="World total" if country == "WLD" else extract.place_name(country),
                attribute="mine production",
                value=value,
                unit="t W",
                period=year,
                low=None,
                high=None,
                source_id=WORLD_MINING_DATA,
                evidence_status=evidence_status,
                note=said,
                supersedes="",
                basis="contained",
            )
        )
    return out

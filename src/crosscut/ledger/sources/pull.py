"""Pull: from an owner's files to a staged version, and from there into use.

Whatever goes wrong, and wherever the process is killed, the figures in use stay: a version is built under a
temporary name, its manifest is written last, the folder is renamed, and only then a pointer moves.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.files import disk_is_full, write_file
from crosscut.base.machine import stamp, today
from crosscut.base.progress import Arriving
from crosscut.base.version import __version__
from crosscut.ledger.reference.data_versions import DataVersions, read_json
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.checks import check_frame
from crosscut.ledger.sources.connector import Connector, Imported
from crosscut.ledger.sources.download import Downloader, file_hash
from crosscut.ledger.sources.lock import locked
from crosscut.ledger.sources.owners.totals import check_totals, totals_of
from crosscut.ledger.sources.transport import Manners, Offline

SCHEMA = "crosscut.data/1"
ROW_GROUP = 1 << 17
SAME_PULL = 24 * 3600.0  # a pull that broke off within a day goes on with the files it already has


def pull(
    data: DataVersions,
    source: Connector,
    files: Sequence[Path] = (),
    manners: Manners | None = None,
    progress: Arriving | None = None,
) -> str:
    """Fetches (or takes `files` the user already has), reads, checks and stages; the id of the staged
    version.

    Raises UserError, with everything in use untouched, when the network, the files or the figures do not
    allow it.
    """
    root = data.folder / source.id
    with locked(root, f"data pull {source.id}"):
        try:
            paths = list(files) or _fetched(source, root, manners, progress)
            missing = [p for p in paths if not p.is_file()]
            if missing:
                raise UserError([Problem("is no file", str(p), "a file its owner serves") for p in missing])
            version = _version(source, root, source.parsed(paths), paths)
        except Offline as e:
            _tried(root, str(e.problems[0]))
            raise Offline([*e.problems, *_what_stays(data, source)]) from None
        except UserError as e:
            _tried(root, str(e.problems[0]))
            raise
        _tried(root, "")
        (root / "downloads" / "unfinished").unlink(missing_ok=True)
        _pointed(root / "staged.json", {"version": version, "staged_utc": _now()})
        return version


def _fetched(source: Connector, root: Path, manners: Manners | None, progress: Arriving | None) -> list[Path]:
    folder = root / "downloads"
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / "unfinished"
    since = time.time()
    try:
        begun = float(marker.read_text())
        if 0 <= since - begun < SAME_PULL:
            since = begun
    except (OSError, ValueError):
        pass
    write_file(marker, repr(since).encode())
    return source.fetched(Downloader(folder, manners, progress, since=since))


def _what_stays(data: DataVersions, source: Connector) -> list[Problem]:
    """What is used meanwhile, how far it reaches and whether it is stale: one line a dataset."""
    out = []
    for name in source.datasets:
        used = data.in_use(name)
        if used is None:
            out.append(Problem("not here, and nothing was fetched", name))
            continue
        stale = used.stale_since(today())
        age = f"stale: newer figures should be out since {stale}" if stale else "the newest expected by today"
        out.append(Problem(f"figures to {used.through} ({used.source}) stay in use, {age}", name))
    return out


def _version(source: Connector, root: Path, imported: Imported, paths: Sequence[Path]) -> str:
    """Writes the tables, reads them back, compares the totals, and gives the folder its name."""
    folder = root / "versions"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".building-*"):  # what a killed pull left; the lock says nobody is at it
        shutil.rmtree(left, ignore_errors=True)
    work = folder / f".building-{os.getpid()}"
    work.mkdir()
    try:
        tables: dict[str, Any] = {}
        for name, frame in imported.tables.items():
            path = work / f"{name}.parquet"
            if name in DATASETS:
                check_frame(frame, DATASETS[name], f"{source.id}, {name}")
            write_file(
                path,
                partial(
                    frame.write_parquet,
                    compression="zstd",
                    compression_level=3,
                    statistics=True,
                    row_group_size=ROW_GROUP,
                ),
            )
            tables[name] = {
                "file": path.name,
                "sha256": file_hash(path),
                "bytes": path.stat().st_size,
                "rows": frame.height,
                **_span(frame),
            }
        for name, before in imported.before.items():
            after = totals_of(pl.scan_parquet(work / f"{name}.parquet"), DATASETS[name])
            check_totals(before, after, DATASETS[name], f"{source.id}, {name}")
        before_text = json.dumps(imported.before, default=str, sort_keys=True).encode()
        write_file(work / "totals.json", before_text)
        version = hashlib.sha256(
            "\n".join([*(f"{n} {t['sha256']}" for n, t in sorted(tables.items())), *imported.notes]).encode()
        ).hexdigest()[:16]
        manifest = {
            "schema": SCHEMA,
            "source": source.id,
            "title": source.title,
            "licence": source.licence,
            "address": source.address,
            "release": imported.release,
            "pulled_utc": _now(),
            "code": __version__,
            "built_with": f"polars {pl.__version__}",
            "tables": tables,
            "totals_sha256": hashlib.sha256(before_text).hexdigest(),
            "files": [{"name": p.name, "bytes": p.stat().st_size, "sha256": file_hash(p)} for p in paths],
            "notes": list(imported.notes),
            "facts": dict(imported.facts),
        }
        write_file(work / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
        final = folder / version
        if not (final / "manifest.json").is_file():
            shutil.rmtree(final, ignore_errors=True)
            os.replace(work, final)
        return version
    except OSError as e:
        if disk_is_full(e):
            raise UserError(Problem("no space left for the tables", str(root))) from None
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def accept(data: DataVersions, source: str) -> str:
    """Puts the staged version of a source into use; its id. Every file is checked against its checksum
    first."""
    root = data.folder / source
    if not root.is_dir():
        raise UserError(Problem("nothing is staged", source, f"`crosscut data pull {source}` first"))
    with locked(root, f"data accept {source}"):
        version = data.staged_version(source)
        if version is None:
            raise UserError(Problem("nothing is staged", source, f"`crosscut data pull {source}` first"))
        check_version(data, source, version)
        _pointed(
            root / "current.json",
            {
                "version": version,
                "accepted_utc": _now(),
                "before": read_json(root / "current.json").get("version"),
            },
        )
        (root / "staged.json").unlink(missing_ok=True)
        return version


def revert(data: DataVersions, source: str) -> str | None:
    """Takes the version in use out of use: back to the one before it, or to the bundled figures (None)."""
    root = data.folder / source
    current = read_json(root / "current.json")
    if not current:
        raise UserError(
            Problem("the bundled figures are in use already", source, "a source that was accepted")
        )
    with locked(root, f"data revert {source}"):
        before = current.get("before")
        if before and (data.version_folder(source, before) / "manifest.json").is_file():
            check_version(data, source, before)
            _pointed(root / "current.json", {"version": before, "accepted_utc": _now(), "before": None})
            return str(before)
        (root / "current.json").unlink()
        return None


def check_version(data: DataVersions, source: str, version: str) -> None:
    """UserError unless every table has its checksum and the totals that the owner's files had."""
    manifest, folder = data.version_manifest(source, version), data.version_folder(source, version)
    again = f"`crosscut data pull {source}`"
    for entry in manifest["tables"].values():
        path = folder / entry["file"]
        if not path.is_file() or path.is_symlink() or file_hash(path) != entry["sha256"]:
            raise UserError(Problem(f"{entry['file']} is missing or damaged", f"{source} {version}", again))
    totals = folder / "totals.json"
    if not totals.is_file() or file_hash(totals) != manifest["totals_sha256"]:
        raise UserError(Problem("totals.json is missing or damaged", f"{source} {version}", again))
    for name, before in json.loads(totals.read_text(encoding="utf-8")).items():
        dataset = DATASETS[name]
        after = totals_of(pl.scan_parquet(folder / manifest["tables"][name]["file"]), dataset)
        check_totals(_numbers(before, dataset.whole), after, dataset, f"{source} {version}, {name}")


def _numbers(
    stored: Mapping[str, Mapping[str, Sequence[Any]]], whole: bool
) -> dict[str, dict[str, tuple[Any, ...]]]:
    from decimal import Decimal

    return {
        g: {
            k: tuple(int(Decimal(str(x))) if whole else Decimal(str(x)) for x in v)
            for k, v in entries.items()
        }
        for g, entries in stored.items()
    }


def _span(frame: pl.DataFrame) -> dict[str, int]:
    if "year" not in frame.columns or frame["year"].null_count() == frame.height:
        return {}
    return {"from": int(frame["year"].min()), "through": int(frame["year"].max())}  # type: ignore[arg-type]


def _tried(root: Path, error: str) -> None:
    entry = {"last_utc": _now(), "error": error}
    if error:
        entry["last_good_utc"] = str(read_json(root / "tries.json").get("last_good_utc", ""))
    else:
        entry["last_good_utc"] = entry["last_utc"]
    _pointed(root / "tries.json", entry)


def _pointed(path: Path, content: Mapping[str, Any]) -> None:
    write_file(path, json.dumps(content, ensure_ascii=False) + "\n")


def _now() -> str:
    return stamp()

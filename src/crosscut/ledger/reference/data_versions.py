"""Data versions: which copy of each dataset is read, and where the user's own copies lie.

The package carries figures (`bundled`). `crosscut data pull` puts newer ones beside them in the user's data
folder:

    SOURCE/downloads/          what the owner served, with partial files
    SOURCE/versions/ID/        tables (Parquet) and manifest.json; never changed once it is there
    SOURCE/current.json        which version is in use; nothing here: the bundled figures
    SOURCE/staged.json         which version waits to be accepted
    SOURCE/tries.json          when the source was last asked, and how that ended

A version's id is a hash over its tables and notes. One `DataVersions` reads one version of everything from
start to end: the choice is made once, so figures accepted meanwhile by another process never mix with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import as_file
from pathlib import Path
from typing import Any

from crosscut.base.bundled import bundled_file
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.machine import user_data_folder
from crosscut.ledger.reference.datasets import DATASETS, Dataset

WHERE = "CROSSCUT_DATA_USE"  # the variable in which a user chooses; errors name it
REFERENCE = ("facts", "reference")
#: what worlds are built from, part of every result's version; facts of USGS once they are accepted
WORLD_DATASETS = ("production", "trade", "summaries")
#: datasets that become facts of the ledger when they are accepted
LEDGER_DATASETS = ("summaries", "reported_trade")


@dataclass(frozen=True)
class InUse:
    """The copy of a dataset that is read. `version` is its hash; `folder` is None for the bundled copy.

    `through` is the last year of figures, `accepted` the day the user took it (empty for the bundled copy).
    """

    dataset: str
    source: str
    version: str
    folder: Path | None
    through: int | None
    accepted: str = ""

    def stale_since(self, today: date) -> date | None:
        """The day since which newer figures should be out, or None while these are the newest expected."""
        if self.through is None:
            return None
        due = DATASETS[self.dataset].due(self.through)
        return due if today >= due else None


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file that `crosscut data` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        Its fields; empty when there is no file.

    Raises
    ------
    UserError
        When the file cannot be read or holds no object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        return {}
    except (OSError, ValueError) as e:
        raise UserError(
            Problem(
                f"cannot be read ({type(e).__name__})",
                str(path),
                "a file written by `crosscut data`; remove it",
            )
        ) from None
    if not isinstance(found, dict):
        raise UserError(
            Problem("is not an object", str(path), "a file written by `crosscut data`; remove it")
        )
    return found


@cache
def bundled_manifest() -> dict[str, Any]:
    """The manifest of the bundled reference data.

    Returns
    -------
    dict
        Source, checksums and totals taken before conversion.
    """
    text = bundled_file(*REFERENCE, "manifest.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def bundled_version() -> str:
    """Which source the bundled reference data were built from.

    Returns
    -------
    str
        sha256 of that source, in hexadecimal digits.
    """
    return str(bundled_manifest()["source_sha256"])


def bundled_path(table: str) -> Path:
    """The Parquet file of a table that the package carries.

    Parameters
    ----------
    table : str
        Name of the table, such as "trade" or "production".

    Returns
    -------
    Path
        Where it lies; whether it exists is not checked.
    """
    with as_file(bundled_file(*REFERENCE, f"{table}.parquet")) as path:
        return path


@dataclass(frozen=True, eq=False)
class DataVersions:
    """Which copy of every dataset is read, chosen once.

    Parameters
    ----------
    folder
        The user's data folder.
    choices
        Source -> `bundled`, `staged` or the id of a version, in place of what was accepted; `*` stands for
        every other source.
    """

    folder: Path = field(default_factory=user_data_folder)
    choices: Mapping[str, str] = field(default_factory=lambda: {"*": "bundled"})
    _found: dict[str, InUse | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self) -> tuple[tuple[str, str], ...]:
        """(source, version) of everything that is read at this moment: a version or `bundled`."""
        known = sorted({p for d in DATASETS.values() for p in d.providers})
        return tuple((source, self.current_version(source) or "bundled") for source in known)

    def choosing(self, source: str, choice: str) -> DataVersions:
        """The same, with another choice for one source."""
        return DataVersions(self.folder, {**self.choices, source: choice})

    def __reduce__(self) -> tuple[type[DataVersions], tuple[Path, dict[str, str]]]:
        """Another process reads the very versions that were looked up here."""
        read = {u.source: u.version for u in self._found.values() if u is not None and u.source != "bundled"}
        for dataset in self._found:
            for source in DATASETS[dataset].providers:
                read.setdefault(source, "bundled")
        return DataVersions, (self.folder, {**self.choices, **read})

    def version_folder(self, source: str, version: str) -> Path:
        """Where a version of a source lies."""
        return self.folder / source / "versions" / version

    def version_manifest(self, source: str, version: str) -> dict[str, Any]:
        """The manifest of a version; UserError when it is not there."""
        found = read_json(self.version_folder(source, version) / "manifest.json")
        if not found:
            raise UserError(
                Problem(
                    f"version {version} is not in the data folder",
                    source,
                    f"one of {self.versions(source) or 'none'}",
                )
            )
        return found

    def versions(self, source: str) -> list[str]:
        """Ids of the whole versions of a source, oldest first."""
        folder = self.folder / source / "versions"
        if not folder.is_dir():
            return []
        whole = [
            p for p in folder.iterdir() if (p / "manifest.json").is_file() and not p.name.startswith(".")
        ]
        return [p.name for p in sorted(whole, key=lambda p: p.stat().st_mtime)]

    def current_version(self, source: str) -> str | None:
        """The accepted version of a source, or None. `choices` overrule it."""
        chosen = self.choices.get(source, self.choices.get("*", ""))
        if chosen == "bundled":
            return None
        if chosen == "staged":
            staged = self.staged_version(source)
            if staged is None:
                raise UserError(
                    Problem(f"nothing is staged for {source}", WHERE, "`crosscut data pull` first")
                )
            return staged
        if chosen:
            self.version_manifest(source, chosen)
            return chosen
        return read_json(self.folder / source / "current.json").get("version")

    def staged_version(self, source: str) -> str | None:
        """The version that waits to be accepted, or None."""
        return read_json(self.folder / source / "staged.json").get("version")

    def in_use(self, dataset: str) -> InUse | None:
        """The copy of a dataset that is read; None when there is neither an accepted nor a bundled one.

        Looked up once: figures that another process accepts meanwhile never mix with those read before.
        """
        if dataset not in self._found:
            self._found[dataset] = self._looked_up(dataset)
        return self._found[dataset]

    def _looked_up(self, dataset: str) -> InUse | None:
        declared = DATASETS[dataset]
        for source in declared.providers:
            version = self.current_version(source)
            if version is None:
                continue
            manifest = self.version_manifest(source, version)
            entry = manifest["tables"].get(dataset)
            if entry is None:
                continue
            folder = self.version_folder(source, version)
            path = folder / entry["file"]
            if not path.is_file() or path.stat().st_size != entry["bytes"]:
                raise UserError(
                    Problem(
                        f"{path.name} of the accepted version is missing or damaged",
                        f"{source} {version}",
                        f"`crosscut data pull {source}`, or `crosscut data revert {source}`",
                    )
                )
            accepted = str(read_json(self.folder / source / "current.json").get("accepted_utc", ""))
            return InUse(dataset, source, version, folder, entry.get("through"), accepted[:10])
        if not declared.bundled:
            return None
        return InUse(dataset, "bundled", bundled_version(), None, declared.bundled_through)

    def table_path(self, dataset: str, table: str | None = None) -> Path:
        """The Parquet file of a dataset in use (or of another `table` of the same version).

        Raises UserError when the dataset is neither bundled nor pulled.
        """
        used = self.in_use(dataset)
        declared = DATASETS[dataset]
        if used is None:
            raise UserError(
                Problem(
                    f"{declared.title}: not in the package and not pulled",
                    dataset,
                    f"`crosscut data pull {declared.providers[0]}`, then `crosscut data accept`",
                )
            )
        name = f"{table or dataset}.parquet"
        return used.folder / name if used.folder is not None else bundled_path(table or dataset)

    def version(self) -> str:
        """One hash over what worlds are built from: the bundled source, or every copy in use."""
        used = self.sources()
        if all(u["source"] == "bundled" for u in used):
            return bundled_version()
        text = "\n".join(f"{u['dataset']} {u['source']} {u['version']}" for u in used)
        return hashlib.sha256(text.encode()).hexdigest()

    def sources(self) -> list[dict[str, Any]]:
        """Every copy that worlds are built from: dataset, source, version, through (last year) and newer_due,
        the day from which newer figures should be out. No dates of pulling, so equal data give equal results.

        >>> [(d["dataset"], d["through"], d["newer_due"]) for d in DataVersions().sources()]
        [('production', 2024, '2027-06-01'), ('trade', 2024, '2027-02-01')]
        """
        out = []
        for name in WORLD_DATASETS:
            used = self.in_use(name)
            if used is not None:
                due = None if used.through is None else DATASETS[name].due(used.through).isoformat()
                out.append(
                    {
                        "dataset": name,
                        "source": used.source,
                        "version": used.version,
                        "through": used.through,
                        "newer_due": due,
                    }
                )
        return out


def data_choices(text: str) -> dict[str, str]:
    """What `CROSSCUT_DATA_USE` says: `bundled`, or `source=bundled|staged|VERSION` separated by commas.

    Parameters
    ----------
    text : str
        Empty for no choice: every source is read as accepted.

    Returns
    -------
    dict of str to str
        Source -> choice; the source "*" stands for all.

    Raises
    ------
    UserError
        For a word that is no choice and a source that is not known.

    Examples
    --------
    >>> data_choices("bundled"), data_choices("baci=staged")
    ({'*': 'bundled'}, {'baci': 'staged'})
    """
    out: dict[str, str] = {}
    known = sorted({p for d in DATASETS.values() for p in d.providers})
    for part in text.split(",") if text.strip() else ():
        source, _, choice = part.strip().partition("=")
        if source == "bundled" and not choice:
            out["*"] = "bundled"
        elif choice and source in known:
            out[source] = choice.strip()
        else:
            raise UserError(
                Problem(
                    f"{part.strip()!r} is no choice of data",
                    WHERE,
                    f"bundled, or baci=staged; {suggestion(source, known)}",
                )
            )
    return out


def declared(dataset: str) -> Dataset:
    """A dataset by its name.

    Parameters
    ----------
    dataset : str
        Such as "trade".

    Returns
    -------
    Dataset
        Its declaration.

    Raises
    ------
    UserError
        When no dataset has that name; the nearest is given.
    """
    if dataset not in DATASETS:
        raise UserError(Problem(f"no dataset {dataset!r}", "data", suggestion(dataset, DATASETS)))
    return DATASETS[dataset]

"""Result folder: where the files of an answer go, looked at before the work starts, and filled at once.

A folder is *ours* where its result.json is a Crosscut result; for the map, where its facilities.geojson is
one. What the same command wrote there before may be replaced; files that somebody else wrote, and results of
another command, never are. All files are written into a folder beside them first and then take their names,
so that a full disk or a stop leaves the earlier result as it was.

Tests: tests/output/test_result_folder.py, tests/chaos/test_killed_writer.py
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.base.files import what_is_wrong
from crosscut.results import TABLES
from crosscut.results.tables.declared import SCHEMA_ID

RESULT, MAP = "result.json", "facilities.geojson"
FILES = (
    RESULT,
    MAP,
    "report.html",
    "backtest.html",
    "map.html",
    "project.xlsx",
    "indicators.csv",
    "geopolrisk.parquet",
)
COMMANDS = {
    "map": "facts --map",
    "purchases": "exposure --purchases",
}  # how a command is called, where not as the kind of its result
_STAGE = ".writing-"
LEFT_BEHIND = 3600.0  # seconds after which a folder of a killed writer belongs to nobody


@dataclass(frozen=True)
class Staging:
    """A folder to write into, and the one that the files go to; `replaces` names the earlier result there
    (empty: there is none)."""

    path: Path
    folder: Path
    replaces: str

    def placed(self, files: Sequence[Path]) -> list[Path]:
        """The files under their own names; what is left of an earlier result is removed.

        Raises
        ------
        UserError
            Where a file cannot take its name.
        """
        moved = [self.folder / f.relative_to(self.path) for f in files]
        pairs = sorted(zip(files, moved, strict=True), key=lambda p: p[1].name != RESULT)
        try:
            earlier = _ours(self.folder) if self.replaces else []
            for source, target in pairs:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(source, target)
            for path in set(earlier) - set(moved):
                path.unlink(missing_ok=True)
        except OSError as e:
            raise _unwritten(e, self.folder) from None
        return moved


def is_stage(folder: Path) -> bool:
    """Whether a folder is one that files are written into before they take their names.

    Parameters
    ----------
    folder : Path
        Any folder.

    Returns
    -------
    bool
        True for the folder of a `Staging`.
    """
    return folder.name.startswith(_STAGE)


def folder_problems(folder: Path, kinds: Sequence[str]) -> list[Problem]:
    """What is wrong with a folder that a result is to be written into; nothing is written or made.

    Parameters
    ----------
    folder : Path
        It need not exist.
    kinds : sequence of str
        Kinds of results that the same command writes, its own first; `map` is that of `facts --map`.

    Returns
    -------
    list of Problem
        Empty where the files can go there.
    """
    wanted = f"an empty folder, or one with an earlier result of `crosscut {_command(kinds[0])}`"
    if folder.exists() and not folder.is_dir():
        return [Problem(f"{folder} is a file", "--out", "a folder")]
    above = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not above.is_dir():
        return [Problem(f"{above} is a file", "--out", "a folder")]
    problems = []
    owner, _ = _owner(folder)
    found = [p.relative_to(folder).as_posix() for p in _named_as_ours(folder)]
    if owner and owner not in kinds:
        problems.append(Problem(f"{folder} holds a result of `crosscut {_command(owner)}`", "--out", wanted))
    elif not owner and found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        listed = ", ".join(found[:3]) + more
        problems.append(Problem(f"{folder} has files that crosscut did not write: {listed}", "--out", wanted))
    try:
        with tempfile.TemporaryFile(dir=above):
            pass
    except OSError as e:
        why = what_is_wrong(e) or e.strerror
        problems.append(Problem(f"{above} cannot be written: {why}", "--out", "a folder you may write to"))
    return problems


@contextmanager
def staged(folder: Path, kinds: Sequence[str]) -> Iterator[Staging]:
    """A folder beside the files of a result, in which they are written before they take their names.

    Parameters
    ----------
    folder : Path
        Where the files go; made when it is not there.
    kinds : sequence of str
        As `folder_problems` takes them.

    Yields
    ------
    Staging
        Where to write; `placed` moves the files.

    Raises
    ------
    UserError
        As `folder_problems` says, and where writing fails for want of room or permission. Then the folder is
        as it was.
    """
    if problems := folder_problems(folder, kinds):
        raise UserError(problems)
    made = [p for p in (folder.absolute(), *folder.absolute().parents) if not p.exists()]
    owner, earlier = _owner(folder)
    stage = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _tidied(folder)
        stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=folder))
        yield Staging(stage, folder, earlier if owner else "")
    except Exception as e:
        if what_is_wrong(e) and not isinstance(e, UserError):
            raise _unwritten(e, folder) from None
        raise
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)
        for path in made:
            with suppress(OSError):
                path.rmdir()  # only what is empty: nothing came


def _unwritten(error: Exception, folder: Path) -> UserError:
    why = what_is_wrong(error) or getattr(error, "strerror", None) or type(error).__name__
    return UserError(
        Problem(
            f"nothing was written to {folder}: {why}", "--out", "a folder with room that you may write to"
        )
    )


def _command(kind: str) -> str:
    return COMMANDS.get(kind, kind)


def _owner(folder: Path) -> tuple[str, str]:
    """Kind of the result in a folder, and its name for people; empty where it holds none of ours."""
    form = _json(folder / RESULT)
    if form.get("schema") == SCHEMA_ID and isinstance(form.get("kind"), str):
        return form["kind"], f"the result of {str(form.get('created_utc', ''))[:10]}"
    features = _json(folder / MAP).get("features")
    if isinstance(features, list) and features and isinstance(features[0], dict):
        properties = features[0].get("properties")
        if isinstance(properties, dict) and {"placed", "control_rule", "share_known"} <= set(properties):
            return "map", "the earlier map"
    return "", ""


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _named_as_ours(folder: Path) -> list[Path]:
    """What is there under the names that results use, whoever wrote it."""
    tables = folder / "tables"
    listed = sorted(tables.iterdir()) if tables.is_dir() else []
    named = [p for p in listed if p.suffix in (".csv", ".parquet")]
    return [folder / name for name in FILES if os.path.lexists(folder / name)] + named


def _ours(folder: Path) -> list[Path]:
    """The files of the result in a folder of ours: its pages, and the tables that any result may have."""
    return [p for p in _named_as_ours(folder) if p.parent == folder or p.stem in TABLES]


def _tidied(folder: Path) -> None:
    """Removes what killed writers left an hour ago or earlier."""
    for path in folder.glob(f"{_STAGE}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(path, ignore_errors=True)

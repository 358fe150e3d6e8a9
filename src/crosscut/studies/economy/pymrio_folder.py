"""Saved: an input-output table from a folder in pymrio's text layout (`io.save_all(folder,
table_format="txt")`).

pymrio reads EXIOBASE, OECD ICIO, WIOD, Eora and others and saves all alike: `Z.txt`, `Y.txt`, `x.txt`,
`unit.txt`, `metadata.json`, tab-separated, two header rows and two index columns. We read that layout
ourselves, so pymrio is needed only to make it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.studies.economy.table import EconomyTable, Industry

EXPECTED = 'a folder written by pymrio: io.save_all(folder, table_format="txt")'
SYNTHETIC = ("synthetic", "testmrio", "test mrio")


def saved_table(folder: str | Path) -> EconomyTable:
    """The table in `folder`; UserError names the file, line and column of what is wrong.

    A table whose metadata say that it is a test or synthetic is marked so.
    """
    home = Path(folder)
    if not (home / "Z.txt").is_file():
        raise UserError(Problem("no Z.txt" if home.is_dir() else "no such folder", str(home), EXPECTED))
    rows, columns, z = _block(home / "Z.txt")
    final_rows, _, y = _block(home / "Y.txt")
    problems = []
    if rows != columns:
        problems.append(
            Problem("rows and columns are not the same industries", str(home / "Z.txt"), EXPECTED)
        )
    if rows != final_rows:
        problems.append(Problem("rows are not those of Z.txt", str(home / "Y.txt"), EXPECTED))
    if problems:
        raise UserError(problems)
    x = _output(home / "x.txt", rows) if (home / "x.txt").is_file() else z.sum(axis=1) + y.sum(axis=1)
    about = _metadata(home / "metadata.json")
    synthetic = any(word in about.lower() for word in SYNTHETIC)
    return EconomyTable(rows, z, y, x, _unit(home / "unit.txt"), synthetic, home.name)


def _lines(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as f:
            return [r for r in csv.reader(f, delimiter="\t") if r]
    except (OSError, UnicodeDecodeError) as e:
        raise UserError(Problem(f"cannot be read ({type(e).__name__})", str(path), EXPECTED)) from None


def _block(path: Path) -> tuple[tuple[Industry, ...], tuple[Industry, ...], Array]:
    """Row labels, column labels and numbers of a file with two header rows, a row of index names and two
    index columns."""
    lines = _lines(path)
    if len(lines) < 4 or [c.strip() for c in lines[2][:2]] != ["region", "sector"]:
        raise UserError(
            Problem("not in pymrio's layout: line 3 does not begin with region, sector", str(path), EXPECTED)
        )
    columns = tuple(zip(lines[0][2:], lines[1][2:], strict=False))
    rows = tuple((r[0], r[1]) for r in lines[3:])
    return rows, columns, _numbers(lines[3:], 2, len(columns), path, first=4)


def _output(path: Path, industries: tuple[Industry, ...]) -> Array:
    lines = _lines(path)[1:]
    if tuple((r[0], r[1]) for r in lines) != industries:
        raise UserError(Problem("rows are not those of Z.txt", str(path), EXPECTED))
    return _numbers(lines, 2, 1, path, first=2)[:, 0]


def _numbers(lines: list[list[str]], skip: int, width: int, path: Path, first: int) -> Array:
    out = np.full((len(lines), width), np.nan)
    problems = []
    for k, line in enumerate(lines):
        try:
            out[k] = [float(c) if c.strip() else np.nan for c in line[skip:]]
        except ValueError:
            bad = next((c for c in line[skip:] if not _is_number(c)), None)
            what = f"{bad!r} is not a number" if bad is not None else f"{len(line) - skip} figures"
            problems.append(Problem(what, f"{path}:{first + k}", f"{width} numbers after region and sector"))
    if problems:
        raise UserError(problems[:10])
    return out


def _is_number(text: str) -> bool:
    try:
        float(text or "nan")
    except ValueError:
        return False
    return True


def _unit(path: Path) -> str:
    if not path.is_file():
        return ""
    units = {r[-1] for r in _lines(path)[1:]}
    if len(units) > 1:
        raise UserError(
            Problem(f"units differ: {', '.join(sorted(units))}", str(path), "a table in one money unit")
        )
    return units.pop() if units else ""


def _metadata(path: Path) -> str:
    """Name and description: what the table says it is. The history is left out, as paths may say anything.

    Empty where there is no such file; one that cannot be read is refused, as it may say that the table is
    synthetic.
    """
    if not path.is_file():
        return ""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise UserError(
            Problem(f"cannot be read ({type(e).__name__})", str(path), "metadata as pymrio saves them")
        ) from None
    return (
        " ".join(str(found.get(k) or "") for k in ("name", "description", "system"))
        if isinstance(found, dict)
        else ""
    )

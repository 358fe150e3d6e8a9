"""Saved: an input-output table from a folder in pymrio's text layout (`io.save_all(folder,
table_format="txt")`).

pymrio reads EXIOBASE, OECD ICIO, WIOD, Eora and others and saves all alike: `Z.txt`, `Y.txt`, `x.txt`,
`unit.txt`, `metadata.json`, tab-separated, two header rows and two index columns. We read that layout
ourselves, so pymrio is needed only to make it. A line becomes numbers as it is read, so that a table takes 8
bytes a cell: EXIOBASE with 7,987 industries (a Z.txt of 1.1 GB) takes 0.5 GB, and twice that while it is put
together.

Tests: tests/studies/economy/test_command.py, tests/studies/economy/test_large_table.py
"""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.base.progress import Progress
from crosscut.studies.economy.table import EconomyTable, Industry

EXPECTED = 'a folder written by pymrio: io.save_all(folder, table_format="txt")'
MOST_PROBLEMS = 10  # lines that are told before reading stops
SYNTHETIC = ("synthetic", "testmrio", "test mrio")


def saved_table(folder: str | Path, progress: Progress | None = None) -> EconomyTable:
    """The table in `folder`; UserError names the file, line and column of what is wrong.

    A table whose metadata say that it is a test or synthetic is marked so. `progress` is called with (rows
    read, rows in all).
    """
    home = Path(folder)
    if not (home / "Z.txt").is_file():
        raise UserError(Problem("no Z.txt" if home.is_dir() else "no such folder", str(home), EXPECTED))
    rows, columns, z = _block(home / "Z.txt", progress)
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


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every line that is not empty; a quoted field may hold line breaks."""
    try:
        with path.open(encoding="utf-8-sig") as f:
            numbered = enumerate(f, 1)
            for n, line in numbered:
                while line.count('"') % 2 and (more := next(numbered, None)) is not None:
                    line += more[1]
                if line.strip("\r\n"):
                    yield n, line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as e:
        raise UserError(Problem(f"cannot be read ({type(e).__name__})", str(path), EXPECTED)) from None


def _fields(line: str, most: int = -1) -> list[str]:
    """The fields of a line; of one without quotes at most `most` are parted, and the rest stays one text."""
    if '"' not in line:
        return line.split("\t", most)
    fields = next(csv.reader(io.StringIO(line), delimiter="\t"))
    return fields if most < 0 else [*fields[:most], "\t".join(fields[most:])]


def _block(
    path: Path, progress: Progress | None = None
) -> tuple[tuple[Industry, ...], tuple[Industry, ...], Array]:
    """Row labels, column labels and numbers of a file with two header rows, a row of index names and two
    index columns."""
    lines = _lines(path)
    heads = [_fields(line) for _, line in (*_first(lines, 3),)]
    if len(heads) < 3 or [c.strip() for c in heads[2][:2]] != ["region", "sector"]:
        raise UserError(
            Problem("not in pymrio's layout: line 3 does not begin with region, sector", str(path), EXPECTED)
        )
    columns = tuple(zip(heads[0][2:], heads[1][2:], strict=False))
    rows, numbers = _numbers(lines, len(columns), path, progress)
    if not rows:
        raise UserError(Problem("has no rows below its header", str(path), EXPECTED))
    return rows, columns, numbers


def _first(lines: Iterator[tuple[int, str]], count: int) -> Iterator[tuple[int, str]]:
    for _ in range(count):
        if (line := next(lines, None)) is not None:
            yield line


def _output(path: Path, industries: tuple[Industry, ...]) -> Array:
    lines = _lines(path)
    next(lines, None)
    rows, numbers = _numbers(lines, 1, path)
    if rows != industries:
        raise UserError(Problem("rows are not those of Z.txt", str(path), EXPECTED))
    return numbers[:, 0]


def _numbers(
    lines: Iterator[tuple[int, str]], width: int, path: Path, progress: Progress | None = None
) -> tuple[tuple[Industry, ...], Array]:
    """Labels and numbers of the lines that are left: two labels, then `width` numbers; NaN for a blank."""
    labels: list[Industry] = []
    rows: list[Array] = []
    problems: list[Problem] = []
    for n, line in lines:
        region, sector, rest = (*_fields(line, 2), "", "")[:3]
        labels.append((region, sector))
        try:
            rows.append(_row(rest, width))
        except ValueError:
            cells = rest.split("\t") if rest else []
            bad = next((c for c in cells if not _is_number(c)), None)
            what = f"{bad!r} is not a number" if bad is not None else f"{len(cells)} figures"
            problems.append(Problem(what, f"{path}:{n}", f"{width} numbers after region and sector"))
            if len(problems) == MOST_PROBLEMS:
                break
        if progress and not len(rows) % 100:
            progress(len(rows), max(width, len(rows)))
    if problems:
        raise UserError(problems)
    return tuple(labels), np.array(rows).reshape(len(rows), width)


def _row(text: str, width: int) -> Array:
    """The numbers of a line, NaN for a blank; ValueError unless there are `width`.

    numpy's own reader is ten times as fast as a float for every cell, but stops at a blank without a word: a
    line that does not come out whole is read cell by cell.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            fast = np.fromstring(text, dtype=float, sep="\t")
        except ValueError:
            fast = np.empty(0)
    cells = text.count("\t") + 1
    if len(fast) == width == cells:
        return fast
    if cells != width:
        raise ValueError
    return np.array([float(c) if c.strip() else np.nan for c in text.split("\t")])


def _is_number(text: str) -> bool:
    try:
        float(text or "nan")
    except ValueError:
        return False
    return True


def _unit(path: Path) -> str:
    if not path.is_file():
        return ""
    lines = _lines(path)
    next(lines, None)
    units = {_fields(line)[-1] for _, line in lines}
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

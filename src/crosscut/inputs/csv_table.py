"""CSV tables that people write: read with line numbers, fields as text and numbers, everything wrong
collected.

Columns are known by name, in any order and case; semicolons are taken for commas where a spreadsheet saved
the file so. Every reader says which columns it needs, and which it knows where others are refused.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crosscut.base.errors import Problem, UserError, suggestion

CsvRow = Mapping[str, str]


class CsvTable:
    """The rows of a CSV text; iterating gives (line, row) of those that have as many fields as the header.

    Parameters
    ----------
    text
        The file; None where it could not be read, which is a problem already.
    where
        Its name, for messages.
    needed
        Columns without which nothing can be read: then there are no rows.
    problems
        Where everything wrong is noted, with file, line and field.
    known
        Every column the reader knows; others are refused. None: others are passed over.

    Examples
    --------
    >>> problems: list[Problem] = []
    >>> table = CsvTable("Sector;Share\\nore; 0.4\\ntools;4\\n", "my.csv", ("sector", "share"), problems)
    >>> [table.number(line, row, "share", low=0, high=1) for line, row in table]
    [0.4, None]
    >>> print(*problems)
    my.csv:3, share: '4'. Expected a number of at least 0 and at most 1
    """

    def __init__(
        self,
        text: str | None,
        where: str,
        needed: Sequence[str],
        problems: list[Problem],
        known: Sequence[str] | None = None,
    ) -> None:
        self.where, self.problems = where, problems
        self.semicolons = False
        self.header: list[str] = []
        self.rows: list[tuple[int, CsvRow]] = []
        if text is not None:
            self._read(text.removeprefix("\ufeff"), needed, known)

    def _read(self, text: str, needed: Sequence[str], known: Sequence[str] | None) -> None:
        first = text.partition("\n")[0]
        self.semicolons = first.count(";") > first.count(",")  # as spreadsheets of many countries save it
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if self.semicolons else ",")
        self.header = have = [h.strip().casefold() for h in next(reader, [])]
        lost = [c for c in needed if c not in have]
        odd = [c for c in have if known is not None and c not in known]
        for c in lost:
            self.wrong(1, "", f"no column {c!r}", suggestion(c, have) if have else "a header")
        for c in odd:
            self.wrong(1, "", f"unknown column {c!r}", suggestion(c, known or ()))
        if lost or odd:
            return
        ended = reader.line_num
        for fields in reader:
            line, ended = ended + 1, reader.line_num  # where a row begins: a cell may hold several lines
            if not any(f.strip() for f in fields):
                continue
            if len(fields) != len(have):
                self.wrong(line, "", f"{len(fields)} fields", f"{len(have)} as in the header")
                continue
            row = {k: f.strip() for k, f in zip(have, fields, strict=True)}
            self.rows.append((line, row))

    def __iter__(self) -> Iterator[tuple[int, CsvRow]]:
        return iter(self.rows)

    def wrong(self, line: int, field: str, what: str, expected: str) -> None:
        """Notes a problem of one field."""
        self.problems.append(Problem(what, self.at(line, field), expected))

    def at(self, line: int, field: str = "") -> str:
        """Where a field stands, for messages."""
        return f"{self.where}:{line}" + (f", {field}" if field else "")

    def number(
        self,
        line: int,
        row: CsvRow,
        field: str,
        *,
        low: float = -math.inf,
        high: float = math.inf,
        needed: bool = False,
    ) -> float | None:
        """The number in a field; None where it is empty. What is no number in [low, high] is noted, and an
        empty field where the number is `needed`."""
        text = row.get(field, "")
        bounds = "a number" + (f" of at least {low:g}" if low > -math.inf else "")
        bounds += f" and at most {high:g}" if high < math.inf else ""
        if not text:
            if needed:
                self.wrong(line, field, "is empty", bounds)
            return None
        if self.semicolons and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
            both = f"{float(text):g} or {text.replace('.', ',')}"
            expected = "no mark for thousands, or another number of decimals"
            self.wrong(line, field, f"{text!r} can be {both} in a file with semicolons", expected)
            return None
        try:
            value = float(text.replace(" ", ""))
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not low <= value <= high:
            self.wrong(line, field, f"{text[:40]!r}", bounds)
            return None
        return value

    def year(self, line: int, row: CsvRow, field: str, *, needed: bool = True) -> int | None:
        """A calendar year; None where it is empty and not needed."""
        value = self.number(line, row, field, low=1900, high=2100, needed=needed)
        if value is not None and value != int(value):
            self.wrong(line, field, f"{row[field]!r}", "a calendar year, e.g. 2013")
            return None
        return None if value is None else int(value)

    def refuse(self) -> None:
        """Raises UserError with every problem so far, where there is one."""
        if self.problems:
            raise UserError(self.problems)


def table_in(folder: Path, name: str, needed: Sequence[str], problems: list[Problem]) -> CsvTable:
    """Read the table `name`.csv of a folder, or `name`.csv.gz where only that is there.

    Parameters
    ----------
    folder : Path
        Where to look.
    name : str
        Name without its ending.
    needed : sequence of str
        Columns the table must have.
    problems : list of Problem
        Mistakes are added to it; nothing is raised here.

    Returns
    -------
    CsvTable
        The table; its `refuse` raises what was found.
    """
    plain, packed = folder / f"{name}.csv", folder / f"{name}.csv.gz"
    path = plain if plain.exists() or not packed.exists() else packed
    return CsvTable(_text(path, problems), str(path), needed, problems)


def _text(path: Path, problems: list[Problem]) -> str | None:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem("is not there", str(path), "a CSV file of an episode folder"))
    except (OSError, EOFError) as e:
        problems.append(Problem(f"cannot be read ({e})", str(path), "a CSV file"))
    except UnicodeDecodeError:
        problems.append(Problem("is not UTF-8 text", str(path), "a CSV file in UTF-8"))
    return None

"""CSV rows: a table of a folder with line numbers, its fields read as text and numbers, everything wrong
collected."""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from crosscut.base.errors import Problem, suggestion


class CsvTable:
    """Rows of `name`.csv, or of `name`.csv.gz, in a folder; problems go to `problems` with file, line and
    field."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str], problems: list[Problem]) -> None:
        plain, packed = folder / f"{name}.csv", folder / f"{name}.csv.gz"
        self.path = plain if plain.exists() or not packed.exists() else packed
        self.problems = problems
        self.rows: list[tuple[int, dict[str, str]]] = []
        text = self._text()
        if text is None:
            return
        reader = csv.DictReader(io.StringIO(text, newline=""))
        have = reader.fieldnames or []
        for c in columns:
            if c not in have:
                problems.append(
                    Problem(f"no column {c!r}", f"{self.path}:1", suggestion(c, have) if have else "a header")
                )
        if any(c not in have for c in columns):
            return
        for row in reader:
            if None in row or None in row.values():
                self.wrong(
                    reader.line_num,
                    "",
                    f"{len([v for v in row.values() if v is not None])} fields",
                    f"{len(have)} as in the header",
                )
                continue
            self.rows.append((reader.line_num, {k: (v or "").strip() for k, v in row.items()}))

    def _text(self) -> str | None:
        try:
            raw = self.path.read_bytes()
            return (gzip.decompress(raw) if self.path.suffix == ".gz" else raw).decode("utf-8-sig")
        except FileNotFoundError:
            self.problems.append(Problem("is not there", str(self.path), "a CSV file of an episode folder"))
        except (OSError, EOFError) as e:
            self.problems.append(Problem(f"cannot be read ({e})", str(self.path), "a CSV file"))
        except UnicodeDecodeError:
            self.problems.append(Problem("is not UTF-8 text", str(self.path), "a CSV file in UTF-8"))
        return None

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        return iter(self.rows)

    def wrong(self, line: int, field: str, what: str, expected: str) -> None:
        """Notes a problem of one field."""
        where = f"{self.path}:{line}" + (f", {field}" if field else "")
        self.problems.append(Problem(what, where, expected))

    def number(
        self,
        line: int,
        row: dict[str, str],
        field: str,
        *,
        low: float = -math.inf,
        high: float = math.inf,
        needed: bool = False,
    ) -> float | None:
        """The number in a field; None where it is empty. What is no number in [low, high] is noted."""
        text = row[field]
        bounds = "a number" + (f" of at least {low:g}" if low > -math.inf else "")
        bounds += f" and at most {high:g}" if high < math.inf else ""
        if not text:
            if needed:
                self.wrong(line, field, "is empty", bounds)
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not low <= value <= high:
            self.wrong(line, field, f"{text[:40]!r}", bounds)
            return None
        return value

    def year(self, line: int, row: dict[str, str], field: str, *, needed: bool = True) -> int | None:
        """A calendar year; None where it is empty and not needed."""
        value = self.number(line, row, field, low=1900, high=2100, needed=needed)
        if value is not None and value != int(value):
            self.wrong(line, field, f"{row[field]!r}", "a calendar year, e.g. 2013")
            return None
        return None if value is None else int(value)

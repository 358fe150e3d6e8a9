"""Tables of the governance indicators as people save them from the World Bank's pages: CSV or xlsx.

Two layouts. Wide: Country Code, perhaps Series Code or Indicator Code, a column a year (`2023 [YR2023]` or
`2023`); a few lines may stand above the header and below the last country. Long: code, year, indicator,
estimate. A blank, `..` or `#N/A` is no estimate.

Tests: tests/ledger/sources/test_wgi_tables.py
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.sources.checks import is_number
from crosscut.ledger.sources.owners.sheets import Cell, workbook_rows

STABILITY = ("pv", "pv.est", "gov_wgi_pv.est")  # how the indicator and its estimate are called
HEADER_WITHIN = 12
MISSING = ("", "..", "#n/a", "n/a", "na", "-")
LARGEST = Decimal(4)  # estimates run from about -2.5 to 2.5; a score from 0 to 100 is another thing
_YEAR = re.compile(r"(\d{4})(?:\.0+)?(?:\s*\[YR\d{4}\])?")
_SERIES = ("series code", "indicator code", "indicator")

CellOfYear = tuple[str, str, int, Decimal | None]  # where, country code, year, estimate


def is_table(path: Path) -> bool:
    """Whether a file is a workbook or begins with no JSON."""
    with path.open("rb") as f:
        head = f.read(64)
    return head.startswith(b"PK") or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"[", b"{", b"")


def table_rows(path: Path) -> tuple[list[CellOfYear], str]:
    """Country, year and estimate of a table, and what the user should know of it.

    Raises UserError for a table of another layout or indicator, and for figures that are no estimates.
    """
    for name, rows in _sheets(path):
        for at, row in enumerate(rows[:HEADER_WITHIN]):
            heads = [_text(c).casefold() for c in row]
            where = f"{path.name}{name}"
            if "estimate" in heads and "year" in heads and ("code" in heads or "country code" in heads):
                return list(_long(heads, rows[at + 1 :], where, at + 2)), "a long table, indicator pv"
            if "country code" in heads and any(_YEAR.fullmatch(h.upper()) for h in heads):
                return list(_wide(heads, rows[at + 1 :], where, at + 2)), _said(heads)
    raise UserError(
        Problem(
            "is neither JSON nor a table with the columns Country Code and years",
            path.name,
            "a page of the Indicators API, or the table that the World Bank's pages save (CSV or xlsx)",
        )
    )


def _said(heads: Sequence[str]) -> str:
    if any(h in _SERIES for h in heads):
        return "only the estimate of political stability is read"
    return "the table names no indicator: its figures are taken as estimates of political stability"


def _sheets(path: Path) -> Iterator[tuple[str, list[list[Cell]]]]:
    with path.open("rb") as f:
        zipped = f.read(2) == b"PK"
    if zipped:
        yield from ((f": {name}", rows) for name, rows in workbook_rows(path))
        return
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    if "\x00" in text:
        raise UserError(Problem("holds zero bytes", path.name, "a CSV file"))
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    yield "", [list(r) for r in csv.reader(io.StringIO(text), delimiter=separator)]


def _long(heads: list[str], rows: list[list[Cell]], where: str, first: int) -> Iterator[CellOfYear]:
    code = heads.index("country code" if "country code" in heads else "code")
    year, estimate = heads.index("year"), heads.index("estimate")
    indicator = heads.index("indicator") if "indicator" in heads else None
    for n, r in enumerate(rows, first):
        at = f"{where}, row {n}"
        if not _cell(r, code) or (indicator is not None and _cell(r, indicator).casefold() not in STABILITY):
            continue
        found = _YEAR.fullmatch(_cell(r, year))
        if found is None:
            raise UserError(Problem(f"year {_cell(r, year)[:20]!r}", at, "a year such as 2023"))
        yield at, _cell(r, code), int(found[1]), _estimate(_cell(r, estimate), at)


def _wide(heads: list[str], rows: list[list[Cell]], where: str, first: int) -> Iterator[CellOfYear]:
    code = heads.index("country code")
    years = {n: int(m[1]) for n, h in enumerate(heads) if (m := _YEAR.fullmatch(h.upper()))}
    series = next((n for n, h in enumerate(heads) if h in _SERIES), None)
    for n, r in enumerate(rows, first):
        if not _cell(r, code) or (series is not None and _cell(r, series).casefold() not in STABILITY):
            continue
        for column, year in years.items():
            at = f"{where}, row {n}, {year}"
            yield at, _cell(r, code), year, _estimate(_cell(r, column), at)


def _estimate(text: str, where: str) -> Decimal | None:
    if text.casefold() in MISSING:
        return None
    if not is_number(text) or "," in text or abs(Decimal(text)) > LARGEST:
        raise UserError(Problem(f"value {text[:40]!r}", where, "an estimate, about -2.5 to 2.5, or a blank"))
    return Decimal(text)


def _cell(row: Sequence[Cell], column: int) -> str:
    return _text(row[column]) if column < len(row) else ""


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()

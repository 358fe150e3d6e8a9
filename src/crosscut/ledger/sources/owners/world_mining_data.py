"""World Mining Data: mine production by mineral and country, one sheet a mineral (workbook 6.4).

Layout: a title row, then a row with Country, unit, one column a year and the kind of data; a row `Total` at
the end. A year may carry the owner's mark (`2023*`, `2024 (p)`): its figures are provisional. Older editions
print Russia in two rows, its European and its Asian part; they are added up.

Tests: tests/ledger/sources/test_world_mining_data.py
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import recorded_place
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.checks import check_label, check_years
from crosscut.ledger.sources.connector import Fetch, Imported, latest_year
from crosscut.ledger.sources.download import MEGABYTE, Download
from crosscut.ledger.sources.owners.sheets import Cell, workbook_rows
from crosscut.ledger.sources.owners.totals import Adder

PRODUCTION = DATASETS["production"]
# stated unit -> (unit kept, factor)
UNITS: Mapping[str, tuple[str, Decimal]] = {
    "metr. t": ("t", Decimal(1)),
    "kg": ("t", Decimal("0.001")),
    "Mio m3": ("million m3", Decimal(1)),
    "ct": ("carat", Decimal(1)),
}
HEADER_WITHIN = 8
TOTALS = ("total", "world", "world total")
BLANK = ("", "-", "–", "—")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?\s*(.*)")
# How the owner, and tables like it, mark the figures of a year that may still change.
PROVISIONAL = ("*", "**", "p", "prov", "provisional", "prel", "preliminary", "e", "est", "estimated")
FINAL = ("", "r", "rev", "revised")
_PART = re.compile(r"(.+?)\s*[,(]\s*(?:asia|europe|asian part|european part)\)?", re.IGNORECASE)
OFF = Decimal("0.001")  # the owner's totals and the sums of its countries should agree this well


@dataclass(frozen=True)
class WorldMiningData:
    """Workbook 6.4 of the yearly publication."""

    address: str = (
        "https://www.world-mining-data.info/wmd/downloads/XLS/"
        "6.4.%20Production_of_Mineral_Raw_Materials_of_individual_Countries_by_Minerals.xlsx"
    )
    id: str = "world-mining-data"
    title: str = "World Mining Data, mine production by mineral (Austrian Federal Ministry of Finance)"
    licence: str = "free of charge; excerpts with citation, so your copy stays with you"
    page: str = "https://www.world-mining-data.info/?World_Mining_Data___Data_Section"
    format: str = "xlsx, one sheet a mineral: Country, unit, a column a year, data source; a Total row"
    datasets: tuple[str, ...] = ("production",)

    def fetched(self, fetch: Fetch) -> list[Path]:
        """One workbook."""
        return [fetch(Download("world-mining-data-6.4.xlsx", self.address, largest=64 * MEGABYTE))]

    def parsed(self, files: Sequence[Path]) -> Imported:
        """A row for every mineral, country and year with a figure; `Total` rows are compared, not kept."""
        (path,) = files
        rows: list[dict[str, object]] = []
        problems: list[Problem] = []
        adder, notes, minerals = Adder(PRODUCTION), [], 0
        marks: list[dict[str, object]] = []
        for sheet, cells in workbook_rows(path):
            where = f"{path.name}: {sheet}"
            head = next(
                (n for n, r in enumerate(cells[:HEADER_WITHIN]) if _text(r, 0).casefold() == "country"), None
            )
            if head is None:
                notes.append(f"sheet {sheet!r} has no column Country and was not read")
                continue
            minerals += 1
            try:
                kept, off, marked = _sheet(check_label(sheet, where), cells[head:], head + 1, where, adder)
            except UserError as e:
                problems += e.problems
                continue
            rows += kept
            notes += off
            marks += marked
        if problems:
            raise UserError(problems[:20])
        if not minerals:
            raise UserError(Problem("has no sheet with a column Country", path.name, self.format))
        frame = pl.DataFrame(rows, schema=dict(PRODUCTION.schema)).sort("mineral", "country", "year")
        years = sorted(frame["year"].unique().to_list())
        check_years(years, latest_year(), path.name)
        if marks:
            listed = ", ".join(sorted({f"{m['year']} ({m['mark']})" for m in marks}))
            notes.append(f"marked as provisional by the owner, and read as estimates: {listed}")
        return Imported(
            release=f"{years[0]}-{years[-1]}",
            tables={
                "production": frame,
                "production_marks": pl.DataFrame(
                    marks, schema={"mineral": pl.String, "year": pl.Int64, "mark": pl.String}
                ),
            },
            before={"production": adder.totals()},
            notes=notes,
            facts={"minerals": minerals},
        )


def _sheet(
    mineral: str, cells: list[list[Cell]], first: int, where: str, adder: Adder
) -> tuple[list[dict[str, object]], list[str], list[dict[str, object]]]:
    """Rows of one mineral, where its stated totals and sums part, and which years are provisional."""
    header = [str(c).strip() if c is not None else "" for c in cells[0]]
    unit_at = next((n for n, h in enumerate(header) if h.casefold() == "unit"), None)
    years, marks = _years(header, f"{where}, row {first}")
    if unit_at is None or not years:
        raise UserError(
            Problem(
                f"the columns have changed: {', '.join(header[:10])}",
                f"{where}, row {first}",
                "Country, unit, a column for every year",
            )
        )
    stated: dict[int, Decimal] = {}
    found: dict[str, _Country] = {}
    problems: list[Problem] = []
    for n, r in enumerate(cells[1:], first + 1):
        label = _text(r, 0)
        row_where = f"{where}, row {n}"
        if not label or all(_text(r, c) in BLANK for c in (unit_at, *years)):
            continue  # an empty row, or a footnote below the table
        try:
            label = check_label(label, row_where)
            unit_stated = _text(r, unit_at)
            if unit_stated not in UNITS:
                raise UserError(Problem(f"unit {unit_stated!r}", row_where, f"one of: {', '.join(UNITS)}"))
            figures = {y: _figure(r, c, f"{row_where}, {y}") for c, y in years.items()}
            if label.casefold() in TOTALS:
                stated = {y: f * UNITS[unit_stated][1] for y, f in figures.items() if f is not None}
                continue
            code, part = _country(label, row_where)
            read = _Country(label, unit_stated, part, {y: f for y, f in figures.items() if f is not None})
            found[code] = found[code].joined(read, row_where) if code in found else read
        except UserError as e:
            problems += e.problems
    if problems:
        raise UserError(problems)
    rows: list[dict[str, object]] = []
    sums: dict[int, Decimal] = dict.fromkeys(years.values(), Decimal(0))
    for code, country in found.items():
        unit, factor = UNITS[country.unit]
        for year, figure in country.figures.items():
            value = figure * factor
            sums[year] += value
            adder.add({"mineral": mineral, "country": code, "year": year}, {"value": value})
            rows.append(
                {
                    "mineral": mineral,
                    "country": code,
                    "year": year,
                    "value": float(figure) * float(factor),
                    "unit": unit,
                    "unit_stated": country.unit,
                }
            )
    off = [
        f"{mineral} {y}: its countries add up to {sums[y]:,.6g}, its own total says {t:,.6g}"
        for y, t in stated.items()
        if abs(sums[y] - t) > OFF * max(t, Decimal(1))
    ]
    return rows, off, [{"mineral": mineral, "year": y, "mark": m} for y, m in marks.items()]


@dataclass(frozen=True)
class _Country:
    """The figures of a country in one unit; `part` says that the row named only a part of it."""

    label: str
    unit: str
    part: bool
    figures: Mapping[int, Decimal]

    def joined(self, other: _Country, where: str) -> _Country:
        """Two parts of a country added up; UserError for anything else that stands twice."""
        if not (self.part and other.part) or self.label.casefold() == other.label.casefold():
            raise UserError(
                Problem(f"{other.label!r} is the country of {self.label!r} again", where, "one row each")
            )
        if self.unit != other.unit:
            raise UserError(Problem(f"unit {other.unit!r}", where, f"{self.unit!r}, as {self.label!r} has"))
        years = {*self.figures, *other.figures}
        nothing = Decimal(0)
        return _Country(
            f"{self.label}; {other.label}",
            self.unit,
            True,
            {y: self.figures.get(y, nothing) + other.figures.get(y, nothing) for y in sorted(years)},
        )


def _country(label: str, where: str) -> tuple[str, bool]:
    """The code of a label, and whether it names only the European or Asian part of the country."""
    found = _PART.fullmatch(label)
    return recorded_place(found[1] if found else label, where).code, found is not None


def _years(header: Sequence[str], where: str) -> tuple[dict[int, int], dict[int, str]]:
    """Column -> year, and the mark of years that are provisional.

    Raises UserError for a column that begins with a year and goes on as no mark that is known, and for a year
    that stands twice: a column of figures is never left out without a word.
    """
    years: dict[int, int] = {}
    marks: dict[int, str] = {}
    problems: list[Problem] = []
    for n, text in enumerate(header):
        found = _YEAR.fullmatch(text)
        if found is None:
            continue
        year, mark = int(found[1]), found[2].strip()
        plain = mark.strip("()[]. ").casefold() if mark.strip("*") else mark
        if plain not in (*PROVISIONAL, *FINAL):
            problems.append(
                Problem(
                    f"column {text!r} is no year that can be read", where, "a year such as 2024 or 2024 (p)"
                )
            )
        elif year in years.values():
            problems.append(Problem(f"the year {year} has two columns", where, "one column for every year"))
        else:
            years[n] = year
            if plain in PROVISIONAL:
                marks[year] = mark
    if problems:
        raise UserError(problems)
    return years, marks


def _text(row: Sequence[Cell], column: int) -> str:
    value = row[column] if column < len(row) else None
    return "" if value is None else str(value).strip()


def _figure(row: Sequence[Cell], column: int, where: str) -> Decimal | None:
    value = row[column] if column < len(row) else None
    if value is None or (isinstance(value, str) and value.strip() in BLANK):
        return None
    if isinstance(value, bool | str) or value != value or abs(value) == float("inf"):
        raise UserError(Problem(f"{str(value)[:40]!r} is no number", where, "tonnes, or an empty cell"))
    low, high = PRODUCTION.bounds["value"]
    if not low <= value <= high:
        raise UserError(Problem(f"{value:,.6g}", where, f"from {low:g} to {high:g}"))
    return Decimal(repr(value))

"""World Mining Data: mine production by mineral and country, one sheet a mineral (workbook 6.4).

Layout: a title row, then a row with Country, unit, one column a year and the kind of data; a row `Total` at
the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import place
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
BLANK = ("", "-", "–", "—")
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
                kept, off = _sheet(check_label(sheet, where), cells[head:], head + 1, where, adder)
            except UserError as e:
                problems += e.problems
                continue
            rows += kept
            notes += off
        if problems:
            raise UserError(problems[:20])
        if not minerals:
            raise UserError(Problem("has no sheet with a column Country", path.name, self.format))
        frame = pl.DataFrame(rows, schema=dict(PRODUCTION.schema)).sort("mineral", "country", "year")
        years = sorted(frame["year"].unique().to_list())
        check_years(years, latest_year(), path.name)
        return Imported(
            release=f"{years[0]}-{years[-1]}",
            tables={"production": frame},
            before={"production": adder.totals()},
            notes=notes,
            facts={"minerals": minerals},
        )


def _sheet(
    mineral: str, cells: list[list[Cell]], first: int, where: str, adder: Adder
) -> tuple[list[dict[str, object]], list[str]]:
    """Rows of one mineral, and where its stated totals and sums part."""
    header = [str(c).strip() if c is not None else "" for c in cells[0]]
    unit_at = next((n for n, h in enumerate(header) if h.casefold() == "unit"), None)
    years = {
        n: int(float(h)) for n, h in enumerate(header) if h.removesuffix(".0").isdigit() and len(h) in (4, 6)
    }
    if unit_at is None or not years:
        raise UserError(
            Problem(
                f"the columns have changed: {', '.join(header[:10])}",
                f"{where}, row {first}",
                "Country, unit, a column for every year",
            )
        )
    rows: list[dict[str, object]] = []
    problems: list[Problem] = []
    sums: dict[int, Decimal] = dict.fromkeys(years.values(), Decimal(0))
    stated: dict[int, Decimal] = {}
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
            unit, factor = UNITS[unit_stated]
            figures = {y: _figure(r, c, f"{row_where}, {y}") for c, y in years.items()}
            code = "" if label.casefold() == "total" else place(label, row_where).code
        except UserError as e:
            problems += e.problems
            continue
        for year, figure in figures.items():
            if figure is None:
                continue
            value = figure * factor
            if not code:
                stated[year] = value
                continue
            sums[year] += value
            adder.add({"mineral": mineral, "country": code, "year": year}, {"value": value})
            rows.append(
                {
                    "mineral": mineral,
                    "country": code,
                    "year": year,
                    "value": float(figure) * float(factor),
                    "unit": unit,
                    "unit_stated": unit_stated,
                }
            )
    if problems:
        raise UserError(problems)
    off = [
        f"{mineral} {y}: its countries add up to {sums[y]:,.6g}, its own total says {t:,.6g}"
        for y, t in stated.items()
        if abs(sums[y] - t) > OFF * max(t, Decimal(1))
    ]
    return rows, off


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

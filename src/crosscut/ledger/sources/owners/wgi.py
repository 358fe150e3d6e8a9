"""World Bank, Worldwide Governance Indicators: political stability by country and year, over its Indicators
API.

Layout: JSON pages [header, rows]; the header has page, pages, per_page, total and lastupdated, a row
countryiso3code, date and value. An error is [{"message": [{"id", "key", "value"}]}] with status 200. A table
that the World Bank's pages save (CSV or xlsx) is read too: `owners/wgi_tables`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import recorded_place
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.checks import check_years
from crosscut.ledger.sources.connector import Fetch, Imported, latest_year
from crosscut.ledger.sources.download import MEGABYTE, Download
from crosscut.ledger.sources.owners.totals import Adder
from crosscut.ledger.sources.owners.wgi_tables import is_table, table_rows

GOVERNANCE = DATASETS["governance"]
# Codes the World Bank has used that are not ISO 3166.
BANK_CODES: Mapping[str, str] = {
    "ADO": "AND",
    "KSV": "XKX",
    "ROM": "ROU",
    "TMP": "TLS",
    "WBG": "PSE",
    "ZAR": "COD",
}
MOST_PAGES = 200


@dataclass(frozen=True)
class Wgi:
    """The estimate of political stability, about -2.5 to 2.5. Its standard error and ranks are not pulled:
    their ids in the catalogue of 2025 could not be verified."""

    base: str = "https://api.worldbank.org/v2"
    indicator: str = "GOV_WGI_PV.EST"
    per_page: int = 1000
    id: str = "wgi"
    title: str = "World Bank, Worldwide Governance Indicators (political stability)"
    licence: str = "CC BY 4.0"
    page: str = "https://www.worldbank.org/en/publication/worldwide-governance-indicators"
    format: str = (
        "JSON pages [header, rows] of the Indicators API, version 2, source 3; or a table, CSV or xlsx"
    )
    datasets: tuple[str, ...] = ("governance",)

    @property
    def address(self) -> str:
        """The first page."""
        return self._page(1)

    def _page(self, n: int) -> str:
        query = f"source=3&format=json&per_page={self.per_page}&page={n}"
        return f"{self.base.rstrip('/')}/country/all/indicator/{self.indicator}?{query}"

    def fetched(self, fetch: Fetch) -> list[Path]:
        """Every page; the first says how many there are."""
        paths = [fetch(self._download(1))]
        pages = _whole(_header(paths[0])[0], "pages", paths[0].name)
        if not 1 <= pages <= MOST_PAGES:
            raise UserError(Problem(f"{pages} pages", paths[0].name, f"1 to {MOST_PAGES}"))
        return paths + [fetch(self._download(n)) for n in range(2, pages + 1)]

    def _download(self, n: int) -> Download:
        return Download(f"wgi-{n}.json", self._page(n), largest=64 * MEGABYTE, compressible=True)

    def parsed(self, files: Sequence[Path]) -> Imported:
        """country, year, measure `estimate`, value; years without an estimate are left out and counted."""
        if len(files) == 1 and is_table(files[0]):
            return self._of_table(files[0])
        adder, rows, empty, seen = Adder(GOVERNANCE), [], 0, 0
        problems: list[Problem] = []
        first, _ = _header(files[0])
        for n, path in enumerate(files, 1):
            header, page = _header(path)
            for name in ("pages", "total", "lastupdated"):
                if header.get(name) != first.get(name):
                    raise UserError(
                        Problem(
                            f"{name} changed from {first.get(name)} to {header.get(name)} between pages",
                            path.name,
                            "one release; pull again",
                        )
                    )
            if _whole(header, "page", path.name) != n:
                raise UserError(Problem(f"is page {header.get('page')}", path.name, f"page {n}"))
            for k, r in enumerate(page, 1):
                seen += 1
                try:
                    found = _row(r, f"{path.name}, row {k}")
                except UserError as e:
                    problems += e.problems
                    continue
                if found is None:
                    empty += 1
                    continue
                country, year, value = found
                adder.add({"country": country, "year": year, "measure": "estimate"}, {"value": value})
                rows.append({"country": country, "year": year, "measure": "estimate", "value": float(value)})
        if problems:
            raise UserError(problems[:20])
        if seen != _whole(first, "total", files[0].name) or len(files) != _whole(
            first, "pages", files[0].name
        ):
            raise UserError(
                Problem(
                    f"{seen:,} rows on {len(files)} pages",
                    "WGI",
                    f"{first['total']} rows on {first['pages']} pages",
                )
            )
        frame = pl.DataFrame(rows, schema=dict(GOVERNANCE.schema)).sort("country", "year", "measure")
        check_years(frame["year"].unique().to_list(), latest_year(), "WGI")
        notes = [
            f"{empty:,} country-years have no estimate",
            "only the estimate is pulled, no standard error or rank",
        ]
        return Imported(
            str(first.get("lastupdated") or "undated"),
            {"governance": frame},
            {"governance": adder.totals()},
            notes,
        )

    def _of_table(self, path: Path) -> Imported:
        """The same of a table that was saved by hand."""
        adder, rows, empty = Adder(GOVERNANCE), [], 0
        problems: list[Problem] = []
        cells, said = table_rows(path)
        for where, code, year, value in cells:
            try:
                country = recorded_place(BANK_CODES.get(code, code), where).code
            except UserError as e:
                problems += e.problems
                continue
            if value is None:
                empty += 1
                continue
            adder.add({"country": country, "year": year, "measure": "estimate"}, {"value": value})
            rows.append({"country": country, "year": year, "measure": "estimate", "value": float(value)})
        if problems:
            raise UserError(list({str(p): p for p in problems}.values())[:20])
        if not rows:
            raise UserError(Problem("has no estimate", path.name, "countries by years"))
        frame = pl.DataFrame(rows, schema=dict(GOVERNANCE.schema)).sort("country", "year", "measure")
        years = frame["year"].unique().sort().to_list()
        check_years(years, latest_year(), path.name)
        notes = [f"{empty:,} country-years have no estimate", said]
        return Imported(
            f"to {years[-1]}",
            {"governance": frame},
            {"governance": adder.totals()},
            notes,
        )


def _header(path: Path) -> tuple[dict[str, Any], list[Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError, OSError):
        raise UserError(
            Problem(
                "is neither JSON nor a table with the columns Country Code and years",
                path.name,
                "a page of the Indicators API, or the table that the World Bank's pages save (CSV or xlsx)",
            )
        ) from None
    if isinstance(found, list) and found and isinstance(found[0], dict) and "message" in found[0]:
        said = found[0]["message"]
        text = (
            "; ".join(str(m.get("value")) for m in said if isinstance(m, dict))
            if isinstance(said, list)
            else said
        )
        raise UserError(
            Problem(f"the World Bank answers: {str(text)[:200]}", path.name, "an indicator of source 3")
        )
    if not (
        isinstance(found, list)
        and len(found) == 2
        and isinstance(found[0], dict)
        and isinstance(found[1], list)
    ):
        raise UserError(
            Problem("is not [header, rows]", path.name, "a page of the Indicators API, version 2")
        )
    return found[0], found[1]


def _whole(header: Mapping[str, Any], name: str, where: str) -> int:
    value = header.get(name)
    if isinstance(value, bool) or not str(value).isdigit():
        raise UserError(Problem(f"{name} is {value!r}", where, "a whole number"))
    return int(str(value))


def _row(r: Any, where: str) -> tuple[str, int, Decimal] | None:
    """Country, year and estimate of a row, or None where it has no estimate."""
    if not isinstance(r, dict) or not {"countryiso3code", "date", "value"} <= set(r):
        raise UserError(Problem("the fields have changed", where, "countryiso3code, date, value"))
    country = r.get("country")
    code = str(r["countryiso3code"] or (country.get("id") if isinstance(country, dict) else "") or "")
    code = BANK_CODES.get(code, code)
    if len(code) != 3:
        raise UserError(Problem(f"country code {code!r}", where, "three letters"))
    if not str(r["date"]).isdigit():
        raise UserError(Problem(f"date {r['date']!r}", where, "a year"))
    value = r["value"]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not -10 <= value <= 10:
        raise UserError(Problem(f"value {str(value)[:40]!r}", where, "an estimate, about -2.5 to 2.5"))
    return recorded_place(code, where).code, int(r["date"]), Decimal(value)

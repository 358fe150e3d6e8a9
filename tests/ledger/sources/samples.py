"""Small files in the documented formats, from figures that this project already carries."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from crosscut.ledger.sources.owners.geopolrisk_databases import reference_folder
from tests.paths import TESTS

Row = tuple[int, int, int, int, str, str]


@cache
def trade_sample(
    codes: tuple[str, ...] = ("261100", "810110"), years: tuple[int, ...] = (2022, 2023, 2024)
) -> tuple[Row, ...]:
    """Rows of the bundled trade data as BACI writes them: t, i, j, k, v (kUSD), q (t or NA)."""
    rows = pl.read_parquet(reference_folder() / "trade.parquet").with_columns(pl.col("hs92").cast(pl.String))
    rows = rows.filter(pl.col("hs92").is_in(codes) & pl.col("year").is_in(years))
    return tuple(
        (t, i, j, int(k), f"{v / 1000:.3f}", "NA" if q is None else f"{q / 1000:.3f}")
        for k, i, j, t, v, q in rows.select(
            "hs92", "exporter", "importer", "year", "value_usd", "quantity_kg"
        ).rows()
    )


COUNTRIES = (
    'country_code,country_name,country_iso2,country_iso3\n156,China,CN,CHN\n842,USA,US,USA\n490,"Other Asia,'
    ' nes",N/A,S19\n'
)
PRODUCTS = (
    'code,description\n261100,"Tungsten ores and concentrates"\n810110,"Tungsten (wolfram): articles thereof,'
    ' including waste and scrap, powders"\n'
)


def baci_zip(
    rows: Iterable[Row], release: str = "202601", header: str = "t,i,j,k,v,q", **members: bytes
) -> bytes:
    """The zip of a release; `members` are put in as well."""
    by_year: dict[int, list[Row]] = {}
    for r in rows:
        by_year.setdefault(r[0], []).append(r)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for year, listed in sorted(by_year.items()):
            lines = [header, *(",".join(map(str, r)) for r in listed)]
            z.writestr(f"BACI_HS92_Y{year}_V{release}.csv", "\n".join(lines) + "\n")
        z.writestr(f"country_codes_V{release}.csv", COUNTRIES)
        z.writestr(f"product_codes_HS92_V{release}.csv", PRODUCTS)
        z.writestr("Readme.txt", "about")
        for name, body in members.items():
            z.writestr(name, body)
    return out.getvalue()


@cache
def governance_sample() -> tuple[tuple[str, int, float | None], ...]:
    """Country, year, estimate of the bundled governance data, and one year without."""
    rows = pl.read_parquet(reference_folder() / "governance.parquet").filter(pl.col("measure") == "estimate")
    return (*rows.select("country", "year", "value").rows(), ("CHN", 1997, None))


def wgi_pages(
    rows: Iterable[tuple[str, int, float | None]], per_page: int = 1000, updated: str = "2026-10-01"
) -> list[bytes]:
    """The pages of the Indicators API."""
    rows = list(rows)
    pages = [rows[n : n + per_page] for n in range(0, len(rows), per_page)]
    return [
        json.dumps(
            [
                {
                    "page": n,
                    "pages": len(pages),
                    "per_page": per_page,
                    "total": len(rows),
                    "sourceid": "3",
                    "lastupdated": updated,
                },
                [
                    {
                        "indicator": {"id": "GOV_WGI_PV.EST", "value": "Political Stability"},
                        "country": {"id": c, "value": c},
                        "countryiso3code": c,
                        "date": str(y),
                        "value": v,
                        "unit": "",
                        "obs_status": "",
                        "decimal": 0,
                    }
                    for c, y, v in page
                ],
            ]
        ).encode()
        for n, page in enumerate(pages, 1)
    ]


MCS_HEADER = (
    "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes,Is critical"
    " mineral 2025,Other notes"
)


def mcs_csv(lines: Iterable[tuple[str, ...]] = (), header: str = MCS_HEADER) -> bytes:
    """The data release in Windows-1252: tungsten as printed (Mineral Commodity Summaries 2026), and
    `lines`."""
    known = TESTS / "known_answers" / "usgs_mcs2026_tungsten_production.csv"
    printed = []
    for r in csv.DictReader(known.read_text(encoding="utf-8").splitlines()):
        printed.append(
            (
                "TUNGSTEN",
                "World Mine Production and Reserves",
                "Tungsten",
                r["country"],
                "Production",
                "Mine production",
                "metric tons",
                r["year"] + ("_estimated" if r["year"] == "2025" else ""),
                f"{float(r['value_num']):,.0f}",
                "",
                "Yes",
                "",
            )
        )
    printed.append(
        (
            "TUNGSTEN",
            "Salient Statistics—United States",
            "Tungsten",
            "United States",
            "Production",
            "Mine production",
            "metric tons",
            "2024",
            "W",
            "Withheld – company data",
            "Yes",
            "",
        )
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header.split(","))
    writer.writerows([*printed, *lines])
    return out.getvalue().encode("cp1252")


def comtrade_answer(year: int, records: list[dict[str, Any]] | None = None, **more: Any) -> bytes:
    """One answer: Chinese exports of tungsten ore to two partners and the world."""
    if records is None:
        records = [
            {
                "typeCode": "C",
                "freqCode": "A",
                "period": str(year),
                "reporterCode": 156,
                "flowCode": "X",
                "partnerCode": p,
                "classificationCode": "H6",
                "cmdCode": "261100",
                "customsCode": "C00",
                "motCode": 0,
                "qty": 0,
                "netWgt": w,
                "isNetWgtEstimated": False,
                "primaryValue": v,
                "isReported": True,
                "isAggregate": False,
            }
            for p, v, w in ((392, 1250.5, 40.25), (410, 300.25, 0), (0, 1550.75, 40.25))
        ]
    return json.dumps(
        {"elapsedTime": "0.1 secs", "count": len(records), "data": records, "error": "", **more}
    ).encode()


def wmd_workbook(path: Path, sheets: dict[str, list[list[Any]]] | None = None) -> Path:
    """Workbook 6.4 with tungsten as bundled, one sheet a mineral."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (sheets or {"Tungsten (W)": wmd_tungsten(), "Gold": wmd_gold()}).items():
        sheet = book.create_sheet(name)
        for r in rows:
            sheet.append(r)
    book.save(path)
    return path


@cache
def _tungsten() -> tuple[tuple[str, int, float], ...]:
    rows = pl.read_parquet(reference_folder() / "production.parquet")
    return tuple(rows.select("country", "year", "value").rows())


def wmd_tungsten() -> list[list[Any]]:
    """The sheet of tungsten: title, header, countries by name, Total, a footnote."""
    from crosscut.base.places import name

    years = sorted({y for _, y, _ in _tungsten()})
    figures = {(c, y): v for c, y, v in _tungsten()}
    countries = sorted({c for c, _, _ in _tungsten()})
    out: list[list[Any]] = [["Tungsten (W)"], ["Country", "unit", *years, "data source"]]
    out += [[name(c), "metr. t", *(figures.get((c, y)) for y in years), "r"] for c in countries]
    out += [["Total", "metr. t", *(sum(v for (_, t), v in figures.items() if t == y) for y in years), None]]
    return [*out, [], ["r reported, e estimated"]]


def wmd_gold() -> list[list[Any]]:
    """Gold in kilograms, with a total that does not fit, and names that get lost elsewhere."""
    return [
        ["Gold"],
        ["Country", "unit", 2023, 2024, "data source"],
        ["Cote d'Ivoire", "kg", 58000, 60500, "r"],
        ["Kosovo", "kg", 1, None, "e"],
        ["Namibia", "kg", 9000, 9100, "r"],
        ["Total", "kg", 67001, 80000, None],
    ]

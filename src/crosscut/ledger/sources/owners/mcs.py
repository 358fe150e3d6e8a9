"""USGS Mineral Commodity Summaries: the figures of every chapter, as the data release's one CSV file.

Layout: MCS chapter, Section, Commodity, Country, Statistics, Statistics_detail, Unit, Year, Value, Notes,
and more columns after those. Year may read 2025_estimated or 2021-24, Value W (withheld), NA, a dash, >95 or
e10,500. The catalogue entry beside it states the file's size and checksum.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import recorded_place
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.checks import LONGEST_TEXT, check_columns, check_label, is_number
from crosscut.ledger.sources.connector import Fetch, Imported, latest_year
from crosscut.ledger.sources.download import MEGABYTE, Download
from crosscut.ledger.sources.owners.totals import Adder

SUMMARIES = DATASETS["summaries"]
COLUMNS = (
    "MCS chapter",
    "Section",
    "Commodity",
    "Country",
    "Statistics",
    "Statistics_detail",
    "Unit",
    "Year",
    "Value",
    "Notes",
)
FILE = re.compile(r"MCS\d{4}_Commodities_Data\.csv")
GROUPS: Mapping[str, str] = {"world total": "WLD", "other countries": "OTH", "world": "WLD"}
MOST_LINES = 1_000_000
OFF = 0.05  # share of a printed world total by which its countries may miss it before it is told


@dataclass(frozen=True)
class Mcs:
    """The data release of the 2026 edition; a later one has another catalogue entry (`--from`)."""

    address: str = "https://www.sciencebase.gov/catalog/item/69837e43b66b01367d7ec7c7?format=json&fields=title,files,provenance"
    id: str = "usgs-mcs"
    title: str = "US Geological Survey, Mineral Commodity Summaries, data release"
    licence: str = "public domain (US government work)"
    page: str = (
        "https://www.usgs.gov/centers/national-minerals-information-center/mineral-commodity-summaries"
    )
    format: str = (
        "one CSV a release: chapter, section, commodity, country, statistic, detail, unit, year, value, notes"
    )
    datasets: tuple[str, ...] = ("summaries",)

    def fetched(self, fetch: Fetch) -> list[Path]:
        """The catalogue entry, then the file it names, checked against the checksum it states."""
        if urlsplit(self.address).path.endswith(".csv"):
            return [fetch(Download("mcs.csv", self.address, largest=64 * MEGABYTE))]
        entry = fetch(Download("mcs-catalogue.json", self.address, largest=4 * MEGABYTE, compressible=True))
        return [fetch(self._file(entry))]

    def _file(self, entry: Path) -> Download:
        try:
            found = json.loads(entry.read_text(encoding="utf-8-sig"))
            files = [f for f in found["files"] if FILE.fullmatch(str(f.get("name", "")))]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UserError(
                Problem("is no catalogue entry", entry.name, "JSON with a list `files`")
            ) from None
        if len(files) != 1:
            raise UserError(
                Problem(f"names {len(files)} files like MCS2026_Commodities_Data.csv", entry.name, "one")
            )
        stated: dict[str, Any] = files[0]
        url = urljoin(self.address, str(stated.get("url") or stated.get("downloadUri") or ""))
        if urlsplit(url).netloc != urlsplit(self.address).netloc:
            raise UserError(
                Problem(f"leads to {urlsplit(url).netloc}", entry.name, urlsplit(self.address).netloc)
            )
        given = stated.get("checksum")
        checksum = ""
        if isinstance(given, dict) and str(given.get("type", "")).lower() in ("md5", "sha256"):
            checksum = f"{str(given['type']).lower()}:{given.get('value')}"
        return Download(str(stated["name"]), url, largest=64 * MEGABYTE, checksum=checksum)

    def parsed(self, files: Sequence[Path]) -> Imported:
        """Every line of the release; a value that is no number is null and stays as text in
        `value_stated`."""
        (path,) = files
        rows: list[dict[str, Any]] = []
        problems: list[Problem] = []
        adder = Adder(SUMMARIES)
        unplaced: Counter[str] = Counter()
        seen: Counter[tuple[str, ...]] = Counter()
        for line, r in _lines(path):
            try:
                row, value = _row(r, f"{path.name}:{line}")
            except UserError as e:
                problems += e.problems
                continue
            key = tuple(str(row[k]) for k in SUMMARIES.keys if k != "repeat")
            seen[key] += 1
            row["repeat"] = seen[key]
            if row["country"] is None:
                unplaced[str(row["country_stated"])] += 1
            adder.add(row, {"value": value})
            rows.append(row)
            if len(problems) > 20:
                break
        if problems:
            raise UserError(problems[:20])
        if not rows:
            raise UserError(Problem("has no lines", path.name, self.format))
        frame = pl.DataFrame(rows, schema=dict(SUMMARIES.schema))
        year = int(frame["year"].max() or 0)  # type: ignore[arg-type]
        edition = re.search(r"MCS(\d{4})", path.name)
        notes = []
        if unplaced:
            listed = ", ".join(f"{name} ({n})" for name, n in unplaced.most_common(8))
            notes.append(f"{len(unplaced)} labels are no country and stay as text only: {listed}")
        withheld = frame.filter(pl.col("value").is_null() & (pl.col("value_stated") == "W")).height
        notes.append(
            f"{withheld:,} values are withheld (W), {frame['value'].null_count() - withheld:,} are no number"
        )
        notes += _unlike_totals(frame)
        return Imported(
            edition[1] if edition else f"to {year}",
            {"summaries": frame},
            {"summaries": adder.totals()},
            notes,
        )


def _unlike_totals(frame: pl.DataFrame) -> list[str]:
    """Where the countries of a world table do not add up to the total that USGS prints below it.

    Totals are rounded to three digits or fewer, and hold countries that are withheld: only more than 5 %
    is told.
    """
    world = frame.filter(
        pl.col("section").str.to_lowercase().str.starts_with("world")
        & (pl.col("statistic") == "Production")
        & pl.col("value").is_not_null()
    ).with_columns(pl.col("detail").str.replace(r"(?i)\s*[:,]?\s*\(?rounded\)?$", "").alias("series"))
    total = pl.col("country") == "WLD"
    keys = ("chapter", "commodity", "series", "period")
    sums = world.group_by(keys).agg(
        pl.col("value").filter(total).sum().alias("total"),
        pl.col("value").filter(~total.fill_null(False)).sum().alias("sum"),
    )
    off = sums.filter(
        (pl.col("total") > 0) & ((pl.col("sum") - pl.col("total")).abs() > OFF * pl.col("total"))
    )
    return [
        f"{r['chapter'].capitalize()}, {r['series'].lower()}, {r['period']}: its countries add up to"
        f" {r['sum']:,.6g}, its own total says {r['total']:,.6g}"
        for r in off.sort(keys).iter_rows(named=True)
        if r["sum"] > 0
    ]


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """(line, fields) below the header. The release is in Windows-1252; UTF-8 is understood."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    if "\x00" in text:
        raise UserError(Problem("holds zero bytes", path.name, "a CSV file"))
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text), strict=True)
    out: list[tuple[int, list[str]]] = []
    try:
        head = [c.strip() for c in next(reader, [])]
        check_columns(head, COLUMNS, f"{path.name}:1", more=True)
        for r in reader:
            if r and any(c.strip() for c in r):
                if len(r) != len(head):
                    raise UserError(
                        Problem(f"{len(r)} fields", f"{path.name}:{reader.line_num}", f"{len(head)}")
                    )
                out.append((reader.line_num, r))
            if len(out) > MOST_LINES:
                raise UserError(
                    Problem(f"more than {MOST_LINES:,} lines", path.name, "a release of some 30,000")
                )
    except csv.Error as e:
        raise UserError(
            Problem(f"is broken CSV ({e})", f"{path.name}:{reader.line_num}", "pull it again")
        ) from None
    return out


def _row(r: list[str], where: str) -> tuple[dict[str, Any], Decimal | None]:
    labels = [check_label(c, f"{where}, {name}") for c, name in zip(r[:7], COLUMNS, strict=False)]
    chapter, section, commodity, country, statistic, detail, unit = labels
    period, stated = " ".join(r[7].split()), " ".join(r[8].split())
    years = re.match(r"(\d{4})(?![\d–-])", period.replace("_", " "))
    year = int(years[1]) if years else None
    if not period or (year is not None and not 1900 <= year <= latest_year() + 1):
        raise UserError(
            Problem(f"year {period!r}", f"{where}, Year", "a year such as 2024 or 2025_estimated")
        )
    plain = stated.removeprefix("e").strip() if stated[:1] == "e" else stated
    value = Decimal(plain.replace(",", "")) if is_number(plain) else None
    low, high = SUMMARIES.bounds["value"]
    if value is not None and not low <= value <= high:
        raise UserError(Problem(f"{stated[:40]!r}", f"{where}, Value", f"a figure up to {high:g}"))
    if value is None and len(stated) > 200:
        raise UserError(Problem(f"{stated[:40]!r}...", f"{where}, Value", "a number, W, NA or a dash"))
    return {
        "chapter": chapter,
        "section": section,
        "commodity": commodity,
        "country": _code(country),
        "country_stated": country,
        "statistic": statistic,
        "detail": detail,
        "unit": unit,
        "period": period,
        "year": year,
        "value": None if value is None else float(value),
        "value_stated": stated,
        "estimated": "estimated" in period or (value is not None and stated != plain),
        "note": " ".join(r[9].split())[:LONGEST_TEXT],
    }, value


def _code(label: str) -> str | None:
    """The place of a label, WLD or OTH for its groups, None for what is no place."""
    plain = re.sub(r"\s*\(rounded\)\s*$", "", label, flags=re.IGNORECASE)
    if plain.casefold() in GROUPS:
        return GROUPS[plain.casefold()]
    try:
        return recorded_place(plain).code
    except UserError:
        return None

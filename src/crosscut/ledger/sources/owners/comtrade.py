"""UN Comtrade: trade as countries report it, over its API with the user's own key.

Layout: {"elapsedTime", "count", "data": [...], "error"}; a record has classificationCode, cmdCode,
reporterCode, partnerCode, flowCode, period, primaryValue (USD), netWgt (kg), isNetWgtEstimated, isReported.
Partner 0 is the world. One call a year, for all customs procedures, modes of transport and second partners
together. An answer to another question has a record for each of these parts: where the whole of the pair is
there too the parts are left out and counted, else the file is refused, for a part is not the pair's trade.

Tests: tests/ledger/sources/test_comtrade_parts.py
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.machine import secret
from crosscut.base.places import by_trade_code
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.connector import Fetch, Imported, latest_year
from crosscut.ledger.sources.download import Download
from crosscut.ledger.sources.owners.totals import Adder

REPORTED = DATASETS["reported_trade"]
KEY_VARIABLE = "COMTRADE_API_KEY"
KEY_HEADER = "Ocp-Apim-Subscription-Key"
MOST_RECORDS = 100_000  # of one call with a free key; more records are cut off without a word
# Tungsten: ore, tungstates, ferro-tungsten, powder, unwrought, wire, waste and scrap, other articles.
TUNGSTEN = ("261100", "284180", "720280", "810110", "810194", "810196", "810197", "810199")
FIELDS = ("cmdCode", "reporterCode", "partnerCode", "flowCode", "period", "primaryValue", "netWgt")
WORLD = 0
# What a record of all trade of a pair has in these fields (API version 1); anything else is a part of it.
WHOLE: Mapping[str, tuple[str, ...]] = {
    "motCode": ("0",),
    "customsCode": ("C00",),
    "partner2Code": ("0",),
    "flowCode": ("M", "X"),
}
PARTS: Mapping[str, str] = {
    "motCode": "one mode of transport",
    "customsCode": "one customs procedure",
    "partner2Code": "one second partner",
    "flowCode": "one kind of imports or exports",
}
# Codes that Comtrade has used beside that of a place.
OTHER_CODES: Mapping[int, int] = {381: 380}  # Italy
# Partners that are no place (UN Comtrade, partner areas): their trade is counted, and is nobody's.
NOT_PLACES: Mapping[int, str] = {
    97: "European Union",
    129: "Caribbean, not specified",
    221: "Eastern Europe, not specified",
    290: "Northern Africa, not specified",
    471: "Central American Common Market, not specified",
    472: "Customs Union of Central Africa, not specified",
    473: "Latin American Integration Association, not specified",
    492: "European Union, not specified",
    527: "Oceania, not specified",
    536: "Neutral zone",
    568: "Other Europe, not specified",
    577: "Other Africa, not specified",
    636: "Rest of America, not specified",
    637: "North and Central America, not specified",
    697: "Free trade association of Europe, not specified",
    837: "Bunkers",
    838: "Free zones",
    839: "Special categories",
    879: "Western Asia, not specified",
    899: "Areas, not specified",
}


@dataclass(frozen=True)
class Comtrade:
    """Imports and exports under `codes` in `years`."""

    codes: tuple[str, ...] = TUNGSTEN
    years: tuple[int, ...] = ()
    base: str = "https://comtradeapi.un.org/data/v1/get/C/A/HS"
    id: str = "comtrade"
    title: str = "UN Comtrade, trade as reported"
    licence: str = "UN Comtrade terms: no redistribution without consent, so your copy stays with you"
    page: str = "https://comtradeplus.un.org"
    format: str = "JSON {count, data, error} of API version 1; needs your key in COMTRADE_API_KEY"
    datasets: tuple[str, ...] = ("reported_trade",)

    @property
    def address(self) -> str:
        """Where the calls go."""
        return self.base

    def fetched(self, fetch: Fetch) -> list[Path]:
        """One file a year. UserError without a key."""
        key = secret(KEY_VARIABLE)
        if not key:
            raise UserError(
                Problem("no key", KEY_VARIABLE, f"the key of your own account, free at {self.page}")
            )
        if not re.fullmatch(r"[\x21-\x7e]{8,200}", key):
            raise UserError(Problem("is no key", KEY_VARIABLE, "letters and digits, without blanks"))
        last = latest_year() - 1
        years = self.years or tuple(range(last - 2, last + 1))
        return [
            fetch(
                Download(
                    f"comtrade-{y}.json",
                    f"{self.base}?{self._query(y)}",
                    largest=256 << 20,
                    secrets={KEY_HEADER: key},
                    compressible=True,
                )
            )
            for y in years
        ]

    def _query(self, year: int) -> str:
        return urlencode(
            {
                "period": year,
                "cmdCode": ",".join(self.codes),
                "flowCode": "M,X",
                "customsCode": "C00",
                "motCode": 0,
                "partner2Code": 0,
                "maxRecords": MOST_RECORDS,
                "format": "JSON",
                "breakdownMode": "classic",
            }
        )

    def parsed(self, files: Sequence[Path]) -> Imported:
        """Records between countries; what is reported with the world is compared with their sum."""
        records, left_out = _wholes(files)
        adder, rows = Adder(REPORTED), []
        world: dict[tuple[Any, ...], Decimal] = {}
        sums: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        nowhere: dict[int, Decimal] = defaultdict(Decimal)
        unweighed = 0
        for r in records:
            row, value, weight = r.row, r.value, r.weight
            total = (row["classification"], row["code"], row["reporter"], row["flow"], row["year"])
            if row["partner"] == WORLD:
                world[total] = value
                continue
            sums[total] += value
            if areas := [row[side] for side in ("reporter", "partner") if row[side] in NOT_PLACES]:
                nowhere[areas[0]] += value
                continue
            unweighed += weight is None
            adder.add(row, {"value_usd": value, "net_kg": weight})
            rows.append(row)
        if not rows:
            raise UserError(Problem("no record", "comtrade", "years and codes with reported trade"))
        frame = pl.DataFrame(rows, schema=dict(REPORTED.schema)).sort(REPORTED.keys)
        years = sorted(frame["year"].unique().to_list())
        return Imported(
            f"{years[0]}-{years[-1]}",
            {"reported_trade": frame},
            {"reported_trade": adder.totals()},
            _notes(unweighed, left_out, nowhere, _unlike(world, sums)),
        )


def _notes(
    unweighed: int, left_out: Counter[str], nowhere: Mapping[int, Decimal], off: Sequence[tuple[Any, ...]]
) -> list[str]:
    """What the user must know: weights that are missing, records left out, totals that do not fit."""
    notes = [f"records without a weight: {unweighed:,}"]
    notes += [
        f"records of {PARTS[field]} alone ({field}): {n:,}; the whole is here too, so they were left out"
        for field, n in left_out.items()
    ]
    if nowhere:
        listed = ", ".join(f"{NOT_PLACES[c]} ({c}): {v:,.0f} USD" for c, v in sorted(nowhere.items()))
        notes.append(f"trade of or with no country was left out: {listed}")
    if off:
        notes.append(
            f"{len(off)} reported world totals differ from the sum of their partners by over 0.1 %, e.g. "
            f"{', '.join(map(str, off[0]))}"
        )
    return notes


def _unlike(
    world: Mapping[tuple[Any, ...], Decimal], sums: Mapping[tuple[Any, ...], Decimal]
) -> list[tuple[Any, ...]]:
    """Where the trade reported with the world is not the sum of that with its partners."""
    return [
        k for k, v in world.items() if k in sums and abs(sums[k] - v) > Decimal("0.001") * max(v, Decimal(1))
    ]


@dataclass(frozen=True)
class _Record:
    """A record as read: its row, figures, file, and the fields in which it is only a part."""

    row: dict[str, Any]
    value: Decimal
    weight: Decimal | None
    file: str
    parts: tuple[str, ...]


def _wholes(files: Sequence[Path]) -> tuple[list[_Record], Counter[str]]:
    """The records of whole pairs, and by field how many parts of them were left out.

    Raises UserError for records that are not as documented, and for parts without their whole.
    """
    records: list[_Record] = []
    problems: list[Problem] = []
    for path in files:
        for n, record in enumerate(_records(path), 1):
            try:
                row, value, weight = _row(record, f"{path.name}, record {n}")
            except UserError as e:
                problems += e.problems
                continue
            parts = tuple(f for f, whole in WHOLE.items() if str(record.get(f) or whole[0]) not in whole)
            records.append(_Record(row, value, weight, path.name, parts))
    whole = {_pair(r.row) for r in records if not r.parts}
    left_out: Counter[str] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for r in records:
        for field in r.parts[:1]:
            if _pair(r.row) in whole:
                left_out[field] += 1
            else:
                alone[r.file, field] += 1
    problems += [
        Problem(
            f"records of {PARTS[field]} alone: {n:,}; the whole of the pair's trade is not in the answer",
            f"{file}, {field}",
            f"{field} {' or '.join(WHOLE[field])}, which stands for all of it",
        )
        for (file, field), n in alone.items()
    ]
    if problems:
        raise UserError(problems[:20])
    return [r for r in records if not r.parts], left_out


def _pair(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a part is a part of: code, reporter, partner, year and direction."""
    direction = "M" if "M" in row["flow"] else "X"
    return (row["classification"], row["code"], row["reporter"], row["partner"], row["year"], direction)


def _records(path: Path) -> list[Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError, OSError):
        raise UserError(
            Problem("is not JSON", path.name, "an answer of the Comtrade API; pull it again")
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):
        said = found.get("error") or found.get("message") if isinstance(found, dict) else None
        raise UserError(
            Problem(
                f"Comtrade answers: {str(said)[:200]}" if said else "has no list `data`",
                path.name,
                "an answer of API version 1",
            )
        )
    if found.get("error"):
        raise UserError(
            Problem(f"Comtrade answers: {str(found['error'])[:200]}", path.name, "years and codes it has")
        )
    data: list[Any] = found["data"]
    if found.get("count") not in (None, len(data)):
        raise UserError(
            Problem(f"{len(data):,} records, {found['count']} announced", path.name, "a whole answer")
        )
    if len(data) >= MOST_RECORDS:
        raise UserError(
            Problem(f"{len(data):,} records: the answer is cut off", path.name, "fewer codes (--codes)")
        )
    return data


def _row(r: Any, where: str) -> tuple[dict[str, Any], Decimal, Decimal | None]:
    if not isinstance(r, dict) or not set(FIELDS) <= set(r):
        missing = ", ".join(sorted(set(FIELDS) - set(r if isinstance(r, dict) else ())))
        raise UserError(Problem(f"the fields have changed: {missing} missing", where, ", ".join(FIELDS)))
    code, flow = str(r["cmdCode"]), str(r["flowCode"])
    for text, name, pattern in (
        (code, "cmdCode", r"\d{6}"),
        (flow, "flowCode", "[A-Z]{1,3}"),
        (str(r["period"]), "period", r"(19|20)\d\d"),
        (str(r["reporterCode"]), "reporterCode", r"\d{1,3}"),
        (str(r["partnerCode"]), "partnerCode", r"\d{1,3}"),
    ):
        if not re.fullmatch(pattern, text):
            raise UserError(Problem(f"{text[:40]!r}", f"{where}, {name}", f"a code like {pattern}"))
    reporter, partner = (_place(int(r[f]), f"{where}, {f}") for f in ("reporterCode", "partnerCode"))
    value, weight = _figure(r, "primaryValue", "value_usd", where), _figure(r, "netWgt", "net_kg", where)
    if value is None:
        raise UserError(Problem("no value", f"{where}, primaryValue", "USD"))
    if weight == 0 and value > 0:
        weight = None  # how Comtrade writes an unknown weight
    return (
        {
            "classification": str(r.get("classificationCode") or "HS")[:8],
            "code": code,
            "reporter": reporter,
            "partner": partner,
            "flow": flow,
            "year": int(r["period"]),
            "value_usd": float(value),
            "net_kg": None if weight is None else float(weight),
            "net_estimated": _flag(r, "isNetWgtEstimated"),
            "reported": _flag(r, "isReported"),
        },
        value,
        weight,
    )


def _place(code: int, where: str) -> int:
    """The code of a place, of the world, or of an area that is no place; UserError for any other."""
    code = OTHER_CODES.get(code, code)
    if code != WORLD and code not in NOT_PLACES:
        try:
            by_trade_code(str(code))
        except UserError:
            raise UserError(
                Problem(
                    f"country code {code} has no place", where, "a code of UN Comtrade, such as 156 for China"
                )
            ) from None
    return code


def _flag(r: dict[str, Any], name: str) -> bool | None:
    value = r.get(name, r.get(name.replace("N", "n", 1)))
    return value if isinstance(value, bool) else None


def _figure(r: dict[str, Any], name: str, measure: str, where: str) -> Decimal | None:
    value = r[name]
    if value is None:
        return None
    low, high = REPORTED.bounds[measure]
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not low <= value <= high:
        raise UserError(
            Problem(f"{str(value)[:40]!r}", f"{where}, {name}", f"a number from {low:g} to {high:g}")
        )
    return Decimal(value)

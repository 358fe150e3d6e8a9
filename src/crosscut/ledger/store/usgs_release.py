"""USGS release: the lines of an accepted data release of the Mineral Commodity Summaries, as facts.

World tables of output become rows of the fact tables that the package keeps for the same series
(`usgs_series.csv` says which chapter and statistic is which mineral, form and content). Every other line of a
chapter of such a mineral becomes a fact under the name that USGS gives it: reserves, imports, prices, shares.
What is marked as estimated, in the year, the figure or the note, is an estimate; a dash is a zero; W is
withheld. A series that prints no world total, or prints a country twice, is not whole: it is facts only.

Source: U.S. Geological Survey, Mineral Commodity Summaries, explanation of symbols (e estimated, W withheld,
a dash zero, NA not available).

Tests: tests/ledger/test_accepted_facts.py
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from crosscut.base.bundled import bundled_text
from crosscut.ledger.own_tables import ENTRIES
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.store.accepted import Accepted, ReleasedFacts, series_of
from crosscut.ledger.store.extract_facts import place_name
from crosscut.ledger.store.fact import Fact, Source
from crosscut.ledger.store.validate_rows import UnitText, Vocabulary, fact_id

if TYPE_CHECKING:
    import polars as pl

SERIES = "facts", "reference", "usgs_series.csv"
FACTS = "usgs-mcs/summaries"  # the table that facts beside the fact tables name
_MANY = {"": 1.0, "thousand ": 1e3, "million ": 1e6}
_TONNAGE = re.compile(r"(|thousand |million )(metric )?(dry )?(tons|kilograms)\b(.*)")
_ROUNDED = re.compile(r"\s*[:,]?\s*\(?rounded\)?$")
_DASHES = ("-", "–", "—", "−")
_SAID = {
    "W": "W: withheld by USGS to protect company data; exists but not zero",
    "NA": "NA: not available",
}


@dataclass(frozen=True)
class Series:
    """One row of usgs_series.csv: where USGS prints a table of output, and what the package calls it."""

    chapter: re.Pattern[str]
    detail: re.Pattern[str]
    mineral: str
    form: str
    content: str


@cache
def usgs_series() -> tuple[Series, ...]:
    """The tables of output that are known.

    Returns
    -------
    tuple of Series
        In the order of the file.

    Examples
    --------
    >>> [(s.mineral, s.form) for s in usgs_series() if s.chapter.fullmatch("cobalt")]
    [('cobalt', 'mine')]
    """
    return tuple(
        Series(re.compile(r["chapter"]), re.compile(r["detail"]), r["mineral"], r["form"], r["content_basis"])
        for r in csv.DictReader(bundled_text(*SERIES).splitlines())
    )


def usgs_facts(frame: pl.DataFrame, accepted: Accepted, known: Vocabulary) -> ReleasedFacts:
    """An accepted data release as facts.

    Parameters
    ----------
    frame : polars.DataFrame
        The dataset `summaries`.
    accepted : Accepted
        Which version it is.
    known : Vocabulary
        Units that facts may name; others are added as text.

    Returns
    -------
    ReleasedFacts
        Rows of output tables, and the other lines of the chapters that are known.
    """
    edition = _edition(frame, accepted)
    source = Source(
        f"{accepted.source}-{accepted.version}",
        f"USGS Mineral Commodity Summaries {edition} data release, as pulled",
        "https://www.usgs.gov/centers/national-minerals-information-center/mineral-commodity-summaries",
        str(edition),
        accepted.pulled,
        "original",
        "public domain",
    )
    rows: list[tuple[str, dict[str, str]]] = []
    facts: list[Fact] = []
    units: dict[str, UnitText] = {}
    for line in frame.iter_rows(named=True):
        series = _series(line)
        if series is not None and line["country"] is not None and line["year"] is not None:
            rows.append(_row(line, series, source, edition))
        elif mineral := _mineral(line["chapter"]):
            unit, factor = _unit(line["unit"], known, units)
            facts += _fact(line, mineral, (unit, factor), source)
    return ReleasedFacts(source, units, rows, facts, _whole(rows))


def _edition(frame: pl.DataFrame, accepted: Accepted) -> int:
    """The year of the edition: as its file says, else the year after the last year of figures."""
    if accepted.release.isdigit():
        return int(accepted.release)
    last = frame["year"].max()
    return int(last) + 1 if isinstance(last, int) else 0


def _series(line: Mapping[str, Any]) -> Series | None:
    """The table of output that a line belongs to."""
    if not line["section"].casefold().startswith("world") or not line["statistic"].casefold().startswith(
        "production"
    ):
        return None
    if not _tonnes(line["unit"]):
        return None
    chapter = line["chapter"].casefold()
    detail = _ROUNDED.sub("", line["detail"].casefold())
    return next(
        (s for s in usgs_series() if s.chapter.fullmatch(chapter) and s.detail.fullmatch(detail)), None
    )


def _mineral(chapter: str) -> str:
    """The mineral of a chapter that is about one mineral only; empty for others."""
    found = {s.mineral for s in usgs_series() if s.chapter.fullmatch(chapter.casefold())}
    return found.pop() if len(found) == 1 else ""


def _unit(text: str, known: Vocabulary, added: dict[str, UnitText]) -> tuple[str, float]:
    """The unit a figure is kept in, and its factor: tons become t, other texts stay as they are."""
    if factor := _tonnes(text):
        return "t", factor
    if text and text not in known.units:
        added[text] = UnitText(text, "text", "", "as USGS prints it")
    return text, 1.0


def _tonnes(unit: str) -> float:
    """Tonnes in one of a unit of mass; 0 for a unit that is none.

    >>> _tonnes("thousand metric tons"), _tonnes("kilograms"), _tonnes("percent")
    (1000.0, 0.001, 0.0)
    """
    found = _TONNAGE.fullmatch(unit.casefold())
    return 0.0 if found is None else _MANY[found[1]] * (1e-3 if found[4] == "kilograms" else 1.0)


def _estimated(line: Mapping[str, Any]) -> bool:
    """Whether USGS marks a figure as its estimate."""
    return bool(line["estimated"]) or re.match(r"(?i)\s*estimated\b", line["note"] or "") is not None


def _number(line: Mapping[str, Any], factor: float) -> tuple[float | None, str]:
    """The figure in the unit that is kept, and what a reader must know of it."""
    stated = line["value_stated"]
    if line["value"] is not None:
        return line["value"] * factor, ""
    if stated in _DASHES:
        return 0.0, "a dash: zero"
    return None, _SAID.get(stated, f"printed as {stated!r}" if stated else "blank")


def _row(line: Mapping[str, Any], series: Series, source: Source, edition: int) -> tuple[str, dict[str, str]]:
    """A line of a table of output as a row of the fact table of its series."""
    value, said = _number(line, _tonnes(line["unit"]))
    text = "" if value is None else f"{value:.15g}"
    status = "estimated" if _estimated(line) else "reported"
    country, year = line["country"], str(line["year"])
    world = "USGS rounded world total" if country == "WLD" else ""
    if own := ENTRIES.get(series.mineral):
        column = f"{year}e" if line["year"] == edition - 1 else year
        row = {
            "country": place_name(country),
            own.output.place: country,
            "year": year,
            own.output.tonnes: text,
            "basis": status,
            "unit": "t W content",
            "source_id": source.id,
            "evidence_status": status,
            "note": "; ".join(t for t in (f"MCS {edition} column {column}", world, said) if t),
        }
        table = own.output.name
    else:
        row = {
            "mineral": series.mineral,
            "form": series.form,
            "country_iso3": country,
            "year": year,
            "value": text,
            "unit": "t",
            "content_basis": series.content,
            "basis": status,
            "source_id": source.id,
            "evidence_status": status,
            "note": "; ".join(t for t in (world, said) if t),
        }
        table = "minerals/stage_production"
    return table, {**row, "fact_id": fact_id(table, row)}


def _whole(rows: list[tuple[str, dict[str, str]]]) -> frozenset[tuple[str, ...]]:
    """The series and years with a world total in figures, two countries or more, and each place once."""
    places: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    totals: set[tuple[str, ...]] = set()
    for table, r in rows:
        series = series_of(table, r)
        place = r.get("iso3") or r["country_iso3"]
        places[series][place] += 1
        if place == "WLD" and (r.get("mine_production") or r.get("value")):
            totals.add(series)
    return frozenset(s for s in totals if len(places[s]) > 2 and all(n == 1 for n in places[s].values()))


def _fact(line: Mapping[str, Any], mineral: str, unit: tuple[str, float], source: Source) -> list[Fact]:
    """A line that is no row of a table of output, under the name that USGS gives it; none for a place that is
    no country."""
    if line["country"] is None:
        return []
    value, said = _number(line, unit[1])
    stated = line["value_stated"]
    if value is None and stated not in _SAID:
        return []
    again = f" (series {line['repeat']})" if line["repeat"] > 1 else ""
    attribute = f"USGS: {line['detail'] or line['statistic']}{again}"
    content = {k: str(line[k]) for k in (*DATASETS["summaries"].keys, "value_stated")}
    return [
        Fact(
            id=fact_id(FACTS, {**content, "source_id": source.id}),
            mineral=mineral,
            table=FACTS,
            subject_kind="country",
            subject_id=line["country"],
            subject=place_name(line["country"]),
            attribute=attribute,
            value=value,
            unit=unit[0],
            period=line["period"].removesuffix("_estimated"),
            low=None,
            high=None,
            source_id=source.id,
            evidence_status="estimated" if _estimated(line) else "reported",
            note="; ".join(t for t in (line["section"], line["commodity"], said, line["note"]) if t),
        )
    ]

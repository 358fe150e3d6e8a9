"""Adapters: what the rows of a table mean together, as statements, pure but for the names of holders.

Countries are parts of the world, ore times grade is content, holders share one company, a tonnage and its
percentage belong to one total, cells of a matrix to their row and column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crosscut.ledger.consistency.rules_quantity import HISTORY
from crosscut.ledger.consistency.statement import PartOf, StatedFigure, rounding
from crosscut.ledger.ownership.holders import holder
from crosscut.ledger.store.tables import as_number

WORLD = "WLD"
Row = dict[str, str]


@dataclass(frozen=True)
class Told:
    """Statements of one adapter and what is part of what in them."""

    statements: tuple[StatedFigure, ...]
    parts: PartOf


def by_country(table: Sequence[Row], *, country: str, period: str, value: str, unit: str, what: str) -> Told:
    """Countries as parts of the world, in the year and source of each row.

    Parameters
    ----------
    table : sequence of dict
        Rows, column -> text. Rows without a number, and groups of countries, are left out.
    country, period, value, unit : str
        Columns of the country (ISO3), the time, the amount and its unit.
    what : str
        The attribute of the statements, such as "reserves".

    Returns
    -------
    Told
        Amounts in the unit of each row, bounded by half of the last printed digit; one document a
        kind, source and unit.
    """
    out, pairs = [], set()
    for r in table:
        amount = as_number(r[value])
        if amount is None or r[country] in ("TOT", "TOP3", "EU27", "UNK"):
            continue
        of = " ".join(r[c] for c in ("mineral", "form", "content_basis") if c in r)
        document = f"{what} {of} {r['source_id']} {r[unit]}"
        half = rounding(r[value])
        out.append(
            StatedFigure(
                r["fact_id"],
                document,
                r[country],
                what,
                "amount",
                amount,
                r[unit],
                r[period],
                max(amount - half, 0.0),
                amount + half,
            )
        )
        if r[country] != WORLD:
            pairs.add((r[country], WORLD))
    return Told(tuple(out), PartOf.of(pairs))


def history(table: Sequence[Row], *, country: str, period: str, value: str, unit: str) -> Told:
    """One country's figures over years, editions and sources, in one document: they need not agree, but a
    value in another order of magnitude than all others is a slip, or worth a word."""
    out = []
    for r in table:
        amount = as_number(r[value])
        if amount is not None:
            of = " ".join((*(r[c] for c in ("mineral", "form", "content_basis") if c in r), r[unit]))
            half = rounding(r[value])
            out.append(
                StatedFigure(
                    r["fact_id"],
                    f"ledger: history of {of}",
                    r[country],
                    f"{HISTORY}{of}",
                    "amount",
                    amount,
                    r[unit],
                    r[period],
                    max(amount - half, 0.0),
                    amount + half,
                    pie=r["fact_id"],
                )
            )
    return Told(tuple(out), PartOf())


def pies(
    table: Sequence[Row],
    *,
    by: tuple[str, ...],
    member: str,
    value: str,
    what: str,
    keep: Callable[[Row], bool] = lambda r: True,
    complete: Callable[[str], bool] = lambda pie: False,
) -> Told:
    """Shares of one whole: rows alike in some columns.

    Parameters
    ----------
    table : sequence of dict
        Rows, column -> text.
    by : tuple of str
        Columns in which the shares of one pie are alike.
    member, value : str
        Columns of what has the share, and of the share (percent).
    what : str
        The attribute of the statements, such as "uses".
    keep : callable
        Row -> whether it is a share.
    complete : callable
        Name of a pie (its columns `by`, joined by spaces) -> whether it names everything.

    Returns
    -------
    Told
        Shares in percent, bounded by half of the last printed digit.
    """
    out = []
    for r in table:
        share = as_number(r[value])
        if share is None or not keep(r):
            continue
        pie = " ".join(r[c] for c in by)
        half = rounding(r[value], "share")
        out.append(
            StatedFigure(
                r["fact_id"],
                f"{what} {pie}",
                r[member],
                what,
                "share",
                share,
                "%",
                "",
                share - half,
                share + half,
                pie=pie,
                whole=pie,
                complete=complete(pie),
            )
        )
    return Told(tuple(out), PartOf())


def facility_sheets(table: Sequence[Row]) -> Told:
    """Ore, grade and content of one row; recovery and coordinates."""
    out = []
    for r in table:
        for attribute, column, kind, unit, scale in (
            ("ore", "tonnage_mt", "amount", "t ore", 1e6),
            ("grade", "grade_wo3_pct", "grade", "% WO3", 1.0),
            ("contained", "contained_wo3_t", "amount", "t WO3", 1.0),
            ("recovery", "recovery_pct", "number", "%", 1.0),
            ("latitude", "lat", "number", "", 1.0),
            ("longitude", "lon", "number", "", 1.0),
        ):
            value = as_number(r[column])
            if value is not None:
                half = (
                    rounding(r[column], "grade") * scale if attribute != "contained" else rounding(r[column])
                )
                out.append(
                    StatedFigure(
                        r["fact_id"],
                        f"facilities {r['fact_id']}",
                        r["facility_id"],
                        attribute,
                        kind,
                        value * scale,
                        unit,
                        "",
                        value * scale - half,
                        value * scale + half,
                        pie=r["fact_id"],
                    )
                )
    return Told(tuple(out), PartOf())


def deposits_and_countries(reserves: Sequence[Row], facilities: Sequence[Row]) -> Told:
    """A deposit's content against the reserves of its country in the latest edition: across sources, so only
    the rule of part and whole means anything here."""
    latest = {r["iso3"]: r for r in sorted(reserves, key=lambda r: r["edition_year"]) if r["reserves"]}
    out, pairs = [], set()
    for iso3, r in latest.items():
        value, half = float(r["reserves"]), rounding(r["reserves"])
        out.append(
            StatedFigure(
                r["fact_id"],
                "ledger: deposits and countries",
                iso3,
                "reserves",
                "amount",
                value,
                r["unit"],
                "",
                value - half,
                value + half,
            )
        )
    for r in facilities:
        if r["row_kind"] == "conflict":
            continue
        content, country = as_number(r["contained_wo3_t"]), r["country_iso3"]
        if content is not None and country in latest:
            half = rounding(r["contained_wo3_t"])
            out.append(
                StatedFigure(
                    r["fact_id"],
                    "ledger: deposits and countries",
                    r["facility_id"],
                    "reserves",
                    "amount",
                    content,
                    "t WO3",
                    "",
                    content - half,
                    content + half,
                )
            )
            pairs.add((r["facility_id"], country))
    return Told(tuple(out), PartOf.of(pairs))


def holdings(table: Sequence[Row]) -> Told:
    """Owners of one company or facility in each year a stake began; dates of stakes."""
    out = []
    equity = [r for r in table if r["kind"] == "equity" and not r["target"].startswith("All ")]
    for r in table:
        for stage in ("from", "to"):
            if r[stage]:
                out.append(StatedFigure(r["fact_id"], "stakes", r["stake_id"], stage, "date", r[stage]))
    targets = sorted({r["target"] for r in equity})
    for target in targets:
        own = [r for r in equity if r["target"] == target]
        for year in sorted({int(r["from"][:4]) for r in own if r["from"]}):
            for r in own:
                began, ended = r["from"] or "0", r["to"] or "9999"
                share = as_number(r["share_percent"])
                if share is None or not int(began) <= year < max(int(ended), int(began) + 1):
                    continue
                half = rounding(r["share_percent"], "share")
                out.append(
                    StatedFigure(
                        r["fact_id"],
                        "stakes",
                        holder(r["holder"], r["holder_country_iso3"]).id,
                        f"equity in {target}",
                        "share",
                        share,
                        "%",
                        str(year),
                        share - half,
                        share + half,
                        whole=target,
                        pie=f"{target} {year}",
                    )
                )
    return Told(tuple(out), PartOf())


def control(table: Sequence[Row]) -> Told:
    """Shares of control: tonnes and percent of one total, unknown and all."""
    out, pairs = [], set()
    world = {"2024": 82000.0, "2025": 85000.0}  # USGS 2026; the rows were worked out over it
    for year, value in world.items():
        for r in table:
            if r["measure"] in ("location", "owner", "offtaker") and r["year"] == year:
                document = f"control {r['measure']} {r['year']} {r['basis']}"
                tonnes, share = float(r["tonnes_w"]), float(r["share_percent"])
                out.append(
                    StatedFigure(
                        r["fact_id"],
                        document,
                        r["country_iso3"],
                        "control",
                        "amount",
                        tonnes,
                        "t W",
                        year,
                        tonnes - 0.5,
                        tonnes + 0.5,
                    )
                )
                out.append(
                    StatedFigure(
                        r["fact_id"],
                        document,
                        r["country_iso3"],
                        "control",
                        "share",
                        share,
                        "%",
                        year,
                        share - 0.005,
                        share + 0.005,
                        whole=WORLD,
                        pie=document,
                        complete=year == "2024",
                    )
                )
                pairs.add((r["country_iso3"], WORLD))
        for document in sorted({s.document for s in out if s.period == year}):
            out.append(
                StatedFigure(
                    f"world {year}", document, WORLD, "control", "amount", value, "t W", year, value, value
                )
            )
    return Told(tuple(out), PartOf.of(pairs))


def matrix(table: Sequence[Row]) -> Told:
    """Cells of the refined matrix as parts of their row and column totals."""
    out, pairs = [], set()
    for r in table:
        value = as_number(r["value_t_w"])
        if value is None:
            continue
        for axis, one, other in (("from", "origin_iso3", "user_iso3"), ("to", "user_iso3", "origin_iso3")):
            if r[one] == "TOT":
                continue
            whole = f"{axis} {r[one]}"
            subject = whole if r[other] == "TOT" else f"{whole} | {r[other]}"
            if r[other] == "UNK":
                continue
            out.append(
                StatedFigure(
                    r["fact_id"],
                    f"refined matrix {r['basis']} {axis}",
                    subject,
                    "refined flow",
                    "amount",
                    value,
                    "t W",
                    r["year"],
                    value - 0.5,
                    value + 0.5,
                )
            )
            if r[other] != "TOT":
                pairs.add((subject, whole))
    return Told(tuple(out), PartOf.of(pairs))


def periods(table: Sequence[Row], *, key: str) -> Told:
    """Beginning and end of a row."""
    dates = tuple(
        StatedFigure(r["fact_id"], key, r[key], stage, "date", r[stage])
        for r in table
        for stage in ("from", "to")
        if r[stage]
    )
    return Told(dates, PartOf())

"""Rows of reliance: net import reliance, EU import reliance, self-sufficiency, import sources."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from crosscut.ledger.own_tables import own_tables
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.answers.stage_words import stage_words
from crosscut.studies.indicators.panel import ESTIMATE, PRINTED, TRADE_SOURCE
from crosscut.studies.indicators.reliance import eu_import_reliance, import_shares, reliance
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.tracing import contents
from crosscut.studies.indicators.uncertainty import drawn_interval

INDICATORS = ("reliance.net_import_reliance", "reliance.eu_import_reliance", "reliance.self_sufficiency")
NAMED_SOURCES = 5
TWO_STAGES = (
    "output and trade of this mineral are of different stages in the data, so they cannot be subtracted"
)


def rows(ledger: Ledger, f: Facts, window: int = 1) -> list[IndicatorRow]:
    """Reliance of a place in a year, and the sources of its imports.

    Parameters
    ----------
    ledger : Ledger
        Has the items of national statistics, where the country prints them.
    f : Facts
        Mineral, place and year.
    window : int
        Years that end in the year, pooled for import sources.

    Returns
    -------
    list[IndicatorRow]
        Shares of apparent consumption and of imports; none for the world alone.
    """
    if f.place is None:
        return []
    if bad := f.no_trade(INDICATORS[0], own_stage_words(f)):
        return [bad, *_from_national_statistics(ledger, f)]
    return [*_from_trade(f), *_from_national_statistics(ledger, f), *_sources(f, window)]


def own_stage_words(f: Facts) -> str:
    """Which stage the shares of consumption are of: that of the table of output, and no other.

    Parameters
    ----------
    f : Facts
        The mineral in question.

    Returns
    -------
    str
        The stage with its codes; for a mineral whose trade cannot be weighed, "no stage".
    """
    codes = contents().get(f.mineral.name)
    return f"{stage_words(codes)} alone, no stocks or scrap" if codes else "no stage, no stocks or scrap"


def own_stage(f: Facts) -> tuple[float, float, float, float, float] | str:
    """Output and trade of the place in one stage and one unit, or why they cannot be had.

    The table of output decides the unit; trade is converted to it by content.

    Parameters
    ----------
    f : Facts
        Mineral, place and year.

    Returns
    -------
    tuple[float, float, float, float, float] | str
        (production, imports, exports: all t a year in the unit of the output table; relative standard
        deviation of the content; share of trade repaired), or the reason as text.
    """
    if f.contained is None:
        return TWO_STAGES
    if not f.outputs:
        return (
            "no output by country for the year; `crosscut data pull` fetches World Mining Data (2018 to 2024)"
        )
    imports, exports, content, mended = f.contained
    made = sum(f.outputs[0].amounts.get(c, 0.0) for c in f.members)
    return made, sum(imports.values()), sum(exports.values()), content.sd, mended


def _from_trade(f: Facts) -> list[IndicatorRow]:
    variant = own_stage_words(f)
    found = own_stage(f)
    place, period = str(f.place), str(f.year)
    if isinstance(found, str):
        return [missing(f.mineral.name, place, period, i, variant, found) for i in INDICATORS]
    made, imported, exported, content_sd, mended = found
    first = f.outputs[0]
    r = reliance(made, imported, exported)
    if r.net_import_reliance is None:
        why = (
            "no output and no trade of this stage recorded"
            if made + imported + exported <= 0
            else "recorded exports exceed output and imports (stocks, re-exports or a wrong content)"
        )
        return [missing(f.mineral.name, place, period, i, variant, why, TRADE_SOURCE) for i in INDICATORS]
    # One content for imports and exports: an error in it moves both together.
    arrays = [np.array([made]), np.array([imported]), np.array([exported]), np.array([1.0])]
    sds = [first.sd, ESTIMATE, ESTIMATE, content_sd]

    def share(p: np.ndarray, m: np.ndarray, x: np.ndarray, k: np.ndarray) -> np.ndarray:
        net = (m - x) * k
        total = p + net
        return np.asarray(np.where(total > 0, net / np.where(total > 0, total, 1.0), np.nan)[:, 0])

    low, high = drawn_interval(share, arrays, sds)
    values = (r.net_import_reliance, eu_import_reliance(made, imported, exported), r.self_sufficiency)
    ends = ((low, high), (max(0.0, low), max(0.0, high)), (1 - high, 1 - low))
    listed = [c for c in f.members if c in first.amounts]
    status = "ok"
    if not listed and first.lump > 0:
        status = (
            "flagged: not named by the source of output; may be inside its other countries (reliance too"
            " high)"
        )
    source = f"{first.source} ({first.stage}); {TRADE_SOURCE}"
    # A net exporter has an EU import reliance of 0 by the formula, whatever it buys of later stages.
    bounded = (
        "flagged: sells more of this stage than it buys, which the formula counts as 0; other stages are not"
        " in it"
    )
    statuses = (status, bounded if status == "ok" and exported > imported else status, status)
    return [
        IndicatorRow(
            f.mineral.name,
            place,
            period,
            i,
            variant,
            v,
            *e,
            1.0 - mended,
            "estimated",
            said,
            source,
            first.facts,
        )
        for i, v, e, said in zip(INDICATORS, values, ends, statuses, strict=True)
    ]


def _from_national_statistics(ledger: Ledger, f: Facts) -> list[IndicatorRow]:
    """The United States with the printed items of USGS, all forms; its old scrap is withheld, so this is an
    upper end."""
    own = own_tables(f.mineral.name)
    if own is None or own.national is None or f.place != own.national.country:
        return []
    from crosscut.ledger.store.tables import table

    variant = "USGS items, all forms, without the withheld old scrap"
    t = table(ledger, own.national.name)
    items: dict[str, float] = defaultdict(float)
    facts: list[str] = []
    names = {
        "mine_production": "P",
        "imports_for_consumption": "M",
        "exports": "X",
        "government_stockpile_shipments": "S",
    }
    for item in t.iter_rows(named=True):
        newest = (
            item["source_title"].startswith("USGS MCS 2026")
            or int(item["year"][:4] if item["year"][:4].isdigit() else 0) < 2021
        )
        if (
            item["metric"] in names
            and item["year"] == str(f.year)
            and newest
            and item["unit"] == own.national.unit
        ):
            items[names[item["metric"]]] += float(item["value"])
            facts.append(item["fact_id"])
    if not {"M", "X"} <= set(items):
        return [
            missing(
                f.mineral.name,
                f.place,
                str(f.year),
                INDICATORS[0],
                variant,
                "USGS items of the year not in the ledger",
            )
        ]
    r = reliance(items["P"], items["M"], items["X"], stock_release=items["S"])
    net = drawn_interval(
        lambda m, x: (m - x)[:, 0], [np.array([items["M"]]), np.array([items["X"]])], [PRINTED, PRINTED]
    )
    return [
        IndicatorRow(
            f.mineral.name,
            f.place,
            str(f.year),
            INDICATORS[0],
            variant,
            r.net_import_reliance,
            0.5,
            1.0,
            1.0,
            "reported",
            "flagged: old scrap is withheld by USGS, which prints above 50 %; net imports were "
            f"{r.net_imports:,.0f} t W ({net[0]:,.0f} to {net[1]:,.0f})",
            "USGS Mineral Commodity Summaries",
            tuple(facts),
        )
    ]


def _sources(f: Facts, window: int) -> list[IndicatorRow]:
    tonnes: dict[str, float] = defaultdict(float)
    known, years = [], []
    for y in range(f.year - window + 1, f.year + 1):
        year = Facts(f.ledger, f.mineral, f.place, y, f.wide)
        if year.has_trade_year:
            flow = year.flow(into=True)
            years.append(y)
            known.append(flow.known)
            for k, t in flow.tonnes.items():
                tonnes[k] += t
    period = str(f.year) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    place = str(f.place)
    shares = import_shares(tonnes, NAMED_SOURCES)
    if not shares:
        return [
            missing(
                f.mineral.name,
                place,
                period,
                "reliance.import_source",
                "all",
                "no imports recorded",
                TRADE_SOURCE,
            )
        ]
    total = sum(tonnes.values())
    out = []
    for partner, share in shares.items():
        mine = share * total
        low, high = drawn_interval(
            lambda a, b: (a / (a + b))[:, 0],
            [np.array([mine]), np.array([total - mine])],
            [ESTIMATE, ESTIMATE],
        )
        out.append(
            IndicatorRow(
                f.mineral.name,
                place,
                period,
                "reliance.import_source",
                partner,
                share,
                low,
                high,
                float(np.nanmean(known)),
                "reported",
                "ok",
                f"{TRADE_SOURCE}; {stage_words(f.mineral.hs92)} alone",
            )
        )
    return out

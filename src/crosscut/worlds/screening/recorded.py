"""Recorded: output and trade of a mineral with a world of one form, each figure with what was done to it.

Output comes from one source. Trade is repaired, weighed at the content of the form, and freed of what only
passes through its importer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from crosscut.base.errors import Problem, Refused
from crosscut.base.places import name
from crosscut.ledger.reference.flow_verdicts import verdicts_on
from crosscut.ledger.reference.industry import breadth, processors, producers
from crosscut.ledger.reference.plausible import typical_unit_values
from crosscut.ledger.reference.repair import repaired_trade
from crosscut.ledger.reference.tables import trade
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.market.model.world import Move
from crosscut.worlds.cells import repair_move
from crosscut.worlds.screening.rules import ScreeningRule, screening_rules
from crosscut.worlds.screening.transit import Industry, Passage, passages

REST = "OTH"
SOURCES_IN_ORDER = (
    "World Mining Data",
    "USGS",
    "BGS",
)  # completeness over recency: USGS lumps small countries
NOT_COUNTRIES = ("WLD", "TOP3", "EU27")
AS_SOURCED, REPAIRED, POOR, SENT_ON = "as sourced", "repaired", "poor", "sent on"
ORES = "26"  # chapter of the Harmonized System: ores, slag and ash


@dataclass(frozen=True)
class RecordedOutput:
    """What one figure says that a country makes, in t contained a year."""

    country: str
    tonnes: float
    evidence_status: str
    fact_id: str


def recorded_output(ledger: Ledger, rule: ScreeningRule, year: int) -> tuple[list[RecordedOutput], str]:
    """What each country makes, figure by figure; from one source only, never a sum of two.

    Parameters
    ----------
    ledger : Ledger
        The facts.
    rule : ScreeningRule
        Which table and content belong to the mineral.
    year : int
        The year of output.

    Returns
    -------
    found : list of RecordedOutput
        In t contained, each with its evidence status and fact.
    source : str
        Title of the source that was chosen.

    Raises
    ------
    Refused
        When no source gives output by country.
    """
    rows = table(ledger, "minerals/stage_production").filter(
        (pl.col("mineral") == rule.subject)
        & (pl.col("form") == rule.production_form)
        & (pl.col("year") == str(year))
        & (pl.col("unit") == "t")
        & pl.col("value").is_not_null()
        & ~pl.col("country_iso3").is_in(NOT_COUNTRIES)
    )
    titles = rows["source_title"].unique().sort().to_list()
    ranked = sorted(
        titles,
        key=lambda t: (
            next((k for k, s in enumerate(SOURCES_IN_ORDER) if t.startswith(s)), len(SOURCES_IN_ORDER)),
            -rows.filter(pl.col("source_title") == t).height,
        ),
    )
    if not ranked:
        raise Refused(
            Problem(
                f"no output of {rule.subject} ({rule.production_form}) by country for {year}",
                "world",
                "a year with production figures",
            )
        )
    chosen = rows.filter(pl.col("source_title") == ranked[0])
    found = [
        RecordedOutput(
            r["country_iso3"],
            float(r["value"]) * rule.production_content,
            r["evidence_status"],
            r["fact_id"],
        )
        for r in chosen.iter_rows(named=True)
    ]
    return found, ranked[0]


def recorded_trade(
    ledger: Ledger, rule: ScreeningRule, year: int
) -> tuple[dict[tuple[str, str, str], float], list[Move]]:
    """Trade by pair and by what was done to it.

    Parameters
    ----------
    ledger : Ledger
        The facts.
    rule : ScreeningRule
        Which codes and content belong to the mineral.
    year : int
        The year of trade.

    Returns
    -------
    tonnes : dict of (str, str, str) to float
        t contained by exporter, importer (ISO3) and one of `AS_SOURCED`, `REPAIRED` and `POOR`.
    repairs : list of Move
        Every repaired quantity, in t gross.

    Raises
    ------
    Refused
        When nothing was traded under the codes.
    """
    tonnes: dict[tuple[str, str, str], float] = defaultdict(float)
    listed: list[Move] = []
    for code in rule.hs92:
        frame, repairs = repaired_trade(ledger, code, year)
        changed = {(r.exporter, r.importer) for r in repairs}
        typical = typical_unit_values(trade(ledger, code))
        for r in frame.iter_rows(named=True):
            if r["quantity_t"] is None:
                continue
            contained = r["quantity_t"] * rule.content
            how = REPAIRED if (r["exporter"], r["importer"]) in changed else AS_SOURCED
            if r["scrap_suspect"] and code.startswith(ORES):
                # Sold for a quarter of the usual or less, and of one grade with the rest only by the code.
                contained, how = r["value_kusd"] / typical[year] * rule.content, POOR
            tonnes[r["exporter"], r["importer"], how] += contained
        listed += [repair_move(r) for r in repairs]
    if not tonnes:
        raise Refused(Problem(f"no trade of {rule.mineral} under {', '.join(rule.hs92)} in {year}", "world"))
    return dict(tonnes), listed


def without_transit(
    ledger: Ledger,
    rule: ScreeningRule,
    year: int,
    output: list[RecordedOutput],
    traded: dict[tuple[str, str, str], float],
) -> tuple[dict[tuple[str, str, str], float], list[Move]]:
    """Take out of trade what only passes through its importer.

    Parameters
    ----------
    ledger : Ledger
        The facts on plants, on other imports, and the verdicts.
    rule : ScreeningRule
        The mineral's rule.
    year : int
        The year of trade.
    output : list of RecordedOutput
        As `recorded_output` gives it.
    traded : dict of (str, str, str) to float
        As `recorded_trade` gives it.

    Returns
    -------
    traded : dict of (str, str, str) to float
        The same in t contained without what passes; what goes on is `SENT_ON` to the rest of the world.
    moves : list of Move
        What left the account of each importer, in t contained.
    """
    out, moves = dict(traded), []
    for p in _passages(ledger, rule, year, output, traded):
        for how in (AS_SOURCED, REPAIRED, POOR):
            if (p.origin, p.through, how) in out:
                out[p.origin, p.through, how] *= p.stays / p.booked
        if p.sent_on > 0:
            out[p.origin, REST, SENT_ON] = out.get((p.origin, REST, SENT_ON), 0.0) + p.sent_on
        counted_twice = p.booked - p.stays - p.sent_on
        moves.append(
            Move(
                f"trade {rule.form} {p.origin} -> {p.through} {year}",
                p.booked,
                p.stays,
                f"transit through {name(p.through)}: {p.reason}; {p.sent_on:,.0f} t go on to a user in no"
                f" record, {counted_twice:,.0f} t are more than {name(p.origin)} can have shipped and"
                " counted twice",
            )
        )
    return out, moves


def _passages(
    ledger: Ledger,
    rule: ScreeningRule,
    year: int,
    output: list[RecordedOutput],
    traded: dict[tuple[str, str, str], float],
) -> list[Passage]:
    """The flows that only pass through their importer, in t contained."""
    made: dict[str, float] = defaultdict(float)
    for o in output:
        made[o.country] += o.tonnes
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for (i, j, _), t in traded.items():
        pairs[i, j] += t
    industry = Industry(
        processors(ledger, rule.subject, rule.production_form),
        breadth(ledger, rule.hs92, year),
        producers(ledger),
    )
    judged = {
        pair: f"{v.reason} (signed {v.signed}, {v.date})"
        for code in rule.hs92
        for pair, v in verdicts_on(code, year).items()
        if v.verdict == "transit"
    }
    return passages(made, pairs, industry, judged)


def mined_output(ledger: Ledger, mineral: str, year: int) -> dict[str, float]:
    """What each country makes of a mineral with a world of one form.

    Parameters
    ----------
    ledger : Ledger
        The facts.
    mineral : str
        Its name, in lower case.
    year : int
        The year of output.

    Returns
    -------
    dict of str to float
        t contained by ISO3 code.

    Raises
    ------
    Refused
        When no source gives output by country.
    """
    made: dict[str, float] = defaultdict(float)
    for o in recorded_output(ledger, screening_rules()[mineral], year)[0]:
        made[o.country] += o.tonnes
    return dict(made)


def passing_flows(ledger: Ledger, mineral: str, year: int) -> dict[tuple[str, str], float]:
    """Flows that only pass through their importer.

    Parameters
    ----------
    ledger : Ledger
        The facts.
    mineral : str
        A mineral with a world of one form, in lower case.
    year : int
        The year of trade.

    Returns
    -------
    dict of (str, str) to float
        By origin and importer (ISO3): the share of the flow that stays with the importer, 0 to 1.

    Raises
    ------
    Refused
        When output or trade is missing.
    """
    rule = screening_rules()[mineral]
    output, _ = recorded_output(ledger, rule, year)
    traded, _ = recorded_trade(ledger, rule, year)
    found = _passages(ledger, rule, year, output, traded)
    return {(p.origin, p.through): p.stays / p.booked for p in found}


__all__ = [
    "AS_SOURCED",
    "POOR",
    "REPAIRED",
    "REST",
    "SENT_ON",
    "RecordedOutput",
    "mined_output",
    "passing_flows",
    "recorded_output",
    "recorded_trade",
    "without_transit",
]

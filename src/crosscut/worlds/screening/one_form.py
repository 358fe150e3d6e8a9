"""Screening: a one-form world of any other mineral whose trade code and output are of the same stage.

What it takes: one form, mine or refinery output by country, bilateral trade, one price. What it leaves out
(the rest of the chain, grade differences inside a code, stocks) makes it fit for ranking and first looks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from crosscut.base.errors import Problem, Refused, UserError
from crosscut.base.places import name
from crosscut.ledger.mineral_names import unknown_mineral
from crosscut.ledger.reference.flow_verdicts import verdicts_on
from crosscut.ledger.reference.industry import breadth, processors, producers
from crosscut.ledger.reference.repair import repaired_trade
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import relative_errors, table
from crosscut.market.model.chain import Chain, Form, TradeCode
from crosscut.market.model.world import Move
from crosscut.worlds.cells import closing_cells, repair_move
from crosscut.worlds.evidence import (
    ESTIMATE,
    IMPUTED,
    PRINTED,
    TRADE_ROW,
    BasePrice,
    Cell,
    CellKind,
    Evidence,
    weakest,
)
from crosscut.worlds.minerals import DEEP_MINERALS
from crosscut.worlds.screening.rules import ScreeningRule, screening_rules, stand_ins
from crosscut.worlds.screening.transit import Industry, passages

REST = "OTH"
KEPT_SHARE = 0.004  # smaller countries are counted in the rest of the world
FREIGHT_SHARE = 0.03  # freight and insurance between countries, share of the reference price; assumed
SOURCES_IN_ORDER = (
    "World Mining Data",
    "USGS",
    "BGS",
)  # completeness over recency: USGS lumps small countries
NOT_COUNTRIES = ("WLD", "TOP3", "EU27")
AS_SOURCED, REPAIRED, SENT_ON = "as sourced", "repaired", "sent on"
_DISTRUST = {AS_SOURCED: TRADE_ROW, REPAIRED: ESTIMATE, SENT_ON: IMPUTED}
_NOTES = {
    AS_SOURCED: "",
    REPAIRED: "customs rows whose quantity was missing or impossible, added up as repaired",
    SENT_ON: "booked to a country that only passes it on; who uses it is in no record",
}


@dataclass(frozen=True)
class _Output:
    """What one figure says that a country makes, in t contained a year."""

    country: str
    tonnes: float
    evidence_status: str
    fact_id: str


def screening_evidence(ledger: Ledger, mineral: str, year: int) -> Evidence:
    """Gather the evidence for a world of one form.

    Parameters
    ----------
    ledger : Ledger
        The facts on output, trade and price.
    mineral : str
        Name of the mineral, in lower case.
    year : int
        The year of output and trade.

    Returns
    -------
    Evidence
        Cells in t contained a year; countries too small to stand alone are in the rest of the world.

    Raises
    ------
    UserError
        For an unknown mineral, with the nearest name.
    Refused
        When the mineral has no market world, or output, trade or price is missing; the text says which.
    """
    rule = screening_rules().get(mineral)
    if rule is None:
        having = [*DEEP_MINERALS, *(m for m, r in screening_rules().items() if r.form)]
        raise UserError(unknown_mineral(mineral, "no world of", having))
    if not rule.form:
        raise Refused(
            Problem(f"no market world of {mineral}: {rule.note[0].lower()}{rule.note[1:]}", "mineral")
        )
    output, source = _output(ledger, rule, year)
    traded, repairs = _trade(ledger, rule, year)
    traded, passed = _without_transit(ledger, rule, year, output, traded)
    repairs += passed
    price, price_fact, price_status = _price(ledger, rule, year)
    kept = _kept_countries(output, traded)

    def node(code: str) -> str:
        return code if code in kept else REST

    # One figure that is partly fact is two cells: each has the evidence status of its own facts.
    mines: dict[tuple[str, str], float] = defaultdict(float)
    mine_facts: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for o in output:
        mines[node(o.country), o.evidence_status] += o.tonnes
        mine_facts[node(o.country), o.evidence_status] += (o.fact_id,)
    flows: dict[tuple[str, str, str], float] = defaultdict(float)
    for (i, j, status), tonnes in traded.items():
        if node(i) != node(j):
            flows[node(i), node(j), status] += tonnes
    cells = [
        Cell(
            CellKind.MINE,
            rule.form,
            i,
            t,
            PRINTED if status == "reported" else ESTIMATE,
            status,
            fact_ids=mine_facts[i, status],
        )
        for (i, status), t in sorted(mines.items())
        if t > 0
    ]
    cells += [
        Cell(
            CellKind.TRADE,
            rule.form,
            i,
            t,
            _DISTRUST[how],
            "derived" if how != AS_SOURCED or rule.content_matters else "reported",
            other=j,
            note=_NOTES[how],
        )
        for (i, j, how), t in sorted(flows.items())
        if t > 0
    ]
    cells += _apparent_use(cells, rule.form)
    usd = price * rule.price_factor
    chain = Chain(
        mineral,
        (Form(rule.form, rule.title, usd, tuple(TradeCode("HS92", c, rule.content) for c in rule.hs92)),),
    )
    cells += closing_cells(cells, chain)
    countries = tuple(sorted({c.place for c in cells} | {c.other for c in cells if c.other}))
    return Evidence(
        mineral=mineral,
        year=year,
        chain=chain,
        countries=countries,
        place_names={c: "Rest of the world" if c == REST else name(c) for c in countries},
        cells=tuple(cells),
        soft_facts=(),
        prices=(BasePrice(rule.form, usd, price_status, rule.price_series, {}, (price_fact,)),),
        freight={rule.form: FREIGHT_SHARE * usd},
        utilisation={rule.form: 0.90},
        errors=relative_errors(ledger),
        repairs=tuple(repairs),
        notes=(
            (
                f"One form only: {rule.title}. Output from {source}; trade HS92 {', '.join(rule.hs92)} at "
                f"{rule.content:g} t contained per t gross."
            ),
            *((rule.note,) if rule.note else ()),
        ),
        stand_ins=stand_ins(rule, usd, price_status),
        fact_ids=tuple(sorted({price_fact, *(i for ids in mine_facts.values() for i in ids)})),
        best_grade="C",  # one stage of a chain at a typical content
    )


def _output(ledger: Ledger, rule: ScreeningRule, year: int) -> tuple[list[_Output], str]:
    """What each country makes, figure by figure, and the source chosen; one source only, never a sum of
    two."""
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
        _Output(
            r["country_iso3"],
            float(r["value"]) * rule.production_content,
            r["evidence_status"],
            r["fact_id"],
        )
        for r in chosen.iter_rows(named=True)
    ]
    return found, ranked[0]


def _trade(
    ledger: Ledger, rule: ScreeningRule, year: int
) -> tuple[dict[tuple[str, str, str], float], list[Move]]:
    """Contained tonnes by pair and by whether they are as the source has them or repaired; and repairs."""
    tonnes: dict[tuple[str, str, str], float] = defaultdict(float)
    listed: list[Move] = []
    for code in rule.hs92:
        frame, repairs = repaired_trade(ledger, code, year)
        changed = {(r.exporter, r.importer) for r in repairs}
        for r in frame.iter_rows(named=True):
            if r["quantity_t"] is None:
                continue
            contained = r["quantity_t"] * rule.content
            how = REPAIRED if (r["exporter"], r["importer"]) in changed else AS_SOURCED
            tonnes[r["exporter"], r["importer"], how] += contained
        listed += [repair_move(r) for r in repairs]
    if not tonnes:
        raise Refused(Problem(f"no trade of {rule.mineral} under {', '.join(rule.hs92)} in {year}", "world"))
    return dict(tonnes), listed


def _without_transit(
    ledger: Ledger,
    rule: ScreeningRule,
    year: int,
    output: list[_Output],
    traded: dict[tuple[str, str, str], float],
) -> tuple[dict[tuple[str, str, str], float], list[Move]]:
    """Trade without what only passes through its importer, and what was moved, in t contained."""
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
    out, moves = dict(traded), []
    for p in passages(made, pairs, industry, judged):
        for how in (AS_SOURCED, REPAIRED):
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


def _price(ledger: Ledger, rule: ScreeningRule, year: int) -> tuple[float, str, str]:
    """USD per t of the series, its fact, and the weaker evidence status of the series and of the step from
    it to the price of the form."""
    rows = table(ledger, "minerals/prices").filter(
        (pl.col("mineral") == rule.subject)
        & (pl.col("form") == rule.price_form)
        & pl.col("price_series").str.starts_with(rule.price_series)
        & (pl.col("year") == str(year))
        & pl.col("usd_per_t_derived").is_not_null()
    )
    if rows.is_empty():
        raise Refused(Problem(f"no price of {rule.subject} ({rule.price_series}) in {year}", "world"))
    status = weakest(str(rows["evidence_status"][0]), rule.evidence_status)
    return float(rows["usd_per_t_derived"][0]), str(rows["fact_id"][0]), status


def _kept_countries(output: list[_Output], traded: dict[tuple[str, str, str], float]) -> set[str]:
    size: dict[str, float] = defaultdict(float)
    world = sum(o.tonnes for o in output) or 1.0
    trade = sum(traded.values()) or 1.0
    for o in output:
        size[o.country] += o.tonnes / world
    sums: dict[str, float] = defaultdict(float)
    for (i, j, _), t in traded.items():
        sums[i] += t / trade
        sums[j] += t / trade
    return {c for c in {*size, *sums} if max(size[c], sums[c]) >= KEPT_SHARE and c != REST}


def _apparent_use(cells: list[Cell], form: str) -> list[Cell]:
    """Use as production + imports - exports; an exporter keeps at least 1 % of what passes through it."""
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for c in cells:
        if c.kind is CellKind.TRADE:
            out[c.place] += c.prior
            into[c.other] += c.prior
        else:
            into[c.place] += c.prior
    return [
        Cell(CellKind.USE, form, p, max(into[p] - out[p], 0.01 * into[p]), IMPUTED, "derived", use="all uses")
        for p in sorted({*into, *out})
        if into[p] > 0
    ]


__all__ = ["screening_evidence"]

"""Screening: a one-form world of any other mineral whose trade code and output are of the same stage.

What it takes: one form, mine or refinery output by country, bilateral trade, one price. What it leaves out
(the rest of the chain, grade differences inside a code, stocks) makes it fit for ranking and first looks.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from crosscut.base.errors import Problem, Refused, UserError
from crosscut.base.places import name
from crosscut.ledger.mineral_names import unknown_mineral
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import relative_errors, table
from crosscut.market.model.chain import Chain, Form, TradeCode
from crosscut.worlds.cells import closing_cells
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
from crosscut.worlds.screening.recorded import (
    AS_SOURCED,
    POOR,
    REPAIRED,
    REST,
    SENT_ON,
    RecordedOutput,
    recorded_output,
    recorded_trade,
    without_transit,
)
from crosscut.worlds.screening.rules import ScreeningRule, screening_rules, stand_ins

KEPT_SHARE = 0.004  # smaller countries are counted in the rest of the world
FREIGHT_SHARE = 0.03  # freight and insurance between countries, share of the reference price; assumed
_DISTRUST = {AS_SOURCED: TRADE_ROW, REPAIRED: ESTIMATE, POOR: ESTIMATE, SENT_ON: IMPUTED}
_NOTES = {
    AS_SOURCED: "",
    REPAIRED: "customs rows whose quantity was missing or impossible, added up as repaired",
    POOR: "poor ore or residue under an ore code: contained tonnes by value over the world's unit value",
    SENT_ON: "booked to a country that only passes it on; who uses it is in no record",
}


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
    output, source = recorded_output(ledger, rule, year)
    traded, repairs = recorded_trade(ledger, rule, year)
    traded, passed = without_transit(ledger, rule, year, output, traded)
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


def _kept_countries(output: list[RecordedOutput], traded: dict[tuple[str, str, str], float]) -> set[str]:
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

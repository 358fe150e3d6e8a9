"""Rows: the tables of an answer about purchases, from the answers of their minerals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.places import name
from crosscut.ledger.store.ledger import Ledger
from crosscut.results.rows import Row
from crosscut.studies.indicators.answers.company import Supplier
from crosscut.studies.purchases.answers import MineralAnswer
from crosscut.studies.purchases.flows import BoughtFlow
from crosscut.studies.purchases.measures import Measure, covers, measures_on
from crosscut.studies.purchases.stop_effects import NOTHING, StopEffect, bill_change, span
from crosscut.studies.shared.money import MoneyMark, money_mark
from crosscut.studies.stress.stops.cost import Span

BEYOND = "the price is above what part of the users there would pay: read the tonnes before the money"
GONE = "reaches the buyers at any price"
LEAST_RISE = 1e-3  # of the spend
Held = Mapping[tuple[str, str], Sequence[Measure]]  # (mineral, supplier) -> measures in force


def measures_held(ledger: Ledger, answers: Sequence[MineralAnswer]) -> dict[tuple[str, str], list[Measure]]:
    """The measures in force on everything that is bought.

    Parameters
    ----------
    ledger : Ledger
        Has the history of measures.
    answers : Sequence[MineralAnswer]
        What is bought.

    Returns
    -------
    dict
        (mineral, supplier) to measures; an empty list where none is on record.
    """
    keys = dict.fromkeys((f.mineral, f.supplier) for a in answers for f in a.flows)
    return {key: measures_on(ledger, *key) for key in keys}


def on_flow(flow: BoughtFlow, answer: MineralAnswer, held: Held) -> list[Measure]:
    """The measures that reach a flow: aimed at everyone or at the buyer's country, on the stage that is
    bought as far as both say which.

    Parameters
    ----------
    flow : BoughtFlow
        What is bought.
    answer : MineralAnswer
        Of its mineral.
    held : Held
        Measures by mineral and supplier.

    Returns
    -------
    list[Measure]
        Oldest first; empty at home, where a country's export measures do not reach.
    """
    if flow.supplier in answer.buyer.members:
        return []
    return [
        m
        for m in held[flow.mineral, flow.supplier]
        if m.reaches(answer.buyer.members) and covers(m, flow.form) is not False
    ]


def flow_rows(answers: Sequence[MineralAnswer], held: Held, suppliers: Sequence[Supplier]) -> list[Row]:
    """What is bought of one mineral and form from one country: measures, and what the stop of that country
    does to this flow.

    Parameters
    ----------
    answers : Sequence[MineralAnswer]
        By mineral.
    held : Held
        Measures by mineral and supplier.
    suppliers : Sequence[Supplier]
        The country of each line with its political instability, 0 to 1, as far as it is known.

    Returns
    -------
    list[Row]
        USD, ratios and fractions; None where `status` says why.
    """
    spent = sum(f.usd for a in answers for f in a.flows)
    known = {s.purchase.line: (s.purchase.usd, s.instability) for s in suppliers if s.instability is not None}
    out = []
    for answer in answers:
        for flow in answer.flows:
            effect, form = answer.effects.get(flow.supplier), answer.form_of(flow)
            price = marginal = short = extra = NOTHING
            if effect is not None and form.position is not None:
                price, marginal = span(effect.price[form.position]), span(effect.marginal[form.position])
                short = span(effect.short)
                extra = money(answer, bill_change([flow.usd], [form.position], effect))
            found = on_flow(flow, answer, held)
            out.append(
                {
                    "mineral": flow.mineral,
                    "form": flow.form,
                    "supplier": flow.supplier,
                    "lines": len(flow.lines),
                    "tonnes": flow.tonnes,
                    "usd": flow.usd,
                    "share": flow.usd / spent if spent else None,
                    "restricted": bool(found),
                    "measures": "; ".join(m.said() for m in found),
                    **_three("price", price),
                    "marginal_price": marginal[0],
                    **_three("extra_usd", extra),
                    **_three("short", short),
                    "short_tonnes": None if None in (short[0], flow.tonnes) else short[0] * flow.tonnes,  # type: ignore[operator]
                    **_weighted(flow, known),
                    "status": _flow_status(answer, flow, effect, form.taken, price),
                }
            )
    return out


def _weighted(flow: BoughtFlow, known: Mapping[int, tuple[float, float]]) -> Row:
    """Governance-weighted spend of the lines whose country has a figure, and the spend on them."""
    lines = [known[line] for line in flow.lines if line in known]
    return {
        "weighted_usd": sum(usd * g for usd, g in lines) if lines else None,
        "weighted_of_usd": sum(usd for usd, _ in lines),
    }


def _flow_status(
    answer: MineralAnswer, flow: BoughtFlow, effect: StopEffect | None, taken: str, price: Span
) -> str:
    if effect is None or answer.form_of(flow).position is None:
        return f"missing: {answer.unanswered.get(flow.supplier) or taken or answer.why}"
    if price[0] is None:
        return "missing: the market does not clear, or no price is left, at median behaviour"
    remarks = [taken] if taken else []
    if answer.world is not None and money_mark(answer.world) == MoneyMark.UNKNOWN:
        remarks.append(f"no money is shown for a market of grade {answer.world.grade}")
    if answer.why:
        remarks.append(f"{answer.why}: {answer.where} stand for it")
    return f"flagged: {'; '.join(remarks)}" if remarks else "ok"


def stop_rows(answers: Sequence[MineralAnswer]) -> list[Row]:
    """A year in which a supplier country sells to nobody abroad: what everything the company buys of the
    mineral then costs more, from whomever it buys.

    Parameters
    ----------
    answers : Sequence[MineralAnswer]
        By mineral.

    Returns
    -------
    list[Row]
        One a mineral and supplier country, largest extra cost first; those without an answer last.
    """
    out = []
    for answer in answers:
        placed = answer.in_market()
        spent = sum(f.usd for f, _ in placed)
        for supplier in dict.fromkeys(f.supplier for f in answer.flows):
            effect = answer.effects.get(supplier)
            usd = [f.usd for f, _ in placed]
            forms = [p for _, p in placed]
            known = effect is not None and bool(placed)
            extra = money(answer, bill_change(usd, forms, effect)) if known and effect else NOTHING
            expected = expected_change(answer, effect) if known and effect else NOTHING
            chance = effect.chance if effect else None
            short = span(effect.short) if effect else NOTHING
            out.append(
                {
                    "mineral": answer.mineral,
                    "supplier": supplier,
                    "from_it_usd": sum(f.usd for f in answer.flows if f.supplier == supplier),
                    "usd": spent if known else None,
                    "where": answer.where,
                    **_three("chance", (chance.chance, chance.low, chance.high) if chance else NOTHING),
                    **_three("extra_usd", extra),
                    **_three("short", short),
                    **_three("expected_usd", expected),
                    "status": _stop_status(answer, supplier, effect),
                }
            )
    return sorted(
        out,
        key=lambda r: (
            r["extra_usd"] is None,
            -(r["extra_usd"] or 0.0),
            -r["from_it_usd"],
            r["mineral"],
            r["supplier"],
        ),
    )


def _stop_status(answer: MineralAnswer, supplier: str, effect: StopEffect | None) -> str:
    if effect is None:
        return f"missing: {answer.unanswered.get(supplier) or answer.why}"
    if not np.isfinite(effect.short[0]):
        return "missing: the market does not clear at median behaviour"
    assert answer.world is not None
    mark = money_mark(answer.world)
    if mark == MoneyMark.UNKNOWN:
        return f"missing: no money is shown for a market of grade {answer.world.grade}"
    chain = answer.world.chain
    gone = [f for f in dict.fromkeys(p for _, p in answer.in_market()) if not np.isfinite(effect.price[f, 0])]
    if gone:
        named = ", ".join(chain.forms[f].id for f in gone)
        return f"missing: no {named} {GONE}, so the tonnes are lost"
    remarks = [BEYOND] if effect.beyond else []
    if mark != MoneyMark.SHOWN:
        remarks.append(str(mark))
    if effect.failed:
        remarks.append(f"{len(effect.failed)} draws did not solve")
    return f"flagged: {'; '.join(remarks)}" if remarks else "ok"


def expected_change(answer: MineralAnswer, effect: StopEffect) -> Span:
    """The extra cost to expect within a year of the stop of one country.

    Parameters
    ----------
    answer : MineralAnswer
        Of the mineral.
    effect : StopEffect
        Of the country.

    Returns
    -------
    Span
        USD a year: at median behaviour; its ends are over what is not known of the chance and of behaviour.
    """
    values = expected_values(answer, effect)
    if values is None:
        return NOTHING
    value, drawn = values
    low, high = (float(q) for q in np.quantile(drawn, [0.1, 0.9]))
    return value, min(low, value), max(high, value)


def expected_values(answer: MineralAnswer, effect: StopEffect) -> tuple[float, Array] | None:
    """(expected extra cost at median behaviour, its values over points of the chance and draws of behaviour).

    Parameters
    ----------
    answer : MineralAnswer
        Of the mineral.
    effect : StopEffect
        Of the country.

    Returns
    -------
    tuple[float, Array [point, draw]] or None
        None where it is not known. Behaviour moves it as it moves the cost of a full-year stop.
    """
    placed = answer.in_market()
    if effect.chance is None or not placed or not _shows_money(answer):
        return None
    usd, forms = np.array([f.usd for f, _ in placed]), [p for _, p in placed]
    value = float(usd @ effect.expected[forms])
    full = bill_change(usd.tolist(), forms, effect)
    if not np.isfinite(value) or not np.isfinite(full[0]):
        return None
    drawn = np.ones(1)
    if abs(full[0]) >= LEAST_RISE * usd.sum():  # below, a ratio of two small numbers would say nothing
        known = full[1:][np.isfinite(full[1:])]
        drawn = known / full[0] if len(known) else drawn
    return value, np.outer(effect.chance.by_point / effect.chance.chance, value * drawn)


def money(answer: MineralAnswer, values: Array) -> Span:
    """Span of an amount, or nothing where the grade of the market allows no money (`studies.shared.money`).

    Not cut to one digit here: rows add up, and the screen shows as many digits as the market allows.

    Parameters
    ----------
    answer : MineralAnswer
        Of the mineral.
    values : Array [1 + draw]
        USD.

    Returns
    -------
    Span
        USD.
    """
    return span(values) if _shows_money(answer) else NOTHING


def _shows_money(answer: MineralAnswer) -> bool:
    return answer.world is not None and money_mark(answer.world) != MoneyMark.UNKNOWN


def _three(column: str, values: Span) -> Row:
    return {column: values[0], f"{column}_low": values[1], f"{column}_high": values[2]}


def measure_rows(answers: Sequence[MineralAnswer], held: Held) -> list[Row]:
    """Every measure on record on what is bought, whether it reaches the company or not.

    Parameters
    ----------
    answers : Sequence[MineralAnswer]
        By mineral.
    held : Held
        Measures by mineral and supplier.

    Returns
    -------
    list[Row]
        One a measure, with the spend on flows that it reaches.
    """
    out = []
    for answer in answers:
        for supplier in dict.fromkeys(f.supplier for f in answer.flows):
            flows = [f for f in answer.flows if f.supplier == supplier]
            for m in held[answer.mineral, supplier]:
                reached = [f for f in flows if m in on_flow(f, answer, held)]
                out.append(
                    {
                        "mineral": answer.mineral,
                        "supplier": supplier,
                        "instrument": m.instrument,
                        "forms": m.forms,
                        "size": m.size,
                        "toward": " ".join(m.toward),
                        "since": m.since,
                        "usd": sum(f.usd for f in reached),
                        "reaches": _reaches(answer, m, flows, reached),
                        "source": m.source,
                        "evidence_status": m.evidence_status,
                        "facts": m.id,
                    }
                )
    return out


def _reaches(
    answer: MineralAnswer, m: Measure, flows: Sequence[BoughtFlow], reached: Sequence[BoughtFlow]
) -> str:
    if flows[0].supplier in answer.buyer.members:
        return "no: your own country"
    if not m.reaches(answer.buyer.members):
        aimed = ", ".join(map(name, m.toward))
        if m.military and (not m.toward or answer.buyer.members & set(m.toward)):
            return "only military users"
        return f"no: aimed at {aimed}" if answer.buyer.text else f"only if you buy in {aimed}"
    if not reached:
        return "no: another form than you buy"
    sure = all(covers(m, f.form) for f in reached)
    return "yes" if sure else "yes, form not certain"

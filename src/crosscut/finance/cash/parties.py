"""Parties: every line of cash as a payment between the company and somebody, so that all of it adds up.

A line is money by year and draw, positive to the company. What all parties together pay is what the
company's cash and reserve grow by; what a party receives is the negative of its lines. The carry (owners
paying the state's part and being paid back out of its dividends) is between two parties and nets to nothing.

Tests: tests/finance/test_debt_by_hand.py, tests/finance/test_conservation.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.cash.waterfall import Cash
from crosscut.finance.lenders.financing import Finance
from crosscut.finance.mine.operations import Operations
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import charged, nothing, over_years, total

STATE = "state"  # the budget: taxes, royalties, duties; the state's company as an owner is a party of its own
CUSTOMERS, SUPPLIERS, BUILDERS, PRIVATE = "customers", "suppliers", "builders", "royalty holders"


@dataclass(frozen=True, eq=False)
class PartyLine:
    """One line: what it is, with whom, its group in the annual table, money by year and draw to the
    company."""

    name: str
    party: str
    group: str
    money: Array


def lines(p: Project, o: Operations, c: Cash, finance: Finance | None = None) -> tuple[PartyLine, ...]:
    """Every payment of the company, in the order of the annual table.

    Parameters
    ----------
    p : Project
        The project.
    o : Operations
        Its operations.
    c : Cash
        Its cash.
    finance : Finance | None
        Who the parties are; that of the project unless given.

    Returns
    -------
    tuple of PartyLine
        Money by year and draw, with who receives it.
    """
    f = p.finance if finance is None else finance
    out = [
        PartyLine("product", CUSTOMERS, "sales", o.product),
        PartyLine("by-products", CUSTOMERS, "sales", o.by_products),
        *(PartyLine(f"floor or cap: {x.id}", x.party, "sales", o.support[x.id]) for x in f.offtakes),
        *(PartyLine(f"stream: {x.id}", x.party, "sales", o.stream[x.id]) for x in f.streams),
        PartyLine("treatment, penalties, freight", SUPPLIERS, "costs", o.selling),
        PartyLine("mining", SUPPLIERS, "costs", o.mining),
        PartyLine("processing", SUPPLIERS, "costs", o.processing),
        PartyLine("overhead and other", SUPPLIERS, "costs", o.overhead),
        PartyLine("refining", SUPPLIERS, "costs", o.refining),
        PartyLine("social and research duties", SUPPLIERS, "costs", o.levies),
        *(
            PartyLine(f"royalty: {r.id}", PRIVATE if r.private else STATE, "taxes", c.duties[r.id])
            for r in p.fiscal.royalties
        ),
        PartyLine("export duty", STATE, "taxes", o.export_duty),
        PartyLine("credits", STATE, "taxes", o.credits),
        PartyLine("value added tax", STATE, "taxes", o.vat),
        PartyLine("income tax", STATE, "taxes", c.tax),
        *(PartyLine(f"capital: {k}", BUILDERS, "capital", v) for k, v in o.capital.items()),
        PartyLine("sustaining capital", BUILDERS, "capital", o.sustaining),
        PartyLine("closure", BUILDERS, "capital", o.closure),
        PartyLine("working capital", CUSTOMERS, "capital", o.working_capital),
        *(
            PartyLine(f"grant: {x.id}", x.party, "finance", over_years(x.by_year, len(p.years)))
            for x in f.grants
        ),
        *(
            PartyLine(f"stream paid: {x.id}", x.party, "finance", over_years(x.by_year, len(p.years)))
            for x in f.streams
        ),
    ]
    for x in f.prepayments:
        out += [
            PartyLine(f"prepayment: {x.id}", x.party, "finance", c.prepaid),
            PartyLine(
                f"prepayment repaid: {x.id}",
                x.party,
                "finance",
                -c.prepayment_interest - c.prepayment_principal,
            ),
        ]
    for loan, path in zip(f.loans, c.loans, strict=True):
        held = np.asarray(p.fiscal.interest if loan.kind == "commercial" else 0.0)
        out += [
            PartyLine(f"drawn: {loan.id}", loan.lender, "finance", path.drawn),
            PartyLine(f"interest: {loan.id}", loan.lender, "finance", path.interest * (held - 1.0)),
            PartyLine(f"withheld on interest: {loan.id}", STATE, "taxes", charged(path.interest, -held)),
            PartyLine(f"fees: {loan.id}", loan.lender, "finance", -path.fees),
            PartyLine(f"repaid: {loan.id}", loan.lender, "finance", -path.principal),
        ]
    if f.guarantee:
        out.append(PartyLine("completion guarantee", f.guarantor or "guarantor", "finance", c.guarantee))
    return (*out, *_owners(p, c, f))


def _owners(p: Project, c: Cash, f: Finance) -> list[PartyLine]:
    """What owners and the state's company pay in and are paid: contributions by who pays, dividends by
    share."""
    state = f.state
    owned = sum(o.share for o in f.owners)
    pays = state is not None and state.carried == "pays"
    called = c.contributed + c.lent_by_owners
    interest, principal = c.shareholder_interest, c.shareholder_principal
    diverted = _carry(p, c, f) if state is not None and state.carried == "loan" else None
    out: list[PartyLine] = []
    for o in f.owners:
        of_owners = o.share / owned
        paid_in = o.share if pays else of_owners
        held_interest = np.asarray(p.fiscal.interest if o.abroad else 0.0)
        held = np.asarray(p.fiscal.dividends if o.abroad else 0.0)
        carried = charged(diverted, -of_owners) if diverted is not None else 0.0
        out += [
            PartyLine("paid in", o.party, "owners", called * paid_in),
            PartyLine(
                "interest on shareholder loans",
                o.party,
                "owners",
                interest * (paid_in * (held_interest - 1.0)),
            ),
            PartyLine(
                "withheld on shareholder interest",
                STATE,
                "taxes",
                charged(interest, -paid_in * held_interest),
            ),
            PartyLine("shareholder loans repaid", o.party, "owners", principal * -paid_in),
            PartyLine("dividends", o.party, "owners", total(c.dividends * (o.share * (held - 1.0)), carried)),
            PartyLine("withheld on dividends", STATE, "taxes", charged(c.dividends, -o.share * held)),
        ]
    if state is not None:
        gross = c.dividends * state.share - (diverted if diverted is not None else 0.0)
        out.append(PartyLine("dividends", state.party, "owners", -gross))
        if pays:
            out += [
                PartyLine("paid in", state.party, "owners", called * state.share),
                PartyLine(
                    "shareholder loans repaid", state.party, "owners", -(interest + principal) * state.share
                ),
            ]
    return out


def _carry(p: Project, c: Cash, f: Finance) -> Array:
    """Dividends of the state that go to the owners until what they paid for it is back with interest."""
    assert f.state is not None
    rate = over_years(f.state.rate, len(p.years))
    owed: Array = np.zeros(1)
    out = np.zeros(np.broadcast_shapes(c.dividends.shape, (len(p.years), 1)))
    for t in range(len(p.years)):
        owed = owed * (1.0 + rate[t]) + (c.contributed[t] + c.lent_by_owners[t]) * f.state.share
        out[t] = np.minimum(owed, c.dividends[t] * f.state.share)
        owed = owed - out[t]
    return out


def by_party(listed: tuple[PartyLine, ...]) -> dict[str, Array]:
    """What every party receives.

    Parameters
    ----------
    listed : tuple[PartyLine, ...]
        Payments, as `lines` gives them.

    Returns
    -------
    dict of str to Array
        (years, draws), parties in the order of their first line.
    """
    out: dict[str, Array] = {}
    for line in listed:
        if line.party not in out:
            out[line.party] = -line.money
        elif not nothing(line.money):
            out[line.party] = out[line.party] - line.money
    return out

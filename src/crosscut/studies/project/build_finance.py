"""Build finance: who pays for a project and who is paid back, from its file."""

from __future__ import annotations

import numpy as np

from crosscut.finance.lenders.financing import (
    Finance,
    Loan,
    Offtake,
    Owner,
    Payment,
    Prepayment,
    ProductStream,
    StateShare,
)
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import Numbers
from crosscut.inputs.project.finance_schema import FinanceEntry
from crosscut.studies.project.builder import Builder, PriceLevels
from crosscut.studies.project.sampling import Draws


def finance_of(b: Builder, money: PriceLevels, p: Project) -> Finance:
    """The finance of a project file; `p` is the project without it."""
    f = b.file.finance
    home = b.file.country
    owners = tuple(Owner(o.party, o.share, o.country != home) for o in f.owners)
    state = None
    if f.state is not None:
        state = StateShare(
            f.state.party, f.state.share, f.state.carried, b.figure("finance.state.rate", f.state.rate)
        )
    if not owners:
        owners = (Owner("Owners", 1.0 - (state.share if state else 0.0)),)
    production = p.production
    sh = f.shareholder_loans
    c, g = f.covenants, f.completion
    per_mtu = (money.index if money.real else 1.0) / b.unit.mtu
    return Finance(
        owners=owners,
        state=state,
        loans=_loans(b, f, p),
        lock_up=(c.lock_up or 0.0) if c else 0.0,
        default=(c.default or 0.0) if c else 0.0,
        llcr=(c.llcr or 0.0) if c else 0.0,
        reserve_months=f.reserve.months if f.reserve else 0.0,
        sweep=f.sweep,
        equity_first=f.equity_first,
        tranches=tuple(
            Payment(
                x.id,
                "owners",
                b.figure(f"finance.equity[{x.id}].amount", x.amount) * b.by_year(x.years, False),
            )
            for x in f.equity
        ),
        minimum_cash=b.figure("finance.minimum_cash", f.minimum_cash),
        shareholder_share=sh.share if sh else 0.0,
        shareholder_rate=b.figure("finance.shareholder_loans.rate", sh.rate if sh else None),
        shareholder_deductible=sh.deductible if sh else True,
        grants=tuple(
            Payment(
                x.id,
                x.giver,
                b.figure(f"finance.grants[{x.id}].amount", x.amount) * b.by_year(x.years, False),
            )
            for x in f.grants
        ),
        streams=tuple(
            ProductStream(
                x.id,
                x.buyer,
                b.figure(f"finance.streams[{x.id}].amount", x.amount) * b.by_year({x.year: 1.0}, False),
                x.share,
                x.price_share,
                x.until_mtu,
            )
            for x in f.streams
        ),
        prepayments=tuple(
            Prepayment(
                x.id,
                x.buyer,
                b.figure(f"finance.prepayments[{x.id}].amount", x.amount) * b.by_year({x.year: 1.0}, False),
                b.figure(f"finance.prepayments[{x.id}].rate", x.rate),
                production,
                x.tenor,
            )
            for x in f.prepayments
        ),
        offtakes=tuple(
            Offtake(
                x.id,
                x.buyer,
                x.share,
                None if x.floor is None else b.figure(f"finance.offtakes[{x.id}].floor", x.floor) * per_mtu,
                None if x.cap is None else b.figure(f"finance.offtakes[{x.id}].cap", x.cap) * per_mtu,
                x.discount,
                b.due(x.first, x.last),
            )
            for x in f.offtakes
        ),
        guarantor=g.guarantor if g else "",
        guarantee=float(g.amount.mid) if g else 0.0,
        guarantee_last=g.until - b.years.start if g else -1,
    )


def _loans(b: Builder, f: FinanceEntry, p: Project) -> tuple[Loan, ...]:
    """The loans; a share of capital is a share of what is planned, so that an overrun is the owners' to
    pay."""
    middle = built_capital(b) if any(x.share is not None for x in f.loans) else 0.0
    out = []
    for x in f.loans:
        name = f"finance.loans[{x.id}]"
        amount = b.figure(f"{name}.amount", x.amount) if x.amount is not None else (x.share or 0.0) * middle
        drawn: Numbers = 1.0 if x.signed else b.draws.happens(f"{name}.drawn", x.probability)
        out.append(
            Loan(
                x.id,
                x.lender,
                x.kind,
                amount,
                b.figure(f"{name}.rate", x.rate),
                p.production + x.grace,
                x.tenor,
                x.repayment,
                x.dscr,
                drawn,
                x.signed,
                x.public,
                None if x.market_rate is None else b.figure(f"{name}.market_rate", x.market_rate),
                x.upfront_fee,
                x.exposure_fee,
                x.commitment_fee,
                x.interest_in_construction == "added",
            )
        )
    return tuple(out)


def built_capital(b: Builder) -> float:
    """Initial capital of the middle case, nominal."""
    middle = Builder(b.source, Draws())
    money, file = middle.money(), middle.file
    scale = money.capital if money.real else np.ones((len(b.years), 1))
    total = 0.0
    for i in file.capital.items:
        if i.kind == "initial":
            total += float((i.amount.mid * middle.by_year(i.years, False) * scale).sum())
    r = file.product.refining
    if file.product.form != "concentrate" and r is not None:
        total += float((r.capex.mid * middle.by_year(r.years, False) * scale).sum())
    return total

"""Build: a project file as a Project, in its middle case, with figures moved, or in draws; everything nominal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from crosscut.errors import Problem, UserError
from crosscut.projects.financing import (
    Finance,
    Loan,
    Offtake,
    Owner,
    Payment,
    Prepayment,
    StateShare,
    Stream,
)
from crosscut.projects.numbers import Array, Numbers, over_years
from crosscut.projects.project import CapitalItem, Costs, Discounting, Project, WorkingCapital
from crosscut.projects.technical import ByProduct, Mill, Mine, Ore, Product, Refinery
from crosscut.ventures.build_taxes import fiscal_of
from crosscut.ventures.fields import LONGEST, FigureEntry, SeriesEntry
from crosscut.ventures.finance_schema import FinanceEntry
from crosscut.ventures.loader import ProjectSource
from crosscut.ventures.price_paths import drawn_prices
from crosscut.ventures.sampling import Draws, figure_at
from crosscut.ventures.schema import ProjectFile
from crosscut.ventures.technical_schema import RefiningEntry

SHARE = 1.0


@dataclass(frozen=True, eq=False)
class Money:
    """Price levels by year, (years, draws): of the money of the file, of local costs in it; units per US dollar."""

    index: Array
    costs: Array
    capital: Array
    per_usd: Array
    real: bool


class Builder:
    """Reads figures of one file in one set of draws; `names` are the ranged figures met, by name."""

    def __init__(self, source: ProjectSource, draws: Draws) -> None:
        self.source, self.file, self.draws = source, source.file, draws
        self.years = range(self.file.years.first, last_year(self.file) + 1)
        self.names: dict[str, FigureEntry | SeriesEntry] = {}

    def figure(self, name: str, f: FigureEntry | None, default: float = 0.0, highest: float = np.inf) -> Numbers:
        """The figure of a name, (1, draws) or a number."""
        if f is None:
            return default
        self.names[name] = f
        return figure_at(f, self.draws.score(name), highest)

    def series(self, name: str, s: SeriesEntry | None, default: float = 0.0) -> Numbers:
        """The series of a name, (years, draws) or a number."""
        if s is None:
            return default
        self.names[name] = s
        at = figure_at(s, self.draws.score(name))
        return at if s.by_year is None else self.by_year(s.by_year) * at

    def by_year(self, given: Mapping[int, float], hold: bool = True) -> Array:
        """Numbers by year as a column; before and after those given stand the first and last, or 0 unless `hold`."""
        first, last = min(given), max(given)
        out = np.array([given[min(max(y, first), last)] if hold or y in given else 0.0 for y in self.years])
        return out.reshape((-1, 1))

    def due(self, first: int | None, last: int | None, holiday: int = 0) -> Array:
        """1 in the years something is due; not in the first `holiday` years of production."""
        start = max(first or 0, self.file.years.production + holiday if holiday else 0)
        return np.array([[float(start <= y <= (last or 9999))] for y in self.years])

    def money(self) -> Money:
        """Price levels; a nominal file is not escalated."""
        m = self.file.money
        index = self._level("money.inflation", m.inflation)
        per_usd = over_years(self.series("money.per_usd", m.per_usd, 1.0), len(self.years))
        one = np.ones((len(self.years), 1))
        if m.basis == "nominal":
            return Money(index, one, one, per_usd, False)
        if m.local is None:
            return Money(index, index, index, per_usd, True)
        local = self._level("money.local.inflation", m.local.inflation)
        fall = (
            self._level("money.local.depreciation", m.local.depreciation) if m.local.depreciation else local / index
        )
        abroad = local / fall
        mixed = [s * abroad + (1.0 - s) * index for s in (m.local.share_of_costs, m.local.share_of_capital)]
        return Money(index, mixed[0], mixed[1], per_usd, True)

    def _level(self, name: str, rate: SeriesEntry) -> Array:
        """1 in `money.year`, growing by the rate of each year after it and falling before it."""
        growth = 1.0 + over_years(self.series(name, rate), len(self.years))
        whole = np.cumprod(growth, axis=0)
        base = self.file.money.year - self.years.start
        if 0 <= base < len(self.years):
            return whole / whole[base]
        if base < 0:
            return whole * growth[0] ** (-base - 1)
        return whole / whole[-1] / growth[-1] ** (base - len(self.years) + 1)


def last_year(file: ProjectFile) -> int:
    """The last year of the table: of the last ore that could be there in any draw, of closure and of what is settled."""
    first, production = file.years.first, file.years.production
    after = (file.capital.closure.years if file.capital.closure else 0) + 2
    if file.years.last is not None:
        end = file.years.last
    elif file.mine.by_year is not None and file.mill.capacity is None:
        end = max(file.mine.by_year)
    else:
        ore = sum(max(o.tonnes.mid, 1.25 * (o.tonnes.high or 0.0)) for o in file.ore)
        slow = [c for c in (file.mine.capacity, file.mill.capacity) if c is not None]
        rate = min((c.low or c.mid) for c in slow)
        end = production + ceil(ore / max(rate, 1e-9)) + len(file.mill.ramp) + len(file.mine.ramp)
    return max(min(end + after, first + LONGEST - 1), production + 1)


def project_of(source: ProjectSource, draws: Draws | None = None, apt: Numbers | None = None) -> Project:
    """The project of a file; `apt`, nominal USD per mtu by year (years, draws), takes the place of its own price.

    Raises UserError for a regime that is not known.
    """
    return built(source, draws, apt)[0]


def built(
    source: ProjectSource, draws: Draws | None = None, apt: Numbers | None = None
) -> tuple[Project, dict[str, FigureEntry | SeriesEntry]]:
    """The project, and every figure it rests on by name."""
    b = Builder(source, draws or Draws())
    file, money = b.file, b.money()
    years = b.years
    production = file.years.production - years.start
    after = (file.capital.closure.years if file.capital.closure else 0) + 2
    scale = (lambda x: x * money.costs) if money.real else (lambda x: x)
    capital_scale = (lambda x: x * money.capital) if money.real else (lambda x: x)
    price = b.series("prices.apt", file.prices.apt)
    price = price * money.index if money.real else price
    if apt is None:
        price = drawn_prices(b, over_years(price, len(years)))
    else:
        price = apt
    closure = file.capital.closure
    wc = file.working_capital
    items = tuple(
        CapitalItem(
            i.id, capital_scale(b.figure(f"capital.items[{i.id}].amount", i.amount) * b.by_year(i.years, hold=False)),
            i.asset, i.kind == "initial",
        )
        for i in file.capital.items
    )  # fmt: skip
    sustaining = file.capital.sustaining
    p = Project(
        id=file.id,
        years=years,
        production=production,
        last=min(len(years) - 1 - after, len(years) - 1) if file.years.last is None
        else file.years.last - years.start,
        ore=_ore(b),
        mine=Mine(
            None if file.mine.capacity is None else b.figure("mine.capacity", file.mine.capacity),
            tuple(file.mine.ramp),
            None if file.mine.by_year is None else b.by_year(file.mine.by_year, hold=False),
        ),
        mill=Mill(
            None if file.mill.capacity is None else b.figure("mill.capacity", file.mill.capacity),
            tuple(file.mill.ramp),
            tuple(file.mill.recovery_ramp),
        ),
        product=_product(b, scale, capital_scale),
        apt=price,
        costs=Costs(
            mining=scale(b.series("costs.mining", file.costs.mining)),
            processing=scale(b.series("costs.processing", file.costs.processing)),
            overhead=scale(b.series("costs.overhead", file.costs.overhead)),
            per_mtu=scale(b.series("costs.per_mtu", file.costs.per_mtu)),
            levies=b.figure("costs.levies", file.costs.levies),
            sustaining_per_ore=scale(b.series("capital.sustaining.per_ore", sustaining and sustaining.per_ore)),
            sustaining_a_year=scale(b.series("capital.sustaining.a_year", sustaining and sustaining.a_year)),
            closure=scale(b.figure("capital.closure.amount", closure and closure.amount)),
            closure_years=closure.years if closure else 1,
            salvage=scale(b.figure("capital.closure.salvage", closure and closure.salvage)),
        ),
        capital=items,
        fiscal=fiscal_of(b, scale),
        discounting=_discounting(b, money),
        index=money.index,
        by_products=tuple(
            ByProduct(
                x.id,
                _money_price(b.series(f"by_products[{x.id}].price", x.price), money),
                None if x.per_ore is None else b.figure(f"by_products[{x.id}].per_ore", x.per_ore),
                None if x.a_year is None else b.figure(f"by_products[{x.id}].a_year", x.a_year),
                b.figure(f"by_products[{x.id}].payable", x.payable, 1.0, 1.0),
            )
            for x in file.by_products
        ),
        per_usd=money.per_usd,
        working_capital=WorkingCapital(
            b.figure("working_capital.receivable_days", wc and wc.receivable_days),
            b.figure("working_capital.inventory_days", wc and wc.inventory_days),
            b.figure("working_capital.payable_days", wc and wc.payable_days),
        ),
    )  # fmt: skip
    return replace(p, finance=_finance(b, file.finance, money, p)), b.names


def _money_price(price: Numbers, money: Money) -> Numbers:
    return price * money.index if money.real else price


def _ore(b: Builder) -> tuple[Ore, ...]:
    out = []
    for o in b.file.ore:
        name = f"ore[{o.id}]"
        most = np.inf if o.resource is None else o.resource.mid
        out.append(Ore(
            o.id, b.figure(f"{name}.tonnes", o.tonnes, highest=most), b.figure(f"{name}.grade", o.grade),
            b.figure(f"{name}.recovery", o.recovery, highest=SHARE), b.figure(f"{name}.strip", o.strip),
            o.origin == "stockpile",
        ))  # fmt: skip
    return tuple(out)


def _product(b: Builder, scale, capital_scale) -> Product:  # type: ignore[no-untyped-def]
    p = b.file.product
    return Product(
        p.form,
        b.figure("product.content", p.content, 0.65, SHARE),
        b.figure("product.payable", p.payable),
        scale(b.figure("product.treatment", p.treatment)),
        scale(b.figure("product.penalties", p.penalties)),
        scale(b.figure("product.freight", p.freight)),
        None if p.refining is None else _refinery(b, p.refining, scale, capital_scale),
    )


def _refinery(b: Builder, r: RefiningEntry, scale, capital_scale) -> Refinery:  # type: ignore[no-untyped-def]
    name = "product.refining"
    power = b.figure(f"{name}.power", r.power) * b.figure(f"{name}.power_price", r.power_price)
    reagents = b.figure(f"{name}.reagents", r.reagents)
    other = b.figure(f"{name}.other", r.other)
    return Refinery(
        b.figure(f"{name}.recovery", r.recovery, highest=SHARE),
        capital_scale(b.figure(f"{name}.capex", r.capex) * b.by_year(r.years, hold=False)),
        scale(power + reagents + other),
        scale(power),
        scale(reagents),
        scale(b.figure(f"{name}.fixed", r.fixed)),
        b.figure(f"{name}.payable", r.payable, 1.0),
        scale(b.figure(f"{name}.freight", r.freight)),
        b.figure(f"{name}.scale_exponent", r.scale_exponent, 0.6),
    )


def _discounting(b: Builder, money: Money) -> Discounting:
    d = b.file.discount
    growth = np.ones((len(b.years), 1))
    growth = np.broadcast_to(growth, money.index.shape) * 1.0
    growth[1:] = money.index[1:] / money.index[:-1]
    growth[0] = growth[1] if len(growth) > 1 else 1.0

    def nominal(rate: Numbers) -> Numbers:
        return rate if d.basis == "nominal" else (1.0 + np.asarray(rate)) * growth - 1.0

    rate = b.figure("discount.rate", d.rate)
    equity = rate if d.equity is None else b.figure("discount.equity", d.equity)
    state = rate if d.state is None else b.figure("discount.state", d.state)
    at = (d.date or b.years.start) - b.years.start
    if not 0 <= at < len(b.years):
        raise UserError(Problem(f"discounted to {d.date}", b.source.at("discount", "date"),
                                f"a year from {b.years.start} to {b.years.stop - 1}"))  # fmt: skip
    return Discounting(nominal(rate), nominal(equity), nominal(state), at, 0.5 if d.flows == "middle" else 0.0)


def _finance(b: Builder, f: FinanceEntry, money: Money, p: Project) -> Finance:
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
    scale = money.index if money.real else 1.0
    return Finance(
        owners=owners,
        state=state,
        loans=_loans(b, f, p),
        lock_up=(c.lock_up or 0.0) if c else 0.0,
        default=(c.default or 0.0) if c else 0.0,
        llcr=(c.llcr or 0.0) if c else 0.0,
        reserve_months=f.reserve.months if f.reserve else 0.0,
        sweep=f.sweep,
        minimum_cash=b.figure("finance.minimum_cash", f.minimum_cash),
        shareholder_share=sh.share if sh else 0.0,
        shareholder_rate=b.figure("finance.shareholder_loans.rate", sh.rate if sh else None),
        shareholder_deductible=sh.deductible if sh else True,
        grants=tuple(
            Payment(x.id, x.giver, b.figure(f"finance.grants[{x.id}].amount", x.amount) * b.by_year(x.years, False))
            for x in f.grants
        ),
        streams=tuple(
            Stream(
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
                None if x.floor is None else b.figure(f"finance.offtakes[{x.id}].floor", x.floor) * scale,
                None if x.cap is None else b.figure(f"finance.offtakes[{x.id}].cap", x.cap) * scale,
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
    """The loans; a share of capital is a share of what is planned, so that an overrun is the owners' to pay."""
    middle = built_capital(b) if any(x.share is not None for x in f.loans) else 0.0
    out = []
    for x in f.loans:
        name = f"finance.loans[{x.id}]"
        amount = b.figure(f"{name}.amount", x.amount) if x.amount is not None else (x.share or 0.0) * middle
        u = b.draws.uniform(f"{name}.drawn") if not x.signed and x.probability < 1 else None
        drawn: Numbers = 1.0 if u is None else (np.asarray(u) < x.probability).astype(float)
        out.append(Loan(
            x.id, x.lender, x.kind, amount, b.figure(f"{name}.rate", x.rate), p.production + x.grace, x.tenor,
            x.repayment, x.dscr, drawn, x.signed, x.public,
            None if x.market_rate is None else b.figure(f"{name}.market_rate", x.market_rate),
            x.upfront_fee, x.exposure_fee, x.commitment_fee, x.interest_in_construction == "added",
        ))  # fmt: skip
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

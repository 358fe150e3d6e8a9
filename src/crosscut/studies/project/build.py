"""Build: a project file as a Project, in its middle case, with figures moved, or in draws; everything
nominal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.finance.mine.project import CapitalItem, Costs, Discounting, Project, WorkingCapital
from crosscut.finance.mine.technical import ByProduct, Mill, Mine, Ore, Product, Refinery
from crosscut.finance.numbers import Numbers, over_years
from crosscut.inputs.project.fields import FigureEntry, SeriesEntry
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.technical_schema import RefiningEntry
from crosscut.studies.project.build_finance import finance_of
from crosscut.studies.project.build_taxes import fiscal_of
from crosscut.studies.project.builder import Builder, PriceLevels, Scale
from crosscut.studies.project.price_paths import drawn_prices
from crosscut.studies.project.sampling import Draws

SHARE = 1.0


def project_of(source: ProjectSource, draws: Draws | None = None, apt: Numbers | None = None) -> Project:
    """The project of a file; `apt`, nominal USD per mtu by year (years, draws), takes the place of its own
    price.

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
    scale, capital_scale = _growing(money.costs, money.real), _growing(money.capital, money.real)
    price = b.price()
    price = price * money.index if money.real else price
    if apt is None:
        price = drawn_prices(b, over_years(price, len(years)))
    else:
        price = apt
    closure = file.capital.closure
    wc = file.working_capital
    items = tuple(
        CapitalItem(
            i.id,
            capital_scale(
                b.figure(f"capital.items[{i.id}].amount", i.amount) * b.by_year(i.years, hold=False)
            ),
            i.asset,
            i.kind == "initial",
        )
        for i in file.capital.items
    )
    sustaining = file.capital.sustaining
    p = Project(
        id=file.id,
        years=years,
        production=production,
        last=(
            min(len(years) - 1 - after, len(years) - 1)
            if file.years.last is None
            else file.years.last - years.start
        ),
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
            per_mtu=scale(
                b.series("costs.per_mtu", file.costs.per_mtu)
                + b.series("costs.per_unit", file.costs.per_unit) / b.unit.mtu
            ),
            levies=b.figure("costs.levies", file.costs.levies),
            sustaining_per_ore=scale(
                b.series("capital.sustaining.per_ore", sustaining.per_ore if sustaining else None)
            ),
            sustaining_a_year=scale(
                b.series("capital.sustaining.a_year", sustaining.a_year if sustaining else None)
            ),
            closure=scale(b.figure("capital.closure.amount", closure.amount if closure else None)),
            closure_years=closure.years if closure else 1,
            salvage=scale(b.figure("capital.closure.salvage", closure.salvage if closure else None)),
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
        unit=b.unit,
        working_capital=WorkingCapital(
            b.figure("working_capital.receivable_days", wc.receivable_days if wc else None),
            b.figure("working_capital.inventory_days", wc.inventory_days if wc else None),
            b.figure("working_capital.payable_days", wc.payable_days if wc else None),
        ),
    )
    return replace(p, finance=finance_of(b, money, p)), b.names


def _growing(level: Array, real: bool) -> Scale:
    """What makes a figure nominal: times the price level where the file is real, as it stands where it is
    nominal."""
    return (lambda x: x * level) if real else (lambda x: x)


def _money_price(price: Numbers, money: PriceLevels) -> Numbers:
    return price * money.index if money.real else price


def _ore(b: Builder) -> tuple[Ore, ...]:
    out = []
    for o in b.file.ore:
        name = f"ore[{o.id}]"
        most = np.inf if o.resource is None else o.resource.mid
        out.append(
            Ore(
                o.id,
                b.figure(f"{name}.tonnes", o.tonnes, highest=most),
                b.series(f"{name}.grade", o.grade),
                b.series(f"{name}.recovery", o.recovery, highest=SHARE),
                b.series(f"{name}.strip", o.strip),
                o.origin == "stockpile",
            )
        )
    return tuple(out)


def _product(b: Builder, scale: Scale, capital_scale: Scale) -> Product:
    p = b.file.product
    return Product(
        p.form,
        b.figure("product.content", p.content, 0.65, SHARE),
        b.figure("product.payable", p.payable),
        scale(b.figure("product.treatment", p.treatment) / b.unit.mtu),
        scale(b.figure("product.penalties", p.penalties)),
        scale(b.figure("product.freight", p.freight)),
        None if p.refining is None else _refinery(b, p.refining, scale, capital_scale),
    )


def _refinery(b: Builder, r: RefiningEntry, scale: Scale, capital_scale: Scale) -> Refinery:
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


def _discounting(b: Builder, money: PriceLevels) -> Discounting:
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
        raise UserError(
            Problem(
                f"discounted to {d.date}",
                b.source.at("discount", "date"),
                f"a year from {b.years.start} to {b.years.stop - 1}",
            )
        )
    return Discounting(
        nominal(rate), nominal(equity), nominal(state), at, 0.5 if d.flows == "middle" else 0.0
    )

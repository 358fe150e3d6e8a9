"""Inputs: every number that the other sheets rest on, as it stands in the middle case; what may be
changed."""

from __future__ import annotations

import numpy as np

from crosscut.finance.answers.valuation import Valuation
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import Numbers, over_years
from crosscut.output.workbook.cells import Book, SheetRow

SHEET = "Inputs"


def given(
    book: Book, name: str, label: str, unit: str, numbers: Numbers | None, default: float = 0.0
) -> None:
    """A row of input: one number where it is the same every year, else one for each."""
    x = over_years(default if numbers is None else numbers, len(book.years))
    if x.shape[1] != 1:
        raise ValueError(f"{name} has {x.shape[1]} draws: a workbook is of one case")
    column = [float(v) for v in x[:, 0]]
    if np.ndim(default if numbers is None else numbers) < 2 or len(set(column)) == 1:
        book.put(SHEET, SheetRow(name, label, unit, column[0], given=True))
    else:
        book.put(SHEET, SheetRow(name, label, unit, None, tuple(column), given=True))


def series(book: Book, name: str, label: str, unit: str, numbers: Numbers) -> None:
    """A row of input with a number for every year, even where all are alike."""
    column = over_years(numbers, len(book.years))[:, 0]
    book.put(SHEET, SheetRow(name, label, unit, None, tuple(float(v) for v in column), given=True))


def fill_inputs(book: Book, v: Valuation, money: str) -> None:
    """The sheet of inputs. Nominal money unless the label says real; years are columns."""
    p = v.project
    n = len(p.years)
    book.put(
        SHEET,
        SheetRow(
            "price_factor",
            p.unit.named("All APT prices times"),
            "factor",
            1.0,
            given=True,
            note="change this first",
        ),
    )
    series(book, "index", "Price level", "index", p.index)
    price = over_years(p.apt, n) / over_years(p.index, n)
    series(book, "apt_real", p.unit.named("APT price, real"), p.unit.named("USD/mtu WO3"), price)
    series(book, "per_usd", f"{money} per US dollar", "rate", p.per_usd)
    series(book, "year", "Year", "", np.array([[float(y)] for y in p.years]))
    series(
        book,
        "before",
        "Built (1) or running (0)",
        "",
        np.array([[float(t < p.production)] for t in range(n)]),
    )
    _technical(book, p)
    _costs(book, p, money)
    _taxes(book, p)
    _finance(book, v)
    d = p.discounting
    growth = over_years(d.project, n)
    series(book, "rate_project", "Discount rate of the project, nominal", "a year", growth)
    series(book, "rate_equity", "Discount rate of the owners, nominal", "a year", over_years(d.equity, n))


def _technical(book: Book, p: Project) -> None:
    for k, o in enumerate(p.ore):
        given(book, f"tonnes_{k}", f"Ore {o.id}", "t", o.tonnes)
        given(book, f"grade_{k}", f"Grade {o.id}", p.unit.named("t WO3/t"), o.grade)
        given(book, f"recovery_{k}", f"Recovery {o.id}", "fraction", o.recovery)
        given(book, f"strip_{k}", f"Waste per ore {o.id}", "t/t", o.strip)
    n, last = len(p.years), p.last

    def ramp(shares: tuple[float, ...], cut: bool) -> np.ndarray:
        return np.array(
            [
                [
                    (
                        shares[min(t - p.production, len(shares) - 1)]
                        if t >= p.production and (t <= last or not cut)
                        else 0.0
                    )
                ]
                for t in range(n)
            ]
        )

    if p.mine.by_year is not None:
        allowed = np.array([[float(t <= last)] for t in range(n)])
        series(book, "mine_plan", "Ore that may be mined", "t", over_years(p.mine.by_year, n) * allowed)
    else:
        given(book, "mine_capacity", "Mine at full rate", "t/year", p.mine.capacity)
        series(book, "mine_ramp", "Ramp of the mine", "fraction", ramp(p.mine.ramp, True))
    if p.mill.capacity is not None:
        given(book, "mill_capacity", "Mill at full rate", "t/year", p.mill.capacity)
    series(
        book,
        "mill_ramp",
        "Ramp of the mill",
        "fraction",
        ramp(p.mill.ramp if p.mill.capacity is not None else (1.0,), True),
    )
    series(book, "recovery_ramp", "Ramp of recovery", "fraction", ramp(p.mill.recovery_ramp, False))
    given(book, "content", p.unit.named("WO3 in concentrate"), "t/t", p.product.content)


def _costs(book: Book, p: Project, money: str) -> None:
    c, r = p.costs, p.product.refinery if p.product.form != "concentrate" else None
    given(
        book,
        "payable",
        p.unit.named("Share of the APT price paid"),
        "fraction",
        p.product.payable if r is None else r.payable,
    )
    if r is None:
        given(book, "treatment", "Treatment charge", f"{money}/mtu", p.product.treatment)
        given(book, "penalties", "Penalties", f"{money}/t concentrate", p.product.penalties)
        given(book, "freight", "Freight", f"{money}/t concentrate", p.product.freight)
    else:
        given(book, "refined", "Recovery of the refinery", "fraction", r.recovery)
        given(book, "refining_cost", "Refining", f"{money}/mtu", r.cost)
        given(book, "refining_fixed", "Refining, fixed", f"{money}/year", r.fixed)
        given(book, "freight", "Freight", f"{money}/t product", r.freight)
        series(book, "capital_refinery", "Capital: refinery", money, r.capex)
    for k, b in enumerate(p.by_products):
        given(book, f"by_price_{k}", f"Price of {b.id}", f"{money}/t", b.price)
        given(
            book,
            f"by_rate_{k}",
            f"{b.id} sold",
            "t/t ore" if b.per_ore is not None else "t/year",
            b.per_ore if b.per_ore is not None else b.a_year,
        )
        given(book, f"by_payable_{k}", f"Share paid for {b.id}", "fraction", b.payable)
    for name, label, unit, numbers in (
        ("mining_cost", "Mining", f"{money}/t moved", c.mining),
        ("milling_cost", "Processing", f"{money}/t", c.processing),
        ("overhead_cost", "Overhead", f"{money}/year", c.overhead),
        ("mtu_cost", "Other cost", f"{money}/mtu", c.per_mtu),
        ("levies_rate", "Social and research duties", "of costs", c.levies),
        ("sustaining_ore", "Sustaining capital", f"{money}/t", c.sustaining_per_ore),
        ("sustaining_year", "Sustaining capital", f"{money}/year", c.sustaining_a_year),
        ("closure_cost", "Closure", money, c.closure),
        ("salvage", "Salvage", money, c.salvage),
        ("receivable_days", "Sales not paid yet", "days", p.working_capital.receivable_days),
        ("inventory_days", "Costs in stock", "days", p.working_capital.inventory_days),
        ("payable_days", "Costs not paid yet", "days", p.working_capital.payable_days),
    ):
        given(book, name, label, unit, numbers)
    given(book, "closure_years", "Years of closure", "years", float(c.closure_years))
    for k, item in enumerate(p.capital):
        series(book, f"capital_{k}", f"Capital: {item.id}", money, item.by_year)


def _taxes(book: Book, p: Project) -> None:
    f = p.fiscal
    n = len(p.years)
    for k, r in enumerate(f.royalties):
        given(
            book,
            f"royalty_rate_{k}",
            f"Royalty {r.id} on {r.base}",
            "rate",
            np.asarray(r.rate) * np.asarray(r.due),
        )
        series(book, f"royalty_due_{k}", f"Royalty {r.id} due", "", r.due)
    given(book, "export_duty_rate", "Export duty", "of sales", f.export_duty)
    for k, credit in enumerate(f.credits):
        given(book, f"credit_rate_{k}", f"Credit {credit.id}", f"of {credit.base}", credit.rate)
    if f.vat is not None:
        given(book, "vat_rate", "Value added tax", "rate", f.vat.rate)
        given(book, "vat_costs", "Share of costs that bears it", "fraction", f.vat.share_of_costs)
        given(book, "vat_capital", "Share of capital that bears it", "fraction", f.vat.share_of_capital)
    series(
        book,
        "tax_rate",
        "Income tax, 0 in a holiday",
        "rate",
        over_years(f.income.rate, n) * over_years(f.income.due, n),
    )
    given(book, "loss_cap", "Most of a profit that losses cover", "fraction", f.income.loss_cap)
    given(book, "depletion", "Depletion", "of sales", f.income.depletion)
    given(book, "depletion_cap", "Most of a profit that depletion covers", "fraction", f.income.depletion_cap)
    given(book, "held_dividends", "Withheld on dividends abroad", "rate", f.dividends)
    given(book, "held_interest", "Withheld on interest abroad", "rate", f.interest)


def _finance(book: Book, v: Valuation) -> None:
    f = v.project.finance
    for k, t in enumerate(v.terms):
        x = t.loan
        given(
            book,
            f"loan_{k}",
            f"Loan {x.id}: amount lent",
            "money",
            np.asarray(x.amount) * t.lent * np.asarray(x.drawn),
        )
        given(book, f"loan_rate_{k}", f"Loan {x.id}: interest", "a year", x.rate)
        series(book, f"loan_share_{k}", f"Loan {x.id}: repaid, as agreed", "share", t.shares)
        for name, label, number in (
            ("upfront", "upfront fee", x.upfront_fee),
            ("exposure", "exposure fee", x.exposure_fee),
            ("commitment", "commitment fee", x.commitment_fee),
        ):
            given(book, f"loan_{name}_{k}", f"Loan {x.id}: {label}", "rate", number)
    for name, label, number in (
        ("lock_up", "Cover below which no dividend is paid", f.lock_up),
        ("default", "Cover of a breach", f.default),
        ("reserve_months", "Months of debt service in reserve", f.reserve_months),
        ("sweep_share", "Share of cash swept", f.sweep),
        ("owners_lend", "Share that owners lend", f.shareholder_share),
        ("guarantee", "Completion guarantee", f.guarantee),
    ):
        given(book, name, label, "", number)
    given(book, "minimum_cash", "Cash kept", "money", f.minimum_cash)
    given(book, "owners_rate", "Interest of shareholder loans", "a year", f.shareholder_rate)
    n = len(v.project.years)
    for name, label, paid in (
        ("grants", "Grants", f.grants),
        ("streamed_in", "Streams, money paid", f.streams),
        ("tranches", "Equity agreed in advance", f.tranches),
    ):
        total = sum((over_years(x.by_year, n) for x in paid), np.zeros((n, 1)))
        series(book, name, label, "money", total)
    for k, o in enumerate(f.offtakes):
        if o.floor is not None:
            given(book, f"floor_{k}", f"Floor {o.id}", "USD/mtu", o.floor)
        if o.cap is not None:
            given(book, f"cap_{k}", f"Ceiling {o.id}", "USD/mtu", o.cap)
        series(book, f"offtake_due_{k}", f"Offtake {o.id} in force", "", o.due)
    for k, paid_in in enumerate(f.prepayments):
        series(book, f"prepaid_{k}", f"Prepayment {paid_in.id}", "money", paid_in.by_year)
        given(book, f"prepaid_rate_{k}", f"Prepayment {paid_in.id}: interest", "a year", paid_in.rate)

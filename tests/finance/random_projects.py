"""Projects at random, every part of them: ore, ramps, taxes, loans, streams, owners. Prices go from ruin to
boom."""

import numpy as np

from crosscut.finance.cash.fiscal import (
    METHODS,
    ROYALTY_BASES,
    Credit,
    Depreciation,
    Fiscal,
    IncomeTax,
    Royalty,
    Vat,
)
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
from crosscut.finance.mine.project import CapitalItem, Costs, Discounting, Project, WorkingCapital
from crosscut.finance.mine.technical import ByProduct, Mill, Mine, Ore, Product, Refinery


def random_project(seed: int, draws: int = 3) -> Project:
    """A project of several draws; sizes are those of a real mine, so that money is in hundreds of
    millions."""
    r = np.random.default_rng(seed)
    building, producing, tail = int(r.integers(1, 5)), int(r.integers(3, 26)), int(r.integers(2, 7))
    n = building + producing + tail
    years = range(2028, 2028 + n)
    index = np.cumprod(1 + r.uniform(0, 0.06, (n, 1)), axis=0)

    def some(low, high):
        """A number, or one for each draw."""
        return r.uniform(low, high) if r.random() < 0.5 else r.uniform(low, high, (1, draws))

    def by_year(total, first, last):
        out = np.zeros((n, 1))
        out[first:last, 0] = r.dirichlet(np.ones(last - first)) * total
        return out

    ore = tuple(
        Ore(f"o{k}", some(2e6, 3e7), some(0.0005, 0.01), some(0.4, 0.9), some(0, 4), bool(r.random() < 0.2))
        for k in range(int(r.integers(1, 4)))
    )
    capital = r.uniform(5e7, 8e8)
    refined = r.random() < 0.4
    refinery = (
        Refinery(
            some(0.9, 0.99),
            by_year(r.uniform(1e7, 1e8), 0, building),
            some(10, 60) * index,
            4.0,
            15.0,
            some(0, 5e6),
            1.0,
            some(0, 300),
        )
        if refined
        else None
    )
    kinds = list(ROYALTY_BASES)
    royalties = tuple(
        Royalty(
            f"r{k}",
            base := str(r.choice(kinds)),
            some(0, 3) if base in ("ore", "mtu") else some(0, 0.12),
            ((0.0, 0.02), (300.0, 0.05), (800.0, 0.12)) if r.random() < 0.2 else (),
            (np.arange(n) >= r.integers(0, n)).astype(float).reshape((-1, 1)),
            bool(r.random() < 0.2),
            bool(r.random() < 0.7),
        )
        for k in range(int(r.integers(0, 3)))
    )

    def how():
        method = str(r.choice(list(METHODS)))
        return Depreciation(
            method, float(r.choice([3, 5, 7.5, 10, 20])) if method != "pool" else 0.0, r.uniform(0.05, 0.5)
        )

    income = IncomeTax(
        some(0, 0.4),
        {"plant": how(), "building": how(), "preparation": how()},
        None if r.random() < 0.5 else int(r.integers(0, 12)),
        float(r.choice([0.5, 0.8, 1.0])),
        (np.arange(n) >= r.integers(0, building + 5)).astype(float).reshape((-1, 1)),
        float(r.choice([0, 0.15, 0.22])),
        0.5,
        bool(r.random() < 0.8),
    )
    fiscal = Fiscal(
        income,
        royalties,
        some(0, 0.1) if r.random() < 0.3 else 0.0,
        (
            (Credit("c", str(r.choice(["processing", "refining", "operating"])), 0.1),)
            if r.random() < 0.3
            else ()
        ),
        Vat(some(0, 0.2), 0.6, 0.7, r.uniform(0, 2.5)) if r.random() < 0.6 else None,
        some(0, 0.2),
        some(0, 0.2),
    )
    return Project(
        id=f"random {seed}",
        years=years,
        production=building,
        last=building + producing - 1,
        ore=ore,
        mine=Mine(some(5e5, 5e6), tuple(np.sort(r.uniform(0.2, 1, int(r.integers(1, 4)))))),
        mill=Mill(
            some(5e5, 4e6) if r.random() < 0.7 else None, tuple(np.sort(r.uniform(0.2, 1, 2))), (0.8, 1.0)
        ),
        product=Product(
            ("apt" if r.random() < 0.5 else "oxide") if refined else "concentrate",
            0.65,
            some(0.6, 0.95),
            some(0, 20),
            some(0, 20),
            some(0, 300),
            refinery,
        ),
        apt=np.exp(r.normal(np.log(400), 0.6, (n, draws))) * index,
        costs=Costs(
            some(1, 4) * index,
            some(5, 25) * index,
            some(0, 1e7) * index,
            some(0, 40) * index,
            some(0, 0.03),
            some(0, 3) * index,
            some(0, 5e6),
            some(0, 8e7),
            int(r.integers(1, tail)),
            some(0, 1e7),
        ),
        capital=(
            CapitalItem("plant", by_year(capital, 0, building) * np.ones((1, draws)) * some(0.8, 1.5)),
            CapitalItem("pit", by_year(capital / 6, 0, building), "preparation"),
            CapitalItem(
                "more",
                by_year(capital / 5, building, building + 3),
                "building",
                initial=bool(r.random() < 0.3),
            ),
        ),
        fiscal=fiscal,
        discounting=Discounting(some(0.05, 0.15), some(0.08, 0.2), 0.08, 0, float(r.choice([0, 0.5]))),
        index=index,
        by_products=(
            (ByProduct("mo", some(2e4, 5e4) * index, per_ore=some(0, 0.0003)),) if r.random() < 0.5 else ()
        ),
        per_usd=float(r.choice([1.0, 1.5])),
        working_capital=WorkingCapital(some(0, 90), some(0, 60), some(0, 60)),
        finance=_finance(r, n, building, producing, capital, draws, by_year),
    )


def _finance(r, n, building, producing, capital, draws, by_year) -> Finance:
    loans = tuple(
        Loan(
            f"loan{k}",
            f"bank{k}",
            str(r.choice(["export_credit", "commercial", "development"])),
            r.uniform(0.05, 0.5) * capital,
            r.uniform(0, 0.14),
            building + int(r.integers(0, 3)),
            int(r.integers(1, max(2, producing - 1))),
            str(r.choice(["annuity", "equal", "bullet", "sculpted"])),
            None,
            (r.random((1, draws)) < 0.7).astype(float),
            True,
            bool(r.random() < 0.5),
            0.1,
            r.uniform(0, 0.03),
            r.uniform(0, 0.12),
            r.uniform(0, 0.01),
            bool(r.random() < 0.7),
        )
        for k in range(int(r.integers(0, 4)))
    )
    state = (
        StateShare("National Co", 0.3, str(r.choice(["free", "loan", "pays"])), 0.08)
        if r.random() < 0.5
        else None
    )
    share = 0.7 if state else 1.0
    return Finance(
        owners=(Owner("A", share * 0.75, True), Owner("B", share * 0.25, False)),
        state=state,
        loans=loans,
        lock_up=float(r.choice([0, 1.2])),
        default=float(r.choice([0, 1.05])),
        reserve_months=float(r.choice([0, 6])),
        sweep=float(r.choice([0, 0.5])),
        minimum_cash=float(r.choice([0, 5e6])),
        equity_first=bool(r.random() < 0.3),
        tranches=(Payment("t", "owners", by_year(4e7, 0, building)),) if r.random() < 0.3 else (),
        shareholder_share=float(r.choice([0, 0.5])),
        shareholder_rate=0.08,
        shareholder_deductible=bool(r.random() < 0.5),
        grants=(Payment("g", "Giver", by_year(2e7, 0, building)),) if r.random() < 0.3 else (),
        streams=(
            (
                ProductStream(
                    "s", "Streamer", by_year(5e7, 0, building), 0.1, 0.2, 5e5 if r.random() < 0.5 else None
                ),
            )
            if r.random() < 0.3
            else ()
        ),
        prepayments=(
            (Prepayment("p", "Buyer", by_year(3e7, 0, building), 0.07, building, int(r.integers(1, 6))),)
            if r.random() < 0.3
            else ()
        ),
        offtakes=(Offtake("o", "Buyer", 0.5, 250.0, 900.0, 0.02),) if r.random() < 0.4 else (),
        guarantor="Sponsor" if r.random() < 0.3 else "",
        guarantee=2e7,
        guarantee_last=building + 1,
    )

"""Choices: what it is worth to wait, to build in two halves, to abandon, on the draws of a project.

All in real money of the year the price index starts from, at real rates, per draw. What is known when one
decides is the price of the year before and the mean of the prices seen so far; grade, cost and the rest are
learnt by nobody. The rule is fitted on other draws than it is valued on (`projects.options`).

Waiting moves the whole project: tonnes, capital and costs keep their real size, the price goes on. Half a
project is half the ore at half the rate, with 66 % of the capital and fixed cost (size to the power 0.6);
the second half is begun when it pays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.options import FEWEST, Stopping, stopping
from crosscut.finance.answers.valuation import Valuation, valuation
from crosscut.finance.lenders.borrowing import Terms
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import Numbers, over_years
from crosscut.inputs.project.loader import ProjectSource
from crosscut.studies.project.build import project_of
from crosscut.studies.project.builder import Builder
from crosscut.studies.project.ensemble import Prices
from crosscut.studies.project.price_paths import swings
from crosscut.studies.project.sampling import Draws, figure_at

LONGEST_WAIT = 8  # years
DRAWS = 1000
HALF = 0.5**0.6  # what half the plant costs of a whole one: capital grows with size to the power 0.6
SECOND_FROM = 2  # years after the first half that the second may begin at the earliest


@dataclass(frozen=True, eq=False)
class Choice:
    """One choice: worth if all is decided today, the choice itself, dates in years, and what it is compared
    with."""

    id: str
    title: str
    committed: float
    found: Stopping
    dates: tuple[int, ...]
    compared: float

    @property
    def gain(self) -> float:
        """Worth of having the choice over what it is compared with."""
        return self.found.value - self.compared


def real_prices(source: ProjectSource, numbers: range, seed: int, years: int, prices: Prices | None) -> Array:
    """APT prices in real money (years, draws), over as many years as asked: after those of the file or
    scenario the level is held and, for prices of the file, goes on swinging."""
    draws = Draws(seed, numbers)
    b = Builder(source, draws)
    index = b.money().index
    level = over_years(b.price(), len(b.years))
    if source.file.money.basis == "nominal":
        level = level / index
    at = np.minimum(np.arange(years), len(b.years) - 1)
    if prices is not None:
        growth = index[-1] / index[-2]
        longer = range(b.years.start, b.years.start + years)
        beyond = np.maximum(np.arange(years) - (len(b.years) - 1), 0)[:, None]
        # a scenario's nominal price is held after its last year: real, it is that of the last year of the
        # project
        nominal = prices.over(longer, numbers)
        return np.asarray(
            np.where(beyond > 0, nominal[at] / index[at], nominal / (index[at] * growth**beyond))
        )
    p = source.file.prices
    if p.volatility is None:
        return np.asarray(np.broadcast_to(level[at], (years, len(numbers))))
    keeps = 0.0 if p.persistence is None else float(np.asarray(figure_at(p.persistence, 0.0)))
    return np.asarray(
        level[at] * np.exp(float(np.asarray(figure_at(p.volatility, 0.0))) * swings(draws, years, keeps))
    )


def choices(
    source: ProjectSource, terms: tuple[Terms, ...], seed: int, draws: int, prices: Prices | None = None
) -> tuple[Choice, ...]:
    """Every choice that the project has: one that runs, or was begun before the year of its money, can only
    be abandoned. () where there are too few draws."""
    n = min(draws, DRAWS)
    if n < 4 * FEWEST:
        return ()
    numbers = range(n)
    plain = project_of(source, Draws(seed, numbers))
    path = real_prices(source, numbers, seed, len(plain.years) + LONGEST_WAIT, prices)
    out: list[Choice] = []
    now = _later(plain, path, 0)
    whole = valuation(now, terms)
    if plain.production > 0 and source.file.years.first >= source.file.money.year:
        out.append(_wait(whole, plain, path, terms))
        out.append(_phase(plain, whole, path))
    out.append(_abandon(whole, path))
    return tuple(out)


def _later(p: Project, path: Array, years: int) -> Project:
    """The project begun `years` later: its own years and costs, the price of that time."""
    return replace(p, apt=path[years : years + len(p.years)] * over_years(p.index, len(p.years)))


def _real_rate(p: Project) -> Array:
    """Real rate of the project by draw, of its first years, for waiting."""
    index = over_years(p.index, len(p.years))
    rate = over_years(p.discounting.project, len(p.years))
    return np.asarray((1.0 + rate[1]) * index[0] / index[1] - 1.0)


def _worth(v: Valuation, draws: int) -> Array:
    return np.broadcast_to(v.real_worth(v.after_tax), (draws,)) * 1.0


def _known(path: Array, dates: tuple[int, ...]) -> Array:
    """What is known at each date: log of the price of the year before, and mean of all seen; nothing before
    the first."""
    logs = np.log(np.maximum(path, 1e-9))
    last = np.stack([logs[d - 1] if d else np.zeros(path.shape[1]) for d in dates])
    mean = np.stack([logs[:d].mean(axis=0) if d else np.zeros(path.shape[1]) for d in dates])
    return np.stack([last, mean], axis=2)


def _wait(now: Valuation, p: Project, path: Array, terms: tuple[Terms, ...]) -> Choice:
    n = path.shape[1]
    dates = tuple(range(LONGEST_WAIT + 1))
    back = 1.0 / (1.0 + _real_rate(p))
    worth = [_worth(now, n)] + [_worth(valuation(_later(p, path, d), terms), n) * back**d for d in dates[1:]]
    stop = np.stack(worth)
    found = stopping(stop, np.zeros_like(stop), _known(path, dates))
    title = "begin in any of the next years, or never, rather than now or never"
    return Choice("wait", title, float(stop[0].mean()), found, dates, max(float(stop[0].mean()), 0.0))


def _phase(p: Project, whole: Valuation, path: Array) -> Choice:
    """Half now and the other half when it pays, against all of it now. Neither half borrows: the worth is
    before financing."""
    n = path.shape[1]
    half = _half(p)
    first = _worth(valuation(_later(half, path, 0), ()), n)
    dates = tuple(range(SECOND_FROM, LONGEST_WAIT + 1))
    back = 1.0 / (1.0 + _real_rate(p))
    stop = np.stack([_worth(valuation(_later(half, path, d), ()), n) * back**d for d in dates])
    found = stopping(stop, np.zeros_like(stop), _known(path, dates))
    both = replace(
        found,
        value=found.value + float(first.mean()),
        fixed=found.fixed + float(first.mean()),
        worth=found.worth + first,
    )
    both = replace(both, error=float(both.worth.std(ddof=1) / np.sqrt(n)))
    all_now = float(_worth(whole, n).mean())
    return Choice(
        "phase",
        "half now, the other half in a later year if it pays then, rather than all now",
        all_now,
        both,
        dates,
        all_now,
    )


def _half(p: Project) -> Project:
    def scaled(x: Numbers | None, by: float) -> Numbers | None:
        return None if x is None else np.asarray(x) * by

    def number(x: Numbers, by: float) -> Numbers:
        return np.asarray(x) * by

    refinery = p.product.refinery
    if refinery is not None:
        refinery = replace(refinery, capex=number(refinery.capex, HALF), fixed=number(refinery.fixed, HALF))
    c = p.costs
    return replace(
        p,
        ore=tuple(replace(o, tonnes=number(o.tonnes, 0.5)) for o in p.ore),
        mine=replace(p.mine, capacity=scaled(p.mine.capacity, 0.5), by_year=scaled(p.mine.by_year, 0.5)),
        mill=replace(p.mill, capacity=scaled(p.mill.capacity, 0.5)),
        product=replace(p.product, refinery=refinery),
        by_products=tuple(replace(b, a_year=scaled(b.a_year, 0.5)) for b in p.by_products),
        capital=tuple(replace(i, by_year=number(i.by_year, HALF)) for i in p.capital),
        costs=replace(
            c,
            overhead=number(c.overhead, HALF),
            sustaining_a_year=number(c.sustaining_a_year, HALF),
            closure=number(c.closure, HALF),
            salvage=number(c.salvage, HALF),
        ),
        finance=replace(p.finance, loans=()),
    )


def _abandon(v: Valuation, path: Array) -> Choice:
    """Close in any year of production: pay for closure, get back working capital and tax owed, and no more
    cash."""
    p, o, n = v.project, v.operations, path.shape[1]
    years = len(p.years)
    factors = _real_factors(p)
    flow = np.broadcast_to(v.after_tax * factors, (years, n))
    dates = tuple(range(max(p.production, 1), p.last + 1))
    tied = o.receivable + o.inventory - o.payable + o.vat_owed
    left = -np.broadcast_to(over_years(p.costs.closure, years), (years, n)) + np.vstack(
        [np.zeros((1, n)), np.broadcast_to(tied, (years, n))[:-1]]
    )
    stop = np.stack([(left * factors)[t] for t in dates])
    wait = np.stack([flow[t] for t in dates])
    wait[-1] = wait[-1] + flow[dates[-1] + 1 :].sum(axis=0)  # closure as planned
    before = flow[: dates[0]].sum(axis=0)
    found = stopping(stop, wait, _known(path, dates))
    found = replace(
        found,
        value=found.value + float(before.mean()),
        fixed=found.fixed + float(before.mean()),
        worth=found.worth + before,
    )
    never = float(found.fixed[-1])
    return Choice(
        "abandon",
        "close in any year once it runs, rather than when the ore is out",
        never,
        found,
        dates,
        never,
    )


def choice_rows(found: tuple[Choice, ...], years: range, unit: str) -> list[dict[str, Any]]:
    """One row a choice; money in millions."""
    out = []
    for c in found:
        end = len(c.dates)
        taken = c.found.when[c.found.when < end]
        best = int(np.argmax(c.found.fixed))
        out.append(
            {
                "choice": c.id,
                "title": c.title,
                "unit": unit,
                "now": c.committed / 1e6,
                "best_fixed": float(c.found.fixed[best]) / 1e6,
                "fixed_year": None if best == end else years.start + c.dates[best],
                "value": c.found.value / 1e6,
                "error": c.found.error / 1e6,
                "gain": c.gain / 1e6,
                "never": float((c.found.when == end).mean()),
                "draws": len(c.found.worth),
                "median_year": (
                    float(np.median([years.start + c.dates[int(k)] for k in taken])) if len(taken) else None
                ),
            }
        )
    return out


def _real_factors(p: Project) -> Array:
    """What a nominal flow of each year is worth in real money at the date discounted to."""
    years = len(p.years)
    index = over_years(p.index, years)
    real = (
        (1.0 + over_years(p.discounting.project, years))
        * np.vstack([np.ones((1, index.shape[1])), index[:-1]])
        / index
    )
    real[0] = real[1]
    whole = np.cumprod(real, axis=0)
    d = p.discounting
    return np.asarray(whole[d.at] / whole * real**d.early / index)

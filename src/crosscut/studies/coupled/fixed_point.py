"""Fixed point: project into the outlook, its price back into the project, until no year's price moves.

A project that moves the price sees that price. In each step the outlook is solved with the project as a
facility that sells what its schedule makes at base prices; the market takes that, or less, at a price. The
project then mills what is taken (never more than it planned, though the market's facility has some room),
keeps its rate until the ore is out, and stands still in the futures in which a year's price does not pay the
variable cost of a tonne. The residual is the largest change of a year's median price, in logs, against the
step before. The point is sought on the first futures of the outlook, always the same; the others are then
solved at that point, so that the prices are those of all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.finance.mine.operations import operations
from crosscut.finance.mine.schedule import schedule
from crosscut.finance.numbers import over_years
from crosscut.inputs.outlook.loader import Outlook
from crosscut.inputs.outlook.loader import outlook as named_outlook
from crosscut.inputs.outlook.schema import Comparison, FacilityEntry
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.money_schema import OutlookPriceEntry
from crosscut.ledger.mineral_names import spoken_mineral
from crosscut.studies.context import Context
from crosscut.studies.coupled.tonnage import Plan, facility_of, offered, plan_of, with_ore
from crosscut.studies.outlook.cases import PLANS, WITHOUT
from crosscut.studies.outlook.ensemble import OutlookEnsemble, solved_outlook
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.studies.project.build import project_of
from crosscut.studies.project.ensemble import Prices
from crosscut.studies.project.market_prices import UNIT, nominal_prices
from crosscut.studies.project.sampling import Draws
from crosscut.worlds import world

TOLERANCE = 1e-3  # log price: a tenth of a per cent
MOST_STEPS = 16
NEAR = 1e-3  # share of the futures
LEAST_GAP = 0.02  # log: a price this near the cost runs in some futures and not in others
FEW = 24  # futures of the search; the price is then that of all


@dataclass(frozen=True)
class Step:
    """One round: futures solved, by year of the outlook the median price with the project, what it plans to
    sell and what the market takes (t W), and the residual; `without` the median price without it, in the
    last step."""

    futures: int
    price: tuple[float, ...]
    planned: tuple[float, ...]
    sold: tuple[float, ...]
    residual: float
    without: tuple[float, ...] | None = None


@dataclass(frozen=True, eq=False)
class Coupled:
    """A project at the fixed point: `source` mines what the market takes, `prices` are those with it;
    `converged` says whether the last residual is within the tolerance."""

    source: ProjectSource
    prices: Prices
    years: range
    steps: tuple[Step, ...]

    @property
    def converged(self) -> bool:
        """Whether no year's price moves any more."""
        return self.steps[-1].residual <= TOLERANCE

    def extras(self) -> dict[str, Any]:
        """Tables and statements for the document of the project."""
        return {"also": {"project_coupling": self.rows()}, "said": [("coupling", self.said())]}

    def rows(self) -> list[dict[str, Any]]:
        """The table `project_coupling`."""
        return [
            {
                "step": k,
                "futures": s.futures,
                "year": y,
                "price": s.price[t],
                "planned": s.planned[t],
                "sold": s.sold[t],
                "without": None if s.without is None else s.without[t],
                "residual": s.residual if np.isfinite(s.residual) else None,
            }
            for k, s in enumerate(self.steps)
            for t, y in enumerate(self.years)
        ]

    def said(self) -> str:
        """What the coupling did, in a sentence or two."""
        last = self.steps[-1]
        assert last.without is not None
        changes = [
            p / w - 1.0
            for p, w, q in zip(last.price, last.without, last.planned, strict=True)
            if q > 0 and w > 0
        ]
        taken = [min(s / q, 1.0) for s, q in zip(last.sold, last.planned, strict=True) if q > 0]
        moved = (
            f"{min(changes):+.1%} to {max(changes):+.1%} in its years"
            if changes
            else "not at all: it sells nothing"
        )
        share = (
            f"; the market takes {min(taken):.0%} to {max(taken):.0%} of what it plans to sell"
            if taken
            else ""
        )
        heaped = (
            " Ore on the surface is milled as planned, whatever the market takes."
            if _heaped(self.source)
            else ""
        )
        word = "settled" if self.converged else f"did NOT settle within {TOLERANCE:g}"
        return (
            f"Coupled: its own tonnes move the price by {moved}{share}. Project and market {word} after "
            f"{len(self.steps)} steps, residual {last.residual:.1e} (log price).{heaped}"
        )


def coupled(
    context: Context,
    source: ProjectSource,
    name: str,
    *,
    draws: int | None = None,
    to: int | None = None,
) -> Coupled:
    """The project and an outlook (name or file) at their fixed point; `draws` futures to year `to`, those of
    the outlook unless given.

    Raises UserError for an unknown outlook, one of another mineral, and one without the project's price.
    """
    loaded = named_outlook(name)
    asked = source.file.prices.outlook or OutlookPriceEntry.model_validate({"name": name})
    if loaded.scenario.mineral != spoken_mineral(source.file.mineral):
        raise UserError(
            Problem(f"an outlook of {loaded.scenario.mineral}", "--scenario", f"one of {source.file.mineral}")
        )
    market = _Market(context, loaded, asked, to)
    plan = plan_of(source)
    all_draws = loaded.file.draws if draws is None else draws
    few = range(min(FEW, all_draws))
    running, taken = np.ones(len(plan.years)), np.ones(len(plan.years))
    steps: list[Step] = []
    search = _Search(len(plan.years))
    known = market.known(source.file.id)
    can, milled = offered(plan, running, taken)
    # Years before the project opens are the same with and without it, so that both are solved in one go.
    e = market.solved(facility_of(source, plan, can, known), few, all_draws, (PLANS, WITHOUT))
    alone = np.median(market.price(e, WITHOUT), axis=1)
    while True:
        price = market.price(e)
        step = _step(market, plan, can, price, market.sold(e, source) / plan.mined_per_sold, steps, len(few))
        steps.append(step)
        if step.residual <= TOLERANCE or len(steps) == MOST_STEPS:
            break
        prices = nominal_prices(source, market.years.start, price, market.base, "")
        running = search.next(running, _pays(source, prices, plan))
        there = np.array(step.planned)
        part = np.divide(np.array(step.sold), there, out=np.ones_like(there), where=there > 0)
        taken = _held(np.clip(part, 0.0, 1.0), market.years, plan.years)
        before = can
        can, milled = offered(plan, running, taken)
        if np.array_equal(can, before):  # it offers the same, so that the market gives the same
            steps.append(replace(step, residual=0.0))
            break
        e = market.solved(facility_of(source, plan, can, known), few, all_draws, (PLANS,))
    steps[-1] = replace(steps[-1], without=tuple(alone))
    if all_draws > len(few):
        rest = range(len(few), all_draws)
        e = market.solved(facility_of(source, plan, can, known), rest, all_draws, (PLANS,))
        price = np.concatenate([price, market.price(e)], axis=1)
    about = market.about(asked, name, price.shape[1])
    prices = nominal_prices(source, market.years.start, price, market.base, about)
    return Coupled(with_ore(source, plan, milled), prices, market.years, tuple(steps))


def _heaped(source: ProjectSource) -> bool:
    return any(o.origin == "stockpile" for o in source.file.ore)


def _step(
    market: _Market,
    plan: Plan,
    can: Array,
    price: Array,
    sold: Array,
    steps: list[Step],
    futures: int,
) -> Step:
    path = np.median(price, axis=1)
    residual = float(np.abs(np.log(path / np.array(steps[-1].price))).max()) if steps else float("inf")
    return Step(
        futures,
        tuple(path),
        tuple(_on_years(can, plan.years, market.years)),
        tuple(np.median(sold, axis=1)),
        residual,
    )


class _Market:
    """One outlook, solved again and again with another facility in it."""

    def __init__(self, context: Context, loaded: Outlook, asked: OutlookPriceEntry, to: int | None) -> None:
        self.context, self.loaded = context, loaded
        self.years = loaded.years if to is None else range(loaded.years.start, to + 1)
        self.world = world(context.ledger, loaded.scenario.mineral, loaded.file.years.first)
        self.base = self.world.year
        self.label = ("price", asked.form, asked.place, asked.basis, UNIT)
        file = loaded.file
        looked_at = set(file.compare.facilities) if file.compare else set()
        certain = asked.case == PLANS
        if asked.case == WITHOUT:
            file = file.model_copy(
                update={"facilities": [f for f in file.facilities if f.id not in looked_at]}
            )
        others = [
            f.model_copy(update={"probability": 1.0}) if certain and f.id in looked_at else f
            for f in file.facilities
        ]
        self.file = file.model_copy(update={"facilities": others, "compare": None, "alternatives": []})

    def known(self, id: str) -> Any:
        """The outlook's own entry of a facility."""
        return next((f for f in self.loaded.file.facilities if f.id == id), None)

    def solved(
        self, entry: FacilityEntry, part: range, futures: int, cases: tuple[str, ...]
    ) -> OutlookEnsemble:
        """`part` of the futures of the outlook, in `cases`: with `entry` in place of what it has under that
        id (and its later phases, id-2), and without it. A mine that runs already keeps what the outlook has
        of it until the first year of `entry`, in both."""
        own = re.compile(re.escape(entry.id) + r"(-\d+)?")
        facilities = [f for f in self.file.facilities if not own.fullmatch(f.id)]
        first = entry.start.mid
        facilities += [
            f.model_copy(update={"id": f"{f.id}-until-{first:.0f}", "end": first})
            for f in self.file.facilities
            if own.fullmatch(f.id) and f.start.mid < first
        ]
        facilities.append(entry)
        beside = Comparison(facilities=[entry.id], title=entry.name, apart=[])
        changed = replace(
            self.loaded, file=self.file.model_copy(update={"facilities": facilities, "compare": beside})
        )
        o = outlook_on_world(changed, self.world)
        e = solved_outlook(self.context, o, self.years, self.file.seed, futures, only=cases, part=part)
        if e.values[PLANS].shape[0] == 0:
            raise UserError(
                Problem("no future was solved", "--scenario", "an outlook that clears with the project in it")
            )
        if self.label not in e.labels[PLANS]:
            raise UserError(
                Problem(
                    f"no price {' '.join(self.label[1:4])} in {UNIT}",
                    "prices.outlook",
                    "a price of the outlook",
                )
            )
        return e

    def price(self, e: OutlookEnsemble, case: str = PLANS) -> Array:
        """Prices, year by future."""
        return e.over_draws(case, self.label).T

    def sold(self, e: OutlookEnsemble, source: ProjectSource) -> Array:
        """t W mined for what the project sells, year by future."""
        label = next((x for x in e.labels[PLANS] if x[0] == "mined" and x[2] == source.file.id), None)
        return np.zeros((len(self.years), 1)) if label is None else e.over_draws(PLANS, label).T

    def about(self, asked: OutlookPriceEntry, name: str, futures: int) -> str:
        """Where the price comes from, in a sentence."""
        return (
            f"APT price: {asked.form} {asked.basis} in {asked.place} from the outlook {name} with this"
            f" project in it, {futures} futures, held after {self.years[-1]}. Its level is the model's own,"
            " set to no quotation."
        )


def _pays(source: ProjectSource, prices: Prices, plan: Plan) -> Array:
    """Share of the futures, by year, in which the price pays the variable cost of what is sold; 1 where
    nothing is sold.

    Read off the futures with straight lines between them, so that it moves as the price does and not in
    jumps.
    """
    futures = prices.values.shape[1]
    p = project_of(source, Draws(), prices.over(plan.years, range(futures)))
    o = operations(p, schedule(p))
    refinery = p.product.refinery if p.product.form != "concentrate" else None
    fixed = o.schedule.active * p.costs.overhead + (o.schedule.active * refinery.fixed if refinery else 0.0)
    n = len(plan.years)
    cost = over_years(-(o.operating + fixed), n)
    income = np.broadcast_to(o.revenue + o.selling, (n, futures))
    out = np.ones(n)
    for t in np.nonzero(o.schedule.sold[:, 0] > 0)[0]:
        ratio = np.sort(np.log(np.maximum(income[t], 1e-9) / np.maximum(cost[t], 1e-9)))
        gap = max(float(ratio[-1] - ratio[0]) / futures, LEAST_GAP)
        at = np.concatenate([[ratio[0] - gap], ratio, [ratio[-1] + gap]])
        below = np.concatenate([[0.0], (np.arange(futures) + 0.5) / futures, [1.0]])
        out[t] = 1.0 - float(np.interp(0.0, at, below))
    return out


class _Search:
    """The share of futures in which the project runs, year by year: what it wants falls as it runs more, so
    the point where both agree is closed in from both sides."""

    def __init__(self, years: int) -> None:
        self.low, self.high, self.steps = np.zeros(years), np.ones(years), 0

    def next(self, running: Array, wanted: Array) -> Array:
        """The share to try next, after `running` was tried and `wanted` came out."""
        self.steps += 1
        more = wanted > running + NEAR
        less = wanted < running - NEAR
        self.low = np.where(more, np.maximum(self.low, running), self.low)
        self.high = np.where(less, np.minimum(self.high, running), self.high)
        inside = np.clip(wanted, self.low, self.high)
        middle = 0.5 * (self.low + self.high)
        tried = inside if self.steps == 1 else middle
        return np.where(more | less, tried, running)


def _on_years(values: Array, have: range, want: range) -> Array:
    return np.array([values[y - have.start] if y in have else 0.0 for y in want])


def _held(values: Array, have: range, want: range) -> Array:
    return np.array([values[min(max(y, have.start), have.stop - 1) - have.start] for y in want])

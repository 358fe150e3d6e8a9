"""Path: the years of one draw, one after the other.

Tests: tests/market/years/test_speed_paths.py, tests/market/years/test_year_rules.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import CrosscutError
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import World
from crosscut.market.solve.calibration import Calibration, calibrate
from crosscut.market.solve.solver import solve_calibrated
from crosscut.market.solvers import YearSolver
from crosscut.market.years.draw import OutlookDraw
from crosscut.market.years.facilities import entrants_of, sold_by_entrant
from crosscut.market.years.state import SolvedYear, YearState, base_state, market_of_year, state_after
from crosscut.market.years.stocks import StockYear, carried_rules


class YearUnsolved(CrosscutError):
    """The market of a year did not clear: `year` and `market` (form/place) say which."""

    def __init__(self, year: int, market: str) -> None:
        super().__init__(f"{year}: {market} does not clear")
        self.year, self.market = year, market


@dataclass(frozen=True, eq=False)
class YearOutcome:
    """One year solved. `events` hold the facilities as entrants; sold: facility or entrant id -> t;
    base_supply[f, i]: primary supply of everyone else, stock sales left out; added[f, i] and added_plants[k,
    i]: ln of capacity over base from investment; accounts of the stocks; `demand_factor` is growth alone [j,
    u]."""

    year: int
    calibration: Calibration
    events: CompiledEvents
    solution: Solution
    sold: dict[str, float]
    base_supply: Array
    added: Array
    added_plants: Array
    accounts: tuple[StockYear, ...]


KnownYears = dict[tuple[object, ...], tuple[YearOutcome, YearState]]


def outlook_years(
    world: World,
    draw: OutlookDraw,
    years: range,
    events_of: Callable[[int], CompiledEvents],
    solver: YearSolver = solve_calibrated,
    known: KnownYears | None = None,
) -> Iterator[YearOutcome]:
    """The years of one draw, solved in order from the world's own year on.

    A longer range gives the same years and more. Each year is sought from the prices of the year before.

    Parameters
    ----------
    world : World
        Base data.
    draw : OutlookDraw
        Everything that is fixed before the first year of this future is solved.
    years : range
        Years without a gap, beginning with that of the world.
    events_of : Callable[[int], CompiledEvents]
        The compiled events of a year.
    solver : YearSolver
        Compiled or numpy.
    known : KnownYears | None
        Years that other paths of the same future have solved: up to the first facility in which they differ
        they are taken over.

    Yields
    ------
    YearOutcome
        One year solved.

    Raises
    ------
    YearUnsolved
        A market does not clear.
    UserError
        As `solve` does.

    Examples
    --------
    >>> from crosscut.market.events.compiled import no_events
    >>> from crosscut.market.model.examples import example_params, two_country_world
    >>> from crosscut.market.years import static_behaviour
    >>> w = two_country_world()
    >>> still = OutlookDraw(example_params(w), static_behaviour(w), np.zeros((2, 1)))
    >>> [o.solution.iterations for o in outlook_years(w, still, range(2024, 2027), lambda year: no_events(w))]
    [0, 0, 0]
    """
    if years.start != world.year or years.step != 1:
        raise ValueError(f"years {years} do not begin with the year of the world, {world.year}")
    base = calibrate(world, draw.params)
    state = base_state(base, draw)
    solution: Solution | None = None
    so_far: tuple[object, ...] = ()
    for year in years:
        events = events_of(year)
        opened = entrants_of(draw.facilities, year, state.sold, events, world)
        so_far = (so_far, tuple((e.id, e.form, e.country, e.capacity, e.reach.tobytes()) for e in opened))
        if known is not None and so_far in known:
            out, state = known[so_far]
            solution = out.solution
            yield out
            continue
        market = market_of_year(base, draw, state, year)
        c = market.calibration
        releases = carried_rules(events.releases, state.let_go)
        events = replace(events, entrants=(*events.entrants, *opened), releases=releases)
        solution = solver(c, events, near=solution)
        if not solution.ok:
            raise YearUnsolved(year, solution.failed_market)
        from_stock = np.where(np.isfinite(solution.price), market.offered, 0.0)
        sold, others = sold_by_entrant(c, events, solution.price, solution.supply - from_stock)
        accounts = _accounts(draw, state.stock, market.stock_plans, c, solution)
        out = YearOutcome(year, c, events, solution, sold, others, state.expanded, state.plants, accounts)
        state = state_after(base, draw, state, SolvedYear(c, events, solution, accounts, sold))
        if known is not None:
            known[so_far] = out, state
        yield out


def _accounts(
    draw: OutlookDraw,
    opening: tuple[float, ...],
    plans: tuple[tuple[float, float, float], ...],
    c: Calibration,
    solution: Solution,
) -> tuple[StockYear, ...]:
    """What each stock really bought and sold: purchases answer price as other use does, a dead market sells
    nothing."""
    out = []
    for stock, had, (buy, drawn, let_go) in zip(draw.stocks, opening, plans, strict=True):
        f, j = stock.form, stock.country
        got = float(solution.use[f, j, -1] / c.demand.base()[f, j, -1]) * buy if buy else 0.0
        alive = bool(np.isfinite(solution.price[f, j]))
        out.append(StockYear(stock.id, had, got, drawn if alive else 0.0, let_go if alive else 0.0))
    return tuple(out)

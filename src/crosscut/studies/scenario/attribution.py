"""Attribution: how much of the change of every price each event explains, at median parameters.

Shapley values of ln price: the average, over all orders of adding the events, of what an event adds. Exact
from 2^n solves for up to MOST_EVENTS events; beyond that from seeded random orders in antithetic pairs (an
order and its reverse), with the standard error over pairs. Either way the parts of a price add up to its log
change.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import UserError
from crosscut.market.events.compiled import no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.model.solution import Solution
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.solver import solve_calibrated
from crosscut.studies.shared.draws import generator_of
from crosscut.studies.shared.ensemble import ScenarioEnsemble
from crosscut.studies.shared.quantities import PricePlace, prices_at

MOST_EVENTS = 6  # 64 solves; one more event doubles them
PAIRS = 16  # antithetic pairs of orders where there are more events
ORDER_STREAM = 1 << 62  # the draw number of the orders: no draw of a run ever has it


@dataclass(frozen=True, eq=False)
class Attribution:
    """parts[event, place]: contribution to the log change of a price, NaN where it cannot be told; error:
    standard error of each, 0 where exact; change[place]: ln after / before; status[place]: '' or why there
    are no parts.
    """

    events: tuple[str, ...]
    parts: Array
    error: Array
    change: Array
    status: tuple[str, ...]
    solves: int


class _Unsolved(Exception):
    """A combination of events that has no solution; the text names it."""


class _LogPrices:
    """ln price at every place with a set of the scenario's own events in force; solved once each, starting
    from the solved set that differs in the fewest events."""

    def __init__(self, ensemble: ScenarioEnsemble, places: tuple[PricePlace, ...]) -> None:
        self.ensemble, self.places = ensemble, places
        self.known: dict[frozenset[str], Array] = {}
        self._solutions: dict[frozenset[str], Solution] = {}
        self._calibration = calibrate(ensemble.world, ensemble.central.draw.params)
        central, scenario = ensemble.central, ensemble.scenario
        for events, solution, ids in (
            (central.events_before, central.before, frozenset[str]()),
            (
                central.events_after,
                central.after,
                frozenset(e.id for e in scenario.events) - frozenset(scenario.prior_events),
            ),
        ):
            if solution.ok:
                with np.errstate(
                    invalid="ignore", divide="ignore"
                ):  # what a floor pays for may have a price below 0
                    self.known[ids] = np.log(prices_at(ensemble.world, events, solution, places))
                self._solutions[ids] = solution
        self.solves = 0

    def __call__(self, ids: frozenset[str]) -> Array:
        if ids not in self.known:
            self.known[ids] = self._solved(ids)
        return self.known[ids]

    def _solved(self, ids: frozenset[str]) -> Array:
        world, scenario, draw = self.ensemble.world, self.ensemble.scenario, self.ensemble.central.draw
        only = (*scenario.prior_events, *(e.id for e in scenario.events if e.id in ids))
        self.solves += 1
        try:
            events = (
                compile_events(scenario, world, sizes=draw.sizes, only=only, absent=draw.absent)
                if only
                else no_events(world)
            )
            near = min(self._solutions, key=lambda known: len(known ^ ids), default=None)
            solution = solve_calibrated(
                self._calibration, events, near=None if near is None else self._solutions[near]
            )
        except UserError as e:
            raise _Unsolved(
                f"with {_named(ids)} alone the scenario is refused: {str(e).splitlines()[0]}"
            ) from None
        if not solution.ok:
            raise _Unsolved(f"with {_named(ids)} alone the market of {solution.failed_market} does not clear")
        self._solutions[ids] = solution
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Array = np.log(prices_at(world, events, solution, self.places))
        return out


def attribution(ensemble: ScenarioEnsemble, places: tuple[PricePlace, ...]) -> Attribution:
    """The events' parts in the price changes at `places`."""
    scenario = ensemble.scenario
    own = tuple(e.id for e in scenario.events if e.id not in set(scenario.prior_events))
    log_price = _LogPrices(ensemble, places)
    n, P = len(own), len(places)
    nothing = np.full((n, P), np.nan)
    try:
        change = log_price(frozenset(own)) - log_price(frozenset())
        if n <= MOST_EVENTS:
            parts, error = _exact(own, log_price, P), np.zeros((n, P))
        else:
            parts, error = _sampled(own, log_price, P, ensemble.seed)
    except _Unsolved as e:
        return Attribution(own, nothing, nothing, np.full(P, np.nan), (str(e),) * P, log_price.solves)
    status = tuple(
        (
            "no price before or after"
            if not np.isfinite(c)
            else ""
            if np.isfinite(parts[:, k]).all()
            else "no price under some of the events alone"
        )
        for k, c in enumerate(change)
    )
    dead = np.array([s != "" for s in status], dtype=bool)
    parts[:, dead] = np.nan
    error[:, dead] = np.nan
    return Attribution(own, parts, error, change, status, log_price.solves)


def _named(ids: frozenset[str]) -> str:
    return ", ".join(sorted(ids)) or "no event"


def _exact(own: tuple[str, ...], log_price: _LogPrices, P: int) -> Array:
    n = len(own)
    out = np.zeros((n, P))
    for k, event in enumerate(own):
        others = [o for o in own if o != event]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for subset in combinations(others, size):
                out[k] += weight * (log_price(frozenset({*subset, event})) - log_price(frozenset(subset)))
    return out


def _sampled(own: tuple[str, ...], log_price: _LogPrices, P: int, seed: int) -> tuple[Array, Array]:
    n, rng = len(own), generator_of(seed, ORDER_STREAM)
    pairs = np.zeros((PAIRS, n, P))
    for pair in pairs:
        order = rng.permutation(n)
        for walk in (order, order[::-1]):
            reached: frozenset[str] = frozenset()
            for k in walk:
                following = reached | {own[k]}
                pair[k] += 0.5 * (log_price(following) - log_price(reached))
                reached = following
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(PAIRS)

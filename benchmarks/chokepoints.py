"""Speed of the chokepoint table: `python -m benchmarks.chokepoints [DRAWS]`.

Tungsten, Japan. Then the stops in which plants find no buyer and run a share of their lines, solved as one
market; the obvious alternative in the same run is to search that share by Brent's method around whole solves
(numpy, each from the solution of the last). Processor seconds of one process.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from tests.ledgers import BUNDLED

from crosscut.market.model.world import Params, World
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.idle_lines import GLUT, NO_BUYER
from crosscut.market.solve.newton import starting_point
from crosscut.market.solve.root import root
from crosscut.market.solve.solver import shocked_market, solve
from crosscut.market.solvers import batch_solver
from crosscut.studies.shared.draws import generator_of
from crosscut.studies.stress.answers.chokepoints import chokepoint_rows
from crosscut.studies.stress.stops.stop import NamedStop, stopped, stops_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for
from crosscut.worlds.parameters import parameter_distributions, params_at


def searched_price(world: World, params: Params, stop: NamedStop) -> tuple[NDArray[np.float64], int]:
    """(prices where the share of lines is searched for outside the solve, how many solves it took); one form
    only."""
    whole = shocked_market(calibrate(world, params), stopped(world, stop))
    makes = whole.calibration.b[:, stop.forms[0]] > 0
    node = stop.forms[0], stop.origin
    lowest = np.log(GLUT * whole.calibration.reference[stop.forms[0]])
    start = starting_point(whole)
    price = np.full(whole.alive.origin.shape, np.nan)
    solves = 0

    def above(log_share: float) -> float:
        """ln of the price over the lowest one with this share of the lines, without the rule."""
        nonlocal solves, start
        capacity = whole.processing.capacity.copy()
        capacity[makes, stop.origin] *= np.exp(log_share)
        market = replace(whole, processing=replace(whole.processing, capacity=capacity))
        market.__dict__["fixed"] = replace(market.fixed, lowest=np.full(price.shape, -np.inf))
        found = root(market, start, paths=())
        solves += 1
        if not found.converged:
            return -1.0
        live = market.alive.origin
        price[live] = found.state.p[live]
        start = np.log(price[live])
        return float(np.log(found.state.p[node]) - lowest)

    brentq(above, -6.0, 0.0, xtol=1e-9)
    return price, solves


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main(draws: int = 8) -> None:
    w = world(BUNDLED, "tungsten")
    places = nodes_for(w, "JPN").places
    solver = batch_solver(w)
    chokepoint_rows(BUNDLED, w, places, 1)
    table = min(seconds(lambda: chokepoint_rows(BUNDLED, w, places, 1)) for _ in range(3))
    stops = [s for s in stops_of(w) if w.countries[s.origin] == "VNM" and s.name in ("oxide", "ferro")]
    own = numpy = other = 0.0
    cases, solves, apart = 0, 0, 0.0
    for d in range(draws):
        params = params_at(w, generator_of(1, d).standard_normal(len(parameter_distributions(w))))
        for stop in stops:
            events = stopped(w, stop)
            found = solver.solution(params, events)
            if not any(NO_BUYER in n for n in found.notes):
                continue
            cases += 1
            own += seconds(partial(solver.solution, params, events))
            numpy += seconds(partial(solve, w, params, events))
            started = time.process_time()
            price, taken = searched_price(w, params, stop)
            other += time.process_time() - started
            solves += taken
            apart = max(apart, float(np.nanmax(np.abs(price / found.price - 1))))
    print(f"table of {sum(w.countries[s.origin] != 'JPN' for s in stops_of(w))} stops: {table:.2f} s")
    print(
        f"{cases} stops with idle lines: {1e3 * own / cases:.1f} ms ({solver.name}),"
        f" {1e3 * numpy / cases:.1f} ms (numpy); searched outside the solve {1e3 * other / cases:.0f} ms"
        f" ({solves / cases:.0f} solves): {other / numpy:.0f} times numpy, {other / own:.0f} times"
        f" {solver.name}; prices differ by {apart:.0e} at most"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Ensemble: one market solved for every draw, before and after the events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.compile import EventCompiler
from crosscut.market.compiled import CompiledEvents, no_events
from crosscut.market.events import Scenario
from crosscut.market.solution import Solution
from crosscut.market.solver import solve
from crosscut.market.world import World
from crosscut.scenarios.draws import Draw, draw_of
from crosscut.worlds import variants
from crosscut.worlds.resample import WORLDS, relative_errors

Array = NDArray[np.float64]

# Residual log error of a yearly price model on past disruptions that no parameter explains; wider in thin markets.
PRICE_NOISE = 0.26
PRICE_NOISE_THIN = 0.35
THIN_MARKET_USD = 5e8

LIKELY = 0.5  # the central draw takes an event that happens in at least this share of the draws


@dataclass(frozen=True, eq=False)
class Outcome:
    """One draw solved on its world: before (with the prior events only) and after."""

    draw: Draw
    before: Solution
    after: Solution
    events_before: CompiledEvents
    events_after: CompiledEvents
    world: World


@dataclass(frozen=True, eq=False)
class Ensemble:
    """All draws of a scenario: the solved ones, the failed ones with the market that did not clear, the median."""

    world: World
    scenario: Scenario
    seed: int
    draws: int
    solved: tuple[Outcome, ...]
    failed: tuple[tuple[int, str, str], ...]
    central: Outcome


def price_noise(world: World) -> Array:
    """Residual standard deviation of the log price of every form: 0.26, or 0.35 where the market is below
    500 million USD a year."""
    turnover = np.nansum(world.q0.sum(axis=2) * world.prices, axis=1)
    return np.where(turnover >= THIN_MARKET_USD, PRICE_NOISE, PRICE_NOISE_THIN)


def level_error(world: World, scenario: Scenario) -> Array:
    """Relative error of the price level of every form by the standing of what it rests on: the anchor quotation where
    there is one, else the reference price; 0 for a world that does not say."""
    by_form = {f.form: f.error for f in world.figures if f.kind == "price"}
    by_form |= dict.fromkeys((a.form for a in scenario.anchors if by_form), relative_errors()["reported"])
    return np.array([by_form.get(f.id, 0.0) for f in world.chain.forms])


def solved_ensemble(
    world: World, scenario: Scenario, seed: int, draws: int, progress: Callable[[int, int], None] | None = None
) -> Ensemble:
    """Every draw solved; draw d depends on (seed, d) and the number of worlds alone. `progress(done, draws)` is called
    after each.

    Draws take turns on worlds whose figures were read with drawn errors (`worlds.variants`); the price error of a form
    adds that of its reference price, or of the quotation it is rebased to, to the residual noise.
    """
    noise = np.hypot(price_noise(world), level_error(world, scenario))
    read = variants(world, seed, min(draws, WORLDS))
    central = _outcome(world, scenario, _central_draw(world, scenario))
    solved, failed = [], []
    for d in range(draws):
        drawn = read[d % len(read)]
        outcome = _outcome(drawn, scenario, draw_of(drawn, scenario.events, seed, d, noise))
        bad = next((s for s in (outcome.before, outcome.after) if not s.ok), None)
        if bad is None:
            solved.append(outcome)
        else:
            form, _, place = bad.failed_market.partition("/")
            failed.append((d, form, place))
        if progress:
            progress(d + 1, draws)
    return Ensemble(world, scenario, seed, draws, tuple(solved), tuple(failed), central)


def _central_draw(world: World, scenario: Scenario) -> Draw:
    from crosscut.worlds.parameters import median_params

    sizes = {e.id: e.size for e in scenario.events}
    absent = tuple(e.id for e in scenario.events if e.probability < LIKELY)
    return Draw(-1, median_params(world), sizes, np.zeros(len(world.chain.forms)), absent)


def events_of(scenario: Scenario, world: World, draw: Draw) -> tuple[CompiledEvents, CompiledEvents]:
    """(before, after): what is in force in a draw before the scenario's own events, and with them."""
    return DrawnEvents(scenario, world)(draw)


class DrawnEvents:
    """`events_of` for thousands of draws of one scenario on one world."""

    def __init__(self, scenario: Scenario, world: World) -> None:
        self._after = EventCompiler(scenario, world)
        prior = scenario.prior_events
        self._before = EventCompiler(scenario, world, only=prior) if prior else None
        self._nothing = no_events(world)

    def __call__(self, draw: Draw) -> tuple[CompiledEvents, CompiledEvents]:
        """(before, after) of a draw."""
        after = self._after.compiled(draw.sizes, draw.absent)
        before = self._nothing if self._before is None else self._before.compiled(draw.sizes, draw.absent)
        return before, after


def _outcome(world: World, scenario: Scenario, draw: Draw) -> Outcome:
    events_before, events_after = events_of(scenario, world, draw)
    before = solve(world, draw.params, events_before)
    after = solve(world, draw.params, events_after)
    return Outcome(draw, before, after, events_before, events_after, world)

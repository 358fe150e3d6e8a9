"""Ensemble: one market solved for every draw, before and after the events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.progress import Progress
from crosscut.market.events.compiled import CompiledEvents, no_events
from crosscut.market.events.compiler.compile_events import EventCompiler
from crosscut.market.events.events import Scenario
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import World
from crosscut.market.solve.calibration import Calibration, calibrate
from crosscut.market.solve.solver import solve_calibrated
from crosscut.studies.shared.draws import Draw, draw_of
from crosscut.worlds.drawn import WORLDS, DrawnWorlds, variants
from crosscut.worlds.evidence import Evidence

# Residual log error of a yearly price model on past disruptions that no parameter explains; wider in thin
# markets.
PRICE_NOISE = 0.26
PRICE_NOISE_THIN = 0.35
THIN_MARKET_USD = 5e8

LIKELY = 0.5  # the central draw takes an event that happens in at least this share of the draws


@dataclass(frozen=True, eq=False)
class Outcome:
    """One draw solved: before (with the prior events only) and after. Its world is `Ensemble.world_of`."""

    draw: Draw
    before: Solution
    after: Solution
    events_before: CompiledEvents
    events_after: CompiledEvents

    @property
    def failed_market(self) -> str:
        """form/place of the market that did not clear; empty where both sides are solved."""
        return next((s.failed_market for s in (self.before, self.after) if not s.ok), "")


@dataclass(frozen=True, eq=False)
class ScenarioJob:
    """Everything a process needs to solve any draw, the worlds draws take turns on among it; and `noise`, the
    log error [f] of a price level that no draw holds."""

    scenario: Scenario
    seed: int
    read: DrawnWorlds
    noise: Array

    @property
    def worlds(self) -> tuple[World, ...]:
        """The worlds that draws take turns on."""
        return self.read.worlds

    def world_of(self, draw: int) -> World:
        """The world that a draw is solved on.

        Parameters
        ----------
        draw : int
            Number of the draw, from 0.

        Returns
        -------
        World
            One of `worlds`, which take turns.
        """
        return self.read.of(draw)


@dataclass(frozen=True, eq=False)
class ScenarioEnsemble:
    """All draws of a scenario: the solved ones, the failed ones with the market that did not clear, the
    median.

    `central` is solved on `world` itself, the draws on the worlds of `job`.
    """

    world: World
    job: ScenarioJob
    draws: int
    solved: tuple[Outcome, ...]
    failed: tuple[tuple[int, str, str], ...]
    central: Outcome

    @property
    def scenario(self) -> Scenario:
        """What was solved."""
        return self.job.scenario

    @property
    def seed(self) -> int:
        """The key of the draws."""
        return self.job.seed

    def world_of(self, outcome: Outcome) -> World:
        """The world that an outcome was solved on.

        Parameters
        ----------
        outcome : Outcome
            One of this ensemble.

        Returns
        -------
        World
            For the central case the world as it stands.
        """
        return self.world if outcome is self.central else self.job.world_of(outcome.draw.number)


def price_noise(world: World) -> Array:
    """Residual standard deviation of the log price of every form.

    It is 0.26, and 0.35 where the market of the form is below 500 million USD a year.

    Parameters
    ----------
    world : World
        Base-year flows (t a year) and prices (USD per t) give the turnover.

    Returns
    -------
    Array [f]
        Standard deviation of the log price.

    Notes
    -----
    Residual error of yearly price models on past disruptions that no parameter explains.
    """
    turnover = np.nansum(world.q0.sum(axis=2) * world.prices, axis=1)
    return np.where(turnover >= THIN_MARKET_USD, PRICE_NOISE, PRICE_NOISE_THIN)


def level_error(world: World, scenario: Scenario) -> Array:
    """Error of the price level of every form by the evidence status of what it rests on.

    That is the anchor quotation where there is one, else the reference price.

    Parameters
    ----------
    world : World
        Names the error of its reference prices, if it names its figures at all.
    scenario : Scenario
        Its anchors count as reported figures.

    Returns
    -------
    Array [f]
        Relative error (standard deviation of the log); 0 for a world that does not say.
    """
    by_form = {f.form: f.error for f in world.figures if f.kind == "price"}
    if by_form and isinstance(world.evidence, Evidence):
        by_form |= dict.fromkeys((a.form for a in scenario.anchors), world.evidence.error("reported"))
    return np.array([by_form.get(f.id, 0.0) for f in world.chain.forms])


def level_sd(world: World, scenario: Scenario) -> Array:
    """Standard deviation of the log error of a price level that no draw holds.

    Parameters
    ----------
    world : World
        Its turnover decides the residual error, its figures the error of the level.
    scenario : Scenario
        Its anchors count as reported figures.

    Returns
    -------
    Array [f]
        Residual error and error of what the level rests on, joined (root of the sum of squares).
    """
    out: Array = np.hypot(price_noise(world), level_error(world, scenario))
    return out


def job_of(world: World, scenario: Scenario, seed: int, draws: int) -> ScenarioJob:
    """The job of a number of draws.

    Draws take turns on worlds whose figures were read with drawn errors (`worlds.drawn`).

    Parameters
    ----------
    world : World
        The world as it stands.
    scenario : Scenario
        Already names places of this world.
    seed : int
        The key of the draws.
    draws : int
        How many; with fewer than `WORLDS` as many worlds are read.

    Returns
    -------
    ScenarioJob
        With the error of the price level of every form, which no draw holds (`level_sd`).
    """
    return ScenarioJob(scenario, seed, variants(world, seed, min(draws, WORLDS)), level_sd(world, scenario))


def outcomes(job: ScenarioJob, draws: Iterable[int]) -> Iterator[tuple[Outcome, Calibration]]:
    """The draws solved, one by one, with the constants of each.

    Parameters
    ----------
    job : ScenarioJob
        Scenario, seed and worlds.
    draws : Iterable[int]
        Numbers of draws. Draw d depends on (seed, d) and the number of worlds alone.

    Returns
    -------
    Iterator[tuple[Outcome, Calibration]]
        (outcome, calibration of the world at the draw's parameters), in the order asked; a market that did
        not clear is in the outcome.
    """
    compiled = [DrawnEvents(job.scenario, w) for w in job.worlds]
    for d in draws:
        drawn = job.world_of(d)
        draw = draw_of(drawn, job.scenario.events, job.seed, d)
        yield _outcome(drawn, draw, compiled[d % len(compiled)](draw))


def central_outcome(world: World, scenario: Scenario) -> tuple[Outcome, Calibration]:
    """The case of median parameters and sizes, on the world as it stands.

    Parameters
    ----------
    world : World
        The world as it stands.
    scenario : Scenario
        An event with a probability below one half does not happen here.

    Returns
    -------
    tuple[Outcome, Calibration]
        (outcome, calibration); the number of its draw is -1.
    """
    from crosscut.worlds.parameters import median_params

    sizes = {e.id: e.size for e in scenario.events}
    absent = tuple(e.id for e in scenario.events if e.probability < LIKELY)
    draw = Draw(-1, median_params(world), sizes, absent)
    return _outcome(world, draw, events_of(scenario, world, draw))


def gathered(
    world: World, job: ScenarioJob, draws: int, central: Outcome, solved: Iterable[Outcome]
) -> ScenarioEnsemble:
    """The ensemble of outcomes in the order of their draws.

    Parameters
    ----------
    world : World
        The world as it stands.
    job : ScenarioJob
        What the outcomes were solved from.
    draws : int
        How many were asked for.
    central : Outcome
        The case of median parameters and sizes.
    solved : Iterable[Outcome]
        All outcomes, those that did not clear among them.

    Returns
    -------
    ScenarioEnsemble
        Failed outcomes are kept as (draw, form, place) of the market that did not clear.
    """
    good: list[Outcome] = []
    failed: list[tuple[int, str, str]] = []
    for outcome in solved:
        if outcome.failed_market:
            form, _, place = outcome.failed_market.partition("/")
            failed.append((outcome.draw.number, form, place))
        else:
            good.append(outcome)
    return ScenarioEnsemble(world, job, draws, tuple(good), tuple(failed), central)


def solved_ensemble(
    world: World,
    scenario: Scenario,
    seed: int,
    draws: int,
    progress: Progress | None = None,
) -> ScenarioEnsemble:
    """Every draw solved by this process.

    Parameters
    ----------
    world : World
        The world as it stands.
    scenario : Scenario
        Already names places of this world.
    seed : int
        The key of the draws.
    draws : int
        How many.
    progress : Progress | None
        Called with (draws done, draws) after each.

    Returns
    -------
    ScenarioEnsemble
        All draws and the central case.
    """
    job = job_of(world, scenario, seed, draws)

    def reported() -> Iterator[Outcome]:
        for done, (outcome, _) in enumerate(outcomes(job, range(draws)), 1):
            yield outcome
            if progress:
                progress(done, draws)

    central, _ = central_outcome(world, scenario)
    return gathered(world, job, draws, central, reported())


def events_of(scenario: Scenario, world: World, draw: Draw) -> tuple[CompiledEvents, CompiledEvents]:
    """What is in force in a draw before the scenario's own events, and with them.

    Parameters
    ----------
    scenario : Scenario
        Its `prior_events` are in force before.
    world : World
        Whose places the events name.
    draw : Draw
        Gives sizes and what does not happen.

    Returns
    -------
    tuple[CompiledEvents, CompiledEvents]
        (before, after).
    """
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


def _outcome(
    world: World, draw: Draw, events: tuple[CompiledEvents, CompiledEvents]
) -> tuple[Outcome, Calibration]:
    events_before, events_after = events
    base = calibrate(world, draw.params)
    before = solve_calibrated(base, events_before)
    after = solve_calibrated(base, events_after)
    return Outcome(draw, before, after, events_before, events_after), base

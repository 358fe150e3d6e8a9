"""Measures held: measures that hold before anything is drawn, in every draw and year; losses are then against
that world.

The events of a scenario, at sizes drawn as `crosscut run` draws them. What a draw adds is laid over them:

- a drawn limit withholds its share of the larger of base-year exports (at the year's demand) and what the
  world they leave lets flow, and what a measure in force holds back already counts toward it. A second
  licence as strict as the first takes nothing, a stop on top of it takes the rest, a stop of half a year
  takes half of the rest;
- a drawn export tax counts as far as it is above the one in force;
- outages, closed routes and freight add to what stands; so does a measure on a seller that nobody restricts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.inputs.scenario.places import on_world
from crosscut.market.events.compiled import CompiledEvents, Group, no_events
from crosscut.market.events.compiler.compile_events import EventCompiler, outlets
from crosscut.market.events.compiler.feasibility import feasible_floors
from crosscut.market.events.events import EventKind, Scenario
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import World
from crosscut.studies.shared.draws import sizes_and_absent
from crosscut.studies.shared.ensemble import LIKELY

NOTHING = 1e-9  # t: routes on which the world they leave lets nothing flow


def measures_on(world: World, scenario: Scenario) -> Scenario:
    """A scenario with its places found in a world.

    Parameters
    ----------
    world : World
        The base year.
    scenario : Scenario
        Measures that are to stand in every draw and year.

    Returns
    -------
    Scenario
        Names places of this world.

    Raises
    ------
    UserError
        Where it is for another mineral or year, switches uses to another material, has no events, or cannot
        stand in this world.
    """
    if (scenario.mineral, scenario.year) != (world.mineral, world.year):
        raise UserError(
            Problem(
                f"{scenario.id} is for {scenario.mineral} {scenario.year}",
                "--from",
                f"a scenario for {world.mineral} {world.year}",
            )
        )
    switches = [e.id for e in scenario.events if e.kind is EventKind.SUBSTITUTION]
    if switches:
        raise UserError(
            Problem(
                f"uses that switch material ({', '.join(switches)}) cannot stand: what users lose would be"
                " counted on demand that has left",
                "--from",
                "the scenario without substitution",
            )
        )
    if not scenario.events:
        raise UserError(
            Problem(f"{scenario.id} has no events", "--from", "a scenario with measures to stand")
        )
    placed = on_world(scenario, world)
    EventCompiler(placed, world).compiled()
    return placed


@dataclass(frozen=True, eq=False)
class Held:
    """The measures in force of a job on one of its worlds."""

    world: World
    scenario: Scenario
    compiler: EventCompiler

    def of_draw(self, seed: int, number: int) -> CompiledEvents:
        """What stands in a draw.

        The draw of `crosscut run` with that seed and number has the same sizes.

        Parameters
        ----------
        seed : int
            The key of the draws.
        number : int
            Number of the draw, from 0.

        Returns
        -------
        CompiledEvents
            The scenario's events at drawn sizes, without those that do not happen.
        """
        return self.compiler.compiled(*sizes_and_absent(self.scenario.events, seed, number))

    def in_the_middle(self) -> CompiledEvents:
        """What stands at stated sizes, events that happen in at least half of the draws among them."""
        return self.compiler.compiled(
            None, tuple(e.id for e in self.scenario.events if e.probability < LIKELY)
        )


def held_on(world: World, scenario: Scenario | None) -> Held | None:
    """What stands on a world.

    Parameters
    ----------
    world : World
        The base year.
    scenario : Scenario | None
        Its places found in the world; None where nothing stands.

    Returns
    -------
    Held | None
        None where nothing stands.
    """
    return None if scenario is None else Held(world, scenario, EventCompiler(scenario, world))


@dataclass(frozen=True, eq=False)
class Beyond:
    """What a drawn measure takes beyond what stands: `flows` (t) are those of the solved world with them,
    `demand` the year's factor on final use."""

    world: World
    stands: CompiledEvents
    flows: Array
    demand: float = 1.0

    def withheld(self, form: int, origin: str, target: str, share: float) -> float:
        """Share of the flow they leave that a limit withholding `share` takes while it holds.

        Of 100 t sold in the base year 60 flow in the world they leave: a limit that withholds 0.4 takes
        nothing, one that withholds 0.7 takes half.

        Parameters
        ----------
        form : int
            Position of the form.
        origin : str
            Code of the seller.
        target : str
            Code of the buyer; empty for all abroad.
        share : float
            Fraction that the limit withholds of base-year exports.

        Returns
        -------
        float
            Fraction of the flow, 0 to 1; 0 where nothing flows.
        """
        mask = _abroad(self.world, self.world.country_index(origin), target)
        now, base = float(self.flows[form][mask].sum()), float(self.world.q0[form][mask].sum())
        if now <= NOTHING:
            return 0.0
        return max(0.0, 1.0 - (1.0 - share) * max(now, base * self.demand) / now)

    def taxed(self, form: int, origin: str, rate: float) -> float:
        """Rate of a tax above what the measures in force added, on the route where they added least.

        Parameters
        ----------
        form : int
            Position of the form.
        origin : str
            Code of the seller.
        rate : float
            Rate of the drawn tax, a fraction of the price.

        Returns
        -------
        float
            A fraction of the price, 0 or more.
        """
        mask = _abroad(self.world, self.world.country_index(origin), "") & (self.world.q0[form] > 0)
        risen = (self.stands.export_tax - self.world.export_tax)[form][mask]
        return max(0.0, rate - float(risen.min())) if risen.size else rate


def _abroad(world: World, origin: int, target: str) -> NDArray[np.bool_]:
    mask = np.zeros((len(world.countries), len(world.countries)), dtype=bool)
    if target:
        mask[origin, world.country_index(target)] = True
    else:
        mask[origin] = True
    mask[origin, origin] = False
    return mask


def laid_over(
    world: World, stands: CompiledEvents, drawn: CompiledEvents, before: Solution
) -> CompiledEvents:
    """What stands and what is drawn, at once.

    Floors that the two leave no room for are lowered.

    Parameters
    ----------
    world : World
        The base year.
    stands : CompiledEvents
        The measures in force.
    drawn : CompiledEvents
        Holds shares of base flows; its limits become the same shares of what flows in `before`.
    before : Solution
        The market solved with what stands, flows in t a year.

    Returns
    -------
    CompiledEvents
        Limits in t a year; taxes and freight add, factors multiply.
    """
    calm = no_events(world)
    over: list[Group] = []
    open_routes = stands.open_routes & drawn.open_routes
    for cap in drawn.caps:
        base, now = (float(q[cap.form][cap.routes].sum()) for q in (world.q0, before.flows))
        if base > 0 and now > NOTHING:
            over.append(replace(cap, limit=cap.limit * now / base))
    caps = [*(c for c in stands.caps if not any(_replaces(o, c) for o in over)), *over]
    out = replace(
        stands,
        export_tax=stands.export_tax + (drawn.export_tax - calm.export_tax),
        freight=stands.freight + (drawn.freight - calm.freight),
        supply_factor=stands.supply_factor * drawn.supply_factor,
        process_factor=stands.process_factor * drawn.process_factor,
        demand_factor=stands.demand_factor * drawn.demand_factor,
        open_routes=open_routes,
        caps=tuple(caps),
        entrants=tuple(
            replace(e, reach=e.reach * drawn.open_routes[e.form, e.country]) for e in stands.entrants
        ),
        plants=tuple(replace(p, reach=p.reach * outlets(p, world, drawn.open_routes)) for p in stands.plants),
        notes=(*stands.notes, *drawn.notes),
    )
    if not stands.floors:
        return out
    floors = [replace(g, routes=g.routes & open_routes[g.form]) for g in stands.floors]
    some = tuple(g for g in floors if g.routes.any())
    kept, _ = feasible_floors(some, out.caps, out, world, "in_force", lower=True)
    return replace(out, floors=kept)


def _replaces(drawn: Group, measures_held: Group) -> bool:
    """A limit on the same routes that lets less through: the other can no longer bind, and both at once
    stall the solver."""
    same = drawn.form == measures_held.form and np.array_equal(drawn.routes, measures_held.routes)
    return same and drawn.limit <= measures_held.limit

"""One year of a draw on top of what stands: the world they leave solved, then with what is drawn laid over
it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from crosscut.base.errors import UserError
from crosscut.market.events.events import Event
from crosscut.market.model.world import Params
from crosscut.market.read.solved_market import bought_of
from crosscut.market.solvers import Solver
from crosscut.studies.stress.draws.market_events import Year
from crosscut.studies.stress.ensemble.losses import DemandCase
from crosscut.studies.stress.in_force.measures_held import Beyond, Held, laid_over


def years_beyond(
    held: Held,
    means: tuple[Solver, Year],
    places: Sequence[int],
    params: Params,
    draw: tuple[int, int],
    events_over: Sequence[Callable[[Beyond], tuple[Event, ...]]],
    demand: float,
) -> list[DemandCase | str | None]:
    """One year solved with what stands in a draw, and with each of several things drawn beyond it.

    Parameters
    ----------
    held : Held
        The measures in force, on the world of the draw.
    means : tuple[Solver, Year]
        Solves a market; compiles its events.
    places : Sequence[int]
        Positions of the countries whose loss is counted.
    params : Params
        Behaviour of the draw.
    draw : tuple[int, int]
        (seed, number).
    events_over : Sequence[Callable[[Beyond], tuple[Event, ...]]]
        Each gives its drawn events against what stands.
    demand : float
        The year's factor on final use.

    Returns
    -------
    list[DemandCase | str | None]
        None where what is drawn takes nothing beyond what stands; text where a market did not clear (which
        one) or the events cannot be (why).
    """
    (solver, compiler), world, at = means, held.world, list(places)
    try:
        stands = held.of_draw(*draw)
    except UserError as e:
        return [f"events: {e}"] * len(events_over)
    stands = replace(stands, demand_factor=stands.demand_factor * demand)
    before = solver.solution(params, stands)
    if not before.ok:
        return [before.failed_market] * len(events_over)
    beyond, bought = Beyond(world, stands, before.flows, demand), bought_of(before, at)
    out: list[DemandCase | str | None] = []
    for over in events_over:
        try:
            events = over(beyond)
            if not events:
                out.append(None)
                continue
            struck = solver.solution(params, laid_over(world, stands, compiler.alone(events), before))
        except UserError as e:
            out.append(f"events: {e}")
            continue
        if not struck.ok:
            out.append(struck.failed_market)
            continue
        out.append(DemandCase(params, bought, bought_of(struck, at), stands.demand_factor[:, at]))
    return out

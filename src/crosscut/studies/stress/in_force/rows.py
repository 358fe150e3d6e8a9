"""What the measures in force take by themselves, against the calm base year: the loss that is there before
anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import no_events
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World
from crosscut.market.solvers import batch_solver
from crosscut.results.rows import Row
from crosscut.studies.shared.draws import generator_of
from crosscut.studies.shared.levels import quotation_in_trade_unit
from crosscut.studies.shared.money import millions, money_mark
from crosscut.studies.shared.quantities import price_at, price_places
from crosscut.studies.stress.ensemble.losses import Meter, YearLosses
from crosscut.studies.stress.in_force.measures_held import held_on
from crosscut.worlds.minerals import trade_unit
from crosscut.worlds.parameters import median_params, parameter_distributions, params_at

DRAWS = 60
CALM = "ratio to the calm base year"
TAKEN, PAID, SHORT, QUOTED = (
    "loss of users already taken",
    "extra spend already paid",
    "short already",
    "quotation",
)


def taken(
    worlds: Sequence[World], places: Sequence[int], scenario: Scenario, seed: int
) -> tuple[list[YearLosses], int]:
    """What the measures in force take by themselves, draw by draw.

    The calm year is compared with the one that has the scenario's events, under the same demand.

    Parameters
    ----------
    worlds : Sequence[World]
        Draws take turns on them.
    places : Sequence[int]
        Positions of the countries whose loss is counted.
    scenario : Scenario
        Its places found in the world.
    seed : int
        The key of the draws.

    Returns
    -------
    tuple[list[YearLosses], int]
        (losses of the draws that cleared; how many of the 60 did not clear).
    """
    out, failed = [], 0
    markets = [(w, Meter(w, places), batch_solver(w), held_on(w, scenario)) for w in worlds[:DRAWS]]
    for d in range(DRAWS):
        world, meter, solver, held = markets[d % len(markets)]
        assert held is not None
        params = params_at(world, generator_of(seed, d).standard_normal(len(parameter_distributions(world))))
        stands = held.of_draw(seed, d)
        calm = replace(no_events(world), demand_factor=stands.demand_factor)
        before, after = solver.solution(params, calm), solver.solution(params, stands)
        if before.ok and after.ok:
            out.append(meter.measured(params, before, after, stands.demand_factor[:, meter.at]))
        else:
            failed += 1
    return out, failed


def in_force_rows(
    world: World,
    worlds: Sequence[World],
    places: Sequence[int],
    scenario: Scenario,
    seed: int,
    *,
    inside: bool,
) -> list[Row]:
    """Median and 80 % interval of what stands.

    Parameters
    ----------
    world : World
        The world as it stands: grade, forms, quotations.
    worlds : Sequence[World]
        Draws take turns on them.
    places : Sequence[int]
        Positions of the countries whose loss is counted.
    scenario : Scenario
        Its places found in the world.
    seed : int
        The key of the draws.
    inside : bool
        Whether the run starts from it (else it is not in its other tables).

    Returns
    -------
    list[Row]
        Loss and extra spend in million USD a year, short in t contained a year, prices as ratios; one failed
        row where no draw cleared.
    """
    found, failed = taken(worlds, places, scenario, seed)
    mark = money_mark(world)
    where = "taken before anything is drawn" if inside else "not in the other tables"
    if failed:
        where += f"; {failed} of {DRAWS} draws did not clear"
    if not found:
        return [
            {
                "measure": TAKEN,
                "form": "",
                "unit": "million USD a year",
                "value": None,
                "low": None,
                "high": None,
                "status": f"failed: no draw cleared; {where}",
            }
        ]
    rows = []
    for name, values in ((TAKEN, [m.usd for m in found]), (PAID, [m.spend for m in found])):
        rows.append(
            _row(
                name,
                "",
                "million USD a year",
                [millions(x, mark) for x in _points(values)],
                f"{mark}; {where}",
            )
        )
    rows.append(_row(SHORT, "", "t contained a year", _points([float(m.short.sum()) for m in found]), where))
    for f, form in enumerate(world.chain.forms):
        ratios = np.array([m.price[f] for m in found])
        if np.isfinite(ratios).any():
            rows.append(_row("price", form.id, CALM, _points(ratios[np.isfinite(ratios)]), where))
    return [*rows, *_quoted(world, scenario)]


def _points(values: Sequence[float] | Array) -> list[float]:
    return [float(x) for x in np.quantile(np.asarray(values, dtype=float), [0.1, 0.5, 0.9])]


def _row(measure: str, form: str, unit: str, points: Sequence[float | None], status: str) -> Row:
    low, middle, high = points
    return {
        "measure": measure,
        "form": form,
        "unit": unit,
        "value": middle,
        "low": low,
        "high": high,
        "status": status,
    }


def _quoted(world: World, scenario: Scenario) -> list[Row]:
    """Dated quotations that the scenario is anchored to over what the model has there with its events: the
    part of today's price that no measure explains, and by which every amount in USD would be larger if that
    price stays."""
    held = held_on(world, scenario)
    assert held is not None
    stands, solver = held.in_the_middle(), batch_solver(world)
    solved = solver.solution(median_params(world), stands)
    out = []
    for anchor in scenario.anchors:
        place = next(
            (
                p
                for p in price_places(world)
                if (world.chain.forms[p.form].id, p.place, p.basis)
                == (anchor.form, anchor.place, anchor.basis or "paid")
            ),
            None,
        )
        value = quotation_in_trade_unit(anchor, world)
        if place is None or value is None or not solved.ok:
            continue
        unit, factor = trade_unit(world.mineral, anchor.form)
        model = price_at(world, stands, solved, place) * factor
        status = (
            f"{anchor.series}, {anchor.date}: {value:g} {unit}; the model with what stands {model:,.0f}; USD"
            " are at base-year prices"
        )
        out.append(
            _row(
                QUOTED,
                anchor.form,
                "ratio to the model with what stands",
                [None, value / model, None],
                status,
            )
        )
    return out

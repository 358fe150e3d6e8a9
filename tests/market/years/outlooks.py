"""Draws for tests: everything moves, and nothing moves."""

from dataclasses import replace

import numpy as np

from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import example_params
from crosscut.market.years import (
    Behaviour,
    InvestmentRule,
    OutlookDraw,
    Recycling,
    Release,
    Stock,
    outlook_years,
    static_behaviour,
)


def still(world, **changes):
    """Long run equals short run, nothing grows."""
    n, uses = len(world.countries), len(world.uses)
    return replace(
        OutlookDraw(example_params(world), static_behaviour(world), np.zeros((n, uses))), **changes
    )


def moving(world, scrap=None, process=None):
    """Every mechanism on, and no reason for any of them to move."""
    forms, n, uses = world.D0.shape
    behaviour = Behaviour(np.full(forms, 0.3), np.full((forms, uses), 0.5), np.full(forms, 2.0), 4.0, 0.07)
    everywhere = np.ones(n, dtype=bool)
    rules = [InvestmentRule("mines", 0, -1, everywhere, 1.1, 0.3, 0.05, 2.0, 2, 2)]
    if process is not None:
        rules.append(InvestmentRule("plants", -1, process, everywhere, 1.1, 0.3, 0.05, 2.0, 2, 2))
    return still(
        world,
        behaviour=behaviour,
        investment=tuple(rules),
        recycling=None if scrap is None else Recycling(scrap, 0.3, 3.0),
        stocks=(Stock("state", 0, 0, 40.0, release=Release(1.5, 0.1, 5.0)),),
    )


def path(world, draw, last, events=None):
    """Outcomes of the years up to `last`; `events(world, year)` where something happens."""
    given = events or (lambda w, year: no_events(w))
    return list(outlook_years(world, draw, range(world.year, last + 1), lambda year: given(world, year)))


def demand_from(first, factor):
    """Use at unchanged prices times `factor` from a year on."""

    def events(world, year):
        base = no_events(world)
        return base if year < first else replace(base, demand_factor=base.demand_factor * factor)

    return events

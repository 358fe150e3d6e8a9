"""Stop: an origin that sells some forms abroad no longer, as events of the market.

The origin keeps its mines and its own use; every export route of the forms named is closed, or lets a share
of a base year's exports through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crosscut.market.events.compiled import CompiledEvents, Group, no_events
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import World
from crosscut.studies.stress.draws.random_slots import exporters
from crosscut.studies.stress.in_force.measures_held import laid_over

ALL, SCRAP = "all forms", "scrap"
LEAST_LEFT = 1e-6  # of base exports: what lets less through counts as closed


@dataclass(frozen=True)
class Stop:
    """An origin (position), the forms (positions) it stops selling abroad, and the buyers (positions) it
    stops selling to; none named: everyone abroad."""

    origin: int
    forms: tuple[int, ...]
    toward: tuple[int, ...] = ()


@dataclass(frozen=True)
class NamedStop(Stop):
    """A stop, and what its forms are called together."""

    name: str = ALL


def whole_stop(world: World, origin: int) -> NamedStop | None:
    """The stop of everything that a country sells abroad but scrap, which no measure of the history names.

    Parameters
    ----------
    world : World
        The base year.
    origin : int
        Position of the country.

    Returns
    -------
    NamedStop | None
        Named after its form where that is one only; None where it sells nothing else abroad.
    """
    named = tuple(f for f in _sold(world, origin) if SCRAP not in world.chain.forms[f].id)
    if not named:
        return None
    return NamedStop(origin, named, name=ALL if len(named) > 1 else world.chain.forms[named[0]].id)


def _sold(world: World, origin: int) -> tuple[int, ...]:
    abroad = world.q0[:, origin].sum(axis=1) - world.q0[:, origin, origin]
    return tuple(int(f) for f in np.flatnonzero(abroad > 0))


def stops_of(world: World) -> list[NamedStop]:
    """Every country and form with sales abroad, and every country with all its forms.

    Parameters
    ----------
    world : World
        The base year.

    Returns
    -------
    list[NamedStop]
        Countries in the world's order, smaller sellers and groups of countries left out (`exporters`); of a
        country that sells several forms, all of them together come last.
    """
    out = []
    named = exporters(world)
    for i, code in enumerate(world.countries):
        if code not in named:
            continue
        out += [NamedStop(i, (f,), name=world.chain.forms[f].id) for f in _sold(world, i)]
        whole = whole_stop(world, i)
        if whole is not None and len(whole.forms) > 1:
            out.append(whole)
    return out


def stopped(world: World, stop: Stop, share: float | Mapping[int, float] = 1.0) -> CompiledEvents:
    """The events of a stop: exports of the forms are closed, or a share of them is withheld.

    Parameters
    ----------
    world : World
        The base year, of whose exports the share is taken.
    stop : Stop
        Origin, forms and buyers.
    share : float or Mapping[int, float]
        Fraction of exports withheld, of all forms or by form; 1 or more closes the routes, a form that is not
        named sells on.

    Returns
    -------
    CompiledEvents
        Nothing else happens.
    """
    events = no_events(world)
    open_routes, caps = events.open_routes.copy(), []
    for f in stop.forms:
        withheld = share.get(f, 0.0) if isinstance(share, Mapping) else share
        mask = _routes(world, stop)
        if withheld >= 1 - LEAST_LEFT:
            open_routes[f][mask] = False
        elif withheld > 0:
            base = float(world.q0[f][mask].sum())
            caps.append(Group(f"stop/{f}", "cap", f, mask, base * (1 - withheld)))
    return replace(events, open_routes=open_routes, caps=tuple(caps))


def stopped_over(
    world: World,
    stop: Stop,
    share: float | Mapping[int, float],
    stands: CompiledEvents | None,
    before: Solution,
) -> CompiledEvents:
    """As `stopped`, on top of what stands.

    Parameters
    ----------
    world : World
        The base year.
    stop : Stop
        Origin, forms and buyers.
    share : float or Mapping[int, float]
        Fraction withheld; of what still flows, where something stands.
    stands : CompiledEvents | None
        The measures in force; None for the calm base year.
    before : Solution
        The market solved with what stands.

    Returns
    -------
    CompiledEvents
        Both at once.
    """
    drawn = stopped(world, stop, share)
    return drawn if stands is None else laid_over(world, stands, drawn, before)


def _routes(world: World, stop: Stop) -> NDArray[np.bool_]:
    """The export routes of the stop, [origin, buyer]."""
    n = len(world.countries)
    mask = np.zeros((n, n), dtype=bool)
    to: Sequence[int] = stop.toward or range(n)
    mask[stop.origin, list(to)] = True
    mask[stop.origin, stop.origin] = False
    return mask

"""Quantities: what a solved market says about prices by place, in arrays; NaN where there is no price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.places import bloc_members
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.solution import NodeStatus, Solution
from crosscut.market.model.world import World

BASES = ("inside", "border", "paid", "marginal")
BLOCS = ("EU27",)
GROUP_PLACES = {"EU27": ("EUO",)}


@dataclass(frozen=True)
class PricePlace:
    """A place whose price is reported: node positions (one for a country) and the basis."""

    form: int
    place: str
    basis: str
    nodes: tuple[int, ...]


def bloc_nodes(world: World, bloc: str) -> tuple[int, ...]:
    """Positions of the nodes of a bloc: its members and the groups of members this world has.

    Parameters
    ----------
    world : World
        Its year decides who is a member.
    bloc : str
        Name of a bloc such as EU27.

    Returns
    -------
    tuple[int, ...]
        Positions in `world.countries`, in order.
    """
    members = {*bloc_members(bloc, world.year), *GROUP_PLACES.get(bloc, ())}
    return tuple(i for i, c in enumerate(world.countries) if c in members)


def price_places(world: World, *solutions: Solution) -> list[PricePlace]:
    """Every price that a run reports.

    Inside and border by seller, paid and marginal by buyer, paid and marginal by bloc.

    Parameters
    ----------
    world : World
        The base year.
    *solutions : Solution
        Add the places that only events bring in, such as a country with its first mine.

    Returns
    -------
    list[PricePlace]
        By form, then by country, blocs last.
    """
    out = []
    sells = np.any([world.supply() > 0, *(np.isfinite(s.price) for s in solutions)], axis=0)
    buys = np.any([world.use() > 0, *(np.isfinite(s.marginal) for s in solutions)], axis=0)
    abroad = np.any([world.q0 > 0, *(s.flows > 0 for s in solutions)], axis=0) & ~np.eye(
        len(world.countries), dtype=bool
    )
    for f in range(len(world.chain.forms)):
        for i, code in enumerate(world.countries):
            if sells[f, i]:
                out.append(PricePlace(f, code, "inside", (i,)))
                if abroad[f, i].any():
                    out.append(PricePlace(f, code, "border", (i,)))
            if buys[f, i]:
                out += [PricePlace(f, code, basis, (i,)) for basis in ("paid", "marginal")]
        for bloc in BLOCS:
            nodes = tuple(i for i in bloc_nodes(world, bloc) if buys[f, i])
            if len(nodes) > 1:
                out += [PricePlace(f, bloc, basis, nodes) for basis in ("paid", "marginal")]
    return out


def price_at(world: World, events: CompiledEvents, solution: Solution, place: PricePlace) -> float:
    """The price of one place.

    Parameters
    ----------
    world : World
        The base year.
    events : CompiledEvents
        What the market was solved with.
    solution : Solution
        The solved market.
    place : PricePlace
        Form, nodes and basis.

    Returns
    -------
    float
        USD per t contained; NaN where the node has no price (status no_supply or inactive).
    """
    return float(prices_at(world, events, solution, [place])[0])


def prices_at(
    world: World, events: CompiledEvents, solution: Solution, places: Sequence[PricePlace]
) -> Array:
    """The price of every place, as `price_at`.

    A bloc pays the mean over what its members buy; its marginal price is the mean weighted by base-year use.

    Parameters
    ----------
    world : World
        The base year.
    events : CompiledEvents
        What the market was solved with: exchange rates, export taxes.
    solution : Solution
        The solved market.
    places : Sequence[PricePlace]
        Form, nodes and basis of each.

    Returns
    -------
    Array [place]
        USD per t contained; NaN where there is no price.
    """
    spent, bought, weight = _spent(solution), solution.flows.sum(axis=1), world.use()
    node = np.array(
        [solution.price * (1 + events.fx), _border(events, solution), _over(spent, bought), solution.marginal]
    )
    basis, form = [BASES.index(p.basis) for p in places], [p.form for p in places]
    out: Array = node[basis, form, [p.nodes[0] for p in places]]
    for k, place in enumerate(places):
        if len(place.nodes) == 1:
            continue
        f, at = place.form, list(place.nodes)
        if place.basis == "paid":
            total = bought[f, at].sum()
            out[k] = spent[f, at].sum() / total if total > 0 else np.nan
        else:
            phi = solution.marginal[f, at]
            w = np.where(np.isfinite(phi), weight[f, at], 0.0)
            out[k] = (w * np.nan_to_num(phi)).sum() / w.sum() if w.sum() > 0 else np.nan
    return out


def _over(a: Array, b: Array) -> Array:
    out: Array = np.divide(a, b, out=np.full(a.shape, np.nan), where=b > 0)
    return out


def _spent(solution: Solution) -> Array:
    """USD a year that buyers spend, delivered, [f, j]."""
    out: Array = np.where(solution.flows > 0, solution.flows * np.nan_to_num(solution.delivered), 0.0).sum(
        axis=1
    )
    return out


def _border(events: CompiledEvents, solution: Solution) -> Array:
    """Price at the border of the origin over its sales abroad, [f, i]."""
    q = solution.flows * ~np.eye(solution.flows.shape[1], dtype=bool)
    outside = np.nan_to_num(solution.price)[..., None] * (1 + events.export_tax) + solution.wedge
    return _over((q * outside).sum(axis=2), q.sum(axis=2))


def status_at(solution: Solution, place: PricePlace) -> str:
    """The worst status of the nodes of a place.

    In a bloc with a live market, members without one do not count.

    Parameters
    ----------
    solution : Solution
        The solved market.
    place : PricePlace
        Inside and border ask the origin, paid and marginal the buyer.

    Returns
    -------
    str
        A `NodeStatus` as text.
    """
    table = solution.origin_status if place.basis in ("inside", "border") else solution.buyer_status
    found = {NodeStatus(table[place.form, i]) for i in place.nodes}
    order = (NodeStatus.ACTIVE, NodeStatus.BEYOND_BACKSTOP, NodeStatus.NO_SUPPLY, NodeStatus.INACTIVE)
    if len(place.nodes) > 1 and NodeStatus.ACTIVE in found:
        found &= {NodeStatus.ACTIVE, NodeStatus.BEYOND_BACKSTOP}
    return str(max(found, key=order.index))

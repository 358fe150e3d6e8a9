"""Quantities: what a solved market says about prices by place, in arrays; NaN where there is no price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.compiled import CompiledEvents
from crosscut.market.solution import NodeStatus, Solution
from crosscut.market.world import World
from crosscut.places import bloc_members

Array = NDArray[np.float64]

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
    """Positions of the nodes of a bloc: its members and the groups of members this world has."""
    members = {*bloc_members(bloc, world.year), *GROUP_PLACES.get(bloc, ())}
    return tuple(i for i, c in enumerate(world.countries) if c in members)


def price_places(world: World) -> list[PricePlace]:
    """Every price a run reports: inside and border by seller, paid and marginal by buyer, paid and marginal by bloc."""
    out = []
    supply, use = world.supply(), world.use()
    for f in range(len(world.chain.forms)):
        for i, code in enumerate(world.countries):
            if supply[f, i] > 0:
                out.append(PricePlace(f, code, "inside", (i,)))
                if world.q0[f, i].sum() - world.q0[f, i, i] > 0:
                    out.append(PricePlace(f, code, "border", (i,)))
            if use[f, i] > 0:
                out += [PricePlace(f, code, basis, (i,)) for basis in ("paid", "marginal")]
        for bloc in BLOCS:
            nodes = tuple(i for i in bloc_nodes(world, bloc) if use[f, i] > 0)
            if len(nodes) > 1:
                out += [PricePlace(f, bloc, basis, nodes) for basis in ("paid", "marginal")]
    return out


def price_at(world: World, events: CompiledEvents, solution: Solution, place: PricePlace) -> float:
    """USD per t contained; NaN where the node has no price (status no_supply or inactive)."""
    f, nodes = place.form, list(place.nodes)
    match place.basis:
        case "inside":
            return float(solution.price[f, nodes[0]] * (1 + events.fx[nodes[0]]))
        case "border":
            i = nodes[0]
            q = solution.flows[f, i].copy()
            q[i] = 0.0
            if q.sum() <= 0:
                return float("nan")
            outside = solution.price[f, i] * (1 + events.export_tax[f, i]) + solution.wedge[f, i]
            return float((q * outside)[q > 0].sum() / q.sum())
        case "paid":
            q = solution.flows[f][:, nodes]
            sold = q > 0
            return float((q * solution.delivered[f][:, nodes])[sold].sum() / q.sum()) if q.sum() > 0 else float("nan")
        case "marginal":
            weight = world.use()[f, nodes]
            phi = solution.marginal[f, nodes]
            alive = np.isfinite(phi) & (weight > 0)
            return float((weight * phi)[alive].sum() / weight[alive].sum()) if alive.any() else float("nan")
    raise ValueError(place.basis)


def status_at(solution: Solution, place: PricePlace) -> str:
    """The worst status of the nodes of a place."""
    table = solution.origin_status if place.basis in ("inside", "border") else solution.buyer_status
    found = {NodeStatus(table[place.form, i]) for i in place.nodes}
    order = (NodeStatus.ACTIVE, NodeStatus.BEYOND_BACKSTOP, NodeStatus.NO_SUPPLY, NodeStatus.INACTIVE)
    if len(place.nodes) > 1 and NodeStatus.ACTIVE in found:
        found &= {NodeStatus.ACTIVE, NodeStatus.BEYOND_BACKSTOP}
    return str(max(found, key=order.index))

"""Chokepoints: named sets of sea routes, each between two sides, as pairs of nodes of a world."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.places import bloc_members, blocs
from crosscut.market.model.world import World


@dataclass(frozen=True)
class Chokepoint:
    """A strait or canal that the shortest sea route between any place of one side and any of the other
    passes."""

    id: str
    title: str
    side_a: tuple[str, ...]
    side_b: tuple[str, ...]
    evidence_status: str
    source: str
    note: str


@cache
def chokepoints() -> dict[str, Chokepoint]:
    """Read every chokepoint of the sea.

    Returns
    -------
    dict of str to Chokepoint
        By id: title, the places on either side, evidence status, source and note.

    Examples
    --------
    >>> sorted(chokepoints())
    ['bosporus', 'danish-straits', 'hormuz', 'malacca', 'panama', 'suez']
    """
    text = bundled_text("geography", "chokepoints.csv")
    return {
        r["id"]: Chokepoint(
            r["id"],
            r["title"],
            tuple(r["side_a"].split()),
            tuple(r["side_b"].split()),
            r["evidence_status"],
            r["source"],
            r["note"],
        )
        for r in csv.DictReader(text.splitlines())
    }


def routes_through(chokepoint: str, world: World, groups: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """List the routes of a world that pass a chokepoint, both ways.

    Parameters
    ----------
    chokepoint : str
        Its id, see `chokepoints`.
    world : World
        The world whose nodes are meant.
    groups : dict of str to str
        Node that counts the rest of a bloc: the bloc (EUO: EU27). It stands on the side its bloc is on.

    Returns
    -------
    tuple of (str, str)
        (origin, destination), each once.

    Notes
    -----
    Countries counted in any other group are left out, so the shock comes out too weak there.
    """
    point = chokepoints()[chokepoint]
    a, b = (_nodes(side, world, groups) for side in (point.side_a, point.side_b))
    both = [(i, j) for i in a for j in b if i != j]
    return tuple(dict.fromkeys([*both, *((j, i) for i, j in both)]))


def _nodes(side: tuple[str, ...], world: World, groups: dict[str, str]) -> list[str]:
    codes: list[str] = []
    for name in side:
        members = bloc_members(name, world.year) if name in blocs() else (name,)
        codes += members
        codes += [group for group, bloc in groups.items() if bloc == name]
    return [c for c in world.countries if c in codes]

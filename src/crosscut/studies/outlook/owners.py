"""Owners: who controls what is mined, by the named rules of the ledger; what no rule finds is unknown."""

from __future__ import annotations

from crosscut.base.errors import Refused
from crosscut.ledger.ownership import controlled_output
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.outlook.cases import OutlookCase
from crosscut.studies.outlook.draws import drawn, score
from crosscut.studies.outlook.nodes import OutlookOnWorld, nodes_of


def base_owners(ledger: Ledger, o: OutlookOnWorld) -> dict[str, dict[str, float]]:
    """Node -> home of the controlling owner -> share of what is mined there in the base year, by the rule of
    the outlook. Empty where the ledger has no owners: then all of it is unknown."""
    world = o.world
    try:
        found = controlled_output(ledger, world.mineral, world.year, o.file.ownership)
        mined = controlled_output(ledger, world.mineral, world.year, "location").tonnes
    except Refused:
        return {}
    out: dict[str, dict[str, float]] = {}
    for part in found.parts:
        for node in nodes_of(part.location, world):
            homes = out.setdefault(node, {})
            homes[part.country] = homes.get(part.country, 0.0) + part.tonnes / mined[part.location]
    return out


def drawn_owners(case: OutlookCase, seed: int, draw: int) -> dict[str, dict[str, float]]:
    """Facility id -> home of the controlling owner -> share, as one future reads the facts."""
    return {
        e.id: {
            home: drawn(s, score(seed, draw, f"owners/{e.id}/{home}"), 0.0, 1.0)
            for home, s in e.owners.items()
        }
        for e in case.facilities.values()
    }

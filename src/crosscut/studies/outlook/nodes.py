"""Nodes: the places and forms of an outlook as positions in one world.

Owners: who controls what is mined, by the named rules of the ledger; what no rule finds is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Bools
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.places import blocs
from crosscut.base.places import name as place_name
from crosscut.inputs.outlook.loader import Outlook
from crosscut.inputs.outlook.schema import FacilityEntry, OutlookFile
from crosscut.inputs.scenario.places import group_of, on_world, world_blocs
from crosscut.inputs.scenario.schema import EVERY_COUNTRY
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World


@dataclass(frozen=True, eq=False)
class OutlookOnWorld:
    """An outlook whose places and forms were all found in `world`. `scenario` has its events on nodes."""

    outlook: Outlook
    world: World
    scenario: Scenario

    @property
    def file(self) -> OutlookFile:
        """What the file says."""
        return self.outlook.file

    def mask(self, names: Iterable[str] | None, empty: bool = True) -> Bools:
        """Nodes of names (countries, blocs, all); `empty` everywhere when nothing is named."""
        listed = list(names or ())
        if not listed:
            return np.full(len(self.world.countries), empty)
        if EVERY_COUNTRY in listed:
            return np.ones(len(self.world.countries), dtype=bool)
        return np.isin(self.world.countries, [c for name in listed for c in nodes_of(name, self.world)])

    def form(self, form_id: str) -> int:
        """Position of a form."""
        return self.world.chain.form_index(form_id)

    def country(self, code: str) -> int:
        """Position of the node that a country is or is counted in."""
        return self.world.country_index(nodes_of(code, self.world)[0])


def nodes_of(name: str, world: World) -> tuple[str, ...]:
    """Codes of the nodes a country or bloc is made of, or of the group that counts it; empty when there is
    none."""
    if name in world.countries:
        return (name,)
    if name in (blocs := world_blocs(world)):
        return blocs[name]
    group = group_of(name, world)
    return (group,) if group else ()


def outlook_on_world(outlook: Outlook, world: World) -> OutlookOnWorld:
    """The outlook with everything it names found in the world.

    Raises UserError naming every form, use, process and place the world does not have, and a first year that
    is not the world's.
    """
    file, where = outlook.file, outlook.file.id
    problems: list[Problem] = []
    if (outlook.scenario.mineral, file.years.first) != (world.mineral, world.year):
        problems.append(
            Problem(
                f"years begin with {file.years.first}",
                f"{where}: years",
                f"{world.year}, the year of the world of {world.mineral}",
            )
        )

    def place(name: str, field: str, alone: bool = True) -> None:
        nodes = nodes_of(name, world)
        if name != EVERY_COUNTRY and not nodes:
            problems.append(
                Problem(f"{name} is not in this world", f"{where}: {field}", "a country of the world")
            )
        elif alone and name not in (EVERY_COUNTRY, *world.countries, *blocs()):
            problems.append(
                Problem(
                    f"{place_name(name)} ({name}) is counted inside {nodes[0]} in this world",
                    f"{where}: {field}",
                    f"{nodes[0]}, which is the whole group",
                )
            )

    def form(form_id: str, field: str, primary: bool = False) -> None:
        forms = [f.id for f in world.chain.forms if f.primary or not primary]
        if form_id not in forms:
            problems.append(
                Problem(
                    f"no {'primary ' * primary}form {form_id!r}",
                    f"{where}: {field}",
                    suggestion(form_id, forms),
                )
            )

    entries = [*file.facilities, *(e for a in file.alternatives for e in a.facilities)]
    for e in entries:
        form(e.form, f"facility {e.id}")
        place(e.country, f"facility {e.id}", alone=False)  # its tonnes are right, its place is the group's
        for name in (*(e.destinations or ()), *e.exempt, *(e.sells_first.to if e.sells_first else ())):
            place(name, f"facility {e.id}")
    for g in file.growth:
        for name in g.places or ():
            place(name, f"growth {g.id}")
        problems += [
            Problem(f"unknown use {u!r}", f"{where}: growth {g.id}", suggestion(u, world.uses))
            for u in g.uses
            if u not in world.uses
        ]
    processes = [p.id for p in world.chain.processes]
    for r in file.investment:
        if r.form:
            form(r.form, f"investment {r.id}", primary=True)
        elif r.process not in processes:
            problems.append(
                Problem(
                    f"no process {r.process!r}",
                    f"{where}: investment {r.id}",
                    suggestion(r.process, processes),
                )
            )
        for name in (*(r.places or ()), *r.exempt):
            place(name, f"investment {r.id}")
    if file.recycling:
        form(file.recycling.form, "recycling", primary=True)
    for s in file.stocks:
        place(s.country, f"stock {s.id}")
        form(s.form, f"stock {s.id}")
    if not problems:
        problems += [
            p for s in file.stocks if (p := _stock_problem(s.form, s.country, s.id, world, where)) is not None
        ]
        problems += [p for e in entries if (p := _first_call_problem(e, world, where)) is not None]
    if problems:
        raise UserError(dict.fromkeys(problems))
    return OutlookOnWorld(outlook, world, on_world(outlook.scenario, world))


def _stock_problem(form: str, country: str, stock: str, world: World, where: str) -> Problem | None:
    (node,) = nodes_of(country, world)
    if world.use()[world.chain.form_index(form), world.country_index(node)] > 0:
        return None
    return Problem(
        f"nobody buys {form} in {node} in the base year",
        f"{where}: stock {stock}",
        "a form that is bought there",
    )


def _first_call_problem(entry: FacilityEntry, world: World, where: str) -> Problem | None:
    if entry.sells_first is None:
        return None
    f = world.chain.form_index(entry.form)
    codes = [c for name in entry.sells_first.to for c in nodes_of(name, world)]
    if sum(world.use()[f, world.country_index(c)] for c in codes) > 0:
        return None
    return Problem(
        f"nobody there buys {entry.form}", f"{where}: facility {entry.id}, sells_first", "buyers of the form"
    )

"""Node: which place of a world answers for a country."""

from __future__ import annotations

from crosscut.errors import Problem, UserError, suggestion
from crosscut.market.world import World
from crosscut.places import bloc_members, place

GROUPS = {"EUO": "EU27", "OTH": ""}


def node_for(world: World, text: str, where: str = "") -> tuple[str, str]:
    """(node, note): the place of the world that stands for a country, and what to say when it is a group.

    Raises UserError for an unknown country and for one the world does not have.

    >>> from crosscut.worlds import world as load
    >>> node_for(load("tungsten"), "Japan")
    ('JPN', '')
    >>> node_for(load("tungsten"), "France")[0]
    'EUO'
    """
    found = place(text, where)
    if found.code in world.countries and world.use()[:, world.country_index(found.code)].sum() > 0:
        return found.code, ""
    for group, bloc in GROUPS.items():
        if group in world.countries and (not bloc or found.code in bloc_members(bloc, world.year)):
            name = world.place_names.get(group, group)
            return group, f"{found.name} is counted in {group} ({name}) in this world; figures are for the group."
    names = [world.place_names.get(c, c) for c in world.countries]
    raise UserError(Problem(f"{found.name} uses no {world.mineral} in this world", where, suggestion(text, names)))

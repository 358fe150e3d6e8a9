"""Node: which place of a world answers for a country."""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.places import bloc_members, bloc_named, place, place_or_bloc
from crosscut.market.model.world import World

GROUPS = {"EUO": "EU27", "OTH": ""}


def node_for(world: World, text: str, where: str = "") -> tuple[str, str]:
    """The node of a world that stands for a country.

    Parameters
    ----------
    world : World
        The world whose nodes are meant.
    text : str
        Name or code of the country, as the user wrote it.
    where : str
        Where it was written, for messages.

    Returns
    -------
    node : str
        Code of the country, or of the group that counts it.
    note : str
        What to say when it is a group; "" for a country of its own.

    Raises
    ------
    UserError
        For an unknown country, and for one that uses none of the mineral in this world.

    Examples
    --------
    >>> from crosscut.worlds import world as load
    >>> from crosscut.ledger.store.ledger import Ledger
    >>> ledger = Ledger.bundled()
    >>> node_for(load(ledger, "tungsten"), "Japan")
    ('JPN', '')
    >>> node_for(load(ledger, "tungsten"), "France")[0]
    'EUO'
    """
    found = place(text, where)
    if found.code in world.countries and world.use()[:, world.country_index(found.code)].sum() > 0:
        return found.code, ""
    for group, bloc in GROUPS.items():
        if group in world.countries and (not bloc or found.code in bloc_members(bloc, world.year)):
            name = world.place_names.get(group, group)
            return (
                group,
                f"{found.name} is counted in {group} ({name}) in this world; figures are for the group.",
            )
    names = [world.place_names.get(c, c) for c in world.countries]
    raise UserError(
        Problem(f"{found.name} uses no {world.mineral} in this world", where, suggestion(text, names))
    )


@dataclass(frozen=True)
class Nodes:
    """The places of a world that stand for a country or a bloc: their positions, the countries meant (ISO3),
    a label, what to say about it, and whether the figures are its own (False: a group holds it together with
    others)."""

    code: str
    label: str
    places: tuple[int, ...]
    members: tuple[str, ...]
    note: str
    own: bool


def nodes_for(world: World, text: str, where: str = "") -> Nodes:
    """The nodes of a world that stand for a country or a bloc such as EU27 or G7.

    Parameters
    ----------
    world : World
        The world whose nodes are meant.
    text : str
        Name or code of the country or bloc, as the user wrote it.
    where : str
        Where it was written, for messages.

    Returns
    -------
    Nodes
        Code, name, positions among the countries of the world, members, and a note on members that are
        counted in a larger group and so left out.

    Raises
    ------
    UserError
        For an unknown place, and for one of which nobody uses the mineral in this world.

    Examples
    --------
    >>> from crosscut.worlds import world as load
    >>> from crosscut.ledger.store.ledger import Ledger
    >>> ledger = Ledger.bundled()
    >>> found = nodes_for(load(ledger, "tungsten"), "EU27")
    >>> "EUO" in [load(ledger, "tungsten").countries[k] for k in found.places], found.own
    (True, True)
    """
    bloc = bloc_named(text)
    if not bloc:
        place_or_bloc(text, where)  # refused here, where a bloc is expected too
        code, note = node_for(world, text, where)
        found = place(text, where)
        return Nodes(
            code if not note else found.code,
            found.name if note else world.place_names.get(code, code),
            (world.country_index(code),),
            (found.code,),
            note,
            not note,
        )
    members = bloc_members(bloc, world.year)
    inside = [c for c in world.countries if c in members or GROUPS.get(c) == bloc]
    used = [c for c in inside if world.use()[:, world.country_index(c)].sum() > 0]
    if not used:
        raise UserError(Problem(f"no member of {bloc} uses {world.mineral} in this world", where))
    group = [c for c in inside if GROUPS.get(c) == bloc]
    left = [] if group else [c for c in members if c not in world.countries]
    note = f"{', '.join(left)} are counted in other groups of this world and left out." if left else ""
    return Nodes(bloc, bloc, tuple(world.country_index(c) for c in inside), members, note, True)

"""Places: the names of a scenario as nodes of one world.

A world keeps some countries apart and counts the others in groups: EUO (other EU members), OTH (rest of the
world), Hong Kong and Macao in CHN. What a name inside a group becomes:

- a bloc: its members that are nodes, and every group that lies wholly within it; members that a wider group
  swallows are left out (the measure is too weak);
- a new mine or plant: stands in the group (its tonnes are right, its place is the group's);
- an EU member in a measure of trade: the group EUO, because trade policy is common (too strong where it is
  not);
- anything else is refused: moving the whole group would be another event.

Every replacement is added to the limits of the scenario, with the direction of its bias.
"""

from __future__ import annotations

from dataclasses import replace

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import all_places, bloc_members, blocs, name
from crosscut.inputs.scenario.chokepoints import chokepoints, routes_through
from crosscut.market.events.events import Event, EventKind, Scenario
from crosscut.market.model.world import World

REST = "OTH"
WITHIN = {"EUO": "EU27"}  # group node -> the bloc all its members are in
COUNTED_WITH = {"HKG": "CHN", "MAC": "CHN"}
_YAML = {"exempt_destinations": "except", "exempt_origins": "except_origins"}
ENTRANTS = (EventKind.MINE, EventKind.PLANT)
TRADE_MEASURES = (
    EventKind.EXPORT_LICENCE,
    EventKind.EXPORT_QUOTA,
    EventKind.IMPORT_QUOTA,
    EventKind.EXPORT_BAN,
    EventKind.IMPORT_BAN,
    EventKind.SANCTION,
    EventKind.TARIFF,
    EventKind.SPECIFIC_DUTY,
    EventKind.EXPORT_TAX,
    EventKind.FREIGHT,
    *ENTRANTS,
)


def world_blocs(world: World) -> dict[str, tuple[str, ...]]:
    """List the blocs that a world has nodes for.

    Parameters
    ----------
    world : World
        The world.

    Returns
    -------
    dict of str to tuple of str
        Bloc: its nodes. A member of a bloc that is counted in a group has an entry too: (EUO,) for an EU
        member without a node of its own.
    """
    out = {bloc: nodes for bloc in blocs() if (nodes := _bloc_nodes(bloc, world)[0])}
    for group, bloc in WITHIN.items():
        if group in world.countries:
            out |= {c: (group,) for c in bloc_members(bloc, world.year) if c not in world.countries}
    return out


def on_world(scenario: Scenario, world: World) -> Scenario:
    """Replace every country and bloc of a scenario by nodes of a world.

    Parameters
    ----------
    scenario : Scenario
        The scenario in the words of its file.
    world : World
        The world it will be solved on.

    Returns
    -------
    Scenario
        With nodes in its events, the routes of events at a chokepoint, and added limits on what was left out.

    Raises
    ------
    UserError
        Naming every country the world counts inside a group, every one it does not have, and chokepoints
        that no route of the world passes.
    """
    problems: list[Problem] = []
    limits = list(scenario.limits)
    events = []
    for event in scenario.events:
        moved: dict[str, tuple[str, ...]] = {}
        for field in ("origins", "destinations", "exempt_destinations", "exempt_origins"):
            nodes, wrong, left_out = _nodes(getattr(event, field), world, event, scenario.id, field)
            moved[field] = nodes
            problems += wrong
            limits += [x for x in left_out if x not in limits]
        event = replace(event, **moved)  # type: ignore[arg-type]
        if event.via:
            point = chokepoints()[event.via]
            event = replace(event, pairs=routes_through(event.via, world, WITHIN))
            limits.append(
                (
                    f"{event.id}: the routes through {point.title} are"
                    f" {point.evidence_status} ({point.note})",
                    "unknown where cargo goes another way",
                )
            )
            if not event.pairs:
                problems.append(
                    Problem(
                        f"no two countries of this world trade through {point.title}",
                        f"{scenario.id}, event {event.id!r}, via",
                        "another chokepoint",
                    )
                )
        events.append(event)
    if problems:
        raise UserError(problems)
    return replace(scenario, events=tuple(events), limits=tuple(limits))


def group_of(code: str, world: World) -> str:
    """The node that counts a country which is not a node itself.

    Parameters
    ----------
    code : str
        Code of the country.
    world : World
        The world.

    Returns
    -------
    str
        Code of the node; "" when none counts it.
    """
    if code in COUNTED_WITH and COUNTED_WITH[code] in world.countries:
        return COUNTED_WITH[code]
    for group, bloc in WITHIN.items():
        if group in world.countries and code in bloc_members(bloc, world.year):
            return group
    return (
        REST
        if REST in world.countries and code in all_places() and all_places()[code].kind != "group"
        else ""
    )


def _bloc_nodes(bloc: str, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Nodes of a bloc, and members left out because a group that is not wholly in the bloc counts them."""
    members = bloc_members(bloc, world.year)
    nodes = [c for c in members if c in world.countries]
    left_out = []
    for code in members:
        if code in world.countries:
            continue
        group = group_of(code, world)
        if group and WITHIN.get(group) == bloc:
            if group not in nodes:
                nodes.append(group)
        else:
            left_out.append(code)
    return tuple(nodes), tuple(left_out)


def _nodes(
    names: tuple[str, ...], world: World, event: Event, scenario_id: str, field: str
) -> tuple[tuple[str, ...], list[Problem], list[tuple[str, str]]]:
    where = f"{scenario_id}, event {event.id!r}, {_YAML.get(field, field)}"
    out: list[str] = []
    problems: list[Problem] = []
    limits: list[tuple[str, str]] = []
    for code in names:
        if code in world.countries:
            out.append(code)
        elif code in blocs():
            nodes, left_out = _bloc_nodes(code, world)
            out += nodes
            if left_out:
                listed = ", ".join(left_out)
                bias = "too strong" if field in _YAML else "too weak"
                limits.append(
                    (
                        (
                            f"{event.id}: {listed} of {code} are counted inside a wider group of this world"
                            f" and left out of {_YAML.get(field, field)}"
                        ),
                        f"measure {bias}",
                    )
                )
            if not nodes:
                problems.append(
                    Problem(f"no member of {code} is a node of this world", where, "countries of the world")
                )
        elif (group := group_of(code, world)) and _may_move_group(event, group, field):
            out.append(group)
            limits.append(_group_limit(code, group, event, world, field))
        else:
            problems.append(_not_a_node(code, world, where))
    return tuple(dict.fromkeys(out)), problems, limits


def _may_move_group(event: Event, group: str, field: str) -> bool:
    if event.kind in ENTRANTS and field == "origins":
        return group not in COUNTED_WITH.values()
    return group in WITHIN and event.kind in TRADE_MEASURES


def _group_limit(code: str, group: str, event: Event, world: World, field: str) -> tuple[str, str]:
    meaning = f"{group} ({world.place_names.get(group, group)})"
    if event.kind in ENTRANTS and field == "origins":
        return (
            f"{event.id}: {name(code)} is counted inside {meaning}; the new capacity stands there",
            "none in tonnes",
        )
    bias = "weak" if field in _YAML else "strong"
    return (
        (
            f"{event.id}: {name(code)} is counted inside {meaning}; the whole group is taken, trade policy"
            " being common"
        ),
        f"measure too {bias} where {name(code)} acts alone",
    )


def _not_a_node(code: str, world: World, where: str) -> Problem:
    group = group_of(code, world)
    title = name(code) if code in all_places() else code
    if not group:
        return Problem(f"{title} is not in this world", where, "one of: " + ", ".join(world.countries))
    meaning = world.place_names.get(group, group)
    wider = f"{WITHIN[group]} or {group}" if group in WITHIN else group
    return Problem(
        f"{title} ({code}) is counted inside {group} ({meaning}) in this world and cannot be moved alone",
        where,
        f"{wider}, which moves the whole group",
    )

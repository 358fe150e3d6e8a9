"""Measures: what is reported of one solved year, as labelled numbers; the same labels in every draw and
year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.places import bloc_members
from crosscut.market.model.world import World
from crosscut.market.years import OutlookDraw, YearOutcome, sources_of
from crosscut.studies.outlook.cases import OutlookCase
from crosscut.studies.outlook.nodes import OutlookOnWorld
from crosscut.studies.shared.quantities import PricePlace, bloc_nodes, price_places, prices_at
from crosscut.worlds.minerals import trade_unit

Label = tuple[str, ...]

USERS = ("USA", "EU27", "CHN", "JPN", "KAZ")
WATCHED = ("CHN", "KAZ", "USA", "EU27", "JPN", "RUS", "VNM", "KOR", "CAN", "AUS", "GBR")
UNKNOWN, SCRAP, FROM_STOCK, OTHER = "UNK", "scrap", "stock", "other"
SOURCES = (UNKNOWN, *WATCHED, OTHER, SCRAP, FROM_STOCK)
AT = {of: k for k, of in enumerate(SOURCES)}


@dataclass(frozen=True, eq=False)
class ReportedQuantities:
    """What never changes between years and draws: reported prices, users, the group every node is reported
    in; takes and makes [k, f] in t per t of activity."""

    o: OutlookOnWorld
    prices: tuple[PricePlace, ...]
    users: dict[str, tuple[int, ...]]
    groups: tuple[str, ...]
    scrap: tuple[bool, ...]
    made: tuple[bool, ...]
    takes: Array
    makes: Array


def measured_of(o: OutlookOnWorld) -> ReportedQuantities:
    """The frame of measurement of an outlook."""
    world = o.world
    top = {f: int(np.argmax(world.supply()[f])) for f in range(len(world.chain.forms))}
    prices = tuple(
        p
        for p in price_places(world)
        if (p.basis == "paid" and p.place in USERS) or (p.basis == "inside" and p.nodes == (top[p.form],))
    )
    users = {u: nodes for u in USERS if (nodes := _nodes(world, u))}
    groups = tuple(_group(c, world.year) for c in world.countries)
    recycled = o.file.recycling.form if o.file.recycling else "scrap"
    made = tuple(not f.primary for f in world.chain.forms)
    return ReportedQuantities(
        o,
        prices,
        users,
        groups,
        tuple(f.id == recycled for f in world.chain.forms),
        made if any(made) else tuple(f.id != recycled for f in world.chain.forms),
        world.input_coefficients(),
        world.output_coefficients(),
    )


def _nodes(world: World, user: str) -> tuple[int, ...]:
    if user == "EU27":
        return bloc_nodes(world, user)
    return (world.countries.index(user),) if user in world.countries else ()


def _group(code: str, year: int) -> str:
    """The watched place that a country is reported under."""
    if code in WATCHED:
        return code
    if code in bloc_members("EU27", year) or code == "EUO":
        return "EU27"
    return OTHER


def measures(
    m: ReportedQuantities,
    case: OutlookCase,
    draw: OutlookDraw,
    owners: Mapping[str, Mapping[str, float]],
    out: YearOutcome,
) -> dict[Label, float]:
    """Label -> number; prices without the error that no parameter explains. `owners`: facility id or country
    (base mines) -> home of the controlling owner -> share; what is missing is unknown."""
    world, s = m.o.world, out.solution
    found: dict[Label, float] = {}
    for p, usd in zip(m.prices, prices_at(world, out.events, s, m.prices), strict=True):
        form = world.chain.forms[p.form].id
        unit, factor = trade_unit(world.mineral, form)
        found["price", form, p.place, p.basis, unit] = float(usd) * factor
    found |= _supply(m, case, draw, out)
    bought_for_stock = np.zeros_like(s.use)
    for stock, account in zip(draw.stocks, out.accounts, strict=True):
        bought_for_stock[stock.form, stock.country, -1] += account.build
    use = (s.use - bought_for_stock) * np.array(m.made)[:, None, None]
    found |= _use(m, use)
    found |= _dependence(m, draw, owners, out, use)
    for account in out.accounts:
        for what in ("opening", "build", "draw", "release", "closing"):
            found["stock", account.id, what] = float(getattr(account, what))
    for rule in draw.investment:
        size = out.added[rule.form] if rule.form >= 0 else out.added_plants[rule.process]
        base = world.M0[rule.form] if rule.form >= 0 else world.X0[rule.process]
        found["investment", rule.id] = float((base * np.expm1(size) * rule.countries).sum())
    return found


def _supply(
    m: ReportedQuantities, case: OutlookCase, draw: OutlookDraw, out: YearOutcome
) -> dict[Label, float]:
    """Mined by country (mines of the base and unnamed additions), by facility, in the world; scrap; made by
    country."""
    world, s = m.o.world, out.solution
    mines = ~np.array(m.scrap)
    mined = np.where(mines[:, None], out.base_supply, 0.0).sum(axis=0)
    drawn = {f.id: f for f in draw.facilities}
    by_facility = {
        k: out.sold.get(k, 0.0) * (drawn[k].mined_per_sold if k in drawn else 1.0) for k in case.facilities
    }
    event_mines = {e.id: out.sold.get(e.id, 0.0) for e in out.events.entrants if e.id not in case.facilities}
    found: dict[Label, float] = {}
    for i, code in enumerate(world.countries):
        if world.M0[mines][:, i].sum() > 0:
            found["mined", code, ""] = float(mined[i])
    for k, e in case.facilities.items():
        found["mined", world.countries[m.o.country(e.country)], k] = float(by_facility[k])
    total = float(mined.sum()) + sum(by_facility.values()) + sum(event_mines.values())
    found["mined", "WLD", ""] = total
    kazakh = [k for k, e in case.facilities.items() if e.country == "KAZ"]
    at_home = float(mined[world.countries.index("KAZ")]) if "KAZ" in world.countries else 0.0
    found["share of mined", "KAZ"] = (at_home + sum(by_facility[k] for k in kazakh)) / total
    found["collected", "WLD", ""] = float(np.where(mines[:, None], 0.0, out.base_supply).sum())
    made = np.einsum("kf,ki->fi", m.makes, s.activity)
    base = np.einsum("kf,ki->fi", m.makes, world.X0)
    for f, i in np.argwhere(base > 0):
        found["made", world.chain.forms[f].id, world.countries[i]] = float(made[f, i])
    return found


def _use(m: ReportedQuantities, use: Array) -> dict[Label, float]:
    """Final use by end use in the world, by user, and in all."""
    found: dict[Label, float] = {}
    base = m.o.world.D0 * np.array(m.made)[:, None, None]
    for u, name in enumerate(m.o.world.uses):
        if base[..., u].sum() > 0:
            found["use", "WLD", name] = float(use[..., u].sum())
    found["use", "WLD", "all"] = float(use.sum())
    for user, nodes in m.users.items():
        found["use", user, "all"] = float(use[:, list(nodes)].sum())
    return found


def _dependence(
    m: ReportedQuantities,
    draw: OutlookDraw,
    owners: Mapping[str, Mapping[str, float]],
    out: YearOutcome,
    use: Array,
) -> dict[Label, float]:
    """Shares of what each user uses: where it was mined, who controls that mine, where the last step was
    made."""
    world, s = m.o.world, out.solution
    bought = np.zeros((len(m.users), *use.shape[:2]))
    for r, nodes in enumerate(m.users.values()):
        bought[r][:, list(nodes)] = use[:, list(nodes)].sum(axis=2)
    source = sources_of(
        world.chain, m.takes, m.makes, s.flows, s.supply + np.maximum(s.released, 0.0), s.activity, bought
    )
    into = s.flows.sum(axis=1)
    last_step = np.divide(s.flows, into[:, None, :], out=np.zeros_like(s.flows), where=into[:, None, :] > 0)
    kinds = _kinds_of_source(m, draw, owners, out)
    found: dict[Label, float] = {}
    for user, tonnes, origin in zip(m.users, bought, source, strict=True):
        total = float(tonnes.sum())
        if total <= 0:
            continue
        made_in = np.einsum("fj,fij->i", tonnes, last_step) / total
        for measure, part in kinds.items():
            shares = (part * (origin / total)).sum(axis=(1, 2)).tolist()
            for of, share in zip(SOURCES, shares, strict=True):
                if of != UNKNOWN or measure == "owned by":
                    found["dependence", user, measure, of] = share
        made = dict.fromkeys((*WATCHED, OTHER), 0.0)
        for i, group in enumerate(m.groups):
            made[group] += float(made_in[i])
        for of, share in made.items():
            found["dependence", user, "made in", of] = share
    return found


def _kinds_of_source(
    m: ReportedQuantities, draw: OutlookDraw, owners: Mapping[str, Mapping[str, float]], out: YearOutcome
) -> dict[str, Array]:
    """measure -> part[of, form, country]: share of that primary supply which is of each of `SOURCES`."""
    world, s = m.o.world, out.solution
    released = np.maximum(s.released, 0.0)
    stock, sources = released.copy(), s.supply + released
    for account, holding in zip(out.accounts, draw.stocks, strict=True):
        stock[holding.form, holding.country] += account.draw + account.release
    located, owned = np.zeros((len(SOURCES), *sources.shape)), np.zeros((len(SOURCES), *sources.shape))
    entered: dict[tuple[int, int], list[str]] = {}
    for e in out.events.entrants:
        entered.setdefault((e.form, e.country), []).append(e.id)
    for g, i in np.argwhere(sources > 0).tolist():
        supply, code = float(sources[g, i]), world.countries[i]
        kept = float(stock[g, i]) / supply
        located[AT[FROM_STOCK], g, i] = owned[AT[FROM_STOCK], g, i] = kept
        if m.scrap[g]:
            located[AT[SCRAP], g, i] = owned[AT[SCRAP], g, i] = 1.0 - kept
            continue
        located[AT[m.groups[i]], g, i] += 1.0 - kept
        parts = [(owners.get(code, {}), float(out.base_supply[g, i]) / supply)]
        parts += [(owners.get(k, {}), out.sold[k] / supply) for k in entered.get((g, i), ())]
        for homes, part in parts:
            for home, share in homes.items():
                owned[AT[_group(home, world.year)], g, i] += part * share
            owned[AT[UNKNOWN], g, i] += part * max(1.0 - sum(homes.values()), 0.0)
    return {"mined in": located, "owned by": owned}

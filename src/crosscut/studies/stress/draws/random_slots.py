"""Layout: which random numbers a future needs, by name, so that every sampler fills the same slots.

Slots of governments, routes and assumptions are common to all minerals (one decree hits several at once);
those of the mineral's own outages and of how a measure bites it are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from crosscut.base.places import all_places
from crosscut.market.model.world import World
from crosscut.studies.stress.history.assumptions import OF_A_MEASURE, assumptions
from crosscut.studies.stress.history.base_rates import CHINA, BaseRates
from crosscut.worlds.node import GROUPS

MOST_PACKAGES = {CHINA: 9}  # a year; with 2.5 a year a tenth has a chance of 1 in 3,000
MOST_PACKAGES_ELSEWHERE = 3
PACKAGE = ("when", "size", "announced", "notice", "aim", "lasts")
OWN = ("hits", "instrument", "bites", "size", "raw")
ROUTE = ("happens", "when", "which", "lasts")
OUTAGE = ("happens", "when", "which", "lasts")
LEAST_EXPORT = 1e-3  # of world exports of a form: smaller sellers restrict nothing that matters here
LEAST_UNIT = 0.01  # of world supply: an outage of a smaller producer touches less than is counted


@dataclass(frozen=True)
class OutageUnit:
    """What an outage can stop: a form mined or a process in one country; `share` of world output."""

    kind: str
    at: int
    country: int
    share: float


@dataclass(frozen=True, eq=False)
class Layout:
    """Slots of a mineral's futures over `years`. `common` and `own` are names of uniforms, `scores` of
    normals."""

    governments: tuple[str, ...]
    units: tuple[OutageUnit, ...]
    years: int
    common: tuple[str, ...]
    own: tuple[str, ...]
    scores: tuple[str, ...]
    everywhere: tuple[str, ...] = field(repr=False)  # the common slots of every mineral, in their fixed order
    position: np.ndarray = field(repr=False)  # of each of `common` in it


def packages_of(code: str) -> int:
    """The most packages a year that are drawn for a government.

    Parameters
    ----------
    code : str
        Code of its country.

    Returns
    -------
    int
        9 for China, 3 for others.
    """
    return MOST_PACKAGES.get(code, MOST_PACKAGES_ELSEWHERE)


def _common(governments: Sequence[str], routes: Sequence[str], years: int) -> list[str]:
    out = ["outage-rate"]
    for y in range(years):
        out.append(f"regime/{y}")
    for code in governments:
        out.append(f"rate/{code}")
        for y in range(years):
            out.append(f"count/{code}/{y}")
            out += [f"{what}/{code}/{y}/{p}" for p in range(packages_of(code)) for what in PACKAGE]
    for r in routes:
        out.append(f"route-rate/{r}")
        out += [f"route-{what}/{r}/{y}" for y in range(years) for what in ROUTE]
    return out


def exporters(world: World) -> tuple[str, ...]:
    """Countries whose measures can matter in a world.

    They sell at least a thousandth of what crosses borders of some form; groups of countries are left out.

    Parameters
    ----------
    world : World
        Base-year flows.

    Returns
    -------
    tuple[str, ...]
        Codes, in the world's order.
    """
    abroad = world.q0 * ~np.eye(len(world.countries), dtype=bool)
    total = abroad.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total[:, None] > 0, abroad.sum(axis=2) / total[:, None], 0.0).max(axis=0)
    known = set(all_places()) - set(GROUPS)
    return tuple(c for c, s in zip(world.countries, share, strict=True) if s >= LEAST_EXPORT and c in known)


def units(world: World) -> tuple[OutageUnit, ...]:
    """Mines and plants whose outage is counted.

    They make at least one per cent of the world's output of a form or process; scrap collection and groups of
    countries are left out.

    Parameters
    ----------
    world : World
        Base-year output.

    Returns
    -------
    tuple[OutageUnit, ...]
        Mines first, then plants.
    """
    out = []
    known = set(all_places()) - set(GROUPS)
    for kind, tonnes, names in (
        ("mine", world.M0, [f.id if f.primary and "scrap" not in f.id else "" for f in world.chain.forms]),
        ("plant", world.X0, [p.id for p in world.chain.processes]),
    ):
        for at, name in enumerate(names):
            total = float(tonnes[at].sum())
            if not name or total <= 0:
                continue
            out += [
                OutageUnit(kind, at, i, float(tonnes[at, i] / total))
                for i, c in enumerate(world.countries)
                if tonnes[at, i] >= LEAST_UNIT * total and c in known
            ]
    return tuple(out)


def layout_of(world: World, rates: BaseRates, years: int) -> Layout:
    """The slots of a world's futures.

    Parameters
    ----------
    world : World
        Decides governments and units.
    rates : BaseRates
        Names the routes.
    years : int
        How many years a draw has.

    Returns
    -------
    Layout
        Names of the random numbers, in the order of the columns of points.
    """
    governments, found = exporters(world), units(world)
    routes = [r.id for r in rates.routes]
    everywhere = _common(sorted(all_places()), routes, years)
    common = _common(sorted(governments, key=lambda c: (c != CHINA, c)), routes, years)
    where = {name: k for k, name in enumerate(everywhere)}
    own = [
        f"{what}/{c}/{y}/{p}"
        for c in governments
        for y in range(years)
        for p in range(packages_of(c))
        for what in OWN
    ]
    own += [
        f"outage-{what}/{u.kind}/{u.at}/{u.country}/{y}"
        for u in found
        for y in range(years)
        for what in OUTAGE
    ]
    own += [
        f"{what}/{c}/{y}/{p}"
        for what in OF_A_MEASURE
        for c in governments
        for y in range(years)
        for p in range(packages_of(c))
    ]
    scores = [*(a for a in assumptions() if a not in OF_A_MEASURE), *(f"demand/{y}" for y in range(years))]
    position = np.array([where[name] for name in common])
    return Layout(
        governments, found, years, tuple(common), tuple(own), tuple(scores), tuple(everywhere), position
    )

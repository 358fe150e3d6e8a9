"""Transit: ore that is booked to the country of a port or of a trading house and is used elsewhere.

South African chromite leaves through Maputo and is booked as sold to Mozambique, which smelts none. What the
user's customs record as bought from South Africa holds such a tonne already, or it is in no record where it
went. So the tonnes leave the account of the country they pass: up to what the origin can have shipped beside
its other sales and its own plants they go to the rest of the world, the remainder was counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# Where the plants of the world are listed, shares below this are dropped: a country not named may hold as
# much.
LEAST_SHARE = 0.005
LISTED = 10  # plants of fewer countries are no list of the world's industry
# 99 % of the countries that do process an ore they do not mine buy at most 8.8 times as much of it as of
# other minerals (72 cases of 2024).
NARROW = 10.0


@dataclass(frozen=True)
class Industry:
    """What is on record of who can use a mineral: shares of the world's plants by country, how much of all
    other minerals each country buys, and the countries with a mine or plant of any mineral."""

    plants: Mapping[str, float]
    breadth: Mapping[str, float]
    producers: Collection[str]


@dataclass(frozen=True)
class Passage:
    """A flow that only passes through its importer: t a year as booked, what stays there, and what goes on to
    a country that is in no record."""

    origin: str
    through: str
    booked: float
    stays: float
    sent_on: float
    reason: str


def no_use(made: Mapping[str, float], net: Mapping[str, float], industry: Industry) -> dict[str, str]:
    """Countries that buy a mineral and have no use for it, each with the reason.

    Parameters
    ----------
    made : mapping of str to float
        Output by country, in t a year.
    net : mapping of str to float
        Imports less exports by country, in t a year.
    industry : Industry
        Who can use it. With plants in fewer than `LISTED` countries nothing is found: the list is no list of
        the world's industry.

    Returns
    -------
    dict of str to str
        Reason by country: it neither mines nor processes the mineral, keeps more than `LEAST_SHARE` of the
        world's output, and buys `NARROW` times less of other minerals, or has no mine or plant of any
        mineral.

    Examples
    --------
    >>> plants = {f"P{k}": 0.1 for k in range(10)}
    >>> one = Industry(plants, {"PORT": 0.001, "P1": 0.1}, {"PORT", "P1"})
    >>> no_use({"MINE": 100.0}, {"PORT": 20.0, "P1": 30.0, "MINE": -50.0}, one)
    {'PORT': 'no mine or plant of it is on record and it buys 200 times less of other minerals'}
    """
    if len(industry.plants) < LISTED:
        return {}
    world = sum(made.values())
    out = {}
    for country, kept in sorted(net.items()):
        share = kept / world
        if share <= LEAST_SHARE or made.get(country, 0.0) > 0 or country in industry.plants:
            continue
        narrow = share / max(industry.breadth.get(country, 0.0), 1e-9)
        if country not in industry.producers:
            out[country] = "no mine or plant of any mineral is on record"
        elif narrow > NARROW:
            out[country] = (
                f"no mine or plant of it is on record and it buys {narrow:,.0f} times less of other minerals"
            )
    return out


def passages(
    made: Mapping[str, float],
    shipped: Mapping[tuple[str, str], float],
    industry: Industry,
    judged: Mapping[tuple[str, str], str] | None = None,
) -> list[Passage]:
    """Flows that only pass through their importer.

    Parameters
    ----------
    made : mapping of str to float
        Output by country, in t a year.
    shipped : mapping of (str, str) to float
        t a year by origin and destination.
    industry : Industry
        Who can use the mineral.
    judged : mapping of (str, str) to str, optional
        Flows that a reader has judged to be transit, each with the reason.

    Returns
    -------
    list of Passage
        What a flow brings beyond the re-exports on record passes: a country without a use keeps nothing.
    """
    judged = judged or {}
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for (i, j), t in shipped.items():
        if i != j:
            out[i] += t
            into[j] += t
    net = {c: into[c] - out.get(c, 0.0) for c in into}
    useless = no_use(made, net, industry)
    passing: dict[tuple[str, str], tuple[float, str]] = {}
    for (i, j), t in sorted(shipped.items()):
        if i == j or t <= 0:
            continue
        if net[j] > 0 and (why := judged.get((i, j)) or useless.get(j)):
            passing[i, j] = (t * net[j] / into[j], why)
    leaving: dict[str, float] = defaultdict(float)
    for (i, _), (t, _) in passing.items():
        leaving[i] += t
    world = sum(made.values())
    found = []
    for (i, j), (t, why) in passing.items():
        need = industry.plants.get(i, 0.0) * world
        room = made.get(i, 0.0) + into.get(i, 0.0) - (out[i] - leaving[i]) - need
        sent_on = min(t, max(room, 0.0) * t / leaving[i])
        found.append(Passage(i, j, shipped[i, j], shipped[i, j] - t, sent_on, why))
    return found


__all__ = ["Industry", "Passage", "no_use", "passages"]

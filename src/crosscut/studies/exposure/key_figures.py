"""Key figures: the numbers of an exposure that come first, each with an interval, its date and what it
leaves out.

The share of a country's metal that passes through one foreign country at some stage (and whose mines it is
from, by owner); weeks of cover by published stocks; what a year without that country costs; and what is to be
expected of it a year. Stops and stocks are those of `stress`: one definition, one figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.base.number_text import money, percent, tonnes
from crosscut.base.places import all_places
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World
from crosscut.results.rows import Row
from crosscut.studies.exposure.traced_origins import by_owner, last_origins, mine_origins, passed_through
from crosscut.studies.shared.money import MoneyMark, millions, money_mark
from crosscut.studies.stress.answers.cover import stock_cover
from crosscut.studies.stress.history.onset_rate import onset_rate
from crosscut.studies.stress.stops.cost import StopCost, StopRisk

COST, EXPECTED = "cost of a year's stop", "expected loss a year"
COST_CAVEAT = (
    "at median behaviour, 80 % interval over draws of behaviour; what miners and plants of the country itself"
    " gain is not taken off, and what the goods made with the mineral are worth is not in it"
)
EXPECTED_CAVEAT = (
    "most stops begin late in the year or end in it, so that they cost less than a full year; licences,"
    " quotas, outages and other origins are not in it (too low)"
)


@dataclass(frozen=True, eq=False)
class LargestOrigin:
    """The foreign origin (position) that most of the metal passes through, what a year without it costs, and
    the chance and expected loss of a stop; None where there is no such figure."""

    at: int
    cost: StopCost | None
    risk: StopRisk | None


def key_figures(
    ledger: Ledger,
    world: World,
    places: Sequence[int],
    members: Sequence[str],
    label: str,
    largest: LargestOrigin | None,
) -> list[Row]:
    """The first rows of an exposure.

    Parameters
    ----------
    ledger : Ledger
        Has owners, stocks and the history of measures.
    world : World
        The base year.
    places : Sequence[int]
        Positions of the places that stand for the country or bloc.
    members : Sequence[str]
        ISO codes of the countries meant.
    label : str
        What it is called.
    largest : LargestOrigin | None
        None where nothing comes from abroad.

    Returns
    -------
    list[Row]
        In the units of their column; a figure that is not known has no value and says why.
    """
    return [
        *_from_one_country(ledger, world, places, None if largest is None else largest.at),
        *_cover(ledger, world, places, members, label),
        *_stop(ledger, world, largest),
    ]


@dataclass(frozen=True)
class _Figure:
    """A key figure in words; without a value it says why there is none."""

    figure: str
    unit: str
    text: str
    status: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    facts: Sequence[str] = ()

    def as_row(self) -> Row:
        """The row as the result table has it."""
        return {
            "figure": self.figure,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "text": self.text,
            "status": self.status,
            "facts": " ".join(self.facts),
        }


def _name(world: World, code: str) -> str:
    return world.place_names.get(code) or (all_places()[code].name if code in all_places() else code)


def _from_one_country(ledger: Ledger, world: World, places: Sequence[int], largest: int | None) -> list[Row]:
    if largest is None:
        none = "missing: no foreign origin in this world"
        return [
            _Figure(
                figure="from one country",
                unit="fraction",
                text="no foreign origin",
                status=none,
            ).as_row()
        ]
    passed, last = passed_through(world, places), last_origins(world, places)
    mined, scrap = mine_origins(world, places)
    owners = by_owner(ledger, world, mined)
    share = float(passed[largest])
    out = [
        _Figure(
            figure="from one country",
            value=share,
            unit="fraction",
            text=f"of the metal used was mined, collected or processed in"
            f" {_name(world, world.countries[largest])}"
            f" at some stage ({percent(float(last[largest]))} at the last)",
            status=f"flagged: base year {world.year}, world grade {world.grade}; no interval: the balance"
            " gives"
            " points",
        ).as_row()
    ]
    if owners is None:
        why = "missing: stakes are on record for tungsten only"
        return [
            *out,
            _Figure(
                figure="from one owner",
                unit="fraction",
                text="by owner of the mine",
                status=why,
            ).as_row(),
        ]
    home = {world.countries[k] for k in places}
    foreign = {c: s for c, s in owners.items() if c not in home and c != "UNK"}
    if not foreign:
        return [
            *out,
            _Figure(
                figure="from one owner",
                unit="fraction",
                text="by owner of the mine",
                status="missing: no foreign owner known",
            ).as_row(),
        ]
    top = max(foreign, key=lambda c: foreign[c])
    unknown = owners.get("UNK", 0.0)
    return [
        *out,
        _Figure(
            figure="from one owner",
            value=foreign[top],
            low=foreign[top],
            high=foreign[top] + unknown,
            unit="fraction",
            text=f"comes from mines controlled from {_name(world, top)} ({percent(scrap)} is old scrap,"
            f" {percent(unknown)} from mines of unknown owner)",
            status="flagged: the upper end gives it every unknown owner",
        ).as_row(),
    ]


def _cover(
    ledger: Ledger, world: World, places: Sequence[int], members: Sequence[str], label: str
) -> list[Row]:
    found = stock_cover(ledger, world, places, members)
    held = [s for s in found if s.held and s.weeks is not None]
    if not held:
        aims = "; ".join(s.what for s in found if not s.held)
        beside = f" (a target is: {aims})" if aims else ""
        return [
            _Figure(
                figure="weeks of cover",
                unit="weeks",
                text=f"weeks of cover: no stock figure is published for {label}{beside}",
                status="missing: no stock figure in weeks or tonnes in the ledger",
            ).as_row()
        ]
    return [
        _Figure(
            figure="weeks of cover",
            value=s.weeks,
            unit="weeks",
            text=f"weeks of use in a published stock ({s.what}; {tonnes(s.tonnes)} t contained)",
            status=f"{s.status}; stocks that nobody publishes are not in it (too low)",
            facts=s.facts,
        ).as_row()
        for s in held
    ]


def _stop(ledger: Ledger, world: World, largest: LargestOrigin | None) -> list[Row]:
    """What a year without the largest origin costs its users, and what is to be expected of it."""
    units = {COST: "million USD", EXPECTED: "million USD a year"}
    if largest is None:
        return [_unknown(title, unit, "no foreign origin") for title, unit in units.items()]
    mark = money_mark(world)
    if mark == MoneyMark.UNKNOWN:
        why = f"too little of this world is fact to show money (world grade {world.grade})"
        return [_unknown(title, unit, why) for title, unit in units.items()]
    name, cost, risk = _name(world, world.countries[largest.at]), largest.cost, largest.risk
    size = "" if world.grade in "AB" else f"{mark.value} (world grade {world.grade}); "
    if cost is None or cost.usd[0] is None:
        why = f"{name} sells nothing abroad but scrap" if cost is None else cost.note
        return [_unknown(title, unit, why) for title, unit in units.items()]
    value, low, high = (millions(x, mark) for x in cost.usd)
    first = _Figure(
        figure=COST,
        value=value,
        low=low,
        high=high,
        unit=units[COST],
        text=f"lost by users in a year in which {name} sells nothing abroad but scrap",
        status=f"flagged: {size}{COST_CAVEAT}",
    ).as_row()
    if risk is None:
        return [first, _unknown(EXPECTED, units[EXPECTED], f"{name} is a group of countries, no government")]
    if risk.usd is None:
        return [first, _unknown(EXPECTED, units[EXPECTED], "the market does not clear in most draws")]
    value, low, high = (millions(x, mark) for x in (risk.usd, risk.usd_low, risk.usd_high))
    known, chance = onset_rate(ledger, world.countries[largest.at]), risk.chance
    since = "" if known is None else f" ({percent(known.per_year)} was the mean of {known.group})"
    of_a_stop = money(millions(risk.usd / chance.chance, mark))
    return [
        first,
        _Figure(
            figure=EXPECTED,
            value=value,
            low=low,
            high=high,
            unit=units[EXPECTED],
            text=f"expected loss a year: {percent(chance.chance)} a year ({percent(chance.low)} to"
            f" {percent(chance.high)}) that {name} begins a stop of any length, times what a stop costs"
            f" within the year, on average USD {of_a_stop} M",
            status=f"flagged: {size}chance in today's regime{since}; {EXPECTED_CAVEAT}",
            facts=[] if known is None else [known.fact],
        ).as_row(),
    ]


def _unknown(figure: str, unit: str, why: str) -> Row:
    return _Figure(figure=figure, unit=unit, text=f"{figure}: {why}", status=f"missing: {why}").as_row()

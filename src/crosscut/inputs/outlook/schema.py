"""Schema: the fields of an outlook file, version 1: a scenario file over years, with what opens, grows and
is stored.

Also the parameters that only an outlook needs, and the range that each may lie in (`LONG_RUN`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from crosscut.inputs.project.fields import EvidenceStatus, Positive, Share
from crosscut.inputs.scenario.schema import (
    MOST_DRAWS,
    Day,
    EventEntry,
    LimitEntry,
    Name,
    PlaceCode,
    Places,
    Prose,
    Size,
    Words,
    _Fields,
    _mid_only,
)

# name -> (lowest, highest) value it may take, and what it is
LONG_RUN: dict[str, tuple[float, float, str]] = {
    "eta_long": (
        1.0,
        50.0,
        "long-run over one-year elasticity of primary supply of {} from the mines that stand",
    ),
    "eps_long": (1.0, 50.0, "long-run over one-year elasticity of final use of {}"),
    "sigma_long": (1.0, 50.0, "long-run over one-year substitution between origins of {}"),
    "sigma_half_life": (0.25, 50.0, "years in which substitution goes half of the way to the long run"),
    "share_drift": (0.0, 0.9, "share of a year's sourcing that becomes habit"),
    "invest_hurdle": (1.0, 20.0, "price (for a process: margin) over the base above which capacity is added"),
    "invest_response": (0.0, 5.0, "growth of capacity a year per log point above the hurdle"),
    "invest_most_a_year": (0.0, 0.5, "most growth of capacity a year"),
    "invest_ceiling": (1.0, 20.0, "most capacity over base capacity"),
    "invest_lag": (1.0, 20.0, "years from price to capacity"),
    "scrap_new_share": (0.0, 1.0, "share of scrap that arises in the year after use"),
    "scrap_lifetime": (1.0, 60.0, "mean life of goods before they are collected, years"),
}


FIRST_YEAR, LAST_YEAR = 1995, 2100
LONGEST = 60


Range = Annotated[Size, BeforeValidator(_mid_only)]


class Said(_Fields):
    """Who says so."""

    source: Prose = Field("", description="document, table or fact id", examples=["Kursiv, 12 February 2026"])
    evidence_status: EvidenceStatus = Field(
        "assumed", description="how far it is a fact", examples=["reported"]
    )
    note: Prose = Field("", description="how it was read", examples=["ore x grade x recovery x 0.793"])


class Span(_Fields):
    """First and last year, both solved."""

    first: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = Field(
        alias="from", description="the year of the world", examples=[2024]
    )
    last: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = Field(
        alias="to", description="the last year", examples=[2040]
    )


class GrowthEntry(Said):
    """Yearly growth of final use at unchanged prices."""

    id: Name = Field(description="a short name of its own", examples=["hardmetal"])
    uses: list[str] = Field([], description="end uses, or all", examples=[["hardmetal"]])
    places: Places | None = Field(None, description="countries, or all", examples=[["CHN"]])
    rate: Range = Field(description="fraction a year", examples=["{mid: 0.014, low: 0.005, high: 0.025}"])


class FirstCall(_Fields):
    """Buyers who are served first."""

    to: Places = Field(description="countries", examples=[["USA"]])
    share: Range = Field(
        description="of what is sold at price parity", examples=["{mid: 0.35, low: 0, high: 0.7}"]
    )


class FacilityEntry(Said):
    """A mine, or a mine with its own plant."""

    id: Name = Field(description="a short name of its own", examples=["north-katpar"])
    name: Words = Field(description="its name", examples=["North Katpar"])
    country: PlaceCode = Field(description="where it stands", examples=["KAZ"])
    form: Words = Field(description="the form it sells", examples=["concentrate"])
    output: Range = Field(
        description="t contained sold a year at base prices", examples=["{mid: 3800, low: 3100, high: 3800}"]
    )
    start: Range = Field(
        description="year it opens, with its part", examples=["{mid: 2030, low: 2030, high: 2033}"]
    )
    ramp: Annotated[list[Share], Field(min_length=1, max_length=20)] = Field(
        [1.0], description="share of output year after year", examples=[[0.1, 0.5, 1.0]]
    )
    end: Positive | None = Field(None, description="year it closes", examples=[2048])
    reserve: Positive | None = Field(None, description="t contained it can sell in all", examples=[60000])
    mined_per_sold: Annotated[float, Field(ge=1, allow_inf_nan=False)] = Field(
        1.0, description="t mined per t sold, where it refines on the spot", examples=[1.03]
    )
    probability: Share = Field(1.0, description="that it opens at all, drawn once a future", examples=[0.5])
    destinations: Places | None = Field(None, description="countries it sells to, or all", examples=[["CHN"]])
    exempt: Places = Field([], alias="except", description="destinations left out", examples=[["RUS"]])
    sells_first: FirstCall | None = Field(
        None, description="buyers served first", examples=["{to: [USA], share: 0.7}"]
    )
    owners: dict[PlaceCode, Range] = Field(
        {}, description="home of the controlling owner and share", examples=["{USA: 1}"]
    )


class InvestmentEntry(Said):
    """Capacity that no table names and that answers price; numbers left out are drawn from the parameters."""

    id: Name = Field(description="a short name of its own", examples=["mines"])
    form: str = Field("", description="primary form", examples=["concentrate"])
    process: str = Field("", description="or a process", examples=["refining"])
    places: Places | None = Field(None, description="countries, or all", examples=[["USA"]])
    exempt: Places = Field([], alias="except", description="countries left out", examples=[["CHN"]])
    hurdle: Range | None = Field(
        None, description="price over base price above which capacity is added", examples=[1.25]
    )
    response: Range | None = Field(None, description="growth a year per log point above it", examples=[0.15])
    most_a_year: Range | None = Field(None, description="most growth a year", examples=[0.04])
    ceiling: Range | None = Field(None, description="most capacity over base capacity", examples=[1.5])
    lag: Range | None = Field(None, description="years from price to capacity", examples=[6])


class RecyclingEntry(Said):
    """Collected scrap that follows what was used; numbers left out are drawn from the parameters."""

    form: Words = Field(description="the scrap form", examples=["scrap"])
    new_share: Range | None = Field(None, description="share that arises the year after use", examples=[0.3])
    lifetime: Range | None = Field(None, description="mean life of goods, years", examples=[3])


class Programme(_Fields):
    """t a year between two days."""

    start: Day = Field(alias="from", description="first day", examples=["2026-01-01"])
    end: Day = Field(alias="to", description="last day", examples=["2029-12-31"])
    tonnes: Positive = Field(description="t contained a year", examples=[400])


class ReleaseEntry(_Fields):
    """Sales that answer last year's price."""

    trigger: Positive = Field(description="price over base price at which half is released", examples=[2.0])
    width: Positive = Field(0.15, description="how gradually, in logs", examples=[0.15])
    most: Positive = Field(description="most t contained a year", examples=[500])


class StockEntry(Said):
    """A stock that is carried from year to year."""

    id: Name = Field(description="a short name of its own", examples=["us-stockpile"])
    name: Words = Field(description="its name", examples=["National Defense Stockpile"])
    country: PlaceCode = Field(description="where", examples=["USA"])
    form: Words = Field(description="a form bought there in the base year", examples=["concentrate"])
    opening: Range = Field(description="t contained at the start", examples=[6000])
    buys: list[Programme] = Field([], description="purchases", examples=["[...]"])
    sells: list[Programme] = Field([], description="sales on a date", examples=["[...]"])
    release: ReleaseEntry | None = Field(
        None, description="sales that answer price", examples=["{trigger: 2, most: 500}"]
    )


class PartEntry(_Fields):
    """Some of the facilities looked at, alone."""

    id: Name = Field(description="a short name of its own", examples=["north-katpar-alone"])
    title: Words = Field(description="one line for people", examples=["North Katpar alone"])
    facilities: list[Name] = Field(description="ids", examples=[["north-katpar"]])


class Comparison(_Fields):
    """Facilities whose effect is looked at."""

    facilities: list[Name] = Field(description="ids", examples=[["north-katpar"]])
    title: Words = Field(
        "the plans on record", description="what they are together", examples=["the Kazakh plans"]
    )
    apart: list[PartEntry] = Field([], description="some of them alone, each a case", examples=["[...]"])


class AlternativeFacilities(Said):
    """Another reading of the facts, run beside the first: facilities that replace those of the same id."""

    id: Name = Field(description="a short name of its own", examples=["tonnes-of-metal"])
    title: Words = Field(description="one line for people", examples=["12,000 t read as metal"])
    facilities: list[FacilityEntry] = Field(description="replacements", examples=["[...]"])


class OutlookFile(_Fields):
    """An outlook file, version 1."""

    version: Literal[1] = Field(description="version of this format", examples=[1])
    kind: Literal["outlook"] = Field(description="always outlook", examples=["outlook"])
    id: Name = Field(description="a short name", examples=["my-outlook"])
    title: Words = Field(description="one line for people", examples=["Tungsten to 2040"])
    mineral: Words = Field(description="the mineral", examples=["tungsten"])
    years: Span = Field(description="years", examples=["{from: 2024, to: 2040}"])
    description: Prose = Field("", description="what and why", examples=[""])
    after: list[str] = Field(
        [], description="scenarios whose measures stay in force", examples=[["china-controls-2025"]]
    )
    without: list[str] = Field(
        [], description="events of those left out", examples=[["china-controls-2025/demand"]]
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(1, description="seed of the draws", examples=[1])
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)] = Field(
        200, description="number of draws", examples=[200]
    )
    events: Annotated[list[EventEntry], Field(max_length=200)] = Field(
        [], description="dated levers", examples=["[...]"]
    )
    growth: list[GrowthEntry] = Field([], description="growth of use", examples=["[...]"])
    facilities: Annotated[list[FacilityEntry], Field(max_length=300)] = Field(
        [], description="what opens", examples=["[...]"]
    )
    ownership: Literal["owner-named", "owner-strict", "owner-domestic", "equity"] = Field(
        "owner-strict", description="rule of control over what the base mines", examples=["owner-strict"]
    )
    investment: list[InvestmentEntry] = Field(
        [], description="capacity that answers price", examples=["[...]"]
    )
    recycling: RecyclingEntry | None = Field(
        None, description="scrap that follows use", examples=["{form: scrap}"]
    )
    stocks: list[StockEntry] = Field([], description="stocks carried", examples=["[...]"])
    behaviour: dict[str, Range] = Field(
        {}, description="parameters of the long run", examples=["{eta_long: 3}"]
    )
    compare: Comparison | None = Field(
        None, description="facilities looked at", examples=["{facilities: [boguty]}"]
    )
    alternatives: list[AlternativeFacilities] = Field([], description="other readings", examples=["[...]"])
    limits: list[LimitEntry] = Field([], description="what is left out", examples=["[...]"])
    tags: dict[str, str] = Field({}, description="words for lists", examples=["{family: new mines}"])


def decimal_year(day: date) -> float:
    """Write a day as a year with its part: the first of January is whole.

    Parameters
    ----------
    day : date
        Any day; leap years count with their 366 days.

    Returns
    -------
    float
        In years.

    Examples
    --------
    >>> decimal_year(date(2030, 1, 1)), round(decimal_year(date(2030, 7, 2)), 3)
    (2030.0, 2030.499)
    """
    first = date(day.year, 1, 1)
    return day.year + (day - first).days / (date(day.year + 1, 1, 1) - first).days


__all__ = ["FacilityEntry", "OutlookFile", "decimal_year"]

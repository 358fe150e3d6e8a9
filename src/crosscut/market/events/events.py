"""Event and Scenario: levers as a typed list. What they count is in `event_rules`, what they do in
`compile`.

Tests: tests/market/events/test_compile_events.py, tests/market/events/test_levers.py
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """The levers. What each needs and counts is in `event_rules`; what it does to the market in `compile`."""

    EXPORT_LICENCE = "export_licence"  # cap on exports: coverage x fraction of the year, leakage
    EXPORT_QUOTA = "export_quota"  # cap on exports at an absolute figure or a fraction of base
    IMPORT_QUOTA = "import_quota"  # cap on imports of one country
    EXPORT_BAN = "export_ban"  # closed routes out of the origins
    IMPORT_BAN = "import_ban"  # closed routes into the destinations
    SANCTION = "sanction"  # one importer bloc refuses one origin: cap or closed, rent lost as friction
    OFFTAKE = "offtake"  # floor on a set of routes
    TARIFF = "tariff"  # ad-valorem import duty, size is a fraction
    SPECIFIC_DUTY = "specific_duty"  # import duty in USD per t contained
    EXPORT_TAX = "export_tax"  # ad-valorem export tax, size is a fraction
    FREIGHT = "freight"  # USD per t added to freight
    OUTAGE = "outage"  # capacity lost at the origins, size is a fraction
    PRODUCTION_QUOTA = "production_quota"  # ceiling on primary supply: t contained or fraction of base
    PROCESS_OUTAGE = "process_outage"  # processing capacity lost at the origins, size is a fraction
    DEMAND = "demand"  # final use at unchanged prices times (1 + size)
    MINE = "mine"  # capacity of primary supply that enters, t contained a year
    PLANT = "plant"  # capacity of a process that enters, t of output contained a year
    CURRENCY = "currency"  # the currency rises by size against the dollar, local costs with it
    CLOSURE = "closure"  # mines or collection closed for good: share, or t of base output
    PROCESS_CLOSURE = "process_closure"  # plants closed for good: share, or t of base output
    SUBSIDY = "subsidy"  # USD per t of primary output, paid by the state of the origin
    PROCESS_SUBSIDY = "process_subsidy"  # USD per t of processed output, paid by the state of the origin
    PRICE_FLOOR = "price_floor"  # price guaranteed to primary producers; the state pays the gap
    STOCKPILE_PURCHASE = "stockpile_purchase"  # a state buys tonnes at almost any price
    STOCK_RELEASE = "stock_release"  # a stock is sold as the price inside its country passes a trigger
    COMMERCIAL_STOCK = "commercial_stock"  # traders sell when dear and buy when cheap, around the base price
    PRECAUTIONARY_BUYING = "precautionary_buying"  # users buy weeks of use on top
    SUBSTITUTION = "substitution"  # a share of a use turns to another material above a price ratio
    RECYCLING = "recycling"  # collection of scrap at unchanged price times (1 + size), or t more
    HOST_OUTPUT = "host_output"  # the host of a by-product makes more or less, and the by-product with it
    CONTROL = "control"  # who controls an origin sends a share of its output to the named destinations first
    TAKE_OR_PAY = "take_or_pay"  # destinations take at least so much, and bear what that costs


class RentTo(StrEnum):
    """Who receives the scarcity rent of a cap."""

    EXPORTERS = "exporters"
    EXPORTING_STATE = "exporting_state"
    IMPORTERS = "importers"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Event:
    """One lever moved on a date.

    `form` is a form id or a process id (for plants and process outages; empty for a currency move); origins
    and destinations are ISO3 codes, nodes or bloc names of the world, empty = every country.
    `exempt_destinations` are left out of the measure; for a mine or plant they are the countries it does not
    sell to.

    `size` is in `unit`: "fraction", "t" (contained a year), "USD/t" (per t contained), "x" (times the base)
    or "weeks" (of use); what it counts is in `crosscut.market.events.event_rules.RULES`. `low`/`high`, where
    given, are the 10 % and 90 % points of `size` and are drawn. `coverage` is the share of the form's flow
    that the measure names (1 = all of it); `leakage` is the share of the cut that still escapes, at
    `surcharge` USD per t escaping. `pooled` makes one limit for all origins (or, for an import quota, all
    destinations) together. `uses` narrows a demand event to some end uses.

    In force from `start` to `end`, both days included; without a start from the first day of the window,
    without an end until further notice. Over the first `phase_in` days the size grows evenly from nothing;
    `ramp` does the same for mines and plants through points (months since the start, share of capacity).
    With `probability` below 1 the event happens in that share of the draws, whole or not at all.

    `trigger` is the price (USD/t), or for substitution the ratio to the base price, around which a stock is
    released or a use turns away; `width` how gradually, in the same unit. `via` names a chokepoint and
    `pairs` the routes (origin, destination) it stands for: the event is narrowed to them. `exempt_origins`
    are left out of the origins. `source` names the document or fact id.
    """

    id: str
    kind: EventKind
    form: str
    size: float
    unit: str
    origins: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    exempt_destinations: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    low: float | None = None
    high: float | None = None
    leakage: float = 0.0
    surcharge: float = 0.0
    rent_to: RentTo = RentTo.EXPORTERS
    duty_basis: str | None = None
    source: str = ""
    note: str = ""
    coverage: float = 1.0
    pooled: bool = False
    uses: tuple[str, ...] = ()
    phase_in: int = 0
    ramp: tuple[tuple[float, float], ...] = ()
    probability: float = 1.0
    trigger: float | None = None
    width: float | None = None
    via: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    exempt_origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quotation:
    """A dated price that anchors or tests a run.

    `form`, `place` and `basis` (inside, border, paid or marginal; empty = paid) name the modelled price it
    is set beside. A quotation in another currency or of a product is converted when it names `product`
    (whose content is known), `tax` (share included in it) and `per_usd` (units of its currency per dollar);
    else shown, not compared.
    """

    date: str
    value: float
    unit: str
    form: str
    place: str
    series: str
    source: str
    role: str = "observed"
    fact_id: str = ""
    note: str = ""
    basis: str = ""
    product: str = ""
    tax: float = 0.0
    per_usd: float = 1.0


@dataclass(frozen=True)
class Scenario:
    """A named list of events on a world, over a stated window (both days included), possibly after others.

    `prior_events` are the ids of those events that come from the scenarios in `after`: the state before the
    comparison; `without` names events of those scenarios that are not taken over. `limits` are pairs (what
    is not in it, direction of the bias).
    """

    id: str
    title: str
    mineral: str
    year: int
    window_start: date
    window_end: date
    events: tuple[Event, ...]
    after: tuple[str, ...] = ()
    seed: int = 1
    draws: int = 200
    anchors: tuple[Quotation, ...] = ()
    observed: tuple[Quotation, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    prior_events: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

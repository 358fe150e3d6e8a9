"""Event rules: for every kind of event, what it acts on, in which units, between which limits, and what it
counts.

One table, read by the scenario loader, by `compile` and by the manual's tests.

Tests: tests/market/events/test_compile_events.py, tests/studies/scenario/test_docs.py
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from crosscut.market.events.events import EventKind, RentTo


class Acts(StrEnum):
    """What the `form` of an event names."""

    FORM = "form"
    PRIMARY = "primary form"  # a form with supply that no process makes
    PROCESS = "process"
    NOTHING = "nothing"


class Needs(StrEnum):
    """How many origins or destinations a kind takes; an empty tuple means every country where it is
    allowed."""

    ANY = "any number"
    NAMED = "at least one by name"
    ONE = "exactly one"
    NONE = "none"


@dataclass(frozen=True)
class EventRule:
    """What one kind of event takes.

    `units` maps each unit to the lowest and highest size; `counts` says what the size is, `equation` what it
    does (q0 base flow, s size, v coverage, l leakage, y share of the window in force). `partial` says
    whether coverage and leakage apply; `exclusive` whether two sizes for one route and day contradict each
    other (else they add up). `needs` and `may` are the fields of their own that a kind must and may have;
    `assumed_unit` says that the first unit is meant where none is given.
    """

    acts: Acts
    units: dict[str, tuple[float, float]]
    origins: Needs
    destinations: Needs
    counts: str
    equation: str
    partial: bool = True
    exclusive: bool = True
    rent_to: RentTo = RentTo.EXPORTERS
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    assumed_unit: bool = False


OWN_FIELDS = ("trigger", "width", "ramp", "via", "uses", "duty_basis")  # fields that only some kinds take

_SHARE = {"fraction": (0.0, 1.0)}
_SHARE_OR_TONNES = {"fraction": (0.0, 1.0), "t": (0.0, inf)}
_RATE = {"fraction": (0.0, 20.0)}
_CHANGE = {"fraction": (-0.99, 20.0)}
_MONEY = {"USD/t": (0.0, inf)}
_TONNES = {"t": (0.0, inf)}

RULES: dict[EventKind, EventRule] = {
    EventKind.EXPORT_LICENCE: EventRule(
        Acts.FORM,
        _SHARE,
        Needs.ANY,
        Needs.ANY,
        "share of the covered exports that is refused or delayed over a full year",
        "sum of q <= (1 - v s y (1 - l)) sum of q0 over the routes out of each origin; s = 1 in full closes"
        " them",
    ),
    EventKind.EXPORT_QUOTA: EventRule(
        Acts.FORM,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.ANY,
        "t: what may leave in a full year; fraction: share of the covered base exports that is cut",
        "sum of q <= (1 - y) sum of q0 + y [(1 - v) sum of q0 + s + l (v sum of q0 - s)]; a fraction as a"
        " licence",
    ),
    EventKind.IMPORT_QUOTA: EventRule(
        Acts.FORM,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.ANY,
        "t: what may enter in a full year; fraction: share of the covered base imports that is cut",
        "as an export quota, over the routes into each destination",
        rent_to=RentTo.IMPORTERS,
    ),
    EventKind.EXPORT_BAN: EventRule(
        Acts.FORM,
        {"fraction": (1.0, 1.0)},
        Needs.ANY,
        Needs.ANY,
        "always 1: everything covered stops",
        "routes closed; for part of the window, or with leakage, sum of q <= (1 - v y (1 - l)) sum of q0",
    ),
    EventKind.IMPORT_BAN: EventRule(
        Acts.FORM,
        {"fraction": (1.0, 1.0)},
        Needs.ANY,
        Needs.ANY,
        "always 1: everything covered stops",
        "as an export ban, over the routes into each destination",
        rent_to=RentTo.IMPORTERS,
    ),
    EventKind.SANCTION: EventRule(
        Acts.FORM,
        _SHARE,
        Needs.NAMED,
        Needs.NAMED,
        "share of the covered purchases from the origin that the destinations refuse over a full year",
        "as a licence, over the routes of each origin to the destinations only; the origin may sell"
        " elsewhere",
        rent_to=RentTo.NOBODY,
    ),
    EventKind.OFFTAKE: EventRule(
        Acts.FORM,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.NAMED,
        "t: what the destinations take at least in a full year; fraction: share of their base purchases",
        "sum of q >= y s, or y s times the sum of q0, over the routes of each origin to the destinations",
        partial=False,
    ),
    EventKind.TARIFF: EventRule(
        Acts.FORM,
        _RATE,
        Needs.ANY,
        Needs.ANY,
        "ad-valorem import duty on top of the base duty",
        "tau = tau0 + v s y (1 - l); on CIF it is charged on freight too, on FOB it is not",
        exclusive=False,
        may=("duty_basis",),
    ),
    EventKind.SPECIFIC_DUTY: EventRule(
        Acts.FORM,
        _MONEY,
        Needs.ANY,
        Needs.ANY,
        "import duty per t contained, after freight",
        "c = c0 + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.EXPORT_TAX: EventRule(
        Acts.FORM,
        _RATE,
        Needs.ANY,
        Needs.ANY,
        "ad-valorem export tax on top of the base tax",
        "e = e0 + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.FREIGHT: EventRule(
        Acts.FORM,
        {"USD/t": (0.0, inf), "x": (0.1, 50.0)},
        Needs.ANY,
        Needs.ANY,
        "USD/t: freight and insurance on top of the base freight, per t contained; x: times the base freight",
        "t = t0 + v s y (1 - l), or t0 [1 + v (s - 1) y (1 - l)]",
        exclusive=False,
        may=("via",),
        assumed_unit=True,
    ),
    EventKind.OUTAGE: EventRule(
        Acts.PRIMARY,
        _SHARE,
        Needs.ANY,
        Needs.NONE,
        "share of the origin's primary capacity that is lost over a full year",
        "A and K times 1 - v s y (1 - l)",
    ),
    EventKind.PRODUCTION_QUOTA: EventRule(
        Acts.PRIMARY,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.NONE,
        "t: what may be mined in a full year; fraction: share of base output that is cut",
        "M below (1 - v s y (1 - l)) M0, or below (1 - y) M0 + y [(1 - v) M0 + s + l (v M0 - s)]",
    ),
    EventKind.PROCESS_OUTAGE: EventRule(
        Acts.PROCESS,
        _SHARE,
        Needs.ANY,
        Needs.NONE,
        "share of the origin's processing capacity that is lost over a full year",
        "Xbar times 1 - v s y (1 - l)",
    ),
    EventKind.DEMAND: EventRule(
        Acts.FORM,
        _CHANGE,
        Needs.NONE,
        Needs.ANY,
        "change of final use at unchanged prices over a full year",
        "D times 1 + v s y (1 - l)",
        may=("uses",),
    ),
    EventKind.MINE: EventRule(
        Acts.PRIMARY,
        _TONNES,
        Needs.ONE,
        Needs.ANY,
        "capacity of new primary supply, t contained a year",
        "a new origin of capacity s y that reaches the destinations that are not exempt",
        partial=False,
        exclusive=False,
        may=("ramp",),
    ),
    EventKind.PLANT: EventRule(
        Acts.PROCESS,
        _TONNES,
        Needs.ONE,
        Needs.ANY,
        "output of a new plant, t contained a year",
        "activity of capacity s y / (t of output per t of activity)",
        partial=False,
        exclusive=False,
        may=("ramp",),
    ),
    EventKind.CURRENCY: EventRule(
        Acts.NOTHING,
        _CHANGE,
        Needs.ANY,
        Needs.NONE,
        "rise of the currency against the dollar: local costs in dollars rise by it",
        "fx = 1 / (1 + s y) - 1: producers and buyers of the origins see dollar prices times 1 + fx",
        partial=False,
    ),
    EventKind.CLOSURE: EventRule(
        Acts.PRIMARY,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.NONE,
        "t: base output that closes for good; fraction: share of the origin's primary capacity that closes",
        "A and K times 1 - v s y (1 - l), with s / M0 for s where it is in t, not below 0",
    ),
    EventKind.PROCESS_CLOSURE: EventRule(
        Acts.PROCESS,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.NONE,
        "t: base output that closes for good; fraction: share of the origin's processing capacity that"
        " closes",
        "Xbar times 1 - v s y (1 - l), with s over the base output for s where it is in t, not below 0",
    ),
    EventKind.SUBSIDY: EventRule(
        Acts.PRIMARY,
        _MONEY,
        Needs.ANY,
        Needs.NONE,
        "USD per t of primary output, paid by the state of the origin",
        "producers receive p + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.PROCESS_SUBSIDY: EventRule(
        Acts.PROCESS,
        _MONEY,
        Needs.ANY,
        Needs.NONE,
        "USD per t of processed output, paid by the state of the origin",
        "margin m + v s y (1 - l) sum of b",
        exclusive=False,
    ),
    EventKind.PRICE_FLOOR: EventRule(
        Acts.PRIMARY,
        _MONEY,
        Needs.ANY,
        Needs.NONE,
        "price that primary producers are guaranteed, USD per t; the state of the origin pays the gap",
        "producers receive p + v y (1 - l) max(s - p, 0), the corner rounded within 1 % of s",
    ),
    EventKind.STOCKPILE_PURCHASE: EventRule(
        Acts.FORM,
        _TONNES,
        Needs.NONE,
        Needs.ONE,
        "what a state buys for its stockpile over a full year, t contained",
        "U + P, P = s y (1 + zc^-8) / (1 + (z/zc)^8): the same tonnes up to the backstop",
        partial=False,
        exclusive=False,
    ),
    EventKind.STOCK_RELEASE: EventRule(
        Acts.FORM,
        _TONNES,
        Needs.ONE,
        Needs.NONE,
        "what the holder would sell over a full year at a price far above the trigger, t contained",
        "S + s y [L((p - p*)/h) - L((p0 - p*)/h)], p the inside price, p* the trigger, h the width (5 % of it"
        " unless given)",
        partial=False,
        exclusive=False,
        needs=("trigger",),
        may=("width",),
    ),
    EventKind.COMMERCIAL_STOCK: EventRule(
        Acts.FORM,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.NONE,
        "t: the most that is sold or taken up over a full year; fraction: of the origin's base output",
        "S + 2 s y [L((p - p0)/h) - 1/2], h the width in USD/t (10 % of the base price unless given)",
        partial=False,
        may=("width",),
    ),
    EventKind.PRECAUTIONARY_BUYING: EventRule(
        Acts.FORM,
        {"weeks": (0.0, 52.0)},
        Needs.NONE,
        Needs.ANY,
        "weeks of base use bought on top over a full year",
        "U + P, P = v s y (1 - l) / 52 times U0, bought at almost any price as by a state",
    ),
    EventKind.SUBSTITUTION: EventRule(
        Acts.FORM,
        _SHARE,
        Needs.NONE,
        Needs.ANY,
        "share of the use that turns to another material when the price is far above the trigger",
        "D times 1 - v s y (1 - l) [L((z - z*)/w) - L0] / (1 - L0), z = Phi/Phi0, z* the trigger, w the width"
        " (0.1 unless given)",
        needs=("trigger",),
        may=("width", "uses"),
    ),
    EventKind.RECYCLING: EventRule(
        Acts.PRIMARY,
        {"fraction": (-0.99, 20.0), "t": (0.0, inf)},
        Needs.ANY,
        Needs.NONE,
        "t: more scrap collected at base prices; fraction: change of collection at unchanged prices",
        "A and K times 1 + v s y (1 - l), with s / M0 for s where it is in t",
    ),
    EventKind.HOST_OUTPUT: EventRule(
        Acts.PRIMARY,
        {"fraction": (-1.0, 20.0)},
        Needs.ANY,
        Needs.NONE,
        "change of the output of the host metal; coverage is the share of the form's output that is its"
        " by-product",
        "A and K times 1 + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.CONTROL: EventRule(
        Acts.FORM,
        _SHARE_OR_TONNES,
        Needs.NAMED,
        Needs.NAMED,
        "t: what the named destinations get first in a full year; fraction: share of the origin's output",
        "sum of q >= y s, or y s times [base output after capacity events + 0.9 K of new mines + 0.8 of new"
        " plants]",
        partial=False,
    ),
    EventKind.TAKE_OR_PAY: EventRule(
        Acts.FORM,
        _SHARE_OR_TONNES,
        Needs.ANY,
        Needs.NAMED,
        "t: what the destinations must take in a full year; fraction: share of their base purchases",
        "sum of q >= y s, or y s times the sum of q0, over the routes of each origin to the destinations",
        partial=False,
        rent_to=RentTo.IMPORTERS,
    ),
}


def rule_of(kind: EventKind) -> EventRule:
    """The rule of a kind of event.

    Parameters
    ----------
    kind : EventKind
        The kind.

    Returns
    -------
    EventRule
        What it acts on, in which units, between which limits.

    Examples
    --------
    >>> rule_of(EventKind.SANCTION).rent_to.value
    'nobody'
    """
    return RULES[kind]

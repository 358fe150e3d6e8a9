"""Key figures: the three numbers of an exposure that come first, each with an interval, its date and what it
leaves out.

1. the share of a country's metal that passes through one foreign country at some stage (and whose mines it
is from, by
   owner); 2. weeks of cover by published stocks; 3. the expected loss a year if that country may stop
   selling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import UserError
from crosscut.ledger.ask.stockpile import stockpile
from crosscut.ledger.ownership import controlled_output
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.market.model.world import World
from crosscut.results.rows import Row
from crosscut.studies.exposure.stops import Loss
from crosscut.studies.shared.money import shows_parties

OWNER_RULE = "owner-strict"


def last_origins(world: World, places: Sequence[int]) -> Array:
    """Share of the metal that the places finally use, by the country where it was last processed (n)."""
    at = list(places)
    final = world.D0[:, at].sum(axis=2)
    use = world.use()[:, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(use > 0, final / use, 0.0)
    tonnes: Array = (world.q0[:, :, at] * weight[:, None, :]).sum(axis=(0, 2))
    total = tonnes.sum()
    return tonnes / total if total > 0 else tonnes


def passed_through(world: World, places: Sequence[int]) -> Array:
    """Share of the metal that the places finally use which was mined, collected or processed in each country
    (n) at any stage; the shares of several countries overlap. Followed back by proportional mixing, as
    `mine_origins`.
    """
    n, F = len(world.countries), len(world.chain.forms)
    a, b = world.input_coefficients(), world.output_coefficients()
    supply, elsewhere = world.supply(), 1.0 - np.eye(n)
    never_used = np.ones((F, n, n))  # of form f used by j: share that never was in country c
    for f in world.chain.topological_order():
        made = b[:, f] @ world.X0
        never = np.repeat((supply[f] - made)[:, None], n, axis=1)
        for k in range(len(world.chain.processes)):
            if b[k, f] > 0:
                mix = np.einsum("g,gic->ic", a[k] / a[k].sum(), never_used)
                never += (b[k, f] * world.X0[k])[:, None] * mix
        with np.errstate(divide="ignore", invalid="ignore"):
            never_sold = np.where(supply[f][:, None] > 0, never / supply[f][:, None], 1.0) * elsewhere
            bought = world.q0[f].sum(axis=0)
            never_used[f] = np.where(bought[:, None] > 0, (world.q0[f].T @ never_sold) / bought[:, None], 1.0)
    at = list(places)
    final = world.D0[:, at].sum(axis=2)
    total = float(final.sum())
    if total <= 0:
        return np.zeros(n)
    out: Array = 1.0 - np.einsum("fj,fjc->c", final, never_used[:, at]) / total
    return np.clip(out, 0.0, 1.0)


def mine_origins(world: World, places: Sequence[int]) -> tuple[Array, float]:
    """(share of the metal that the places finally use, by the country where it was mined (n); share that is
    old scrap).

    Followed back through every form and process by proportional mixing.
    """
    n, F = len(world.countries), len(world.chain.forms)
    a, b = world.input_coefficients(), world.output_coefficients()
    supply = world.supply()
    of_sold = np.zeros((F, n, n))  # of form f sold by i: share mined in each country; the rest is scrap
    of_used = np.zeros((F, n, n))
    for f in world.chain.topological_order():
        mined = np.zeros((n, n))
        if "scrap" not in world.chain.forms[f].id:
            mined += np.diag(world.M0[f])
        for k in range(len(world.chain.processes)):
            if b[k, f] > 0:
                taken = a[k] / a[k].sum()
                mix = np.einsum("g,gim->im", taken, of_used)
                mined += (b[k, f] * world.X0[k])[:, None] * mix
        with np.errstate(divide="ignore", invalid="ignore"):
            of_sold[f] = np.where(supply[f][:, None] > 0, mined / supply[f][:, None], 0.0)
            bought = world.q0[f].sum(axis=0)
            of_used[f] = np.where(bought[:, None] > 0, (world.q0[f].T @ of_sold[f]) / bought[:, None], 0.0)
    at = list(places)
    final = world.D0[:, at].sum(axis=2)
    total = float(final.sum())
    if total <= 0:
        return np.zeros(n), 0.0
    mined_share: Array = np.einsum("fj,fjm->m", final, of_used[:, at]) / total
    return mined_share, max(0.0, 1.0 - float(mined_share.sum()))


def by_owner(ledger: Ledger, world: World, mined: Array) -> dict[str, float] | None:
    """Share of the metal by the country that controls the mine, UNK where no owner is known; None where
    stakes are not on record for the mineral."""
    try:
        parts = controlled_output(ledger, world.mineral, world.year, OWNER_RULE).parts
    except UserError:
        return None
    of_place: dict[str, dict[str, float]] = {}
    for p in parts:
        owners = of_place.setdefault(p.location, {})
        owners[p.country] = owners.get(p.country, 0.0) + p.tonnes
    out: dict[str, float] = {}
    for k, share in enumerate(mined):
        owners = of_place.get(world.countries[k], {"UNK": 1.0})
        total = sum(owners.values()) or 1.0
        for owner, tonnes in owners.items():
            out[owner] = out.get(owner, 0.0) + float(share) * tonnes / total
    return out


@dataclass(frozen=True)
class Rate:
    """Chance a year that a country stops selling a mineral abroad (ban, suspension, halt), its 90 %
    interval, the group of countries it was counted on and the fact."""

    per_year: float
    low: float
    high: float
    group: str
    fact: str


def stop_rate(ledger: Ledger, country: str) -> Rate | None:
    """The base rate of a country's group, 2009 to May 2026, from the hazard tables; None without them.

    China has a rate of its own; others go by the governance tercile of producers. No event counted is not no
    hazard: Jeffreys' 0.5 events stand for 0.

    >>> ledger = Ledger.bundled()
    >>> r = stop_rate(ledger, "CHN")
    >>> round(100 * r.per_year, 1), r.group
    (1.6, 'China, 2009 to May 2026')
    """
    panel = table(ledger, "hazards/hazard_panel")
    terciles = dict(panel.select("country_iso3", "governance_tercile").iter_rows())
    if country == "CHN":
        scope, tercile, group = "China only", "middle", "China"
    elif country in terciles:
        tercile = terciles[country]
        scope = "without China" if tercile == "middle" else "all countries"
        group = (
            f"producers in the {tercile} third by"
            f" governance{', without China' if tercile == 'middle' else ''}"
        )
    else:
        scope, tercile, group = "without China", "all", "all producers without China"
    for r in table(ledger, "hazards/hazard_estimates").iter_rows(named=True):
        found = (r["measure"], r["scope"], r["governance_tercile"], r["instrument_or_cause"], r["period"])
        if found == ("export restriction onset", scope, tercile, "stop", "2009-2026"):
            low = _number(r["cluster90_low"], r["exact90_low"])
            high = _number(r["cluster90_high"], r["exact90_high"])
            rate = _number(r["rate_pct_per_year"]) or 100 * 0.5 / _number(r["exposure"])
            return Rate(
                rate / 100, low / 100, max(high, rate) / 100, f"{group}, 2009 to May 2026", r["fact_id"]
            )
    return None


def _number(*texts: Any) -> float:
    """The first that is given."""
    return next(float(t) for t in texts if t not in (None, ""))


def key_figures(
    ledger: Ledger,
    world: World,
    places: Sequence[int],
    members: Sequence[str],
    label: str,
    largest: int | None,
    loss: Loss | None,
) -> list[Row]:
    """The three rows for places that stand for `members` (ISO3); `largest` is the foreign origin of most of
    the metal and `loss` what its stop costs."""
    return [
        *_from_one_country(ledger, world, places, largest),
        _cover(ledger, world, places, members, label),
        _expected_loss(ledger, world, largest, loss),
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


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"


def _name(world: World, code: str) -> str:
    from crosscut.base.places import all_places

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
            f" at some stage ({_percent(float(last[largest]))} at the last)",
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
            text=f"comes from mines controlled from {_name(world, top)} ({_percent(scrap)} is old scrap,"
            f" {_percent(unknown)} from mines of unknown owner)",
            status="flagged: the upper end gives it every unknown owner",
        ).as_row(),
    ]


def _cover(ledger: Ledger, world: World, places: Sequence[int], members: Sequence[str], label: str) -> Row:
    use = float(world.D0[:, list(places)].sum())
    stock = stockpile(ledger, world.mineral, members)
    if stock is not None and use > 0:
        return _Figure(
            figure="weeks of cover",
            value=52 * stock.tonnes / use,
            unit="weeks",
            text=f"weeks of use in the national stockpile ({stock.tonnes:,.0f} {stock.unit} on {stock.day},"
            " the last figure published)",
            status=f"flagged: of {stock.day}; bought or sold since is not published; industry stocks unknown"
            " (too"
            " low)",
            facts=list(stock.facts),
        ).as_row()
    return _Figure(
        figure="weeks of cover",
        unit="weeks",
        text=f"weeks of cover: no stock figure is published for {label}",
        status="missing: no stock figure in tonnes in the ledger",
    ).as_row()


def _expected_loss(ledger: Ledger, world: World, largest: int | None, loss: Loss | None) -> Row:
    unit, title = "million USD a year", "expected loss a year"
    if largest is None or loss is None:
        return _Figure(
            figure=title,
            unit=unit,
            text="expected loss a year: no foreign origin",
            status="missing: no foreign origin",
        ).as_row()
    if not shows_parties(world):
        return _Figure(
            figure=title,
            unit=unit,
            text="expected loss a year: too little of this world is fact to tell who loses what",
            status=f"missing: world grade {world.grade}, {len(world.chain.forms)}"
            f" form{'s' if len(world.chain.forms) > 1 else ''} (what its buyers lose: crosscut stress)",
        ).as_row()
    origin = world.countries[largest]
    rate = stop_rate(ledger, origin)
    known = loss.usd[np.isfinite(loss.usd)]
    if rate is None or len(known) <= len(loss.usd) / 2:
        why = (
            "no base rate in the ledger"
            if rate is None
            else "no price in most draws: buyers without any supply"
        )
        return _Figure(
            figure=title,
            unit=unit,
            text=f"expected loss a year: {why}",
            status=f"missing: {why}",
        ).as_row()
    low, middle, high = (float(x) / 1e6 for x in np.quantile(known, [0.1, 0.5, 0.9]))
    name = _name(world, origin)
    size = "" if world.grade in "AB" else f"order of size (world grade {world.grade}); "
    return _Figure(
        figure=title,
        value=rate.per_year * middle,
        low=rate.low * max(low, 0.0),
        high=rate.high * high,
        unit=unit,
        text=f"expected loss a year: {_percent(rate.per_year, 1)} a year ({_percent(rate.low, 1)} to"
        f" {_percent(rate.high, 1)}) that {name} stops selling, times USD {middle:,.0f} M ({low:,.0f} to"
        f" {high:,.0f}) for a year's stop",
        status=f"flagged: {size}base rate of {rate.group}; licences, quotas, outages and other origins are"
        " not in it, stops last longer than a year at the median, rates rose after 2022 (all: too low)",
        facts=[rate.fact],
    ).as_row()

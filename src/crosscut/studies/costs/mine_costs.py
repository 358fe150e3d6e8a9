"""Mine costs: what sources say a mtu of WO3 in concentrate costs, all in US dollars of one year."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.inputs.project.provenance import ORDER
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import rows

CONVENTIONS = (
    "A figure is turned into dollars at the rate its source prints (else one given here, with its "
    "evidence status) and carried to the year of the curve with US consumer prices. Mining costs may have "
    "grown faster: one estimate has capital grow by 0.5 to 1.5 points a year more than consumer prices "
    "from 2013 to 2026 (project_costs, P047), so the high end of a figure that is older than the curve "
    "adds 1.5 points a year. Years after the last index keep its last growth."
)


CURVE_YEAR = 2025  # the last year with an index and with output by country
FASTER = 0.015  # a year above consumer prices, at the high end
MTU_PER_T_CONCENTRATE = 65.0  # of 65 % WO3
CONCENTRATE = "t of 65 % concentrate"


@dataclass(frozen=True)
class StatedCost:
    """A cost that a source states: `cost`, `low`, `high` in USD of `CURVE_YEAR` per mtu WO3; `output` t W a
    year.

    `state` is runs, planned, or claim: a figure about many mines together, which is the cost of none of them.
    `case` is the bundled project of the mine, empty where there is none.
    """

    id: str
    mine: str
    country: str
    case: str
    state: str
    year: int
    cost: float
    low: float
    high: float
    printed: str
    basis: str
    output: float
    output_note: str
    source: str
    source_date: str
    evidence_status: str
    note: str
    currency: str
    usd: float
    usd_evidence_status: str


@cache
def price_level() -> dict[int, float]:
    """US consumer prices by year, annual average.

    >>> round(price_level()[2025] / price_level()[2012], 3)
    1.402
    """
    return {int(r["year"]): float(r["value"]) for r in _read("price_level.csv")}


def carried(year: int, to: int = CURVE_YEAR) -> float:
    """What a dollar of `year` is in dollars of `to`; years beyond the index keep the growth of its last.

    >>> carried(2025), round(carried(2026), 4)
    (1.0, 0.9744)
    """
    level = price_level()
    last = max(level)
    growth = level[last] / level[last - 1]

    def at(y: int) -> float:
        return level[y] if y <= last else level[last] * growth ** (y - last)

    return at(to) / at(year)


@cache
def stated_costs() -> tuple[StatedCost, ...]:
    """Every cost per mtu that a source states.

    >>> next(round(c.cost) for c in stated_costs() if c.id == "barruecopardo-2012")
    180
    """
    out = []
    for r in _read("mine_costs.csv"):
        year = int(r["year"])
        unit = float(r["usd"]) / (MTU_PER_T_CONCENTRATE if r["per"] == CONCENTRATE else 1.0) * carried(year)
        low, high = float(r["low"] or r["cost"]), float(r["high"] or r["cost"])
        evidence_status = max(r["evidence_status"], r["usd_evidence_status"], key=ORDER.index)
        said = r["cost"] if low == high else f"{low:,.6g} to {high:,.6g}"
        faster = (1.0 + FASTER) ** max(CURVE_YEAR - year, 0)
        out.append(
            StatedCost(
                r["id"],
                r["mine"],
                r["country"],
                r["case"],
                r["state"],
                year,
                float(r["cost"]) * unit,
                low * unit,
                high * unit * faster,
                f"{said} {r['currency']} of {year} per {r['per']}",
                r["basis"],
                float(r["output"]),
                r["output_note"],
                f"{r['source_title']} <{r['source_url']}>",
                r["source_date"],
                evidence_status,
                r["note"],
                r["currency"],
                float(r["usd"]),
                r["usd_evidence_status"],
            )
        )
    return tuple(out)


def used_costs() -> dict[str, StatedCost]:
    """The figure of each mine: that of the latest year not after the curve's, and of the earliest after it
    where there is no other. The same rule for all; claims about many mines are not in it."""
    out: dict[str, StatedCost] = {}
    for c in sorted(stated_costs(), key=lambda c: (c.year > CURVE_YEAR, abs(CURVE_YEAR - c.year))):
        if c.state != "claim":
            out.setdefault(c.mine, c)
    return out


@per_ledger
def world_output(ledger: Ledger) -> dict[str, float]:
    """t W mined in `CURVE_YEAR` by country, WLD the world.

    >>> ledger = Ledger.bundled()
    >>> world_output(ledger)["WLD"]
    85000.0
    """
    return {
        r["iso3"]: float(r["mine_production"])
        for r in rows(ledger, "tungsten/production")
        if r["year"] == str(CURVE_YEAR) and r["unit"] == "t W content" and "2025e" in r["note"]
    }


def _read(name: str) -> list[dict[str, str]]:
    text = bundled_text("finance", name)
    return list(csv.DictReader(text.splitlines()))

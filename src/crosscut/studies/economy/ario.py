"""ARIO with inventories: how a loss of capacity spreads through an economy day by day.

Written from the published equations: Hallegatte (2008, Risk Analysis 28), Hallegatte (2013, Risk Analysis
34), with orders that follow suppliers still able to deliver as in Guan et al. (2020, Nature Human Behaviour
4), in the notation of Juhel (2024, JOSS 9, "BoARIO"). Industries hold days of every input; production is the
least of capacity, orders and what inputs allow; too little is shared out in proportion to orders; overtime
grows while demand, new orders included, is unmet. Final demand is constant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.progress import Progress
from crosscut.studies.economy.table import EconomyTable


@dataclass(frozen=True)
class IndustryResponse:
    """How industries react: inputs held and restored (days), overtime, the share of wanted stock that is
    enough.

    Defaults are Hallegatte's (2013): 90 days of inputs, restored over 60; overtime up to 25 %, reached over
    a year; production is cut when a stock falls below 80 % of what is wanted. `alternative` orders follow
    suppliers' capacity.
    """

    inventory_days: float = 90.0
    restoration_days: float = 60.0
    psi: float = 0.8
    overtime_base: float = 1.0
    overtime_most: float = 1.25
    overtime_days: float = 365.0
    alternative: bool = True
    days_a_year: float = 365.0


@dataclass(frozen=True)
class Days:
    """A simulated spell: output over normal output, and final demand not met, in table units a day; both day
    x industry."""

    output: Array
    unmet: Array


def recovering(lost: Array, duration: int, recovery: int, days: int, start: int = 1) -> Array:
    """Capacity lost, day x industry: `lost` from day `start` for `duration` days, then back in a straight
    line over `recovery`.

    >>> recovering(np.array([0.6]), duration=2, recovery=3, days=7)[:, 0].round(2).tolist()
    [0.0, 0.6, 0.6, 0.4, 0.2, 0.0, 0.0]
    """
    day = np.arange(days)
    back = np.maximum(day - start - duration + 1, 0) / max(recovery, 1)
    left = np.clip(1.0 - back, 0.0, 1.0)
    return np.asarray((left * (day >= start))[:, None] * lost[None, :])


def ario_days(
    table: EconomyTable,
    lost: Array,
    behaviour: IndustryResponse | None = None,
    missing: Array | None = None,
    progress: Progress | None = None,
) -> Days:
    """Output and unmet final demand on every day of `lost` (day x industry, fraction of capacity that is
    gone).

    Overtime makes up for lost capacity; `missing` (same shape) is the fraction of normal output that no
    overtime brings back, since a material is not there. An industry that makes nothing stays at relative
    output 1. Without loss every day equals the first. `progress` is called with (days done, days in all).
    """
    b = behaviour or IndustryResponse()
    x0, final = table.x / b.days_a_year, table.y.sum(axis=1) / b.days_a_year
    n = len(x0)
    # A sector's rows, of all regions. Work goes sector by sector, so that beside the table there is one more
    # of its size, the orders of the day.
    sectors = [np.flatnonzero(table.product_of == s) for s in range(int(table.product_of.max()) + 1)]

    def pooled(sales: Array, weights: Array) -> Array:
        """Rows of one sector, weighted, summed over regions."""
        return np.stack([weights[rows] @ sales[rows] for rows in sectors])

    a_day = np.full(n, 1.0 / b.days_a_year)
    usual = pooled(table.z, a_day)
    per_unit = np.divide(usual, x0, out=np.zeros((len(sectors), n)), where=x0 > 0)
    alive = x0 > 0
    stock = b.inventory_days * per_unit * x0
    orders, overtime = table.z / b.days_a_year, np.full(n, b.overtime_base)
    output, unmet = np.ones((len(lost), n)), np.zeros((len(lost), n))
    most = (
        np.where(missing > 0, 1.0 - missing, np.inf) if missing is not None else np.full(lost.shape, np.inf)
    )
    ahead = orders.sum(axis=1) + final
    for day, gone in enumerate(lost):
        demand = ahead
        capacity = np.minimum(overtime * (1.0 - gone), most[day])
        wanted = np.minimum(demand, capacity * x0)
        goal = b.inventory_days * per_unit * wanted
        enough = np.divide(stock, b.psi * goal, out=np.ones_like(stock), where=goal > 0)
        made = wanted * np.clip(enough.min(axis=0), 0.0, 1.0)
        served = np.divide(made, demand, out=np.ones(n), where=demand > 0)
        used = per_unit * made
        stock = stock + pooled(orders, served) - used
        able = a_day * capacity if b.alternative else a_day
        total = pooled(table.z, able) if b.alternative else usual
        asked = used + np.maximum(goal - stock, 0.0) / b.restoration_days
        share = np.divide(asked, total, out=np.zeros_like(asked), where=total > 0)
        for s, rows in enumerate(sectors):
            orders[rows] = table.z[rows] * able[rows, None] * share[s]
        ahead = orders.sum(axis=1) + final
        scarcity = 1.0 - np.divide(made, ahead, out=np.ones(n), where=ahead > 0)
        overtime = (
            overtime
            + np.where(scarcity > 0, (b.overtime_most - overtime) * scarcity, b.overtime_base - overtime)
            / b.overtime_days
        )
        output[day, alive] = made[alive] / x0[alive]
        unmet[day] = final * (1.0 - served)
        if progress:
            progress(day + 1, len(lost))
    return Days(output, unmet)

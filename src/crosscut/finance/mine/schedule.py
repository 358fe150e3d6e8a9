"""Schedule: from ore in the ground to tonnes of WO3 sold, year by year.

Types of ore are mined in their order, as fast as the mine allows; what the mill cannot take waits in a
stockpile of its own type and is milled, in the same order, when there is room. What was on a stockpile from
the start (`surface`) is not mined and waits there. Grade and recovery may differ by the year of milling,
waste by the year of mining. Ore left when the last year of production is over stays in the ground and is
reported.

Tests: tests/finance/test_schedule_by_hand.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import MTU_PER_T, columns, over_years, ramped


@dataclass(frozen=True, eq=False)
class Schedule:
    """Tonnes by year and draw: ore mined, waste moved, ore milled, WO3 in it, WO3 in concentrate, mtu sold;
    `active` where ore is milled; `last` the last such year of each draw; ore never mined and left on
    stockpiles (draws,).
    """

    mined: Array
    waste: Array
    milled: Array
    contained: Array
    concentrate: Array
    sold: Array
    active: Array
    last: Array
    left: Array
    stock: Array


def schedule(p: Project) -> Schedule:
    """The tonnes of a project; see the module for the rule of order.

    Parameters
    ----------
    p : Project
        The project.

    Returns
    -------
    Schedule
        (years, draws), with as many draws as ore, mine, mill and product need.
    """
    years, first = len(p.years), p.production
    n = columns(
        *(x for o in p.ore for x in (o.tonnes, o.grade, o.recovery, o.strip)),
        p.mine.capacity,
        p.mine.by_year,
        p.mill.capacity,
    )
    allowed = np.zeros((years, 1))
    allowed[: p.last + 1] = 1.0
    if p.mine.by_year is not None:
        mine = over_years(p.mine.by_year, years) * allowed
    else:
        assert p.mine.capacity is not None
        mine = over_years(p.mine.capacity, years) * ramped(p.mine.ramp, years, first) * allowed
    mill = None
    if p.mill.capacity is not None:
        mill = over_years(p.mill.capacity, years) * ramped(p.mill.ramp, years, first) * allowed
        mill = np.broadcast_to(mill, (years, n))
    mine = np.broadcast_to(mine, (years, n))
    kinds = len(p.ore)
    grade, recovery, strip = (
        [over_years(x, years) for x in numbers]
        for numbers in zip(*((o.grade, o.recovery, o.strip) for o in p.ore), strict=True)
    )
    ground = [np.zeros(n) if o.surface else np.broadcast_to(np.ravel(o.tonnes), (n,)) * 1.0 for o in p.ore]
    heap = [np.broadcast_to(np.ravel(o.tonnes), (n,)) * 1.0 if o.surface else np.zeros(n) for o in p.ore]
    mined, waste, milled, contained, concentrate, stock = (np.zeros((years, n)) for _ in range(6))
    ramp = ramped(p.mill.recovery_ramp, years, first)[:, 0]
    for t in range(years):
        room = mine[t]
        for k in range(kinds):
            dug = np.minimum(ground[k], room)
            room = room - dug
            ground[k] -= dug
            heap[k] += dug
            mined[t] += dug
            waste[t] += dug * strip[k][t]
        if t < first:
            stock[t] = sum(heap)
            continue
        room = np.full(n, np.inf if allowed[t, 0] > 0 else 0.0) if mill is None else mill[t]
        for k in range(kinds):
            fed = np.minimum(heap[k], room)
            room = room - fed
            heap[k] -= fed
            wo3 = fed * grade[k][t]
            milled[t] += fed
            contained[t] += wo3
            concentrate[t] += wo3 * recovery[k][t] * ramp[t]
        stock[t] = sum(heap)
    sold = concentrate * MTU_PER_T
    if p.product.form != "concentrate" and p.product.refinery is not None:
        sold = sold * p.product.refinery.recovery
    active = (milled > 0).astype(float)
    last = (active * np.arange(1, years + 1)[:, None]).max(axis=0) - 1.0  # -1 where nothing is ever milled
    left: Array = np.sum(ground, axis=0)
    return Schedule(mined, waste, milled, contained, concentrate, sold, active, last, left, stock)

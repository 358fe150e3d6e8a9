"""Tonnage: what a project offers the market by year, as a facility of an outlook; and a project that sells
less."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.units import W_PER_WO3
from crosscut.finance.mine.schedule import schedule
from crosscut.finance.numbers import MTU_PER_T
from crosscut.inputs.outlook.schema import FacilityEntry
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.schema import ProjectFile
from crosscut.inputs.project.technical_schema import MineEntry
from crosscut.studies.project.build import project_of

FORMS = {"concentrate": "concentrate", "apt": "oxide", "oxide": "oxide"}


@dataclass(frozen=True, eq=False)
class Plan:
    """A project's middle case: years, t of ore milled and t W sold by year at full use."""

    years: range
    ore: Array
    sold: Array
    form: str
    mined_per_sold: float


def plan_of(source: ProjectSource) -> Plan:
    """What a project makes as its file has it."""
    p = project_of(source)
    s = schedule(p)
    sold = s.sold[:, 0] / MTU_PER_T * W_PER_WO3
    refinery = p.product.refinery if p.product.form != "concentrate" else None
    recovery = 1.0 if refinery is None else float(np.ravel(np.asarray(refinery.recovery))[0])
    return Plan(p.years, s.milled[:, 0], sold, FORMS[p.product.form], 1.0 / recovery)


def offered(plan: Plan, running: Array, taken: Array) -> tuple[Array, Array]:
    """(t W a year the plant sells as planned, t of ore it mills) when it runs in the years of `running` (0
    to 1) and the market takes `taken` (0 to 1) of what it can sell.

    The plant keeps its rate until the ore is out, so that what is not sold now is sold later.
    """
    per_ore = np.divide(plan.sold, plan.ore, out=np.zeros_like(plan.sold), where=plan.ore > 0)
    full = int(np.argmax(plan.ore >= 0.999 * plan.ore.max()))
    rate = plan.ore.copy()
    rate[full:] = plan.ore.max()
    later = int(np.max(np.nonzero(plan.ore > 0)[0], initial=0))
    grade = np.where(np.arange(len(per_ore)) > later, per_ore[later], per_ore)
    can, milled = np.zeros_like(rate), np.zeros_like(rate)
    left = float(plan.ore.sum())
    for t in range(len(rate)):
        can[t] = min(rate[t] * running[t], left) * grade[t]
        milled[t] = min(rate[t] * running[t] * taken[t], left)
        left -= milled[t]
    return can, milled


def facility_of(source: ProjectSource, plan: Plan, can: Array, known: FacilityEntry | None) -> FacilityEntry:
    """The facility of an outlook that sells `can` t W by year at base prices, its first year that of
    production; buyers and owners are those of the outlook's own entry where it has one."""
    years = [y for y, x in zip(plan.years, can, strict=True) if x > 0] or [source.file.years.production]
    most = float(can.max())
    first = min(years)
    shares = [
        float(can[y - plan.years.start] / most) if most > 0 else 0.0 for y in range(first, max(years) + 1)
    ]
    given: dict[str, Any] = {
        "id": source.file.id,
        "name": source.file.title,
        "country": source.file.country,
        "form": plan.form,
        "output": {"mid": most},
        "start": float(first),
        "end": float(max(years) + 1),
        "probability": 1.0,
        "mined_per_sold": plan.mined_per_sold,
        "source": f"project {source.file.id}",
        "evidence_status": "assumed",
        "note": "tonnes of the project's own schedule",
    }
    entry = FacilityEntry.model_validate(given)
    kept: dict[str, Any] = {"ramp": shares}
    if known is not None:
        kept |= {k: getattr(known, k) for k in ("destinations", "exempt", "sells_first", "owners")}
    return entry.model_copy(update=kept)


def with_ore(source: ProjectSource, plan: Plan, milled: Array) -> ProjectSource:
    """The project that mines `milled` t of ore by year; itself where that is its plan, or where ore lies on
    the surface, which no plan of mining slows."""
    if np.allclose(milled, plan.ore, rtol=1e-6, atol=1.0) or any(
        o.origin == "stockpile" for o in source.file.ore
    ):
        return source
    file = source.file
    last = int(np.max(np.nonzero(milled > 0)[0], initial=0))
    mine = MineEntry.model_validate({"by_year": {plan.years[t]: float(milled[t]) for t in range(last + 1)}})
    years = file.years.model_copy(update={"last": max(plan.years[last], file.years.last or 0)})
    changed: ProjectFile = file.model_copy(update={"mine": mine, "years": years})
    return replace(source, file=changed)

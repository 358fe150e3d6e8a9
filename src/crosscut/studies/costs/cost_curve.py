"""Cost curve: tonnes of WO3 a year against what a mtu in concentrate costs, mines with a figure only; the
rest is unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.units import W_PER_WO3
from crosscut.finance.mine.operations import operations
from crosscut.finance.mine.project import Project
from crosscut.finance.mine.schedule import schedule
from crosscut.finance.numbers import MTU_PER_T, over_years
from crosscut.inputs.catalogue import PROJECT, bundled_names
from crosscut.inputs.project.loader import ProjectSource, project_source
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.costs.mine_costs import StatedCost, carried, stated_costs, used_costs, world_output
from crosscut.studies.project.build import project_of
from crosscut.studies.project.sampling import Draws

CONVENTIONS = (
    "Cash cost at the mine's gate: mining, milling and overhead less by-products, per mtu WO3 in "
    "concentrate, without freight, treatment, refining, royalties and capital. A block is a mine: where "
    "a source states its cost, the figure of the latest year up to that of the curve; where none does "
    "and a project file is bundled, the median of its draws. Mines without a figure are one block "
    "without a cost. They may lie anywhere, so that a place on the curve is between two shares: as if "
    "all of them were dearer, and as if all were cheaper."
)


DRAWS = 200  # of each case: its 10 % and 90 % points move by a few per cent with more
EXAMPLE = "example-mine"  # a pattern to copy, of no deposit


@dataclass(frozen=True)
class CaseCost:
    """A project on the curve: 10 %, 50 % and 90 % points in USD of `CURVE_YEAR` per mtu, t W in an average
    year of production."""

    id: str
    title: str
    country: str
    low: float
    cost: float
    high: float
    output: float


@dataclass(frozen=True)
class Block:
    """A mine on the curve: t W a year up to it (`start`) and with it (`end`), of mines at least as cheap."""

    mine: str
    country: str
    state: str
    cost: float
    low: float
    high: float
    output: float
    start: float
    end: float
    case: str
    stated: StatedCost | None


@dataclass(frozen=True)
class CurvePosition:
    """Where a project lies: t W a year that are known to be cheaper, of all that are known; the least and
    the most share of what the world mined in `CURVE_YEAR` that is cheaper."""

    project: CaseCost
    at: str
    cost: float
    cheaper: float
    known: float
    least: float
    most: float


def gate_cost(p: Project) -> tuple[Array, Array]:
    """(money of the file's year per mtu WO3 in concentrate, mtu in an average year of production), by draw.

    Averages over the years of production, each counted in money of the file's year.
    """
    o = operations(p, schedule(p))
    years = len(p.years)
    producing = np.ones((years, 1))
    producing[: p.production] = 0.0
    index = over_years(p.index, years)
    gross = o.schedule.concentrate * MTU_PER_T
    money = -(o.mining + o.processing + o.overhead) * producing - o.by_products
    total, count = gross.sum(axis=0), np.maximum((gross > 0).sum(axis=0), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.where(total > 0, (money / index).sum(axis=0) / total, np.nan)
    return cost, total / count


def case_cost(source: ProjectSource, seed: int, draws: int = DRAWS) -> CaseCost | None:
    """A project's cost on the basis of the curve; None where it makes nothing."""
    p = project_of(source, Draws(seed, range(draws)))
    cost, mtu = gate_cost(p)
    usd = cost / over_years(p.per_usd, len(p.years))[0] * carried(source.file.money.year)
    usd = usd[np.isfinite(usd)]
    if not len(usd):
        return None
    low, mid, high = (float(q) for q in np.quantile(usd, (0.1, 0.5, 0.9)))
    output = float(np.median(mtu)) / MTU_PER_T * W_PER_WO3
    return CaseCost(source.file.id, source.file.title, source.file.country, low, mid, high, output)


def bundled_case_costs(ledger: Ledger, seed: int, draws: int = DRAWS) -> dict[str, CaseCost]:
    """The bundled deposits of tungsten by id."""
    found = (
        case_cost(project_source(ledger, name), seed, draws)
        for name in bundled_names(PROJECT)
        if name != EXAMPLE
    )
    return {c.id: c for c in found if c is not None}


def curve(cases: dict[str, CaseCost]) -> list[Block]:
    """Every mine with a cost, the cheapest first."""
    found: list[tuple[float, StatedCost | CaseCost]] = [(c.cost, c) for c in used_costs().values()]
    stated = {c.case for c in used_costs().values()}
    found += [(c.cost, c) for c in cases.values() if c.id not in stated]
    out: list[Block] = []
    at = 0.0
    for cost, c in sorted(found, key=lambda x: x[0]):
        known = c if isinstance(c, StatedCost) else None
        mine, state, case = (
            (c.mine, c.state, c.case) if isinstance(c, StatedCost) else (c.title, "planned", c.id)
        )
        out.append(
            Block(mine, c.country, state, cost, c.low, c.high, c.output, at, at + c.output, case, known)
        )
        at += c.output
    return out


def covered(ledger: Ledger) -> tuple[float, float, float]:
    """t W mined in `CURVE_YEAR`: with a figure of the mine, in a country of which only a claim about many
    mines is known, and without any."""
    world = world_output(ledger)
    mines = sum(c.output for c in used_costs().values() if c.state == "runs")
    claimed = sum(
        world[country] for country in sorted({c.country for c in stated_costs() if c.state == "claim"})
    )
    return mines, claimed, world["WLD"] - mines - claimed


def places(ledger: Ledger, project: CaseCost, blocks: list[Block]) -> list[CurvePosition]:
    """A project's place at the 10 %, 50 % and 90 % point of its cost, itself left out."""
    others = [b for b in blocks if b.case != project.id]
    world = world_output(ledger)["WLD"]
    running = [b for b in others if b.state == "runs"]
    own = sum(b.output for b in blocks if b.case == project.id and b.state == "runs")
    unknown = world - own - sum(b.output for b in running)
    out = []
    for at, cost in (("p10", project.low), ("median", project.cost), ("p90", project.high)):
        cheaper = sum(b.output for b in running if b.cost < cost)
        out.append(
            CurvePosition(
                project,
                at,
                cost,
                sum(b.output for b in others if b.cost < cost),
                sum(b.output for b in others),
                cheaper / world,
                (cheaper + unknown) / world,
            )
        )
    return out

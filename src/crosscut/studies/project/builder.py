"""Builder: reads the figures of one project file in one set of draws, and the price levels of its money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.mine.product_unit import ProductUnit
from crosscut.finance.numbers import Numbers, over_years
from crosscut.inputs.project.fields import LONGEST, FigureEntry, SeriesEntry
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.product_rules import product_unit
from crosscut.inputs.project.schema import ProjectFile
from crosscut.studies.project.sampling import Draws, figure_at, ranged

Scale = Callable[[Numbers], Numbers]


@dataclass(frozen=True, eq=False)
class PriceLevels:
    """Price levels by year, (years, draws): of the money of the file, of local costs in it; units per US
    dollar."""

    index: Array
    costs: Array
    capital: Array
    per_usd: Array
    real: bool


class Builder:
    """Reads figures of one file in one set of draws; `names` are the ranged figures met, by name."""

    def __init__(self, source: ProjectSource, draws: Draws) -> None:
        self.source, self.file, self.draws = source, source.file, draws
        self.years = range(self.file.years.first, last_year(self.file) + 1)
        self.names: dict[str, FigureEntry | SeriesEntry] = {}

    def figure(
        self, name: str, f: FigureEntry | None, default: float = 0.0, highest: float = np.inf
    ) -> Numbers:
        """The figure of a name, (1, draws) or a number."""
        if f is None:
            return default
        self.names[name] = f
        return figure_at(f, self.draws.score(name) if ranged(f) else 0.0, highest)

    def series(
        self, name: str, s: SeriesEntry | None, default: float = 0.0, highest: float = np.inf
    ) -> Numbers:
        """The series of a name, (years, draws) or a number."""
        if s is None:
            return default
        self.names[name] = s
        score = self.draws.score(name) if ranged(s) else 0.0
        if s.by_year is None:
            return figure_at(s, score, highest)
        return np.minimum(self.by_year(s.by_year) * figure_at(s, score), highest)

    @property
    def unit(self) -> ProductUnit:
        """How the file counts its product."""
        return product_unit(self.file.prices)

    def price(self) -> Numbers:
        """The price of the file in its own money basis, USD per mtu (10 kg) contained."""
        p = self.file.prices
        if p.price is not None:
            return self.series("prices.price", p.price) / self.unit.mtu
        return self.series("prices.apt", p.apt)

    def by_year(self, given: Mapping[int, float], hold: bool = True) -> Array:
        """Numbers by year as a column; before and after those given stand the first and last, or 0 unless
        `hold`."""
        first, last = min(given), max(given)
        out = np.array([given[min(max(y, first), last)] if hold or y in given else 0.0 for y in self.years])
        return out.reshape((-1, 1))

    def due(self, first: int | None, last: int | None, holiday: int = 0) -> Array:
        """1 in the years something is due; not in the first `holiday` years of production."""
        start = max(first or 0, self.file.years.production + holiday if holiday else 0)
        return np.array([[float(start <= y <= (last or 9999))] for y in self.years])

    def money(self) -> PriceLevels:
        """Price levels; a nominal file is not escalated."""
        m = self.file.money
        index = self._level("money.inflation", m.inflation)
        per_usd = over_years(self.series("money.per_usd", m.per_usd, 1.0), len(self.years))
        one = np.ones((len(self.years), 1))
        if m.basis == "nominal":
            return PriceLevels(index, one, one, per_usd, False)
        if m.local is None:
            return PriceLevels(index, index, index, per_usd, True)
        local = self._level("money.local.inflation", m.local.inflation)
        fall = (
            self._level("money.local.depreciation", m.local.depreciation)
            if m.local.depreciation
            else local / index
        )
        abroad = local / fall
        mixed = [s * abroad + (1.0 - s) * index for s in (m.local.share_of_costs, m.local.share_of_capital)]
        return PriceLevels(index, mixed[0], mixed[1], per_usd, True)

    def _level(self, name: str, rate: SeriesEntry) -> Array:
        """1 in `money.year`, growing by the rate of each year after it and falling before it."""
        growth = 1.0 + over_years(self.series(name, rate), len(self.years))
        whole: Array = np.cumprod(growth, axis=0, dtype=np.float64)
        base = self.file.money.year - self.years.start
        if 0 <= base < len(self.years):
            return np.asarray(whole / whole[base])
        if base < 0:
            return np.asarray(whole * growth[:1] ** -float(base + 1))
        return np.asarray(whole / (whole[-1:] * growth[-1:] ** float(base - len(self.years) + 1)))


def last_year(file: ProjectFile) -> int:
    """The last year of the table: of the last ore that could be there in any draw, of closure and of what is
    settled."""
    first, production = file.years.first, file.years.production
    after = (file.capital.closure.years if file.capital.closure else 0) + 2
    if file.years.last is not None:
        end = file.years.last
    elif file.mine.by_year is not None and file.mill.capacity is None:
        end = max(file.mine.by_year)
    else:
        ore = sum(max(o.tonnes.mid, 1.25 * (o.tonnes.high or 0.0)) for o in file.ore)
        slow = [c for c in (file.mine.capacity, file.mill.capacity) if c is not None]
        rate = min((c.low or c.mid) for c in slow)
        end = production + ceil(ore / max(rate, 1e-9)) + len(file.mill.ramp) + len(file.mine.ramp)
    return max(min(end + after, first + LONGEST - 1), production + 1)

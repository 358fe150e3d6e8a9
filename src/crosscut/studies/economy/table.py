"""An input-output table: what every industry sells to every other and to final demand, and what it makes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError, suggestion

Industry = tuple[str, str]  # region, sector
CLOSE = 1e-3  # of output: printed tables are rounded


@dataclass(frozen=True)
class EconomyTable:
    """One year of an economy in money: `z[i, j]` sold by industry i to j, `y[i, c]` to final demand c, `x`
    output.

    `industries` are (region, sector) pairs in the order of the rows. `unit` is the money unit of the file;
    `synthetic` says that the numbers stand for no real economy, so that no money may be printed. Raises
    UserError, with every industry, where figures are missing, output is negative, or sales do not add up to
    output within a thousandth.

    >>> between, final = np.array([[150.0, 500], [200, 100]]), np.array([[350.0], [1700]])
    >>> t = EconomyTable((("A", "ore"), ("A", "tools")), between, final, np.array([1000.0, 2000]))
    >>> t.value_added.tolist()
    [650.0, 1400.0]
    """

    industries: tuple[Industry, ...]
    z: Array
    y: Array
    x: Array
    unit: str = ""
    synthetic: bool = False
    name: str = "table"
    product_of: NDArray[np.intp] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n = len(self.industries)
        shapes = {
            "sales between industries": (self.z.shape, (n, n)),
            "output": (self.x.shape, (n,)),
            "final demand": (self.y.shape[:1], (n,)),
        }
        wrong = [
            Problem(f"{what} has shape {has}", self.name, str(expected))
            for what, (has, expected) in shapes.items()
            if has != expected
        ]
        if wrong or n == 0:
            raise UserError(wrong or Problem("no industries", self.name))
        if problems := self._problems():
            raise UserError(problems)
        order = {s: k for k, s in enumerate(dict.fromkeys(s for _, s in self.industries))}
        object.__setattr__(self, "product_of", np.array([order[s] for _, s in self.industries]))

    def _problems(self) -> list[Problem]:
        out = [
            Problem(f"{r}/{s} is given twice", self.name)
            for (r, s), times in sorted(Counter(self.industries).items())
            if times > 1
        ]
        sold = self.z.sum(axis=1) + self.y.sum(axis=1)
        scale = np.maximum(np.abs(self.x), np.abs(self.x).max() * 1e-9)
        for k, (r, s) in enumerate(self.industries):
            where = f"{self.name}: {r}/{s}"
            figures = np.concatenate([self.z[k], self.y[k], self.x[k : k + 1]])
            if not np.isfinite(figures).all():
                out.append(
                    Problem("a figure is missing", where, "a number in every cell, 0 where nothing is sold")
                )
            elif self.x[k] < 0:
                out.append(Problem(f"output is {self.x[k]:g}", where, "0 or more"))
            elif abs(sold[k] - self.x[k]) > CLOSE * scale[k]:
                out.append(
                    Problem(f"sales add up to {sold[k]:g}, output is {self.x[k]:g}", where, "the same")
                )
        return out

    @property
    def value_added(self) -> Array:
        """Output less what is bought from industries: wages, profits, taxes less subsidies; in the unit of
        the table."""
        return np.asarray(self.x - self.z.sum(axis=0))

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions in the order of the table."""
        return tuple(dict.fromkeys(r for r, _ in self.industries))

    def index_of(self, region: str, sector: str, where: str) -> int:
        """The row of an industry; UserError with the nearest names."""
        if (region, sector) in self.industries:
            return self.industries.index((region, sector))
        if region not in self.regions:
            raise UserError(
                Problem(f"no region {region!r} in the table", where, suggestion(region, self.regions))
            )
        known = [s for r, s in self.industries if r == region]
        raise UserError(Problem(f"no sector {sector!r} in {region}", where, suggestion(sector, known)))

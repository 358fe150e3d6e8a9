"""Ensemble: the metrics of a project in many draws, in chunks, in one process or several, with the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crosscut.projects.borrowing import Terms
from crosscut.projects.metrics import metrics
from crosscut.projects.numbers import Array
from crosscut.projects.valuation import lenders_terms, valuation
from crosscut.ventures.build import project_of
from crosscut.ventures.loader import ProjectSource
from crosscut.ventures.price_paths import on_years
from crosscut.ventures.sampling import Draws
from crosscut.workers import Work, chunks_of, results_in_order

CHUNK = 4000  # draws at a time: large enough for numpy, small enough for the cache


@dataclass(frozen=True, eq=False)
class Prices:
    """Nominal APT prices, USD per mtu, values[year, draw] from `first` on; draw k of a project takes column k modulo
    their number."""

    first: int
    values: Array
    about: str

    def over(self, years: range, numbers: range) -> Array:
        """Prices of a range of draws over the years of a project, the ends held."""
        return on_years(self.values, self.first, years)[
            :, np.arange(numbers.start, numbers.stop) % self.values.shape[1]
        ]

    def middle(self, years: range) -> Array:
        """The median of every year, as one column."""
        return on_years(np.median(self.values, axis=1, keepdims=True), self.first, years)

    def low(self, years: range) -> Array:
        """The price of every year that nine draws in ten exceed."""
        return on_years(np.quantile(self.values, 0.1, axis=1, keepdims=True), self.first, years)


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Metrics by id over draws; by year the share of draws whose cover locked dividends, fell below default, or that
    did not pay; the 10 %, 50 % and 90 % points of the APT price, of the project's and of the owners' flow."""

    metrics: dict[str, Array]
    locked: Array
    below_default: Array
    unpaid: Array
    price: Array
    flow: Array
    owners: Array


def ensemble(
    source: ProjectSource,
    seed: int,
    draws: int,
    terms: tuple[Terms, ...] | None = None,
    prices: Prices | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """All draws of a project; the numbers do not depend on `workers` nor on how draws are put into chunks."""
    closed = terms if terms is not None else middle_terms(source, prices)
    parts = []
    for part in results_in_order(chunk_solver, (source, seed, closed, prices), chunks_of(draws, CHUNK), workers):
        parts.append(part)
        if progress:
            progress(sum(len(p["npv_after_tax"]) for p, _ in parts), draws)
    joined = {k: np.concatenate([p[k] for p, _ in parts]) for k in parts[0][0]}
    series = {k: np.concatenate([s[k] for _, s in parts], axis=1) for k in parts[0][1]}

    def points(x: Array) -> Array:
        return np.quantile(x, (0.1, 0.5, 0.9), axis=1)

    return Ensemble(
        joined, series["locked"].mean(axis=1), series["default"].mean(axis=1), series["unpaid"].mean(axis=1),
        points(series["price"]), points(series["flow"]), points(series["owners"]),
    )  # fmt: skip


def middle_terms(source: ProjectSource, prices: Prices | None = None) -> tuple[Terms, ...]:
    """The terms on which loans are closed: on the middle case, at the median price."""
    middle = project_of(source)
    if prices is not None:
        middle = project_of(source, Draws(), prices.middle(middle.years))
    return lenders_terms(middle)


def chunk_solver(
    source: ProjectSource, seed: int, terms: tuple[Terms, ...], prices: Prices | None
) -> Work[tuple[dict[str, Array], dict[str, Array]]]:
    """What a worker does with a range of draws."""
    years = project_of(source).years

    def solved(numbers: range) -> tuple[dict[str, Array], dict[str, Array]]:
        apt = None if prices is None else prices.over(years, numbers)
        p = project_of(source, Draws(seed, numbers), apt)
        v = valuation(p, terms)
        shape = (len(years), len(numbers))
        found = {k: np.broadcast_to(x, (len(numbers),)) * 1.0 for k, x in metrics(v).items()}
        # a breach needs cover: NaN compares false
        series = {
            "locked": v.cash.locked, "default": v.cash.cover < p.finance.default, "unpaid": v.cash.unpaid > 1.0,
            "price": np.asarray(p.apt), "flow": v.after_tax, "owners": v.owners,
        }  # fmt: skip
        return found, {
            k: np.broadcast_to(x, shape).astype(np.float32 if k in _FLAGS else float) for k, x in series.items()
        }

    return solved


_FLAGS = ("locked", "default", "unpaid")

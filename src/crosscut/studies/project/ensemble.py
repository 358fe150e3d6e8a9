"""Ensemble: the metrics of a project in many draws, in chunks, in one process or several, with the same
numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.parallel import chunks_of, results_in_order
from crosscut.base.progress import Progress
from crosscut.base.workers import Work, keep_freed_memory
from crosscut.finance.answers.metrics import metrics
from crosscut.finance.answers.valuation import lenders_terms, valuation
from crosscut.finance.lenders.borrowing import Terms
from crosscut.inputs.project.loader import ProjectSource
from crosscut.studies.project.build import project_of
from crosscut.studies.project.price_paths import on_years
from crosscut.studies.project.sampling import Draws

# draws at a time: enough that numpy's calls cost little, few enough that memory is used again, not asked for
CHUNK = 4000
PER_PROCESS = (
    150_000  # draws for which one more process is worth starting: it takes a second, as long as 60,000 draws
)
POINTS = (0.1, 0.5, 0.9)
_FEW = 100  # draws below which points of rows may coincide


@dataclass(frozen=True, eq=False)
class Prices:
    """Nominal APT prices, USD per mtu, values[year, draw] from `first` on; draw k of a project takes column
    k modulo their number."""

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
class ProjectEnsemble:
    """Metrics by id over draws; by year the share of draws whose cover locked dividends, fell below default,
    or that did not pay; the 10 %, 50 % and 90 % points of the APT price, of the project's and of the owners'
    flow."""

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
    progress: Progress | None = None,
) -> ProjectEnsemble:
    """All draws of a project, in this process, or in up to `workers` where there are so many draws that they
    are worth starting; the numbers do not depend on it, nor on how draws are put into chunks."""
    closed = terms if terms is not None else middle_terms(source, prices)
    parts = []
    workers = min(workers, max(draws // PER_PROCESS, 1))
    for part in results_in_order(
        chunk_solver, (source, seed, closed, prices), chunks_of(draws, CHUNK), workers
    ):
        parts.append(part)
        if progress:
            progress(sum(x.draws for x in parts), draws)
    metrics = {k: np.concatenate([x.metrics[k] for x in parts]) for k in parts[0].metrics}
    shares = {k: np.asarray(sum(x.counts[k] for x in parts)) / draws for k in parts[0].counts}
    ranges = {
        k: low_middle_high(np.concatenate([x.series[k] for x in parts], axis=1)) for k in parts[0].series
    }
    return ProjectEnsemble(
        metrics,
        shares["locked"],
        shares["default"],
        shares["unpaid"],
        ranges["price"],
        ranges["flow"],
        ranges["owners"],
    )


def low_middle_high(rows: Array) -> Array:
    """The 10 %, 50 % and 90 % points of every row, as `np.quantile` gives them; the rows are reordered.

    Partitions at one place each take a quarter of the time of one partition at several.

    >>> low_middle_high(np.arange(2001.0)[None, ::-1].copy())[:, 0]
    array([ 200., 1000., 1800.])
    """
    n = rows.shape[1]
    if n < _FEW or not np.isfinite(rows.sum()):
        return np.asarray(np.quantile(rows, POINTS, axis=1))
    out = np.empty((3, len(rows)))
    low, middle, high = (int(q * (n - 1)) for q in POINTS)
    for k, row in enumerate(rows):
        row.partition(middle)
        row[:middle].partition(low)
        row[middle + 1 :].partition(high - middle - 1)
        for i, (at, end) in enumerate(((low, middle), (middle, high), (high, n - 1))):
            part = POINTS[i] * (n - 1) - at
            gap = row[at + 1 : end + 1].min() - row[at]
            out[i, k] = row[at] + gap * part if part < 0.5 else row[at] + gap - gap * (1.0 - part)
    return out


def middle_terms(source: ProjectSource, prices: Prices | None = None) -> tuple[Terms, ...]:
    """The terms on which loans are closed: on the middle case, at the median price."""
    middle = project_of(source)
    if prices is not None:
        middle = project_of(source, Draws(), prices.middle(middle.years))
    return lenders_terms(middle)


def _without_idle_refinery(source: ProjectSource) -> ProjectSource:
    """The source without a refinery its product never sees: none of its figures reaches a number of a draw
    here. (Each figure has a stream of draws of its own, so that the others stay as they are.)"""
    product = source.file.product
    if product.form != "concentrate" or product.refining is None:
        return source
    sold = product.model_copy(update={"refining": None})
    return replace(source, file=source.file.model_copy(update={"product": sold}))


@dataclass(frozen=True, eq=False)
class DrawRange:
    """A range of draws: their metrics by id; by year in how many of them something is so, and numbers
    (years, draws)."""

    draws: int
    metrics: dict[str, Array]
    counts: dict[str, NDArray[np.int64]]
    series: dict[str, Array]


def chunk_solver(
    source: ProjectSource, seed: int, terms: tuple[Terms, ...], prices: Prices | None
) -> Work[DrawRange]:
    """What a worker does with a range of draws."""
    keep_freed_memory()
    source = _without_idle_refinery(source)
    years = project_of(source).years

    def solved(numbers: range) -> DrawRange:
        apt = None if prices is None else prices.over(years, numbers)
        p = project_of(source, Draws(seed, numbers), apt)
        v = valuation(p, terms)
        n = len(numbers)
        # a breach needs cover: NaN compares false
        so = {
            "locked": v.cash.locked,
            "default": v.cash.cover < p.finance.default,
            "unpaid": v.cash.unpaid > 1.0,
        }
        series = {"price": np.asarray(p.apt), "flow": v.after_tax, "owners": v.owners}
        return DrawRange(
            n,
            {k: np.broadcast_to(x, (n,)) for k, x in metrics(v).items()},
            {k: np.count_nonzero(np.broadcast_to(x, (len(years), n)), axis=1) for k, x in so.items()},
            {k: np.broadcast_to(x, (len(years), n)) for k, x in series.items()},
        )

    return solved

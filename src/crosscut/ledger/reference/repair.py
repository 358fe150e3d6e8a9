"""Repair: quantities that are missing or impossible, and residue booked as ore, judged by unit value.

For one code a robust two-way median fit of log unit values (pair effect plus year effect, weighted by the
square root of value) says what a tonne should have cost. A quantity that is off by more than a factor is
replaced by value over expected unit value; a missing one is filled the same way. Every change is returned as
a record.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crosscut.ledger.reference.flow_verdicts import verdicts_on
from crosscut.ledger.reference.plausible import (
    ENOUGH,
    FAR,
    FAR_BULK,
    MOST_FILLED,
    borne_out,
    most_handled,
)
from crosscut.ledger.reference.tables import trade
from crosscut.ledger.store.ledger import Ledger, per_ledger

BULK = frozenset(
    [
        "250310",
        "250390",
        "250700",
        "250810",
        "250830",
        "250840",
        "251020",
        "251110",
        "251200",
        "251910",
        "252010",
        "252890",
        "252910",
        "252922",
        "260111",
        "260112",
        "260200",
        "260400",
        "260600",
        "261000",
        "261400",
        "270111",
        "270112",
        "270119",
        "270210",
        "270220",
        "270900",
        "271111",
        "271121",
    ]
)
FACTOR_BULK = 2.5
FACTOR = 6.0
RESIDUE_BELOW = 0.25  # of the code's median unit value in the year: not ore of a lower grade but residue
SWEEPS = 8


@dataclass(frozen=True)
class Repair:
    """One changed quantity, in gross tonnes; evidence status *derived*.

    `rule` names what changed it: pair, world, filled, not filled, or verdict. `after` is NaN where the
    quantity stays unknown, and 0 where a verdict took the flow out.
    """

    hs92: str
    year: int
    exporter: str
    importer: str
    before: float | None
    after: float
    reason: str
    rule: str = "pair"


def weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The value at which half the weight lies on either side; the lower one where it falls between two.

    Parameters
    ----------
    values : array of float, shape (n,)
        At least one value, in any unit.
    weights : array of float, shape (n,)
        Weights, not negative.

    Returns
    -------
    float
        One of `values`, in their unit.

    Examples
    --------
    >>> weighted_median(np.array([1., 2., 9.]), np.array([1., 1., 1.]))
    2.0
    """
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulative, 0.5 * cumulative[-1])])


def expected_log_unit_values(frame: pl.DataFrame) -> NDArray[np.float64]:
    """What a tonne should have cost in every row of trade: an effect of the pair plus one of the year.

    Parameters
    ----------
    frame : polars.DataFrame
        Trade of one code over the years, with columns exporter, importer, year, value_kusd (kUSD) and
        quantity_t (t, null where missing).

    Returns
    -------
    array of float, shape (rows,)
        Natural logarithm of the expected unit value in kUSD/t.

    Notes
    -----
    Alternating medians of the log unit values, `SWEEPS` times, each row weighted by the square root of its
    value. Rows without a quantity or value take no part in the fit, and get an expectation too.
    """
    value = frame["value_kusd"].to_numpy()
    quantity = frame["quantity_t"].fill_null(np.nan).to_numpy()
    known = np.isfinite(quantity) & (quantity > 0) & (value > 0)
    log_uv = np.full(len(value), np.nan)
    log_uv[known] = np.log(value[known] / quantity[known])
    weight = np.sqrt(np.maximum(value, 0.0))
    pair_ids = (
        frame.select(pl.struct("exporter", "importer").rank("dense").cast(pl.Int64) - 1)
        .to_series()
        .to_numpy()
    )
    year_ids = frame.select(pl.col("year").rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
    pair, year = np.zeros(pair_ids.max() + 1), np.zeros(year_ids.max() + 1)
    for _ in range(SWEEPS):
        _update(year, year_ids[known], (log_uv - pair[pair_ids])[known], weight[known])
        _update(pair, pair_ids[known], (log_uv - year[year_ids])[known], weight[known])
    out: NDArray[np.float64] = pair[pair_ids] + year[year_ids]
    return out


def _update(
    effect: NDArray[np.float64],
    ids: NDArray[np.int64],
    rest: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> None:
    """Sets effect[k] to the weighted median of the rows with id k, for every k that occurs, in one pass.

    >>> effect = np.zeros(2)
    >>> _update(effect, np.array([0, 1, 0, 0]), np.array([9., 5., 1., 2.]), np.ones(4))
    >>> effect.tolist()
    [2.0, 5.0]
    """
    order = np.lexsort((rest, ids))
    ids, rest, weight = ids[order], rest[order], weight[order]
    starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
    of_row = np.cumsum(np.r_[True, ids[1:] != ids[:-1]]) - 1
    running = np.cumsum(weight)
    before = np.r_[0.0, running][starts]
    whole = np.add.reduceat(weight, starts)
    # At an exact tie the lower value is taken; the slack keeps rounding of the sums from moving a tie.
    slack = 1e-14 * running[-1]
    reached = running - before[of_row] + slack >= 0.5 * whole[of_row]
    first = np.full(len(starts), len(ids))
    np.minimum.at(first, of_row[reached], np.flatnonzero(reached))
    effect[ids[starts]] = rest[first]


def _why(
    k: int,
    unfilled: NDArray[np.bool_],
    missing: NDArray[np.bool_],
    cheap: NDArray[np.bool_],
    unit_value: NDArray[np.float64],
    typical: float,
    factor: float,
) -> tuple[str, str]:
    """The reason of a change, and the name of its rule."""
    if unfilled[k]:
        return "quantity missing, and the exporter is not known to handle as much: left unknown", "not filled"
    if missing[k]:
        return "quantity missing: value over expected unit value", "filled"
    if cheap[k]:
        return (
            f"unit value {unit_value[k]:,.3g} kUSD/t is {typical / unit_value[k]:,.0f} times below that of"
            f" the world ({typical:,.3g}), and no two years around bear it out",
            "world",
        )
    return f"unit value {unit_value[k]:,.2f} kUSD/t is off by more than {factor:g}x", "pair"


@per_ledger
def repaired_trade(ledger: Ledger, hs92: str, year: int) -> tuple[pl.DataFrame, tuple[Repair, ...]]:
    """Trade of one code and year with repaired quantities, and what was repaired.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    hs92 : str
        Code of the Harmonized System of 1992, six digits.
    year : int
        Calendar year. All years of the code go into what is expected.

    Returns
    -------
    polars.DataFrame
        The columns of `trade` (kUSD, t gross) plus `scrap_suspect`: the row's own unit value is below a
        quarter of the year's median, so it is residue under an ore code and its quantity is left as it is.
    tuple of Repair
        Every quantity that changed, in t gross.

    Raises
    ------
    UserError
        For a code that is not in the data.

    Notes
    -----
    A quantity is replaced where its unit value is off by more than `FACTOR` (`FACTOR_BULK` for bulk goods)
    from what is expected and is unusual for the year as well; and where it is more than `FAR` times below
    that of the world and the neighbouring years do not bear it out. A missing quantity is filled unless the
    exporter would have to have sent more than it is known to handle. A signed verdict stands above all rules.
    """
    frame = trade(ledger, hs92)
    expected = expected_log_unit_values(frame)
    borne, handled = borne_out(frame, year), most_handled(frame, year)
    now = (frame["year"] == year).to_numpy()
    frame, expected = frame.filter(pl.Series(now)), expected[now]
    if frame.is_empty():
        return frame.with_columns(pl.lit(False).alias("scrap_suspect")), ()
    value = frame["value_kusd"].to_numpy()
    quantity = frame["quantity_t"].fill_null(np.nan).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        unit_value = value / quantity
    known = np.isfinite(unit_value) & (unit_value > 0)
    typical = (
        float(np.exp(weighted_median(np.log(unit_value[known]), np.sqrt(value[known]))))
        if known.any()
        else np.nan
    )
    residue = known & (unit_value < RESIDUE_BELOW * typical) & (hs92 not in BULK)
    factor = FACTOR_BULK if hs92 in BULK else FACTOR
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.abs(np.log(unit_value) - expected)
        # A price that is usual in the year is believed even where it is unusual for the pair.
        unusual = np.abs(np.log(unit_value) - np.log(typical)) > 0.5 * np.log(factor)
        off = known & ~residue & unusual & (distance > np.log(factor))
    missing = ~np.isfinite(quantity) & (value > 0)
    far = FAR_BULK if hs92 in BULK else FAR
    with np.errstate(divide="ignore", invalid="ignore"):
        # Only too cheap: a small lot of a pure product is dear without an error in its quantity.
        cheap = known & (unit_value * far < typical) & (borne < ENOUGH)
    residue &= ~cheap
    # A pair that only ever traded at absurd values is no standard for a repair: none ends further from the
    # world's unit value than the factor.
    if np.isfinite(typical):
        expected = np.clip(expected, np.log(typical / FACTOR), np.log(typical * FACTOR))
    repaired = np.where(off | missing, value / np.exp(expected), quantity)
    repaired = np.where(cheap, value / typical, repaired)
    limit = np.array([MOST_FILLED * handled.get(e, 0.0) for e in frame["exporter"]])
    unfilled = missing & (repaired > limit)
    repaired[unfilled] = np.nan
    changes: dict[int, tuple[float, str, str]] = {}
    for k in np.flatnonzero(off | missing | cheap).tolist():
        changes[k] = (float(repaired[k]), *_why(k, unfilled, missing, cheap, unit_value, typical, factor))
    judged = verdicts_on(hs92, year)
    senders = frame["exporter"].to_list()
    for k, pair in enumerate(zip(frame["exporter"], frame["importer"], strict=True)):
        if (said := judged.get(pair)) is None:
            continue
        changes.pop(k, None)
        repaired[k] = quantity[k]
        if said.verdict == "origin":
            senders[k] = said.origin
            why = f"sent by {said.origin}: {said.reason} (signed {said.signed}, {said.date})"
            changes[k] = (0.0, why, "verdict")
        if said.verdict in ("drop", "quantity"):
            repaired[k] = np.nan if said.quantity_t is None else said.quantity_t
            after = 0.0 if said.quantity_t is None else said.quantity_t
            changes[k] = (after, f"{said.reason} (signed {said.signed}, {said.date})", "verdict")
    repairs = tuple(
        Repair(
            hs92,
            year,
            frame["exporter"][k],
            frame["importer"][k],
            None if missing[k] else float(quantity[k]),
            after,
            reason,
            rule,
        )
        for k, (after, reason, rule) in sorted(changes.items())
    )
    clean = pl.Series(
        "quantity_t", [float(x) if np.isfinite(x) else None for x in repaired], dtype=pl.Float64
    )
    frame = frame.with_columns(pl.Series("exporter", senders, dtype=pl.String))
    return frame.with_columns(clean, pl.Series("scrap_suspect", residue)), repairs

"""GeoPolRisk: geopolitical supply risk score and characterisation factor of every mineral, importer and year
at once.

    HHI = sum_k P_k^2 / (sum_k P_k)^2          concentration of world output, 0 to 1
    WTA = sum_i q_i g_i / (P_c + sum_i q_i)    import risk: instability g of partners, weighted by tonnes
    score = HHI * WTA                          CF = score * price / 0.409412948   kg Cu-eq per kg

Source: Koyamparambath et al. (2024), as published with geopolrisk-py 2.0.1 (doi.org/10.21105/joss.09600).
Members of a bloc are pooled: what they ship to each other stays in the denominator with g = 0. Where this
differs, on purpose, from the published figures is in docs/indicators/geopolrisk.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crosscut.base.arrays import Array, Ints
from crosscut.base.places import bloc_members
from crosscut.ledger.minerals import Mineral, all_minerals
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.indicators.panel import ESTIMATE, TRADE_SOURCE, Panel, panel
from crosscut.studies.indicators.uncertainty import interval

COPPER_KG_EQ = 0.409412948  # mean copper value of OECD countries 2017-2021 in the published release
YEARS = tuple(range(2018, 2025))
# Above this share of imports from partners without governance data there is no value.
MOST_UNKNOWN = 0.5

STATUS = (
    "ok",
    "missing: no table of output by country; `crosscut data pull` fetches World Mining Data",
    "missing: no HS 1992 code of this mineral in the trade data",
    "missing: no imports of these codes recorded and no output listed",
    "own output listed, no imports recorded",
    "missing: imports recorded without quantities",
    "missing: more than half of the imports come from partners without governance data",
    (
        "flagged: some imports come from partners without governance data; they are left out and widen the"
        " interval"
    ),
)
OK, NO_OUTPUT_TABLE, NO_CODE, NOTHING, NO_IMPORTS, NO_TONNES, NO_GOVERNANCE, SOME_UNKNOWN = range(len(STATUS))


@dataclass(frozen=True)
class Cells:
    """Results over minerals, years and reporters [M, Y, R]; NaN where `status` says there is no value.

    hhi [M, Y]; import_risk, score, cf, price (kUSD per t), their low and high (80 % interval); imports and
    output (t); quantity_known: share of the import value that has a quantity; governance_unknown: share of
    the imported tonnes that come from partners without governance data.
    """

    reporters: tuple[str, ...]
    hhi: Array
    import_risk: Array
    score: Array
    score_low: Array
    score_high: Array
    price: Array
    cf: Array
    cf_low: Array
    cf_high: Array
    imports: Array
    output: Array
    quantity_known: Array
    governance_unknown: Array
    status: NDArray[np.int8]


def concentration_of_output(output: Array, sd: Array) -> tuple[Array, Array, Array]:
    """Concentration of output with its error, along the last axis.

    Errors of the figures are independent (delta method).

    Parameters
    ----------
    output : Array [..., P]
        t by place.
    sd : Array [...]
        Relative standard deviation of every figure.

    Returns
    -------
    tuple[Array, Array, Array]
        (HHI from 0 to 1, its standard deviation, world output in t), each [...]; NaN where nothing is known.

    Examples
    --------
    >>> h, s, t = concentration_of_output(np.array([[80.0, 20.0]]), np.array([0.05]))
    >>> h.round(3).tolist(), s.round(4).tolist(), t.tolist()
    ([0.68], [0.0136], [100.0])
    """
    total = output.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = output / total[..., None]
        hhi = (share**2).sum(axis=-1)
        spread = 2.0 * sd * np.sqrt(((share * (share - hhi[..., None])) ** 2).sum(axis=-1))
    return hhi, spread, total


def cells(p: Panel, blocs: Sequence[str] = ()) -> Cells:
    """GeoPolRisk of every mineral, year and place of a panel, and of blocs, by location as reported.

    What members of a bloc ship to each other counts with an instability of 0.

    Parameters
    ----------
    p : Panel
        Output, trade and governance.
    blocs : Sequence[str]
        Names of blocs, added after the places.

    Returns
    -------
    Cells
        Arrays over minerals, years and reporters; see `Cells` for their units.
    """
    places = len(p.places)
    shape = (len(p.minerals), len(p.years), places + len(blocs))
    mineral, year, importer = p.mineral, p.year, p.importer
    g, g_sd = p.instability[year, p.exporter], p.instability_sd[year, p.exporter]
    value, tonnes = p.value, p.tonnes
    output = p.output
    for b, bloc in enumerate(blocs):
        member = _members(p, bloc)
        into = member[p.year, p.importer]
        inside = member[p.year, p.exporter][into]
        mineral, year = np.r_[mineral, p.mineral[into]], np.r_[year, p.year[into]]
        importer = np.r_[importer, np.full(int(into.sum()), places + b)]
        g = np.r_[g, np.where(inside, 0.0, g[: len(p.year)][into])]
        g_sd = np.r_[g_sd, np.where(inside, 0.0, g_sd[: len(p.year)][into])]
        value, tonnes = np.r_[value, p.value[into]], np.r_[tonnes, p.tonnes[into]]
        pooled = np.where(member[None], p.output, 0.0).sum(axis=2, keepdims=True)
        output = np.concatenate([output, pooled], axis=2)
    cell = (mineral * shape[1] + year) * shape[2] + importer
    return _cells(p, (*p.places, *blocs), shape, _Flows(cell, g, g_sd, value, tonnes), output)


def published_conventions(p: Panel) -> Panel:
    """The panel as release 2.0.1 reads the same sources.

    A partner without governance data, and Taiwan, whose trade code it does not join, count as 0.5; a quantity
    that is missing counts as 0 t while its value stays in the price. With it every published figure is met to
    1e-9, except the zeros published where nothing is recorded.

    Parameters
    ----------
    p : Panel
        As the sources have it.

    Returns
    -------
    Panel
        The same with gaps of instability and tonnes filled.

    Notes
    -----
    geopolrisk-py 2.0.1, doi.org/10.21105/joss.09600.
    """
    g = np.where(np.isfinite(p.instability), p.instability, 0.5)
    if (taiwan := p.place_index("TWN")) is not None:
        g[:, taiwan] = 0.5
    return replace(p, instability=g, tonnes=np.nan_to_num(p.tonnes))


def _members(p: Panel, bloc: str) -> NDArray[np.bool_]:
    out = np.zeros((len(p.years), len(p.places)), dtype=bool)
    at = {c: k for k, c in enumerate(p.places)}
    for t, y in enumerate(p.years):
        out[t, [at[c] for c in bloc_members(bloc, y)]] = True
    return out


class _Flows(NamedTuple):
    """Every flow once: its cell, instability of the exporter with its error, value and tonnes."""

    cell: Ints
    g: Array
    g_sd: Array
    value: Array
    tonnes: Array


def _cells(
    p: Panel,
    reporters: tuple[str, ...],
    shape: tuple[int, int, int],
    flows: _Flows,
    output: Array,
) -> Cells:
    cell, g, g_sd, value, tonnes = flows
    n = shape[0] * shape[1] * shape[2]

    def added(weights: Array) -> Array:
        return np.bincount(cell, weights, minlength=n).astype(np.float64, copy=False).reshape(shape)

    known = np.isfinite(tonnes)
    q = np.where(known, tonnes, 0.0)
    governed = np.isfinite(g)
    g0 = np.where(governed, g, 0.0)
    all_value, known_value = added(value), added(np.where(known, value, 0.0))
    total, risk = added(q), added(q * g0)
    blind = added(np.where(governed, 0.0, q))
    own = q * governed
    q2, q2g, q2gg = added(own**2), added(own**2 * g0), added((own * g0) ** 2)
    noise = added((own * np.where(np.isfinite(g_sd), g_sd, 0.0)) ** 2)

    hhi, _, world = concentration_of_output(p.output, p.output_sd)
    made = np.where(np.isfinite(output), output, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        known_supply = made + total - blind
        wta = risk / known_supply
        score = hhi[..., None] * wta
        price = np.where((known_value > 0) & (total > 0), known_value / total, np.nan)
        sd_score = _score_sd(p, hhi, world, wta, known_supply, made, (q2, q2g, q2gg, noise))
        low, high = interval(score, sd_score)
        # Partners without governance data: anything between 0 and 1.
        low = np.where(blind > 0, np.minimum(low, low * known_supply / (made + total)), low)
        high = np.where(
            blind > 0, np.maximum(high, high + hhi[..., None] * (blind / (made + total)) * (1 - wta)), high
        )
        high = np.minimum(high, 1.0)
        cf = score * price / COPPER_KG_EQ
        status = _status(p, shape, total, all_value, blind, made)
    gone = np.isin(status, (NO_OUTPUT_TABLE, NO_CODE, NOTHING, NO_TONNES, NO_GOVERNANCE))
    for a in (wta, score, low, high, cf):
        a[gone] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return Cells(
            reporters,
            hhi,
            wta,
            score,
            low,
            high,
            price,
            cf,
            low * price / COPPER_KG_EQ,
            high * price / COPPER_KG_EQ,
            total,
            output,
            known_value / all_value,
            blind / total,
            status,
        )


def _score_sd(
    p: Panel,
    hhi: Array,
    world: Array,
    wta: Array,
    supply: Array,
    made: Array,
    sums: tuple[Array, Array, Array, Array],
) -> Array:
    """Standard deviation of the score by the delta method: output, import tonnes and governance err
    independently; a country's own output enters both the concentration and the import risk."""
    q2, q2g, q2gg, noise = sums
    places = len(p.places)
    share = p.output / world[..., None]
    slope = (
        2.0 * share * (share - hhi[..., None]) * p.output_sd[..., None]
    )  # of HHI, per relative error of P_k
    from_hhi = np.sqrt((slope**2).sum(axis=2, keepdims=True)) * wta
    own_output = -hhi[..., None] * wta * made / supply * p.output_sd[..., None]
    cross = np.zeros_like(own_output)
    cross[..., :places] = 2.0 * (slope * wta[..., :places]) * own_output[..., :places]
    trade = ESTIMATE**2 * (q2gg - 2.0 * wta * q2g + wta**2 * q2)
    imported = hhi[..., None] ** 2 * (np.maximum(trade, 0.0) + noise) / supply**2
    return np.asarray(np.sqrt(np.maximum(from_hhi**2 + own_output**2 + cross + imported, 0.0)))


def _status(
    p: Panel, shape: tuple[int, int, int], total: Array, value: Array, blind: Array, made: Array
) -> NDArray[np.int8]:
    status = np.full(shape, OK, dtype=np.int8)
    status[blind > 0] = SOME_UNKNOWN
    status[blind > MOST_UNKNOWN * total] = NO_GOVERNANCE
    status[(total <= 0) & (made > 0)] = NO_IMPORTS
    status[(total <= 0) & (value > 0)] = NO_TONNES
    status[(total <= 0) & (value <= 0) & (made <= 0)] = NOTHING
    tableless = np.array([[not s for s in row] for row in p.output_source]).reshape(shape[:2])
    status[tableless] = NO_OUTPUT_TABLE
    status[[k for k, m in enumerate(p.minerals) if not m.hs92]] = NO_CODE
    return status


def geopolrisk(
    ledger: Ledger,
    minerals: Sequence[Mineral] | None = None,
    years: Sequence[int] = YEARS,
    blocs: Sequence[str] = ("EU27",),
) -> pl.DataFrame:
    """GeoPolRisk as a frame, one row a mineral, place and year.

    Parameters
    ----------
    ledger : Ledger
        Trade, output and governance.
    minerals : Sequence[Mineral] | None
        None for every mineral with a trade code.
    years : Sequence[int]
        Calendar years of the trade data.
    blocs : Sequence[str]
        Names of blocs, pooled and added to the places.

    Returns
    -------
    pl.DataFrame
        Every place that imports a mineral or makes it: mineral, place, year, hhi, import_risk, score,
        score_low, score_high, price_kusd_per_t, cf, cf_low, cf_high (kg Cu-eq per kg), imports_t (gross),
        output_t, quantity_known, governance_unknown (shares), status, output_source, trade_source. Null where
        `status` gives the reason.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> t = geopolrisk(ledger, [all_minerals()["tungsten"]], (2022,)).filter(pl.col("place") == "DEU")
    >>> round(t["score"][0], 6), round(t["cf"][0], 4), round(t["quantity_known"][0], 3)
    (0.236126, 22.9987, 0.964)
    """
    chosen = tuple(m for m in all_minerals().values() if m.hs92) if minerals is None else tuple(minerals)
    p = panel(ledger, chosen, tuple(years))
    return frame(p, cells(p, blocs))


def frame(p: Panel, c: Cells) -> pl.DataFrame:
    """The cells as rows.

    Places that neither import a mineral nor make it in any of the years are left out.

    Parameters
    ----------
    p : Panel
        The panel that the cells were computed from.
    c : Cells
        GeoPolRisk of its minerals, years and reporters.

    Returns
    -------
    pl.DataFrame
        With the columns of `geopolrisk`.
    """
    active = ((c.imports > 0) | (np.nan_to_num(c.output) > 0) | (c.status == NO_TONNES)).any(axis=1)
    m, r = np.nonzero(active)
    y = np.arange(len(p.years))
    at = (np.repeat(m, len(y)), np.tile(y, len(m)), np.repeat(r, len(y)))
    pairs = at[:2]
    sources = np.array(p.output_source, dtype=object)

    def words(labels: Sequence[str], positions: Ints) -> pl.Series:
        return pl.Series(list(labels), dtype=pl.String).gather(positions)

    out = pl.DataFrame(
        {
            "mineral": words([x.name for x in p.minerals], at[0]),
            "place": words(c.reporters, at[2]),
            "year": np.array(p.years)[at[1]],
            "hhi": c.hhi[pairs],
            **{
                name: values[at]
                for name, values in (
                    ("import_risk", c.import_risk),
                    ("score", c.score),
                    ("score_low", c.score_low),
                    ("score_high", c.score_high),
                    ("price_kusd_per_t", c.price),
                    ("cf", c.cf),
                    ("cf_low", c.cf_low),
                    ("cf_high", c.cf_high),
                    ("imports_t", c.imports),
                    ("output_t", c.output),
                    ("quantity_known", c.quantity_known),
                    ("governance_unknown", c.governance_unknown),
                )
            },
            "status": words(STATUS, c.status[at].astype(np.int64)),
            "output_source": pl.Series(sources[pairs], dtype=pl.String),
        },
    )
    return out.with_columns(pl.lit(TRADE_SOURCE).alias("trade_source"), pl.selectors.float().fill_nan(None))

"""Worlds at base: the market of an episode in its base year, one form, from inputs alone.

Two kinds. `trade_world`: the reported flows of the trade code; a country's supply is what it exports and its
use is what it imports, so hubs stand on both sides and home use of everyone but the restrictor is left out.
`share_world`: the restrictor and everyone else, from the restrictor's share of world production, for
products that no trade code covers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.chain import Chain, Form
from crosscut.market.model.world import World
from crosscut.studies.backtest.episode import EpisodeInputs, TradeHistory

REST = "ROW"
OTHERS = "OTH"
SMALL = 0.002  # of world trade in every year: lumped together
# Secondary over primary supply where nothing is known of a mineral: assumed. Tungsten has 0.48 in this
# package; most metals recover less.
SECONDARY = 0.3
REACH = 0.5  # origin differentials are shrunk half-way to 1 ...
SPREAD = (0.7, 1.4)  # ... and clipped: raw unit values are never prices


@dataclass(frozen=True, eq=False)
class BaseWorld:
    """A world with what it was lumped from: `restrictor`, its position; `target`, the importer that is hit
    or None; exports[y, i] and imports[y, j] of the years up to the base (tonnes; empty for a share world)."""

    world: World
    restrictor: int
    target: int | None
    exports: Array
    imports: Array


def trade_world(inputs: EpisodeInputs, trade: TradeHistory, home: float) -> BaseWorld:
    """The world of the reported flows; the restrictor also uses `home` t at home per t that it makes (0 <=
    home < 1)."""
    kept = _kept(inputs, trade)
    names = [c for c in trade.countries if c in kept]
    at = np.array([names.index(c) if c in kept else len(names) for c in trade.countries])
    names.append(REST)
    n, years = len(names), len(trade.years)
    tonnes, value = np.zeros((years, n, n)), np.zeros((n, n))
    i, j = np.meshgrid(at, at, indexing="ij")
    for y in range(years):
        np.add.at(tonnes[y], (i, j), trade.tonnes[y])
    np.add.at(value, (i, j), trade.value_kusd[trade.years.index(trade.base_year)])
    base = tonnes[trade.years.index(trade.base_year)].copy()
    r = names.index(inputs.restrictor)
    base[r, r] += home / (1 - home) * base[r].sum()
    return BaseWorld(
        _one_form(inputs, tuple(names), base, _prices(base, value)),
        r,
        names.index(inputs.target) if inputs.target else None,
        tonnes.sum(axis=2),
        tonnes.sum(axis=1),
    )


def share_world(inputs: EpisodeInputs, home: float, secondary: float = SECONDARY) -> BaseWorld:
    """The restrictor and everyone else, 1 t of primary supply; the restrictor keeps the share `home` of what
    it makes.

    A share of world production is one of primary production: scrap and residues, `secondary` t per t of it,
    arise where metal is used and stay there.
    """
    made = inputs.share
    at_home, abroad = made * home, 1.0 - made * home
    q = np.array([[at_home * (1 + secondary), made * (1 - home)], [0.0, 1.0 - made + secondary * abroad]])
    world = _one_form(inputs, (inputs.restrictor, OTHERS), q, np.ones(2))
    return BaseWorld(world, 0, None, np.zeros((0, 2)), np.zeros((0, 2)))


def _kept(inputs: EpisodeInputs, trade: TradeHistory) -> set[str]:
    """Countries shown apart: the scored importers, the parties, and whoever was ever more than a trace."""
    total = trade.tonnes.sum(axis=(1, 2))[:, None]
    share = np.maximum(trade.tonnes.sum(axis=2), trade.tonnes.sum(axis=1)) / np.where(total > 0, total, 1.0)
    big = {c for c, s in zip(trade.countries, share.max(axis=0), strict=True) if s >= SMALL}
    return (big | {m.importer for m in inputs.imports} | {inputs.restrictor, inputs.target}) - {""}


def _prices(tonnes: Array, value_kusd: Array) -> Array:
    """Producer prices relative to the mean of the world: unit values of exports, shrunk and clipped."""
    sold, worth = tonnes.sum(axis=1) - np.diag(tonnes), value_kusd.sum(axis=1)
    mean = worth.sum() / max(float(sold.sum()), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((sold > 0) & (worth > 0), worth / sold / mean, 1.0)
    return np.clip(ratio**REACH, *SPREAD)


def _one_form(inputs: EpisodeInputs, names: tuple[str, ...], q: Array, prices: Array) -> World:
    n = len(names)
    flows = np.ascontiguousarray(q[None])
    return World(
        mineral=inputs.mineral,
        year=inputs.base_year,
        chain=Chain(inputs.mineral, (Form("product", inputs.mineral, 1.0),)),
        countries=names,
        uses=("all uses",),
        q0=flows,
        M0=flows.sum(axis=2),
        X0=np.zeros((0, n)),
        D0=flows.sum(axis=1)[..., None],
        supply_capacity=np.full((1, n), np.nan),
        process_capacity=np.zeros((0, n)),
        freight=np.zeros((1, n, n)),
        tariff=np.zeros((1, n, n)),
        export_tax=np.zeros((1, n, n)),
        duty_on_cif=np.ones(n, dtype=bool),
        prices=np.where((flows.sum(axis=2) + flows.sum(axis=1)) > 0, prices, np.nan),
        unrecorded_share=0.0,
        grade="D",
    )

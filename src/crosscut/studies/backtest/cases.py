"""Cases: an episode's inputs made ready to solve: its measure, its market, which class its price belongs
to.

Measures: what a measure does to the market, read from what was known when it was announced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from crosscut.studies.backtest.episode import EpisodeInputs, PriceMetric
from crosscut.studies.backtest.market_classes import BULK, EXCHANGE, MINOR
from crosscut.studies.backtest.worlds_at_base import BaseWorld, share_world, trade_world

FULL = 0.9  # a nominal cut from here on is a stop


class Hit(StrEnum):
    """How the flow is hit."""

    EXPORTS = "exports"  # the restrictor sells less abroad; what it makes can be sold at home
    OUTPUT = "output"  # the restrictor makes less
    PAIR = "pair"  # one importer stops buying from the restrictor, which may sell elsewhere
    DEMAND = "demand"  # nothing is taken away


@dataclass(frozen=True)
class Disruption:
    """`hit`; `sudden`: a loss without notice, which buyers answer by buying ahead; `foreseen`: a stop of
    exports by law, before which stocks were built."""

    hit: Hit
    sudden: bool
    foreseen: bool


def measure_of(inputs: EpisodeInputs) -> Disruption:
    """The measure of an episode.

    A full stop of exports takes a law, and a law is seen coming; quotas, licences and outages come
    overnight; a pair-wise ban loses no tonnes; of a demand shock the format gives no size.
    """
    if inputs.target:
        return Disruption(Hit.PAIR, sudden=False, foreseen=False)
    if inputs.cut_mid is None:
        return Disruption(Hit.DEMAND, sudden=False, foreseen=False)
    if inputs.kind == "supply_outage":
        return Disruption(Hit.OUTPUT, sudden=True, foreseen=False)
    foreseen = inputs.cut_mid >= FULL
    return Disruption(Hit.EXPORTS, sudden=not foreseen, foreseen=foreseen)


HOME = {BULK: 0.1, EXCHANGE: 0.1, MINOR: 0.5}  # assumed: what the restrictor uses of what it makes
PASS_THROUGH = 0.5  # assumed: what is made from traded ore as a share of the metal whose price is quoted


@dataclass(frozen=True, eq=False)
class BacktestCase:
    """`price_base` is the market whose price is predicted, `trade_base` the one whose flows are (None
    without a horizon or trade code); `price_class` the market class of the quoted price, `passes_on` how
    much of a log price change of what is hit reaches it; `home` as in Behaviour."""

    inputs: EpisodeInputs
    measure: Disruption
    price_base: BaseWorld
    trade_base: BaseWorld | None
    price_class: str
    passes_on: float
    home: float


def case_of(inputs: EpisodeInputs) -> BacktestCase:
    """The case of an episode; from inputs alone."""
    made_of_it = priced_as_metal(inputs)
    price_class = EXCHANGE if made_of_it else inputs.market_class
    home = HOME[inputs.market_class]
    trade = inputs.trade
    has_trade = trade is not None and inputs.restrictor in trade.countries
    traded = trade_world(inputs, trade, home) if trade is not None and has_trade else None
    by_share = inputs.share_of == "production" or traded is None
    return BacktestCase(
        inputs,
        measure_of(inputs),
        share_world(inputs, home) if by_share or traded is None else traded,
        traded if inputs.imports else None,
        price_class,
        PASS_THROUGH if made_of_it else 1.0,
        home,
    )


def priced_as_metal(inputs: EpisodeInputs) -> bool:
    """Whether the quoted price is that of the metal while the measure hits traded ore."""
    if inputs.market_class != BULK or inputs.price_metric is not PriceMetric.EXCHANGE:
        return False
    series = inputs.price_text.split(" mean of ")[0].lower()
    return not re.search(r"\b(ore|coal|bauxite)\b", series)

"""Measures: what a measure does to the market, read from what was known when it was announced."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crosscut.backtests.episode import EpisodeInputs

FULL = 0.9  # a nominal cut from here on is a stop


class Hit(StrEnum):
    """How the flow is hit."""

    EXPORTS = "exports"  # the restrictor sells less abroad; what it makes can be sold at home
    OUTPUT = "output"  # the restrictor makes less
    PAIR = "pair"  # one importer stops buying from the restrictor, which may sell elsewhere
    DEMAND = "demand"  # nothing is taken away


@dataclass(frozen=True)
class Measure:
    """`hit`; `sudden`: a loss without notice, which buyers answer by buying ahead; `foreseen`: a stop of
    exports by law, before which stocks were built."""

    hit: Hit
    sudden: bool
    foreseen: bool


def measure_of(inputs: EpisodeInputs) -> Measure:
    """The measure of an episode.

    A full stop of exports takes a law, and a law is seen coming; quotas, licences and outages come
    overnight; a pair-wise ban loses no tonnes; of a demand shock the format gives no size.
    """
    if inputs.target:
        return Measure(Hit.PAIR, sudden=False, foreseen=False)
    if inputs.cut_mid is None:
        return Measure(Hit.DEMAND, sudden=False, foreseen=False)
    if inputs.kind == "supply_outage":
        return Measure(Hit.OUTPUT, sudden=True, foreseen=False)
    foreseen = inputs.cut_mid >= FULL
    return Measure(Hit.EXPORTS, sudden=not foreseen, foreseen=foreseen)

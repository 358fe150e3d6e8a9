"""Behaviour: how the market of an episode answers in its first year, in few numbers that can be said in
words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trading:
    """What all market classes share: who buys from whom, who fills a gap, how far an announcement is carried
    out.

    `sigma`: substitution between origins at base prices. `supply_part`: share of supply in the elasticity of
    supply and demand together. `reversion`: how far an importer's deviation of the base year from its mean
    of the three years before is undone (0 not at all, 1 wholly), the world total kept. `idle`: share of what
    an exporter once sold above the base year that is offered again within the year. `newcomers`: share of
    last year's increment that a small seller adds once more. `compliance`: realised cut over the announced
    one.
    """

    sigma: float
    supply_part: float
    reversion: float
    idle: float
    newcomers: float
    compliance: float


@dataclass(frozen=True)
class Pricing:
    """What a market class has of its own.

    `elasticity`: of supply and demand together within the year. `precaution`: tonnes bought on top of use
    after a sudden loss, as a share of use. `cushion`: share of the stocks built ahead of a full stop (bought
    in the base year above the mean of the three years before) that stands in for purchases. `noise`: scale
    of the residual error of a log price.
    """

    elasticity: float
    precaution: float
    cushion: float
    noise: float


@dataclass(frozen=True)
class FittedBehaviour:
    """Both, and `home`: what the restrictor uses of what it makes, where no table says."""

    trading: Trading
    pricing: Pricing
    home: float

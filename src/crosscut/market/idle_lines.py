"""Idle lines: plants that find no buyer at any price run in part.

The margin curve of a process never reaches zero activity, so a plant cut off from its buyers may make more than its home
market takes at any price. No plant sells below GLUT of the reference price of its form: at that price it runs a share of
its lines, and the home market clears. Every solution above that price is what it would be without the rule. The price is a
bound and no forecast: the inside price of a place cut off from its buyers comes out too low.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crosscut.market.root import Root, root
from crosscut.market.state import Market

Array = NDArray[np.float64]
Node = tuple[int, int]

GLUT = 1e-2  # of the reference price
NO_BUYER = "no buyer at any price"
FIRST_GUESS = 0.9  # of what the home market took where the solve failed
ROUNDS = 12  # of finding nodes and halving shares until every market clears
SWEEPS = 4  # over the nodes, each brought to its price with the others held
STEPS = 60
FIRST_STEP = 0.05
CLOSE = 1e-4  # in the log of the lowest price, which is a bound


@dataclass(frozen=True, eq=False)
class Idled:
    """The market that clears with some lines idle; share[(f, i)] of the lines that make form f in country i runs."""

    market: Market
    found: Root
    share: dict[Node, float]

    def notes(self) -> list[str]:
        """One sentence a node."""
        world = self.market.calibration.world
        return [
            f"{world.chain.forms[f].id}/{world.countries[i]}: {NO_BUYER} for what it makes; {share:.3g} of its "
            f"lines run, at {GLUT:.0%} of the reference price (that price is a bound, not a forecast)"
            for (f, i), share in sorted(self.share.items())
        ]


def glutted_nodes(market: Market, found: Root) -> list[Node]:
    """Nodes where plants sell below the lowest price, or were on their way there when a solve failed."""
    c, state = market.calibration, found.state
    low = market.alive.origin & (state.p < GLUT * np.exp(-10 * CLOSE) * c.reference[:, None])
    return [(int(f), int(i)) for f, i in np.argwhere(low & ((c.b.T @ state.x) > 0))]


def idled(whole: Market, failed: Root) -> Idled | None:
    """The market in which plants that sold below the lowest price, or stopped a solve on their way there, have idle lines;
    None where there are none, or where idle lines alone do not help (mines can sell as cheaply as they like)."""
    market, found = whole, failed
    share: dict[Node, float] = {}
    for _ in range(ROUNDS):
        nodes = glutted_nodes(market, found)
        if not nodes:
            break
        for f, i in nodes:
            sold, supplied = float(found.state.sold[f, i]), float(found.state.supplied[f, i])
            fits = sold / supplied if supplied > 0 else 0.0
            share[f, i] = min(0.5, FIRST_GUESS * fits) * share.get((f, i), 1.0)
            if not share[f, i] > 0:
                return None
        market, found = _solved(whole, share)
    if not share or not found.converged or glutted_nodes(market, found):
        return None
    for _ in range(SWEEPS):
        for node in share:
            share[node] = _share_at_floor(whole, share, node, found)
        market, found = _solved(whole, share, found)
        if not found.converged:
            return None
        if all(abs(_above_floor(market, found, node)) < 10 * CLOSE for node in share):
            break
    return Idled(market, found, share)


def _solved(whole: Market, share: dict[Node, float], near: Root | None = None) -> tuple[Market, Root]:
    """The market with the shares, by Newton from base prices or from a solution nearby."""
    capacity = whole.processing.capacity.copy()
    for (f, i), s in share.items():
        capacity[whole.calibration.b[:, f] > 0, i] *= s
    market = replace(whole, processing=replace(whole.processing, capacity=capacity))
    start = None if near is None else _unknowns(market, near)
    return market, root(market, start, paths=())


def _unknowns(market: Market, found: Root) -> Array:
    return np.concatenate([np.log(found.state.p[market.alive.origin]), market.theta_g * found.state.om])


def _above_floor(market: Market, found: Root, node: Node) -> float:
    """ln of the price at a node over the lowest a plant sells at."""
    return float(np.log(found.state.p[node] / (GLUT * market.calibration.reference[node[0]])))


def _share_at_floor(whole: Market, share: dict[Node, float], node: Node, near: Root) -> float:
    """The share of a node's lines at which its price is the lowest one, others held; 1 where even that is above it."""

    latest = near

    def above(log_share: float) -> float:
        nonlocal latest
        market, found = _solved(whole, {**share, node: float(np.exp(log_share))}, latest)
        if not found.converged:
            return -np.inf
        latest = found
        return _above_floor(market, found, node)

    return float(np.exp(_falling_root(above, np.log(share[node]))))


def _falling_root(g: Callable[[float], float], low: float) -> float:
    """Where g, falling, is 0, at most at 0.0, from a point where it is above 0; -inf counts as below.

    Growing steps to the other side, halves to where g is finite there, then false position (Illinois).
    """
    at_low = g(low)
    while at_low < 0 and low > -60:
        low -= 1.0
        at_low = g(low)
    step, high, at_high = FIRST_STEP, low, at_low
    while at_high > 0:
        if high >= 0.0:
            return 0.0
        low, at_low = high, at_high
        high = min(high + step, 0.0)
        step *= 4.0
        at_high = g(high)
    side = 0
    for _ in range(STEPS):
        if abs(at_low) < CLOSE or high - low < 1e-9:
            break
        if np.isfinite(at_high):
            middle = (low * at_high - high * at_low) / (at_high - at_low)
        else:
            middle = 0.5 * (low + high)
        at = g(middle)
        if abs(at) < CLOSE:
            return middle
        if at > 0:
            low, at_low = middle, at
            if side == 1:
                at_high *= 0.5
            side = 1
        else:
            high, at_high = middle, at
            if side == -1:
                at_low *= 0.5
            side = -1
    return low

"""Draws: one key per draw, so any worker in any order gets the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.events import Event
from crosscut.market.params import Params
from crosscut.market.world import World
from crosscut.worlds.parameters import Z90, parameter_distributions, params_at

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Draw:
    """One future: behaviour, event sizes by id, and the residual log error of the price of every form."""

    number: int
    params: Params
    sizes: dict[str, float]
    price_error: Array


def generator_of(seed: int, draw: int) -> np.random.Generator:
    """The random stream of one draw: Philox keyed by the seed, the draw in the highest word of the counter.

    The stream advances the lowest word, so draws never overlap.
    """
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, draw]))


def event_size(event: Event, z: float) -> float:
    """The size of an event at standard normal `z`: median `size`, 10 % and 90 % points `low` and `high`.

    Linear on either side of the median; a fraction stays within [0, 1], any other size above 0.
    """
    low = event.size if event.low is None else event.low
    high = event.size if event.high is None else event.high
    side = event.size - low if z < 0 else high - event.size
    value = event.size + side * z / Z90
    upper = 1.0 if event.unit == "fraction" and event.size <= 1 else np.inf
    lower = -1.0 if event.kind.value in ("demand", "currency") else 0.0
    return float(np.clip(value, lower, upper))


def event_scores(events: Sequence[Event], z: Array) -> list[float]:
    """The score of every event: those that one source states with one range share the first one's.

    A measure that is coded on several forms is one measure: drawn apart, its parts would average out.
    """
    first: dict[tuple[object, ...], float] = {}
    out = []
    for event, own in zip(events, z, strict=True):
        same = (event.kind, event.source, event.low, event.size, event.high, event.unit, event.start)
        key = same if event.source and event.low is not None else (event.id,)
        out.append(first.setdefault(key, float(own)))
    return out


def draw_of(world: World, events: Sequence[Event], seed: int, number: int, price_noise: Array) -> Draw:
    """Draw `number` of `seed`. price_noise[f]: residual standard deviation of the log price of form f."""
    rng = generator_of(seed, number)
    params = params_at(world, rng.standard_normal(len(parameter_distributions(world))))
    errors = price_noise * rng.standard_normal(len(price_noise))
    by_id = sorted(events, key=lambda e: e.id)
    scores = event_scores(by_id, rng.standard_normal(len(by_id)))
    sizes = {e.id: event_size(e, z) for e, z in zip(by_id, scores, strict=True)}
    return Draw(number, params, sizes, errors)

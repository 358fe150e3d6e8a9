"""Draws: one key per draw, so any worker in any order gets the same numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscut.market.events.event_rules import rule_of
from crosscut.market.events.events import Event, EventKind
from crosscut.market.model.world import Params, World
from crosscut.worlds.parameters import Z90, parameter_distributions, params_at


@dataclass(frozen=True, eq=False)
class Draw:
    """One future: behaviour, event sizes by id, and the ids of the events that do not happen in it.

    What no parameter explains of a price is not drawn: as one number a draw it would decide the sign of small
    effects. It is added up where a level is asked for (`price_error`).
    """

    number: int
    params: Params
    sizes: dict[str, float]
    absent: tuple[str, ...] = ()


class RandomStream:
    """The random numbers of one key, draw by draw: the draw is in the highest word of the counter of Philox,
    and as the stream advances the lowest word, draws never overlap.

    `at` hands out one and the same generator, set to where the draw begins: making a new one takes ten times
    as long.

    >>> one, other = RandomStream(1), RandomStream(1)
    >>> [float(one.at(d).random()) for d in (5, 6)] == [float(other.at(d).random()) for d in (6, 5)][::-1]
    True
    """

    def __init__(self, key: int | list[int]) -> None:
        bits = np.random.Philox(key=key)
        self._bits, self._generator = bits, np.random.Generator(bits)
        self._begins: Any = bits.state

    def at(self, draw: int) -> np.random.Generator:
        """The generator at the beginning of a draw.

        Parameters
        ----------
        draw : int
            Number of the draw, from 0.

        Returns
        -------
        np.random.Generator
            One and the same generator at every call, set to where the draw begins.
        """
        begins = self._begins
        begins["state"] = {**begins["state"], "counter": np.array([0, 0, 0, draw], dtype=np.uint64)}
        self._bits.state = begins
        return self._generator


def stream_of(seed: int) -> RandomStream:
    """The stream of behaviour: keyed by the seed.

    Parameters
    ----------
    seed : int
        The key of a run.

    Returns
    -------
    RandomStream
        Gives the same numbers for a draw whichever draws were asked for before.
    """
    return RandomStream(seed)


def event_stream(seed: int, event_id: str) -> RandomStream:
    """The stream of one event: adding or dropping another event leaves it as it is.

    Parameters
    ----------
    seed : int
        The key of a run.
    event_id : str
        Names the stream; a hash of it is the second half of the key.

    Returns
    -------
    RandomStream
        Independent of the stream of behaviour.
    """
    return RandomStream([seed, int.from_bytes(hashlib.sha256(event_id.encode()).digest()[:8], "little")])


def generator_of(seed: int, draw: int) -> np.random.Generator:
    """The random numbers of behaviour in one draw.

    Parameters
    ----------
    seed : int
        The key of a run.
    draw : int
        Number of the draw, from 0.

    Returns
    -------
    np.random.Generator
        At the beginning of the draw.
    """
    return stream_of(seed).at(draw)


def event_generator(seed: int, event_id: str, draw: int) -> np.random.Generator:
    """The random numbers of one event in one draw.

    Parameters
    ----------
    seed : int
        The key of a run.
    event_id : str
        Names the stream of the event.
    draw : int
        Number of the draw, from 0.

    Returns
    -------
    np.random.Generator
        At the beginning of the draw.
    """
    return event_stream(seed, event_id).at(draw)


def happens(event: Event, seed: int, draw: int) -> bool:
    """Whether an event happens in a draw: in a share `probability` of them, whole or not at all.

    A measure that one source states for several forms happens on all of them or on none; mines and plants
    each have a chance of their own.

    Parameters
    ----------
    event : Event
        Its `probability` is the chance, 0 to 1.
    seed : int
        The key of a run.
    draw : int
        Number of the draw, from 0.

    Returns
    -------
    bool
        Always True at a probability of 1, for which nothing is drawn.
    """
    if event.probability >= 1:
        return True
    together = bool(event.source) and event.kind not in (EventKind.MINE, EventKind.PLANT)
    name = repr((event.kind, event.source, event.probability, event.start)) if together else event.id
    return bool(event_generator(seed, f"happens/{name}", draw).random() < event.probability)


def event_size(event: Event, z: float) -> float:
    """The size of an event at a point of its distribution.

    Linear in `z` on either side of the median: `size` is the median, `low` and `high` are the 10 % and 90 %
    points. It stays within the limits of its kind, and a fraction at most 1 stays at most 1.

    Parameters
    ----------
    event : Event
        Without `low` or `high` that side does not vary.
    z : float
        Standard normal deviate.

    Returns
    -------
    float
        In the unit of the event.
    """
    low = event.size if event.low is None else event.low
    high = event.size if event.high is None else event.high
    side = event.size - low if z < 0 else high - event.size
    value = event.size + side * z / Z90
    lowest, highest = rule_of(event.kind).units[event.unit]
    if event.unit == "fraction" and event.size <= 1:
        highest = min(highest, 1.0)
    return float(np.clip(value, lowest, highest))


def measure_of(event: Event) -> str:
    """The name of the stream that an event's size is drawn from.

    A measure that is coded on several forms is one measure: drawn apart, its parts would average out. So
    events that one source states with one range share a stream.

    Parameters
    ----------
    event : Event
        The event.

    Returns
    -------
    str
        What such events have in common; the event's own id where it has no source or no range.
    """
    same = (event.kind, event.source, event.low, event.size, event.high, event.unit, event.start)
    return repr(same) if event.source and event.low is not None else event.id


def sizes_and_absent(
    events: Sequence[Event], seed: int, number: int
) -> tuple[dict[str, float], tuple[str, ...]]:
    """The sizes of events in a draw, and which of them do not happen in it.

    Parameters
    ----------
    events : Sequence[Event]
        All events of a scenario.
    seed : int
        The key of a run.
    number : int
        Number of the draw, from 0.

    Returns
    -------
    tuple[dict[str, float], tuple[str, ...]]
        (size of every event by id, in its unit; ids of the events that do not happen).
    """
    sizes = {
        e.id: event_size(e, float(event_generator(seed, measure_of(e), number).standard_normal()))
        for e in events
    }
    return sizes, tuple(e.id for e in events if not happens(e, seed, number))


def draw_of(world: World, events: Sequence[Event], seed: int, number: int) -> Draw:
    """One draw: behaviour and sizes of events.

    Parameters
    ----------
    world : World
        Gives the distributions of behaviour.
    events : Sequence[Event]
        All events of a scenario.
    seed : int
        The key of a run.
    number : int
        Number of the draw, from 0.

    Returns
    -------
    Draw
        Depends on (seed, number) alone, not on other draws.
    """
    rng = generator_of(seed, number)
    params = params_at(world, rng.standard_normal(len(parameter_distributions(world))))
    sizes, absent = sizes_and_absent(events, seed, number)
    return Draw(number, params, sizes, absent)

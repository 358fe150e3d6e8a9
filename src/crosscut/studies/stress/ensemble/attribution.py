"""Attribution: the loss of one year shared out over the families of events in it (Shapley).

The year is solved again with every set of its families alone, on the same draw: same world, behaviour and
demand. A family's part is what it adds to the loss, averaged over all orders in which the families could
have come. The parts add to the loss of the year exactly. Up to six families that is exact; beyond, the
orders are sampled in pairs of an order and its reverse (antithetic), and the standard error over the pairs
is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import factorial

import numpy as np

from crosscut.studies.shared.draws import event_stream

EXACT = 6  # families in a year up to which every set is solved: 62 at most
PAIRS = 12  # pairs of orders beyond

Parts = dict[str, tuple[float, float]]


def orders_of(count: int, seed: int, draw: int) -> list[list[int]]:
    """The orders of families that are looked at where they are too many for all sets.

    Parameters
    ----------
    count : int
        Families in the year.
    seed : int
        The key of the run.
    draw : int
        Number of the draw.

    Returns
    -------
    list[list[int]]
        Pairs of an order and its reverse; none where every set is solved.
    """
    if count <= EXACT:
        return []
    rng, out = event_stream(seed, "stress/orders").at(draw), []
    for _ in range(PAIRS):
        order = rng.permutation(count).tolist()
        out += [order, order[::-1]]
    return out


def sets_of(count: int, orders: Sequence[Sequence[int]]) -> list[int]:
    """The sets of families that have to be solved, as bits; the empty one and the whole year are known.

    Parameters
    ----------
    count : int
        Families in the year.
    orders : Sequence[Sequence[int]]
        As `orders_of` gives them.

    Returns
    -------
    list[int]
        Bit k is the family k; in rising order.

    Examples
    --------
    >>> sets_of(2, [])
    [1, 2]
    """
    if not orders:
        return list(range(1, 2**count - 1))
    found = set()
    for order in orders:
        bits = 0
        for k in order[:-1]:
            bits |= 1 << k
            found.add(bits)
    return sorted(found)


def shapley(
    count: int, lost: Mapping[int, float], orders: Sequence[Sequence[int]]
) -> list[tuple[float, float]]:
    """What each family adds to the loss, averaged over orders.

    Parameters
    ----------
    count : int
        Families.
    lost : Mapping[int, float]
        Loss of every set that `sets_of` names, of the empty one (0) and of all together.
    orders : Sequence[Sequence[int]]
        The orders sampled in pairs; none where all sets are there.

    Returns
    -------
    list[tuple[float, float]]
        (part, its standard error) of each, in the unit of the loss; parts add to the loss of all together.

    Examples
    --------
    >>> shapley(2, {0: 0.0, 1: 1.0, 2: 3.0, 3: 10.0}, [])  # 6 that only both together lose are halved
    [(4.0, 0.0), (6.0, 0.0)]
    """
    if orders:
        added = np.zeros((len(orders), count))
        for row, order in enumerate(orders):
            bits = 0
            for k in order:
                added[row, k] = lost[bits | 1 << k] - lost[bits]
                bits |= 1 << k
        pairs = added.reshape(-1, 2, count).mean(axis=1)
        error = pairs.std(axis=0, ddof=1) / len(pairs) ** 0.5
        return list(zip(pairs.mean(axis=0).tolist(), error.tolist(), strict=True))
    weight = [factorial(n) * factorial(count - n - 1) / factorial(count) for n in range(count)]
    parts = [
        sum(
            weight[bits.bit_count()] * (lost[bits | 1 << k] - lost[bits])
            for bits in range(2**count)
            if not bits >> k & 1
        )
        for k in range(count)
    ]
    return [(part, 0.0) for part in parts]


def parts_text(parts: Parts) -> str:
    """The parts of a year as a chunk keeps them.

    Parameters
    ----------
    parts : Parts
        By family: (USD, standard error).

    Returns
    -------
    str
        JSON; empty where there are none.
    """
    return json.dumps(parts) if parts else ""


def parts_of(text: str) -> Parts:
    """The parts that a chunk keeps of a year.

    Parameters
    ----------
    text : str
        As `parts_text` writes it.

    Returns
    -------
    Parts
        By family: (USD, standard error); empty where the year was not shared out.

    Examples
    --------
    >>> parts_of(parts_text({"route suez": (1.5, 0.0)})), parts_of("")
    ({'route suez': (1.5, 0.0)}, {})
    """
    if not text:
        return {}
    return {family: (float(usd), float(error)) for family, (usd, error) in json.loads(text).items()}

"""Drawn worlds: the worlds that the draws of a question take turns on.

A world carries the evidence it was built from, so what is drawn depends on the world alone: not on who holds
it, on whether it was copied or came from another process, or on what is being read meanwhile.

Every figure is read again with an error drawn by its evidence status (relative, in logs), and the whole is
balanced, traced and priced anew; so each of these worlds closes exactly, as the first does. Balancing pulls
a figure back towards what the others allow: the spread of the balanced figures is what the facts together
leave open, not what each alone would (the randomised-then-optimised sample of a posterior: Bardsley,
Solonen, Haario and Laine (2014), SIAM J. Sci. Comput. 36).

Worlds come in mirrored pairs (errors z and -z), so that their median stays at the world itself. Errors are
independent from figure to figure: a bias that all figures of one source share is not drawn; `--fact` shows
what another source does.

A world that the user edited keeps the uncertainty of its facts. Every figure of the edited world is moved by
the same factor by which balancing the redrawn facts moved that figure of the world as built; then sales are
scaled to supply along the chain and final use takes what is left, so that the drawn world closes too. A
relative error belongs to the record, not to the tonnage: whoever halves a flow by hand still knows it as
well, or as badly, as the source did. Places, forms and uses that the user added move with factor 1.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Refused, UserError
from crosscut.market.model.world import World
from crosscut.worlds.evidence import Evidence
from crosscut.worlds.snapshot import NEGLIGIBLE, world_from

WORLDS = 6  # built for a run, each used by every sixth draw: a second for five forms


def resampled_worlds(evidence: Evidence, seed: int, count: int = WORLDS) -> tuple[World, ...]:
    """Build worlds from the same evidence, each figure read again with a drawn error.

    Parameters
    ----------
    evidence : Evidence
        What the worlds are built from; its relative errors by evidence status set the spread.
    seed : int
        Key of the random numbers.
    count : int
        How many worlds are wanted.

    Returns
    -------
    tuple of World
        At most `count` worlds in mirrored pairs (errors z and -z, in logs). One that cannot be balanced is
        left out with its mirror. Each is one reading of the facts and carries no evidence of its own.

    Notes
    -----
    Deterministic in evidence, seed and number of pairs: a figure has a random stream of its own for pair k.
    The sample is
    randomised, then optimised: Bardsley, Solonen, Haario and Laine (2014), SIAM J. Sci. Comput. 36.
    """
    sd = np.array([evidence.error(c.evidence_status) for c in evidence.cells])
    sum_sd = np.array([evidence.error(s.evidence_status) for s in evidence.soft_facts])
    names = _names([f"{c.label}, {c.evidence_status}" for c in evidence.cells])
    sum_names = _names([s.label for s in evidence.soft_facts])
    out: list[World] = []
    for pair in range((count + 1) // 2):
        z, z_sum = _errors(seed, pair, names), _errors(seed, pair, sum_names)
        try:
            pair_of = [world_from(_read_again(evidence, s * sd * z, s * sum_sd * z_sum)) for s in (1.0, -1.0)]
        except Refused:
            continue
        out += [replace(w, evidence=None) for w in pair_of]
    return tuple(out[:count])


def _names(labels: Sequence[str]) -> list[int]:
    """A word of 64 bits for every figure, from what it is called; of equal labels each has its own."""
    met: Counter[str] = Counter()
    out = []
    for label in labels:
        text = f"{label}\x1f{met[label]}"
        out.append(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
        met[label] += 1
    return out


def _errors(seed: int, pair: int, names: Sequence[int]) -> Array:
    """The error of every figure in one pair, in standard deviations.

    Each figure has a stream of its own name, so that one figure more or less leaves the errors of the others
    as they were. Draws use the highest word of the counter, these the second and third: the streams never
    meet.
    """
    return np.array(
        [
            np.random.Generator(np.random.Philox(key=seed, counter=[0, name, pair + 1, 0])).standard_normal()
            for name in names
        ]
    )


def _read_again(evidence: Evidence, cells: np.ndarray, sums: np.ndarray) -> Evidence:
    return replace(
        evidence,
        cells=tuple(
            replace(c, prior=c.prior * float(np.exp(e))) for c, e in zip(evidence.cells, cells, strict=True)
        ),
        soft_facts=tuple(
            replace(s, value=s.value * float(np.exp(e)))
            for s, e in zip(evidence.soft_facts, sums, strict=True)
        ),
    )


BALANCED = ("q0", "M0", "X0", "D0")
_AXES = {
    "q0": ("form", "place", "place"),
    "M0": ("form", "place"),
    "X0": ("process", "place"),
    "D0": ("form", "place", "use"),
    "supply_capacity": ("form", "place"),
    "process_capacity": ("process", "place"),
    "prices": ("form", "place"),
}


@dataclass(frozen=True, eq=False)
class DrawnWorlds:
    """What the draws of a question take turns on.

    Parameters
    ----------
    worlds
        The drawn worlds; the world itself alone where none was drawn. Never empty.
    asked
        How many were to be drawn.
    drawn
        How many were: fewer where redrawn figures could not be balanced, 0 for a world without evidence.
    has_evidence
        Whether the world names what it was built from.
    """

    worlds: tuple[World, ...]
    asked: int
    drawn: int
    has_evidence: bool

    def of(self, draw: int) -> World:
        """The world a draw is solved on."""
        return self.worlds[draw % len(self.worlds)]


def variants(world: World, seed: int, count: int) -> DrawnWorlds:
    """The worlds that the facts of a world could have given too, each closing exactly (see `resample`).

    Parameters
    ----------
    world
        Any world; an equal copy, a pickled copy and an edited one are drawn from as the original.
    seed
        Key of the random numbers, from 0 to 2^63 - 1.
    count
        How many worlds to draw, 1 or more.

    Returns
    -------
    DrawnWorlds
        At most `count` worlds: a pair that cannot be balanced is left out. The world alone where it has no
        evidence (made up, or drawn itself) or no pair could be balanced; `drawn` is then 0.

    Examples
    --------
    >>> from crosscut.market.model.examples import two_country_world
    >>> found = variants(two_country_world(), 1, 6)
    >>> len(found.worlds), found.drawn, found.has_evidence
    (1, 0, False)
    """
    evidence = world.evidence
    if not isinstance(evidence, Evidence):
        return DrawnWorlds((world,), count, 0, False)
    drawn = evidence.remembered(seed, count, resampled_worlds)
    if not drawn:
        return DrawnWorlds((world,), count, 0, True)
    built = world_from(evidence)
    if world.hash != built.hash:
        edited = [_edited(world, built, d) for d in drawn]
        drawn = tuple(w for w in edited if w is not None)
    return DrawnWorlds(drawn or (world,), count, len(drawn), True)


def _edited(world: World, built: World, drawn: World) -> World | None:
    """The edited `world` moved as `drawn` moved from `built`; None where it cannot be closed."""
    moved: dict[str, Any] = {name: _moved(name, world, built, drawn) for name in _AXES}
    if _same_labels(world, built) and all(
        np.array_equal(getattr(world, n), getattr(built, n)) for n in BALANCED
    ):
        moved |= {n: getattr(drawn, n) for n in BALANCED}
    else:
        moved |= dict(zip(BALANCED, _closed(world, *(moved[n] for n in BALANCED)), strict=True))
    try:
        return replace(world, **moved, evidence=None)
    except UserError:
        return None


def _labels(world: World) -> dict[str, tuple[str, ...]]:
    return {
        "form": tuple(f.id for f in world.chain.forms),
        "process": tuple(p.id for p in world.chain.processes),
        "place": world.countries,
        "use": world.uses,
    }


def _same_labels(a: World, b: World) -> bool:
    return _labels(a) == _labels(b)


def _moved(name: str, world: World, built: World, drawn: World) -> Array:
    """An array of the edited world times the factor by which drawing moved each of its cells."""
    before, after = getattr(built, name), getattr(drawn, name)
    known = np.isfinite(before) & np.isfinite(after) & (before > 0) & (after > 0)
    factor = np.divide(after, before, out=np.ones_like(before), where=known)
    mine, theirs = _labels(world), _labels(built)
    for axis, kind in enumerate(_AXES[name]):
        at = {label: k for k, label in enumerate(theirs[kind])}
        factor = np.concatenate([factor, np.ones_like(factor.take([0], axis))], axis)  # the last is 1
        factor = factor.take([at.get(label, -1) for label in mine[kind]], axis)
    out: Array = getattr(world, name) * factor
    return out


def _closed(world: World, q0: Array, M0: Array, X0: Array, D0: Array) -> tuple[Array, Array, Array, Array]:
    """Flows, supply, activity and final use such that every node closes: along the chain sales are scaled to
    supply, activity to what arrives, and final use is what purchases leave."""
    a, b = world.input_coefficients(), world.output_coefficients()
    q0, X0 = q0.copy(), X0.copy()
    for f in world.chain.topological_order():
        made = M0[f] + b[:, f] @ X0
        sold = q0[f].sum(axis=1)
        q0[f] *= np.divide(made, sold, out=np.zeros_like(sold), where=sold > 0)[:, None]
        at_home = (sold <= 0) & (made > 0)
        q0[f][at_home, at_home] = made[at_home]
        bought, need = q0[f].sum(axis=0), a[:, f] @ X0
        tolerance = NEGLIGIBLE * max(float(made.sum()), 1e-300)
        for j in np.flatnonzero((bought - need <= tolerance) & (need > 0)):
            X0[a[:, f] > 0, j] *= bought[j] / need[j]
    need = a.T @ X0
    bought = q0.sum(axis=1)
    left = np.where(bought - need <= NEGLIGIBLE * np.maximum(bought, need), 0.0, bought - need)
    shares = D0 / np.where(D0.sum(axis=2) > 0, D0.sum(axis=2), 1.0)[..., None]
    shares[..., -1] = np.where(D0.sum(axis=2) > 0, shares[..., -1], 1.0)
    return q0, M0, X0, left[..., None] * shares

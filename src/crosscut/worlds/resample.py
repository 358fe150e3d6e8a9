"""Resample: the worlds that figures of the same evidence status could have given.

Every figure is read again with an error drawn by its evidence status (relative, in logs), and the whole is
balanced, traced and priced anew; so each of these worlds closes exactly, as the first does. Balancing pulls
a figure back towards what the others allow: the spread of the balanced figures is what the facts together
leave open, not what each alone would (the randomised-then-optimised sample of a posterior: Bardsley,
Solonen, Haario and Laine (2014), SIAM J. Sci. Comput. 36).

Worlds come in mirrored pairs (errors z and -z), so that their median stays at the world itself. Errors are
independent from figure to figure: a bias that all figures of one source share is not drawn; `--fact` shows
what another source does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crosscut.base.errors import Refused
from crosscut.market.model.world import World
from crosscut.worlds.evidence import Evidence
from crosscut.worlds.snapshot import world_from

WORLDS = 6  # built for a run, each used by every sixth draw: a second for five forms


def resampled_worlds(evidence: Evidence, seed: int, count: int = WORLDS) -> tuple[World, ...]:
    """`count` worlds of this evidence, in mirrored pairs; one that cannot be balanced is left out with its
    mirror. Each stands for one reading of the facts and carries no evidence of its own.

    Deterministic in (evidence, seed, count of pairs): pair k has a random stream of its own.
    """
    sd = np.array([evidence.error(c.evidence_status) for c in evidence.cells])
    sum_sd = np.array([evidence.error(s.evidence_status) for s in evidence.soft_facts])
    out: list[World] = []
    for pair in range((count + 1) // 2):
        # Draws use the highest word of the counter, these the third: the streams never meet.
        rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, pair + 1, 0]))
        z, z_sum = rng.standard_normal(len(sd)), rng.standard_normal(len(sum_sd))
        try:
            pair_of = [world_from(_read_again(evidence, s * sd * z, s * sum_sd * z_sum)) for s in (1.0, -1.0)]
        except Refused:
            continue
        out += [replace(w, evidence=None) for w in pair_of]
    return tuple(out[:count])


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

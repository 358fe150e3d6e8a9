"""Traced origins: where a country's metal was last processed, what it passed through, and whose mines it is
from.

Followed back through every form and process by proportional mixing. Tests:
tests/studies/exposure/test_exposure.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import UserError
from crosscut.ledger.ownership import controlled_output
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World

OWNER_RULE = "owner-strict"


def last_origins(world: World, places: Sequence[int]) -> Array:
    """Share of the metal that the places finally use, by the country where it was last processed (n)."""
    at = list(places)
    final = world.D0[:, at].sum(axis=2)
    use = world.use()[:, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(use > 0, final / use, 0.0)
    tonnes: Array = (world.q0[:, :, at] * weight[:, None, :]).sum(axis=(0, 2))
    total = tonnes.sum()
    return tonnes / total if total > 0 else tonnes


def passed_through(world: World, places: Sequence[int]) -> Array:
    """Share of the metal that the places finally use which was mined, collected or processed in each country
    (n) at any stage; the shares of several countries overlap. Followed back by proportional mixing, as
    `mine_origins`.
    """
    n, F = len(world.countries), len(world.chain.forms)
    a, b = world.input_coefficients(), world.output_coefficients()
    supply, elsewhere = world.supply(), 1.0 - np.eye(n)
    never_used = np.ones((F, n, n))  # of form f used by j: share that never was in country c
    for f in world.chain.topological_order():
        made = b[:, f] @ world.X0
        never = np.repeat((supply[f] - made)[:, None], n, axis=1)
        for k in range(len(world.chain.processes)):
            if b[k, f] > 0:
                mix = np.einsum("g,gic->ic", a[k] / a[k].sum(), never_used)
                never += (b[k, f] * world.X0[k])[:, None] * mix
        with np.errstate(divide="ignore", invalid="ignore"):
            never_sold = np.where(supply[f][:, None] > 0, never / supply[f][:, None], 1.0) * elsewhere
            bought = world.q0[f].sum(axis=0)
            never_used[f] = np.where(bought[:, None] > 0, (world.q0[f].T @ never_sold) / bought[:, None], 1.0)
    at = list(places)
    final = world.D0[:, at].sum(axis=2)
    total = float(final.sum())
    if total <= 0:
        return np.zeros(n)
    out: Array = 1.0 - np.einsum("fj,fjc->c", final, never_used[:, at]) / total
    return np.clip(out, 0.0, 1.0)


def mine_origins(world: World, places: Sequence[int]) -> tuple[Array, float]:
    """(share of the metal that the places finally use, by the country where it was mined (n); share that is
    old scrap).

    Followed back through every form and process by proportional mixing.
    """
    n, F = len(world.countries), len(world.chain.forms)
    a, b = world.input_coefficients(), world.output_coefficients()
    supply = world.supply()
    of_sold = np.zeros((F, n, n))  # of form f sold by i: share mined in each country; the rest is scrap
    of_used = np.zeros((F, n, n))
    for f in world.chain.topological_order():
        mined = np.zeros((n, n))
        if "scrap" not in world.chain.forms[f].id:
            mined += np.diag(world.M0[f])
        for k in range(len(world.chain.processes)):
            if b[k, f] > 0:
                taken = a[k] / a[k].sum()
                mix = np.einsum("g,gim->im", taken, of_used)
                mined += (b[k, f] * world.X0[k])[:, None] * mix
        with np.errstate(divide="ignore", invalid="ignore"):
            of_sold[f] = np.where(supply[f][:, None] > 0, mined / supply[f][:, None], 0.0)
            bought = world.q0[f].sum(axis=0)
            of_used[f] = np.where(bought[:, None] > 0, (world.q0[f].T @ of_sold[f]) / bought[:, None], 0.0)
    at = list(places)
    final = world.D0[:, at].sum(axis=2)
    total = float(final.sum())
    if total <= 0:
        return np.zeros(n), 0.0
    mined_share: Array = np.einsum("fj,fjm->m", final, of_used[:, at]) / total
    return mined_share, max(0.0, 1.0 - float(mined_share.sum()))


def by_owner(ledger: Ledger, world: World, mined: Array) -> dict[str, float] | None:
    """Share of the metal by the country that controls the mine, UNK where no owner is known; None where
    stakes are not on record for the mineral."""
    try:
        parts = controlled_output(ledger, world.mineral, world.year, OWNER_RULE).parts
    except UserError:
        return None
    of_place: dict[str, dict[str, float]] = {}
    for p in parts:
        owners = of_place.setdefault(p.location, {})
        owners[p.country] = owners.get(p.country, 0.0) + p.tonnes
    out: dict[str, float] = {}
    for k, share in enumerate(mined):
        owners = of_place.get(world.countries[k], {"UNK": 1.0})
        total = sum(owners.values()) or 1.0
        for owner, tonnes in owners.items():
            out[owner] = out.get(owner, 0.0) + float(share) * tonnes / total
    return out

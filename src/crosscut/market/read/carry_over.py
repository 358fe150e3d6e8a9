"""Carry-over: new scrap sold in one year is supply of the next.

Within a year a chain has no cycles. Makers of powder, carbide or metal sell their turnings and rejects; that
metal comes back as supply of a scrap form, but in the year after. The base year holds it already: M0 of a
scrap form is old scrap plus the new scrap of the year before, which in a steady year is what the base year
itself makes.

Tests: tests/market/test_chains.py, tests/worlds/test_tungsten_world.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.chain import Chain
from crosscut.market.model.world import World


def new_scrap(chain: Chain, uses: Sequence[str], activity: Array, use: Array) -> Array:
    """New scrap that a year puts on the market of the next year, where it arises (E2).

    Parameters
    ----------
    chain : Chain
        Forms and processes, and what makers sell as scrap.
    uses : Sequence[str]
        Ids of the end uses, in the order of `use`.
    activity : Array, shape (K, n)
        Activity of each process, t a year.
    use : Array, shape (F, n, U)
        Final use, t contained a year.

    Returns
    -------
    Array, shape (F, n)
        New scrap, t contained.

    Examples
    --------
    >>> import numpy as np
    >>> from crosscut.market.model.chain import Chain, Form, Process, UseScrap
    >>> forms = (Form("scrap", "Scrap", 900.0), Form("metal", "Metal", 1500.0, primary=False))
    >>> scrap = {"scrap": 0.05}
    >>> melting = Process("melting", "Melting", {"scrap": 1.0}, {"metal": 0.9}, 0.1, new_scrap=scrap)
    >>> c = Chain("tin", forms, (melting,), use_scrap=(UseScrap("plate", "metal", "scrap", 0.2),))
    >>> uses = np.array([[[0.0, 0.0]], [[40.0, 50.0]]])
    >>> new_scrap(c, ["plate", "solder"], np.array([[100.0]]), uses).tolist()
    [[13.0], [0.0]]
    """
    out = np.zeros((len(chain.forms), activity.shape[1]))
    for k, process in enumerate(chain.processes):
        for form, tonnes in process.new_scrap.items():
            out[chain.form_index(form)] += tonnes * activity[k]
    for u in chain.use_scrap:
        if u.use in uses:
            out[chain.form_index(u.scrap)] += (
                u.share * use[chain.form_index(u.bought), :, list(uses).index(u.use)]
            )
    return out


def base_new_scrap(world: World) -> Array:
    """New scrap that the base year sells into the next one (E2).

    Parameters
    ----------
    world : World
        Base data.

    Returns
    -------
    Array, shape (F, n)
        New scrap, t contained.
    """
    return new_scrap(world.chain, world.uses, world.X0, world.D0)


__all__ = ["base_new_scrap", "new_scrap"]

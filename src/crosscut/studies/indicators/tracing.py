"""Tracing: from whom a country's metal really comes, when what others ship on is followed back to where it
was made.

    x_j = p_j + u_j + sum_i z_ij
    o_j = p_j e_j + u_j e_unknown + sum_i (z_ij / x_i) o_i

x_j is what country j has: output, imports, and u_j of unknown origin where it ships more. The second line is
proportional mixing in every country.

Kastner, Kastner and Nonhebel (2011), Ecological Economics 70, 1032-1040, as in the market worlds; here a
country that ships more than it has gets the gap as supply of unknown origin instead of a refusal.

Content: tonnes of what the output table counts, per gross tonne traded, for codes of the same stage as
the output.

`data/content.csv`: typical contents from the ledger's table of forms. A mineral is absent where trade and
output are of different stages (mined cobalt beside refined cobalt); it then has no reliance, rather than a
wrong one.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np

from crosscut.base.arrays import Array
from crosscut.ledger.minerals import data_text


def origin_shares(made: Array, shipped: Array) -> tuple[Array, Array]:
    """Shares of what every country has by the country where it was made.

    Metal mixes in proportion in every country. With `unknown`, the column of a country adds up to 1; a
    country that has nothing has zeros.

    Parameters
    ----------
    made : Array [i]
        Output, t, not negative.
    shipped : Array [i, j]
        Flows from i to j, t, not negative; the diagonal is ignored.

    Returns
    -------
    tuple[Array, Array]
        (shares[i, j]: part of what j has that was made in i; unknown[j]: part of unknown origin), fractions.

    Notes
    -----
    Kastner, Kastner and Nonhebel (2011), Ecological Economics 70, 1032-1040; see the module.

    Examples
    --------
    A hub ships on 4 of the 8 it imports; the user's metal is the mine's:

    >>> s, u = origin_shares(np.array([10.0, 0, 0]), np.array([[0, 8.0, 0], [0, 0, 4.0], [0, 0, 0]]))
    >>> s[:, 2].round(6).tolist(), u.tolist()
    ([1.0, 0.0, 0.0], [0.0, 0.0, 0.0])
    """
    z = shipped.copy()
    np.fill_diagonal(z, 0.0)
    unknown = np.maximum(z.sum(axis=1) - made - z.sum(axis=0), 0.0)
    has = made + unknown + z.sum(axis=0)
    live = np.flatnonzero(has > 0)
    system = np.eye(len(live)) - (z[np.ix_(live, live)] / has[live, None]).T
    sources = np.concatenate([np.diag(made[live]), unknown[live, None]], axis=1)
    # Rings of countries that only re-export to each other hold nothing that was made: their system is
    # singular, and least squares leaves them without origin.
    try:
        held = np.linalg.solve(system, sources)
    except np.linalg.LinAlgError:
        held = np.linalg.lstsq(system, sources, rcond=None)[0]
    part = np.clip(np.nan_to_num(held / has[live, None]), 0.0, 1.0)
    shares: Array = np.zeros_like(z)
    shares[np.ix_(live, live)] = part[:, :-1].T
    lost = np.zeros(len(made))
    lost[live] = np.maximum(1.0 - shares.sum(axis=0)[live], 0.0)
    return shares, lost


@dataclass(frozen=True)
class MetalContent:
    """t per gross t, its relative standard deviation, and what is meant."""

    per_tonne: float
    sd: float
    evidence_status: str
    note: str


@cache
def contents() -> dict[str, dict[str, MetalContent]]:
    """Content by mineral and HS 1992 code.

    >>> contents()["tungsten"]["261100"].per_tonne
    0.515
    """
    out: dict[str, dict[str, MetalContent]] = {}
    for r in csv.DictReader(data_text("content.csv").splitlines()):
        out.setdefault(r["mineral"], {})[r["hs92"]] = MetalContent(
            float(r["content"]), float(r["sd"]), r["evidence_status"], r["note"]
        )
    return out

"""Alternatives: who else sells a form abroad, and what is in force there."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World
from crosscut.results.rows import Row
from crosscut.studies.purchases.flows import BoughtFlow, form_in_world
from crosscut.studies.purchases.measures import covers, measures_on
from crosscut.studies.purchases.stop_effects import sold_share
from crosscut.worlds.node import GROUPS

LISTED = 8  # countries a form at most, beside those the company buys from
LEAST = 0.01  # of what crosses borders


def alternative_rows(
    ledger: Ledger, world: World, flows: Sequence[BoughtFlow], buyer: frozenset[str]
) -> list[Row]:
    """The countries that sell what is bought, by form and share of what crosses borders.

    Parameters
    ----------
    ledger : Ledger
        Has the measures in force.
    world : World
        Of the mineral; its trade is by the country of origin, re-exports taken out.
    flows : Sequence[BoughtFlow]
        What the company buys of the mineral.
    buyer : frozenset[str]
        ISO3 codes of the company's country; empty where it is not known.

    Returns
    -------
    list[Row]
        Countries with at least 1 % of the trade or from which the company buys; groups of countries and the
        company's own are left out, so shares of a form can add to less than one.
    """
    out: list[Row] = []
    for f, form in enumerate(world.chain.forms):
        bought = {w.supplier for w in flows if form_in_world(world, w.form).position == f}
        if not bought:
            continue
        shares = {
            code: sold_share(world, i, f)
            for i, code in enumerate(world.countries)
            if code not in GROUPS and code not in buyer
        }
        sold = float(world.q0[f].sum() - world.q0[f].trace())
        ranked = sorted((c for c in shares if shares[c] >= LEAST), key=lambda c: (-shares[c], c))[:LISTED]
        named = [*ranked, *sorted(c for c in bought if c in shares and c not in ranked)]
        for code in named:
            found = [
                m
                for m in measures_on(ledger, world.mineral, code)
                if m.reaches(buyer) and covers(m, form.id) is not False
            ]
            out.append(
                {
                    "mineral": world.mineral,
                    "form": form.id,
                    "country": code,
                    "share": shares[code],
                    "tonnes": shares[code] * sold,
                    "bought": code in bought,
                    "measures": "; ".join(m.said() for m in found),
                }
            )
    return out

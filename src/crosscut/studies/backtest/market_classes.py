"""Market classes: how a mineral is sold, by the table of facts and by what its name says of the stage."""

from __future__ import annotations

import re

from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import table

BULK, EXCHANGE, MINOR = "bulk ore", "exchange-traded", "quoted minor metal"
CLASSES = (BULK, EXCHANGE, MINOR)

# Contract and opaque markets have no exchange and few dealers: they behave like quoted minor metals, if not
# the same.
_AS = {"contract/opaque": MINOR}
_ORE = re.compile(r"\bores?\b")
_BULK_BY_NAME = re.compile(r"\b(bauxite|coal|iron ore)\b")  # not in the table under these names


def market_class(ledger: Ledger, mineral: str) -> str:
    """The class of a product: what is sold as ore or coal is bulk; else the class of its mineral; unknown
    ones are quoted minor metals.

    >>> markets = ("nickel ore", "palladium, unwrought", "tungsten (APT)", "copper concentrate")
    >>> ledger = Ledger.bundled()
    >>> [market_class(ledger, m) for m in markets]
    ['bulk ore', 'exchange-traded', 'quoted minor metal', 'exchange-traded']
    """
    name = mineral.lower()
    known = max((w for w in _classes(ledger) if re.search(rf"\b{re.escape(w)}\b", name)), key=len, default="")
    found = _classes(ledger).get(known, BULK if _BULK_BY_NAME.search(name) else MINOR)
    return BULK if found == EXCHANGE and _ORE.search(name) else found


@per_ledger
def _classes(ledger: Ledger) -> dict[str, str]:
    """First word or words of a mineral -> class."""
    rows = table(ledger, "minerals/market_class")
    out = {}
    for mineral, kind in zip(rows["mineral"], rows["market_class"], strict=True):
        out[str(mineral).split(" (")[0].split(":")[0].lower()] = _AS.get(kind, kind)
    return out

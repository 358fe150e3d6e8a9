"""Onset rate: how often a country stopped selling a mineral in a year since 2009, as counted, without
today's regime.

Beside the chance of a stop (`stress.stops.chance`), which starts in today's regime; it is not that chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table


@dataclass(frozen=True)
class OnsetRate:
    """Stops a year and mineral by a country (ban, suspension, halt) as counted since 2009, their 90 %
    interval, the group of countries it was counted on and the fact."""

    per_year: float
    low: float
    high: float
    group: str
    fact: str


def onset_rate(ledger: Ledger, country: str) -> OnsetRate | None:
    """The rate of a country's group, 2009 to May 2026, from the hazard tables; None without them.

    China has a rate of its own; others go by the governance tercile of producers. No event counted is not no
    hazard: Jeffreys' 0.5 events stand for 0.

    Parameters
    ----------
    ledger : Ledger
        Has the panel of producers and what was counted on it.
    country : str
        ISO code.

    Returns
    -------
    OnsetRate | None
        Stops a year and mineral.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> r = onset_rate(ledger, "CHN")
    >>> round(100 * r.per_year, 1), r.group
    (1.6, 'China, 2009 to May 2026')
    """
    panel = table(ledger, "hazards/hazard_panel")
    terciles = dict(panel.select("country_iso3", "governance_tercile").iter_rows())
    if country == "CHN":
        scope, tercile, group = "China only", "middle", "China"
    elif country in terciles:
        tercile = terciles[country]
        scope = "without China" if tercile == "middle" else "all countries"
        group = (
            f"producers in the {tercile} third by"
            f" governance{', without China' if tercile == 'middle' else ''}"
        )
    else:
        scope, tercile, group = "without China", "all", "all producers without China"
    for r in table(ledger, "hazards/hazard_estimates").iter_rows(named=True):
        found = (r["measure"], r["scope"], r["governance_tercile"], r["instrument_or_cause"], r["period"])
        if found == ("export restriction onset", scope, tercile, "stop", "2009-2026"):
            low = _number(r["cluster90_low"], r["exact90_low"])
            high = _number(r["cluster90_high"], r["exact90_high"])
            rate = _number(r["rate_pct_per_year"]) or 100 * 0.5 / _number(r["exposure"])
            return OnsetRate(
                rate / 100, low / 100, max(high, rate) / 100, f"{group}, 2009 to May 2026", r["fact_id"]
            )
    return None


def _number(*texts: Any) -> float:
    """The first that is given."""
    return next(float(t) for t in texts if t not in (None, ""))

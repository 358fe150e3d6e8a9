"""Reliance: net import reliance by the USGS identity, EU import reliance, self-sufficiency, import sources.

All amounts are of one content (never gross beside contained). Missing is None or NaN and stays missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reliance:
    """net_imports: imports - exports + stocks drawn down; consumption: apparent; net_import_reliance and
    self_sufficiency: shares of consumption; None where consumption is not positive."""

    net_imports: float
    consumption: float
    net_import_reliance: float | None
    self_sufficiency: float | None


def reliance(
    production: float, imports: float, exports: float, secondary: float = 0.0, stock_release: float = 0.0
) -> Reliance:
    """Net import reliance and self-sufficiency by the USGS identity.

    net imports = imports - exports + stock_release, and consumption = production + secondary + net imports. A
    net exporter has a negative reliance; USGS prints it as "E".

    Parameters
    ----------
    production : float
        Primary output, t a year, like all amounts of one content.
    imports : float
        t a year.
    exports : float
        t a year.
    secondary : float
        From old scrap, t a year.
    stock_release : float
        Stocks drawn down are positive, built up negative, t a year.

    Returns
    -------
    Reliance
        Amounts in t a year, shares of apparent consumption; shares are None where nothing is consumed.

    Notes
    -----
    USGS, Mineral Commodity Summaries, notes of each chapter.

    Examples
    --------
    US cobalt 2024 (t): mine 200, secondary 2,050, imports 10,800, exports 4,880, stocks drawn down -210:
    printed 74 %.

    >>> r = reliance(0, 10800, 4880, secondary=2050, stock_release=-10)
    >>> f"{r.net_import_reliance:.0%}", r.consumption
    ('74%', 7960.0)
    """
    net = float(imports - exports + stock_release)
    consumption = float(production + secondary) + net
    if not consumption > 0:
        return Reliance(net, consumption, None, None)
    return Reliance(net, consumption, net / consumption, (production + secondary) / consumption)


def eu_import_reliance(production: float, imports: float, exports: float) -> float | None:
    """Import reliance of the EU guidelines of 2017, with negative values set to 0.

    (imports - exports) / (domestic production + imports - exports).

    Parameters
    ----------
    production : float
        Domestic output, t a year.
    imports : float
        t a year, of the same content.
    exports : float
        t a year, of the same content.

    Returns
    -------
    float | None
        Fraction, 0 or more; None where nothing is used or the inputs contradict each other (exports above
        supply).

    Examples
    --------
    >>> eu_import_reliance(56.0, 60.0, 16.0), eu_import_reliance(10.0, 1.0, 5.0)
    (0.44, 0.0)
    """
    net = imports - exports
    if not production + net > 0:
        return None
    return max(0.0, net / (production + net))


def import_shares(by_partner: Mapping[str, float], named: int | None = None) -> dict[str, float]:
    """Shares of imports by partner, largest first.

    Parameters
    ----------
    by_partner : Mapping[str, float]
        t by partner.
    named : int | None
        Partners beyond so many are pooled as "other"; None names all.

    Returns
    -------
    dict[str, float]
        Fractions that add up to 1; empty where nothing is imported.

    Examples
    --------
    >>> import_shares({"BOL": 20.0, "CHN": 50.0, "ESP": 30.0}, named=2)
    {'CHN': 0.5, 'ESP': 0.3, 'other': 0.2}
    """
    total = sum(by_partner.values())
    if total <= 0:
        return {}
    ordered = sorted(by_partner.items(), key=lambda kv: (-kv[1], kv[0]))
    head = {k: v / total for k, v in ordered[:named]}
    rest = sum(v for _, v in ordered[len(head) :])
    return {**head, "other": rest / total} if rest > 0 else head

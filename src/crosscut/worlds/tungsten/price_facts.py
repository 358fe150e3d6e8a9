"""Base prices of tungsten from dated quotations (USD per t W contained, annual averages of the base year)."""

from __future__ import annotations

import numpy as np
import polars as pl

from crosscut.base.errors import Problem, Refused
from crosscut.base.units.tonnage import W_PER_WO3, content
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.worlds.evidence import BasePrice

T_W_PER_MTU = 0.01 * W_PER_WO3  # 1 mtu WO3 is 10 kg of WO3
ROTTERDAM_ORE = "Concentrate 65% in-whs Rotterdam"
ROTTERDAM_APT = "APT CIF/in-whs Rotterdam (Europe)"
# Chinese domestic quotations include value added tax; rate and exchange rate are recalled, not retrieved.
CHINA_VAT = 0.13
CNY_PER_USD_FEBRUARY_2025 = 7.28
ROTTERDAM_FERRO = "Ferrotungsten Rotterdam"
POWDER_DAYS = (
    ("2025-09-09", "W"),
    ("2025-10-27", "W"),
    ("2025-10-27", "WC"),
    ("2026-01-05", "WC"),
    ("2026-02-09", "W"),
    ("2026-02-09", "WC"),
)
# SMM, 16 Jan 2026: carbide scrap (90 % W) 70 EUR/kg against APT at 1,025 USD/mtu; 1.16 USD/EUR recalled.
SCRAP_TO_APT = (70 / 0.90 * 1.16) / (1025 / 7.93)
CLIP = (0.7, 1.4)  # origin over reference price


def quoted(ledger: Ledger, series: str, date: str, period: str | None) -> tuple[float, str]:
    """Look up one quotation.

    Parameters
    ----------
    ledger : Ledger
        The facts on prices.
    series : str
        Name of the series.
    date : str
        Its date as the source writes it: a year, a month or a day.
    period : str or None
        What the date stands for, such as annual average; None for any.

    Returns
    -------
    value : float
        The price, in the unit of the series.
    fact_id : str
        Id of the fact.

    Raises
    ------
    Refused
        When the ledger has none.
    """
    rows = table(ledger, "tungsten/prices").filter((pl.col("series") == series) & (pl.col("date") == date))
    if period is not None:
        rows = rows.filter(pl.col("period") == period)
    if rows.is_empty():
        raise Refused(Problem(f"no quotation of {series} for {date} ({period})", "tungsten prices"))
    return float(rows["value"][0]), str(rows["fact_id"][0])


def powder_to_apt(ledger: Ledger) -> tuple[float, tuple[str, ...]]:
    """Price of a tonne of W in powder over one in APT.

    Parameters
    ----------
    ledger : Ledger
        The facts on prices.

    Returns
    -------
    ratio : float
        Median of the same-day Chinese quotations of W and WC powder, without unit.
    fact_ids : tuple of str
        Ids of the quotations.

    Notes
    -----
    Three days, two powders, all of 2025 and 2026: between 1.05 and 1.21. Tax and exchange rate cancel.
    """
    ratios, ids = [], []
    for date, powder in POWDER_DAYS:
        apt, apt_id = quoted(ledger, "APT China domestic", date, None)
        per_kg, powder_id = quoted(ledger, f"{powder} powder China", date, None)
        contained = content("WC").value if powder == "WC" else content("powder").value
        ratios.append(per_kg * 1000 / contained / (apt / content("APT").value))
        ids += [apt_id, powder_id]
    return float(np.median(ratios)), tuple(ids)


def tungsten_prices(ledger: Ledger, year: int, ore_unit_values: dict[str, float]) -> tuple[BasePrice, ...]:
    """Reference prices of the five forms, with differentials of origins.

    Parameters
    ----------
    ledger : Ledger
        The facts on prices.
    year : int
        The year of the concentrate average.
    ore_unit_values : dict of str to float
        Unit value of concentrate by origin, in USD per t W.

    Returns
    -------
    tuple of BasePrice
        In USD per t W, each with who says so; differentials are ratios.

    Raises
    ------
    Refused
        When a quotation is missing.

    Notes
    -----
    Concentrate is the Rotterdam average of the year. APT (the oxide form) has no published average for 2024:
    the concentrate average times the ratio of the two quotations at the start of 2025. Scrap and powder are
    fixed ratios to APT. Ferrotungsten is the one quotation of 2024.
    """
    ore, ore_fact = quoted(ledger, ROTTERDAM_ORE, str(year), "annual average")
    ore_start, start_fact = quoted(ledger, ROTTERDAM_ORE, "2025-01", "start of year")
    apt_start, apt_fact = quoted(ledger, ROTTERDAM_APT, "2025-01", "start of year")
    apt = ore * apt_start / ore_start
    china_apt, china_apt_fact = quoted(ledger, "APT China domestic", "2025-02", "monthly")
    china_ore, china_ore_fact = quoted(ledger, "Concentrate 65% WO3 China", "2025-02", "monthly")

    def china_usd_per_mtu(cny_per_t: float, product: str) -> float:
        usd_per_t = cny_per_t / (1 + CHINA_VAT) / CNY_PER_USD_FEBRUARY_2025
        return usd_per_t / content(product).value * T_W_PER_MTU

    ore_differentials = {i: shrunk_differential(v / (ore / T_W_PER_MTU)) for i, v in ore_unit_values.items()}
    ore_differentials["CHN"] = shrunk_differential(
        china_usd_per_mtu(china_ore, "concentrate 65%") / ore_start
    )
    china = shrunk_differential(china_usd_per_mtu(china_apt, "APT") / apt_start)
    over_apt, powder_facts = powder_to_apt(ledger)
    ferro, ferro_fact = quoted(ledger, ROTTERDAM_FERRO, "2024-04-26", "spot")
    return (
        BasePrice(
            "concentrate",
            ore / T_W_PER_MTU,
            "reported",
            "Argus Rotterdam average, via USGS",
            ore_differentials,
            (ore_fact, china_ore_fact),
        ),
        BasePrice(
            "scrap",
            SCRAP_TO_APT * apt / T_W_PER_MTU,
            "derived",
            "SMM carbide scrap against APT, 16 Jan 2026",
            {},
            (),
        ),
        BasePrice(
            "oxide",
            apt / T_W_PER_MTU,
            "derived",
            "Concentrate average times the APT to concentrate ratio of January 2025",
            {"CHN": china},
            (ore_fact, start_fact, apt_fact, china_apt_fact),
        ),
        BasePrice(
            "powder",
            over_apt * apt / T_W_PER_MTU,
            "derived",
            "APT times the ratio of Chinese powder to APT quotations of 2025 and 2026",
            {"CHN": china},
            powder_facts,
        ),
        BasePrice(
            "ferro",
            ferro * 1000,
            "reported",
            "Fastmarkets Rotterdam, 26 April 2024: one day",
            {"CHN": china},
            (ferro_fact,),
        ),
    )


def shrunk_differential(ratio: float) -> float:
    """Shrink a ratio of unit values or quotations half-way to 1 in logs.

    Parameters
    ----------
    ratio : float
        Price of an origin over the reference, above 0, without unit.

    Returns
    -------
    float
        Its square root, clipped to `CLIP`: 0.7 to 1.4.

    Examples
    --------
    >>> shrunk_differential(1.0), round(shrunk_differential(0.81), 3), shrunk_differential(9.0)
    (1.0, 0.9, 1.4)
    """
    return float(np.clip(np.sqrt(ratio), *CLIP))

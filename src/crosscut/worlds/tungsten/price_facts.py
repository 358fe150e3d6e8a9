"""Base prices of tungsten from dated quotations (USD per t W contained, annual averages of the base year)."""

from __future__ import annotations

import polars as pl

from crosscut.errors import Problem, Refused
from crosscut.facts.tables import table
from crosscut.units.tonnage import W_PER_WO3, content
from crosscut.worlds.base_prices import shrunk_differential
from crosscut.worlds.evidence import BasePrice

T_W_PER_MTU = 0.01 * W_PER_WO3  # 1 mtu WO3 is 10 kg of WO3
ROTTERDAM_ORE = "Concentrate 65% in-whs Rotterdam"
ROTTERDAM_APT = "APT CIF/in-whs Rotterdam (Europe)"
# Chinese domestic quotations include value added tax; rate and exchange rate are recalled, not retrieved.
CHINA_VAT = 0.13
CNY_PER_USD_FEBRUARY_2025 = 7.28
# SMM, 16 Jan 2026: carbide scrap (90 % W) 70 EUR/kg against APT at 1,025 USD/mtu; 1.16 USD/EUR recalled.
SCRAP_TO_APT = (70 / 0.90 * 1.16) / (1025 / 7.93)


def quoted(series: str, date: str, period: str) -> tuple[float, str]:
    """(value, fact id) of one quotation; Refused when the ledger has none."""
    rows = table("tungsten/prices").filter(
        (pl.col("series") == series) & (pl.col("date") == date) & (pl.col("period") == period)
    )
    if rows.is_empty():
        raise Refused(Problem(f"no quotation of {series} for {date} ({period})", "tungsten prices"))
    return float(rows["value"][0]), str(rows["fact_id"][0])


def tungsten_prices(year: int, ore_unit_values: dict[str, float]) -> tuple[BasePrice, ...]:
    """Reference prices of the three forms with origin differentials.

    Concentrate is the Rotterdam average of the year. APT has no published average for 2024: the concentrate
    average times the ratio of the two quotations at the start of 2025. Scrap is a fixed ratio to APT.
    """
    ore, ore_fact = quoted(ROTTERDAM_ORE, str(year), "annual average")
    ore_start, start_fact = quoted(ROTTERDAM_ORE, "2025-01", "start of year")
    apt_start, apt_fact = quoted(ROTTERDAM_APT, "2025-01", "start of year")
    apt = ore * apt_start / ore_start
    china_apt, china_apt_fact = quoted("APT China domestic", "2025-02", "monthly")
    china_ore, china_ore_fact = quoted("Concentrate 65% WO3 China", "2025-02", "monthly")

    def china_usd_per_mtu(cny_per_t: float, product: str) -> float:
        usd_per_t = cny_per_t / (1 + CHINA_VAT) / CNY_PER_USD_FEBRUARY_2025
        return usd_per_t / content(product).value * T_W_PER_MTU

    ore_differentials = {i: shrunk_differential(v / (ore / T_W_PER_MTU)) for i, v in ore_unit_values.items()}
    ore_differentials["CHN"] = shrunk_differential(china_usd_per_mtu(china_ore, "concentrate 65%") / ore_start)
    china_refined = shrunk_differential(china_usd_per_mtu(china_apt, "APT") / apt_start)
    return (
        BasePrice("concentrate", ore / T_W_PER_MTU, "reported", "Argus Rotterdam average, via USGS",
                  ore_differentials, (ore_fact, china_ore_fact)),
        BasePrice("scrap", SCRAP_TO_APT * apt / T_W_PER_MTU, "derived",
                  "SMM carbide scrap against APT, 16 Jan 2026", {}, ()),
        BasePrice("refined", apt / T_W_PER_MTU, "derived",
                  "Concentrate average times the APT to concentrate ratio of January 2025",
                  {"CHN": china_refined}, (ore_fact, start_fact, apt_fact, china_apt_fact)),
    )  # fmt: skip

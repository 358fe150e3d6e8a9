"""Studies: published feasibility studies rebuilt from the figures they print, with one set of conventions
for all."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text

NPV_BRACKET, IRR_BRACKET, PAYBACK_BRACKET = 0.20, 0.10, 1.0
CONVENTIONS = (
    "Yearly schedules, tax tables and payability are not public, so every study is rebuilt flat. "
    "Conventions, the same in all: initial capital in equal parts in two years; production from the "
    "third, at the published average (or the published first years and the average of the rest) over "
    "the published life, a part year at its end; capital beyond the initial spread evenly over "
    "production; no inflation, working capital or closure; flows at the end of the year, discounted to "
    "the end of the first; after-tax results under the bundled regime of the place. Where exactly one "
    "figure is missing it is found from one published result, which then proves nothing; the other "
    "results are the test. Flat yearly flows allow 20 % on a present value and 10 points on a rate of "
    "return either way; on a payback one year, because some count from first spending and some from "
    "production (here: production)."
)
USUAL_RATE = 0.08  # of the studies that print one; Hemerdon 2023 prints 5 %


@dataclass(frozen=True)
class Check:
    """A published result: its field, the metric that rebuilds it, npv, irr, payback or total."""

    field: str
    metric: str
    kind: str
    scale: float = 1.0
    field_high: str = ""


@dataclass(frozen=True)
class Study:
    """How one study is read: mtu and money by year of production, what is missing, what is checked."""

    case: str
    currency: str
    life: float
    mtu: tuple[float, ...]
    price: float | None
    cost: float
    capital: float
    checks: tuple[Check, ...]
    later_capital: float = 0.0
    rate: float = USUAL_RATE
    regime: str = ""
    missing: str = ""
    found_from: str = ""
    by_product: float = 0.0
    notes: str = ""


@cache
def published() -> dict[str, dict[str, float]]:
    """Every figure of every study by case and field, as printed.

    >>> published()["Dolphin 2019 FS (open pit)"]["RESULT_npv_pre_tax"]
    146.0
    """
    out: dict[str, dict[str, float]] = {}
    for r in study_rows():
        out.setdefault(r["case"], {})[r["field"]] = float(r["value"])
    return out


@cache
def study_rows() -> tuple[dict[str, str], ...]:
    """The rows of the bundled table of studies."""
    text = bundled_text("finance", "studies.csv")
    return tuple(csv.DictReader(text.splitlines()))


_BEFORE, _AFTER = "npv_before_tax", "npv_after_tax"


def studies() -> tuple[Study, ...]:
    """The studies that print enough to be rebuilt, read the same way."""
    p = published()
    b, d19, d20 = (
        p["Barruecopardo 2012 DFS"],
        p["Dolphin 2019 FS (open pit)"],
        p["Dolphin 2020 FS (open pit + underground)"],
    )
    m, sd, ss = p["Mactung 2009 FS"], p["Sangdong 2012 FS (Woulfe)"], p["Sisson 2013 FS"]
    h11, h23, pm = (
        p["Hemerdon 2011 DFS (Wolf)"],
        p["Hemerdon 2023 FS (Tungsten West)"],
        p["Pilot Mountain 2018 scoping"],
    )
    later = (ss["wo3_production_lom"] * ss["mine_life"] - 5 * ss["wo3_production_first5"]) / (
        ss["mine_life"] - 5
    )
    d20_mtu = d20["capex_lom"] / d20["capex_lom_per_mtu"] * 1e6 / d20["mine_life"]
    steady = h23["wo3_production"] * 100
    full = h23["throughput"]
    return (
        Study(
            "Barruecopardo 2012 DFS",
            "EUR",
            b["mine_life"],
            (b["wo3_production"],),
            b["net_operating_cash_flow"] * 1e6 / b["wo3_production"] + b["opex_cash"],
            b["opex_cash"],
            b["capex_initial"],
            (
                Check("RESULT_npv_pre_tax", _BEFORE, "npv"),
                Check("RESULT_irr_pre_tax", "irr_before_tax", "irr", 100),
                Check("RESULT_payback", "payback_production", "payback"),
            ),
            rate=b["discount_rate"] / 100,
            notes="price net of charges from the printed operating cash flow",
        ),
        Study(
            "Dolphin 2019 FS (open pit)",
            "AUD",
            d19["mine_life"],
            (d19["wo3_recovered_total"] * 1e6 / d19["mine_life"],),
            d19["revenue_total"] / d19["wo3_recovered_total"],
            d19["opex"],
            d19["capex_initial"],
            (
                Check("RESULT_npv_pre_tax", _BEFORE, "npv"),
                Check("RESULT_irr_pre_tax", "irr_before_tax", "irr", 100),
                Check("RESULT_payback", "payback_production", "payback"),
                Check("ebitda_total", "ebitda", "total"),
            ),
            rate=d19["discount_rate"] / 100,
            notes=(
                "price from printed revenue over mtu recovered; its report says that 17 to 20 t of waste a t"
                " of ore are moved in years 2 and 3 against 10 over the life, and that building takes 15"
                " months: 2.8 years from first spending"
            ),
        ),
        Study(
            "Dolphin 2020 FS (open pit + underground)",
            "AUD",
            d20["mine_life"],
            (d20_mtu,),
            None,
            0.0,
            d20["capex_initial"],
            (
                Check("RESULT_npv_pre_tax", _BEFORE, "npv"),
                Check("RESULT_irr_pre_tax", "irr_before_tax", "irr", 100),
                Check("RESULT_payback", "payback_production", "payback"),
            ),
            later_capital=d20["capex_lom"] - d20["capex_initial"],
            rate=d20["discount_rate"] / 100,
            missing="margin per mtu",
            found_from="RESULT_npv_pre_tax",
        ),
        Study(
            "Mactung 2009 FS",
            "CAD",
            m["mine_life"],
            (m["wo3_production"],),
            None,
            m["opex_first5"],
            m["capex_initial"],
            (
                Check("RESULT_irr_pre_tax", "irr_before_tax", "irr", 100),
                Check("RESULT_payback", "payback_production", "payback"),
            ),
            missing="price",
            found_from="RESULT_irr_pre_tax",
            notes="cost of the first five years taken for all",
        ),
        Study(
            "Sangdong 2012 FS (Woulfe)",
            "USD",
            sd["mine_life"],
            (sd["apt_production"],),
            None,
            0.0,
            sd["capex_initial"],
            (
                Check("RESULT_npv", _BEFORE, "npv"),
                Check("RESULT_irr", "irr_before_tax", "irr", 100),
                Check("RESULT_breakeven", "payback_production", "payback"),
            ),
            rate=sd["discount_rate"] / 100,
            missing="margin per mtu",
            found_from="RESULT_npv",
            notes="the study does not say whether tax is taken off; read as before tax",
        ),
        Study(
            "Sisson 2013 FS",
            "CAD",
            ss["mine_life"],
            (*(ss["wo3_production_first5"],) * 5, later),
            ss["price_apt"],
            float("nan"),
            ss["capex_initial"],
            (
                Check("RESULT_npv_pre_tax", _BEFORE, "npv"),
                Check("RESULT_irr_pre_tax", "irr_before_tax", "irr", 100),
                Check("RESULT_payback_pre_tax", "payback_before_tax", "payback"),
                Check("RESULT_npv_post_tax", _AFTER, "npv"),
                Check("RESULT_irr_post_tax", "irr_after_tax", "irr", 100),
                Check("RESULT_payback_post_tax", "payback_production", "payback"),
            ),
            rate=ss["discount_rate"] / 100,
            regime="canada-new-brunswick",
            missing="operating cost per mtu",
            found_from="RESULT_npv_pre_tax",
            by_product=ss["mo_production"] * 1e6 * ss["price_mo"],
            notes="prices in USD at 1.00 CAD per USD (2013, recalled); taxes are those in force today",
        ),
        Study(
            "Hemerdon 2011 DFS (Wolf)",
            "GBP",
            h11["mine_life"],
            (1.0e6,),
            None,
            0.0,
            h11["capex_initial"],
            (
                Check("RESULT_npv", _BEFORE, "npv"),
                Check("RESULT_irr_low", "irr_before_tax", "irr", 100, "RESULT_irr_high"),
                Check("RESULT_payback_short", "payback_production", "payback", 1, "RESULT_payback_long"),
            ),
            missing="yearly operating cash",
            found_from="RESULT_npv",
            notes="no output printed, and no discount rate: 8 % taken; read as before tax",
        ),
        Study(
            "Hemerdon 2023 FS (Tungsten West)",
            "GBP",
            h23["mine_life"],
            (steady * h23["throughput_y1"] / full, steady * h23["throughput_y2"] / full, steady),
            None,
            h23["c1_cash_cost"],
            h23["pre_production_total"] + h23["deferred_consideration"],
            (
                Check("RESULT_npv_post_tax", _AFTER, "npv"),
                Check("RESULT_irr_post_tax", "irr_after_tax", "irr", 100),
                Check("RESULT_fcf_lom", "after_tax_total", "total"),
            ),
            rate=h23["discount_rate"] / 100,
            regime="united-kingdom",
            missing="price",
            found_from="RESULT_npv_post_tax",
            notes=(
                "output of the low-grade years from year 17 is not printed and taken as before; tax losses of"
                " the former owner and the refurbishment already paid are not in it"
            ),
        ),
        Study(
            "Pilot Mountain 2018 scoping",
            "USD",
            pm["mine_life"],
            (1.0e6,),
            pm["RESULT_ebitda_lom"] / pm["mine_life"],
            0.0,
            0.5 * (pm["capex_low"] + pm["capex_high"]),
            (Check("RESULT_payback", "payback_production", "payback", 12),),
            notes="yearly cash from the printed earnings of the life; capital in the middle of its range",
        ),
    )


NOT_REBUILT = {
    "Barruecopardo 2010 study": (
        "two results and two missing figures (output and payability): nothing is left to test"
    ),
    "Mt Carbine 2021 BFS": "yearly cash is printed for two years of twelve, the discount rate not at all",
    "Mt Mulgine 2025 scoping": "output, discount rate and exchange rate are not printed",
    "Yuzhny Zhaur (Kazakhstan) teaser": "life and discount rate are not printed",
    "Northern Katpar + Upper Kairakty 2019 plan": "capacity and capital only; no result was published",
    "Boguty (Jiaxin)": "reserves and capacity only; no result was published",
}

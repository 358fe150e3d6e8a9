"""Long run: the parameters that only an outlook needs, and the range that each may lie in."""

from __future__ import annotations

# name -> (lowest, highest) value it may take, and what it is
LONG_RUN: dict[str, tuple[float, float, str]] = {
    "eta_long": (
        1.0,
        50.0,
        "long-run over one-year elasticity of primary supply of {} from the mines that stand",
    ),
    "eps_long": (1.0, 50.0, "long-run over one-year elasticity of final use of {}"),
    "sigma_long": (1.0, 50.0, "long-run over one-year substitution between origins of {}"),
    "sigma_half_life": (0.25, 50.0, "years in which substitution goes half of the way to the long run"),
    "share_drift": (0.0, 0.9, "share of a year's sourcing that becomes habit"),
    "invest_hurdle": (1.0, 20.0, "price (for a process: margin) over the base above which capacity is added"),
    "invest_response": (0.0, 5.0, "growth of capacity a year per log point above the hurdle"),
    "invest_most_a_year": (0.0, 0.5, "most growth of capacity a year"),
    "invest_ceiling": (1.0, 20.0, "most capacity over base capacity"),
    "invest_lag": (1.0, 20.0, "years from price to capacity"),
    "scrap_new_share": (0.0, 1.0, "share of scrap that arises in the year after use"),
    "scrap_lifetime": (1.0, 60.0, "mean life of goods before they are collected, years"),
}

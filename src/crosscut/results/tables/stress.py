"""Tables of a stress result (see `tables`, which takes them up). Money is null where the grade of the world
forbids it."""

from __future__ import annotations

from crosscut.results.tables.columns import Column

RISK_TABLES: dict[str, dict[str, Column]] = {
    "stress_summary": {
        "measure": (
            "text",
            "",
            "loss of users, extra spend, short (final use), price, or the loss over the horizon",
        ),
        "form": ("text", "", "form id of a price, else empty"),
        "unit": ("text", "", "unit of value and bounds"),
        "value": ("number?", "row unit", "expected value of a year"),
        "low": (
            "number?",
            "row unit",
            "lower end of the 90 % sampling interval; null for quasi-random draws",
        ),
        "high": ("number?", "row unit", "upper end"),
        "failed_low": (
            "number?",
            "row unit",
            "expected value if the failed years lost nothing; null where none failed",
        ),
        "failed_high": ("number?", "row unit", "expected value if they lost everything there is to lose"),
        "chance": ("number", "fraction", "of years with any loss, or a price more than 1 % off"),
        "status": ("text", "", "ok, how far an amount may be trusted at this grade, or why it is missing"),
    },
    "stress_in_force": {
        "measure": (
            "text",
            "",
            (
                "what the measures in force take by themselves against the calm base year: loss of users,"
                " extra spend, short, price; or a dated quotation over the price of the model"
            ),
        ),
        "form": ("text", "", "form id of a price, else empty"),
        "unit": ("text", "", "unit of value and bounds"),
        "value": (
            "number?",
            "row unit",
            "median over draws of behaviour, base-year errors and their strength",
        ),
        "low": ("number?", "row unit", "10 % point"),
        "high": ("number?", "row unit", "90 % point"),
        "status": ("text", "", "whether it is in the other tables, and how far an amount may be trusted"),
    },
    "stress_tail": {
        "measure": ("text", "", "loss of users, extra spend, short, or price"),
        "form": ("text", "", "form id of a price, else empty"),
        "level": ("number", "fraction", "share of years that stay below"),
        "unit": ("text", "", "unit of the values"),
        "var": ("number?", "row unit", "value at risk: passed in 1 - level of the years"),
        "var_low": ("number?", "row unit", "lower end of its 90 % sampling interval"),
        "var_high": ("number?", "row unit", "upper end"),
        "cvar": ("number?", "row unit", "mean of the years beyond it (expected shortfall)"),
        "cvar_low": ("number?", "row unit", "lower end of its 90 % sampling interval"),
        "cvar_high": ("number?", "row unit", "upper end"),
        "status": ("text", "", "ok, how far an amount may be trusted, or why it is missing"),
    },
    "stress_returns": {
        "return_years": ("number", "years", "once in so many years"),
        "usd": ("number?", "million USD", "loss of users reached or passed"),
        "usd_low": ("number?", "million USD", "lower end of its 90 % sampling interval"),
        "usd_high": ("number?", "million USD", "upper end"),
        "short": ("number?", "t contained", "final use that is not served"),
        "short_low": ("number?", "t contained", "lower end of its 90 % sampling interval"),
        "short_high": ("number?", "t contained", "upper end"),
        "short_weeks": ("number?", "weeks", "the same over a week's use"),
        "price": (
            "number?",
            "ratio",
            (
                "price of the form hit most, to the same year undisturbed (with what stands, where measures"
                " stand)"
            ),
        ),
        "status": ("text", "", "how far the amount may be trusted, or why it is missing"),
    },
    "stress_exceedance": {
        "chance": ("number", "fraction", "of years that reach the amounts"),
        "usd": ("number?", "million USD", "loss of users"),
        "short": ("number", "t contained", "final use that is not served"),
    },
    "stress_families": {
        "family": (
            "text",
            "",
            "whose measures, whose outages, which route; all others; what is not shared out",
        ),
        "chance": ("number", "fraction", "of years in which it touches this market"),
        "part": (
            "number?",
            "million USD a year",
            "its part of the expected loss: what it adds, averaged over orders (Shapley); adds to the whole",
        ),
        "share": ("number?", "fraction", "the same over the expected loss; adds to one over all rows"),
        "share_low": ("number?", "fraction", "lower end of its 90 % sampling interval"),
        "share_high": ("number?", "fraction", "upper end"),
        "usd": ("number?", "million USD", "mean loss of the years it happens in, whatever causes it"),
        "alone": (
            "number?",
            "million USD",
            "mean loss of years in which nothing else happens; null below five of them",
        ),
        "status": ("text", "", "how far the amounts may be trusted"),
    },
    "stress_chokepoints": {
        "rank": ("number", "", "by loss"),
        "rank_counted": ("number", "", "by share of use, as counted indices rank"),
        "origin": ("text", "", "who stops selling abroad for a year"),
        "form": ("text", "", "what; or all forms it sells but scrap"),
        "share": ("number?", "fraction", "of the country's use of the form that comes from there"),
        "short": ("number?", "t contained a year", "final use lost in a full-year stop, at median behaviour"),
        "short_low": ("number?", "t contained a year", "10 % point over draws of behaviour"),
        "short_high": ("number?", "t contained a year", "90 % point"),
        "price": (
            "number?",
            "ratio",
            "cost of the marginal tonne, after over before (of the form hit most), at median behaviour",
        ),
        "price_low": ("number?", "ratio", "10 % point over draws of behaviour"),
        "price_high": ("number?", "ratio", "90 % point"),
        "usd": ("number?", "million USD", "loss of users in a full-year stop, at median behaviour"),
        "usd_low": ("number?", "million USD", "10 % point over draws of behaviour"),
        "usd_high": ("number?", "million USD", "90 % point"),
        "chance": (
            "number?",
            "fraction",
            (
                "of a year that its government begins a stop of any length that reaches the country; null for"
                " a form that is stopped only together with others"
            ),
        ),
        "chance_low": ("number?", "fraction", "5 % point by the uncertainty of its rate"),
        "chance_high": ("number?", "fraction", "95 % point"),
        "expected_usd": (
            "number?",
            "million USD a year",
            "expected loss within the year: over the lengths and ways of a stop, chance times its loss",
        ),
        "expected_low": (
            "number?",
            "million USD a year",
            "10 % point by what is not known of rate and behaviour",
        ),
        "expected_high": ("number?", "million USD a year", "90 % point"),
        "in_force": (
            "text",
            "",
            "measures the history has as begun and not ended: there the chance is 1, and what is left",
        ),
        "status": ("text", "", "how far the amounts may be trusted, or why they are missing"),
    },
    "stress_importance": {
        "group": ("text", "", "group of inputs"),
        "what": ("text", "", "what is in it"),
        "first": ("number", "fraction", "of the variance of a year's loss that it explains alone"),
        "first_low": ("number?", "fraction", "lower end of the 90 % bootstrap interval"),
        "first_high": ("number?", "fraction", "upper end"),
        "total": ("number", "fraction", "of the variance that would go if all but it were known"),
        "total_low": ("number?", "fraction", "lower end of the 90 % bootstrap interval"),
        "total_high": ("number?", "fraction", "upper end"),
        "points": ("number", "", "points a set of the design"),
        "status": ("text", "", "ok, or flagged: years that did not clear"),
    },
    "stress_reverse": {
        "kind": ("text", "", "chance of the loss; events that go with it; or one country alone"),
        "what": ("text", "", "what would have to be true"),
        "chance": (
            "number?",
            "fraction",
            (
                "of years in which it is, with that loss; alone: that a stop of any length begins, null for"
                " a group of countries"
            ),
        ),
        "given": ("number?", "fraction", "of the years with these events that pass the loss"),
        "withheld": (
            "number?",
            "fraction",
            "of a year's exports that alone makes the loss; null where a whole year does not",
        ),
        "draws": ("number?", "", "years behind it"),
        "status": ("text", "", "ok, flagged: caveat, or failed: reason"),
    },
    "stress_cover": {
        "what": ("text", "", "a published stock, or what it would take"),
        "weeks": ("number?", "weeks", "of the country's use"),
        "tonnes": ("number?", "t contained", "the same"),
        "passed": ("number?", "fraction", "of years whose shortage is larger"),
        "status": ("text", "", "ok, flagged: caveat, or missing: reason"),
        "facts": ("text", "", "ids of the facts"),
    },
    "stress_ranking": {
        "rank": ("number?", "", "by expected loss of users; null where it cannot be ranked"),
        "rank_short": (
            "number?",
            "",
            "by expected shortage over use, no money in it; null where no draw of it was solved",
        ),
        "mineral": ("text", "", "mineral"),
        "stage": ("text", "", "forms of its world"),
        "grade": ("text", "", "grade of its world; empty without one"),
        "usd": ("number?", "million USD a year", "expected loss of users"),
        "usd_low": ("number?", "million USD a year", "lower end of the 90 % sampling interval"),
        "usd_high": ("number?", "million USD a year", "upper end"),
        "cvar": ("number?", "million USD", "mean loss of the worst twentieth of years"),
        "short": ("number?", "fraction", "expected shortage over the country's use"),
        "worst_origin": ("text", "", "the family with the largest part of the expected loss"),
        "lowest_rank": ("number?", "", "best rank over the assumptions at their ends; null where not tried"),
        "highest_rank": ("number?", "", "worst rank over them"),
        "failed": ("number", "", "draws that did not clear"),
        "starts_from": (
            "text",
            "",
            "the base year, or the measures in force that losses are beyond; empty where not ranked",
        ),
        "status": ("text", "", "how far the amounts may be trusted, or why it is not ranked"),
    },
    "stress_stability": {
        "assumption": ("text", "", "id in the table of assumptions"),
        "what": ("text", "", "what it is"),
        "value": ("number", "", "its value in this run: an end of its range"),
        "mineral": ("text", "", "mineral"),
        "usd": ("number?", "million USD a year", "expected loss with it"),
        "ratio": ("number?", "ratio", "to the expected loss of the same draws with the table as it is"),
        "rank": ("number?", "", "rank with it, where minerals are ranked"),
        "correlation": (
            "number?",
            "",
            "rank correlation (Kendall) of all ranked minerals with the table as it is",
        ),
    },
}

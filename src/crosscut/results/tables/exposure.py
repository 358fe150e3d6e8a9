"""Tables of an exposure, and of the published indicators of supply risk."""

from __future__ import annotations

from crosscut.results.tables.columns import Column

EXPOSURE_TABLES: dict[str, dict[str, Column]] = {
    "key_figures": {
        "figure": (
            "text",
            "",
            "which number: from one country, from one owner, weeks of cover, cost of a year's stop, "
            "expected loss",
        ),
        "value": ("number?", "row unit", "null where status gives the reason"),
        "low": ("number?", "row unit", "lower end, where there is one"),
        "high": ("number?", "row unit", "upper end, where there is one"),
        "unit": ("text", "", "unit of value, low and high"),
        "text": ("text", "", "what the number says, in words"),
        "status": ("text", "", "ok, flagged: caveat and bias, or missing: reason"),
        "facts": ("text", "", "ids of the facts, separated by spaces"),
    },
    "exposure": {
        "form": ("text", "", "form id"),
        "origin": ("text", "", "where it was made, re-exports traced"),
        "tonnes": ("number", "t contained", "a year"),
        "share": ("number", "fraction", "of the country's use of the form"),
        "domestic": ("flag", "", "made in the country itself"),
    },
    "concentration": {
        "form": ("text", "", "form id"),
        "use": ("number", "t contained", "what the country uses a year"),
        "import_share": ("number", "fraction", "of use that is made abroad"),
        "hhi": ("number", "0 to 10,000", "Herfindahl-Hirschman index of the origins, own output included"),
        "largest": ("text?", "", "the largest foreign origin"),
        "largest_share": ("number?", "fraction", "its share of use"),
        "short": (
            "number?",
            "t contained",
            "shortage of final use over all forms if the largest sells none of it abroad, median behaviour",
        ),
        "price": (
            "number?",
            "ratio",
            "cost of the marginal tonne, after over before, if the largest sells none of it abroad, "
            "median behaviour",
        ),
        "evidence_status": ("text", "", "of the flows behind it"),
    },
    "indicators": {
        "mineral": ("text", "", "mineral"),
        "place": ("text", "", "country, bloc, WLD (world) or UNK (holder unknown)"),
        "period": ("text", "", "year or years of the facts"),
        "indicator": ("text", "", "id in the indicator spec"),
        "variant": ("text", "", "which reading: stage and source, convention, partner, rule of ownership"),
        "value": ("number?", "row unit", "null where status gives the reason"),
        "low": ("number?", "row unit", "lower end: 10 % point, or a bound where the spec says so"),
        "high": ("number?", "row unit", "upper end: 90 % point, or a bound"),
        "unit": ("text", "", "unit of value, low and high"),
        "coverage": ("number?", "fraction", "share of what is weighed that has the data"),
        "evidence_status": ("text", "", "least trusted evidence status behind the value"),
        "status": ("text", "", "ok, flagged: caveat, or missing: reason"),
        "source": ("text", "", "who says so"),
        "facts": ("text", "", "ids of the facts, separated by spaces"),
    },
}

"""Tables of a result that say what it rests on (see `tables`, which takes them up)."""

from __future__ import annotations

Column = tuple[str, str, str]

FACT_TABLES: dict[str, dict[str, Column]] = {
    "evidence": {
        "fact": ("text", "", "id of the fact; starts with D where the figure was derived here"),
        "cell": ("text", "", "what it is a figure of"),
        "kind": ("text", "", "mine, trade, activity, use, price, ..."),
        "form": ("text", "", "form id"),
        "place": ("text", "", "where; origin of a flow; empty for a reference price"),
        "other": ("text", "", "destination of a flow, else empty"),
        "stated": (
            "text",
            "",
            "what the fact itself states, with unit and period; empty where it was derived here",
        ),
        "unit": ("text", "", "of before and after"),
        "before": ("number?", "row unit", "as read"),
        "after": ("number", "row unit", "as used, after balancing"),
        "standing": ("text", "", "reported, estimated, derived, recalled, claimed, assumed or imputed"),
        "error": (
            "number",
            "fraction",
            "relative error that the standing gives; drawn where the intervals use it",
        ),
        "source": ("text", "", "who says so, or how it was derived"),
        "published": ("text", "", "as printed or inferred; empty where it was derived here"),
    },
    "forced_facts": {
        "fact": ("text", "", "id of the fact read by choice"),
        "instead_of": ("text", "", "id of the fact the ledger picks"),
        "what": ("text", "", "subject, attribute and period"),
        "value": ("number", "row unit", "the value read"),
        "default": ("number", "row unit", "the value the ledger picks"),
        "unit": ("text", "", "unit of both"),
        "source": ("text", "", "who says so"),
        "default_source": ("text", "", "who says what the ledger picks"),
    },
    "forced_prices": {
        "form": ("text", "", "form id"),
        "place": ("text", "", "ISO3 country, region or bloc"),
        "basis": ("text", "", "inside, border, paid or marginal"),
        "unit": ("text", "", "unit of the price columns of this row"),
        "default_base": ("number?", "row unit", "before the events, with the facts the ledger picks"),
        "base": ("number?", "row unit", "before the events, with the facts read by choice"),
        "default_median": ("number?", "row unit", "median after the events, with the facts the ledger picks"),
        "median": ("number?", "row unit", "median after the events, with the facts read by choice"),
        "change": ("number?", "fraction", "of the median after the events"),
    },
}

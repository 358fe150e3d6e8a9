"""Tables of a company's purchases: what is bought, what restricts it, what a stop costs, who else sells
it."""

from __future__ import annotations

from crosscut.results.tables.columns import Column


def _span(name: str, type_: str, unit: str, meaning: str) -> dict[str, Column]:
    """A value at median behaviour and the ends of its 80 % interval."""
    return {
        name: (type_, unit, meaning),
        f"{name}_low": ("number?", unit, "10 % point over the draws"),
        f"{name}_high": ("number?", unit, "90 % point over the draws"),
    }


PURCHASE_TABLES: dict[str, dict[str, Column]] = {
    "purchase_summary": {
        "figure": (
            "text",
            "",
            "spend, with measures in force, worst stop, expected extra cost, governance-weighted spend",
        ),
        "value": ("number?", "row unit", "null where status gives the reason"),
        "low": ("number?", "row unit", "10 % point, where there is an interval"),
        "high": ("number?", "row unit", "90 % point, where there is an interval"),
        "unit": ("text", "", "unit of value, low and high"),
        "text": ("text", "", "what the number says, in words"),
        "status": ("text", "", "ok, flagged: caveat and the share of the spend it knows, or missing: reason"),
    },
    "purchase_stops": {
        "mineral": ("text", "", "mineral"),
        "supplier": ("text", "", "ISO3 country that sells none of it abroad for a year"),
        "from_it_usd": ("number", "USD", "what you buy of the mineral from it"),
        "usd": (
            "number?",
            "USD",
            "all you buy of the mineral that the market speaks of: a stop moves its price too",
        ),
        "where": ("text", "", "where prices and losses are read"),
        "chance": ("number?", "fraction", "chance that its government begins a stop within a year"),
        "chance_low": ("number?", "fraction", "5 % point by what is not known of the rates"),
        "chance_high": ("number?", "fraction", "95 % point"),
        **_span(
            "extra_usd",
            "number?",
            "USD",
            "more that the same tonnes cost in a full-year stop; less is negative",
        ),
        **_span(
            "short", "number?", "fraction", "of the use of the metal there that is lost in a full-year stop"
        ),
        **_span(
            "expected_usd",
            "number?",
            "USD a year",
            "extra cost to expect within a year: chance times cost over lengths and depths of a stop",
        ),
        "status": ("text", "", "ok, flagged: caveat, or missing: reason"),
    },
    "purchase_flows": {
        "mineral": ("text", "", "mineral"),
        "form": ("text", "", "product bought, as the file names it; empty where it does not"),
        "supplier": ("text", "", "ISO3 country it comes from"),
        "lines": ("number", "", "lines of the file"),
        "tonnes": ("number?", "t", "as bought"),
        "usd": ("number", "USD", "as paid, nominal"),
        "share": ("number?", "fraction", "of the spend read"),
        "restricted": ("flag", "", "a measure in force reaches it"),
        "measures": ("text", "", "the measures that reach it"),
        **_span(
            "price",
            "number?",
            "ratio",
            "price paid where you buy, after over before, if the supplier country stops for a year",
        ),
        "marginal_price": ("number?", "ratio", "cost of one more tonne there, after over before"),
        **_span("extra_usd", "number?", "USD", "more that these tonnes then cost: usd times (price - 1)"),
        **_span("short", "number?", "fraction", "of the use of the metal where you buy that is lost"),
        "short_tonnes": ("number?", "t", "of these tonnes, if the loss falls on all users alike"),
        "weighted_usd": (
            "number?",
            "USD",
            "spend times political instability (GeoPolRisk): a weight, not a loss",
        ),
        "weighted_of_usd": ("number", "USD", "spend on the lines whose country has a governance figure"),
        "status": ("text", "", "ok, flagged: caveat, or missing: reason"),
    },
    "purchase_measures": {
        "mineral": ("text", "", "mineral"),
        "supplier": ("text", "", "ISO3 country it comes from"),
        "instrument": ("text", "", "licence, ban, suspension, informal halt, quota, tax or tariff"),
        "forms": ("text", "", "what it restricts, in the words of the source"),
        "size": ("text", "", "rate or size in the words of the source"),
        "toward": ("text", "", "ISO3 buyers it is aimed at; empty for all"),
        "since": ("text", "", "when it took effect"),
        "usd": ("number", "USD", "your spend that it reaches"),
        "reaches": ("text", "", "whether it reaches you, and why not"),
        "source": ("text", "", "who says so"),
        "evidence_status": ("text", "", "how the source was read"),
        "facts": ("text", "", "id of the fact or of the bundled scenario"),
    },
    "purchase_alternatives": {
        "mineral": ("text", "", "mineral"),
        "form": ("text", "", "form of the market"),
        "country": ("text", "", "ISO3 country that sells it abroad"),
        "share": ("number", "fraction", "of the world's exports of the form, re-exports taken out"),
        "tonnes": ("number", "t contained", "it sells abroad a year"),
        "bought": ("flag", "", "you buy from it already"),
        "measures": ("text", "", "in force there on the form and reaching you, as far as recorded"),
    },
    "purchase_cover": {
        "mineral": ("text", "", "mineral"),
        "weeks": ("number?", "weeks", "of the country's use that a public stock holds"),
        "what": ("text", "", "which stock, whose"),
        "held": ("flag", "", "it is there; false where it is only aimed at, or not on record"),
        "status": ("text", "", "flagged: caveat, or missing: reason"),
        "facts": ("text", "", "ids of the facts, separated by spaces"),
    },
    "purchases": {
        "line": ("number", "", "line of the file"),
        "supplier": ("text", "", "ISO3 country, or what the file says where it is not known"),
        "seller": ("text", "", "name of the supplier, where the file gives one"),
        "mineral": ("text?", "", "mineral"),
        "form": ("text", "", "product, where the file says it"),
        "year": ("number?", "", "year of the purchase; null where it could not be read"),
        "tonnes": ("number?", "t gross", "as bought; null where the file states metal alone, or nothing"),
        "contained": ("number?", "t contained", "metal in it; null where the content is not stated"),
        "usd": (
            "number?",
            "USD",
            "nominal, at the average rate of the year; null where it could not be read",
        ),
        "paid": ("number?", "row currency", "as stated"),
        "currency": ("text", "", "currency of paid"),
        "instability": ("number?", "0 to 1", "political instability of the supplier's country, 1 is worst"),
        "behind": ("text", "", "where the supplier's country has it from, shares"),
        "status": ("text", "", "ok, flagged: caveat, or missing: reason"),
    },
    "purchase_columns": {
        "column": ("text", "", "letter of the column in the file"),
        "heading": ("text", "", "its heading, as the file has it"),
        "field": ("text", "", "what it was read as; empty where it was not used"),
        "unit": ("text", "", "unit or currency in the heading"),
        "note": ("text", "", "why it was not used"),
    },
}

"""The tables of a result, declared once: column, type, unit, meaning. Schema, report and docs read this."""

from __future__ import annotations

SCHEMA_ID = "crosscut.result/1"

Column = tuple[str, str, str]  # type (text, text?, number, number?, flag), unit, meaning

_INTERVAL: dict[str, Column] = {
    "p10": ("number?", "", "10 % point over the draws"),
    "median": ("number?", "", "50 % point over the draws"),
    "p90": ("number?", "", "90 % point over the draws"),
}

TABLES: dict[str, dict[str, Column]] = {
    "prices": {
        "form": ("text", "", "form id"),
        "place": ("text", "", "ISO3 country, region or bloc"),
        "basis": ("text", "", "inside, border, paid or marginal"),
        "unit": ("text", "", "unit of the price columns of this row"),
        "base": ("number?", "row unit", "before the events"),
        **_INTERVAL,
        "status": ("text", "", "active, no_supply, inactive or beyond_backstop in the median draw"),
        "headline": ("flag", "", "shown first"),
    },
    "flows": {
        "form": ("text", "", "form id"),
        "origin": ("text", "", "where it was made"),
        "destination": ("text", "", "where it is used"),
        "base": ("number", "t contained", "before the events"),
        **_INTERVAL,
    },
    "supply": {
        "form": ("text", "", "form id"),
        "country": ("text", "", "where"),
        "source": ("text", "", "primary, or the process that makes it"),
        "base": ("number", "t contained", "before the events"),
        **_INTERVAL,
    },
    "shortages": {
        "form": ("text", "", "form id"),
        "country": ("text", "", "who runs short"),
        "use": ("text", "", "end use, or 'all'"),
        "base": ("number", "t contained", "use at base prices after demand events"),
        **_INTERVAL,
        "share": ("number?", "fraction", "median shortage over base"),
        "status": ("text", "", "active or no_supply"),
    },
    "welfare": {
        "country": ("text", "", "who"),
        "item": ("text", "", "buyers, miners, processors, public revenue, rents, friction or total"),
        "unit": ("text", "", "million USD a year"),
        **_INTERVAL,
    },
    "wedges": {
        "form": ("text", "", "form id"),
        "origin": ("text", "", "from"),
        "destination": ("text", "", "to"),
        "kind": ("text", "", "quota rent, export tax, tariff or floor"),
        "rent_to": ("text?", "", "who receives it"),
        "unit": ("text", "", "USD per t contained"),
        **_INTERVAL,
    },
    "drivers": {
        "event": ("text", "", "event id"),
        "title": ("text", "", "what it is"),
        "share": ("number?", "fraction", "part of the headline price change, in logs"),
        "binds": ("flag?", "", "its limit binds in the median draw; null where it sets none"),
        "rent": ("number?", "million USD a year", "scarcity rent it creates"),
        "rent_to": ("text?", "", "who receives the rent"),
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
            "median shortage of final use over all forms if the largest stops selling abroad",
        ),
        "price": (
            "number?",
            "ratio",
            "median cost of the marginal tonne, after over before, if the largest stops selling abroad",
        ),
        "standing": ("text", "", "of the flows behind it"),
    },
    "moves": {
        "cell": ("text", "", "which figure of the world was moved or repaired"),
        "before": (
            "number?",
            "t, gross where the cell says so, else contained",
            "as reported; null where it was missing",
        ),
        "after": ("number?", "t, gross where the cell says so, else contained", "as used"),
        "reason": ("text", "", "why"),
    },
}

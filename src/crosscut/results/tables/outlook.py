"""Tables of an outlook: one row a case and a year."""

from __future__ import annotations

from crosscut.results.tables.columns import INTERVAL, Column

_YEARLY: dict[str, Column] = {
    "case": ("text", "", "plans, likely, without, or the id of an alternative"),
    "year": ("number", "", "calendar year"),
}

OUTLOOK_TABLES: dict[str, dict[str, Column]] = {
    "outlook_prices": {
        **_YEARLY,
        "form": ("text", "", "form id"),
        "place": ("text", "", "ISO3 country or bloc"),
        "basis": ("text", "", "inside or paid"),
        "unit": ("text", "", "unit of the price columns of this row, dollars of the base year"),
        "p10": ("number?", "", "10 % point of the level, with the error of prices that no future holds"),
        "median": ("number?", "", "50 % point over the futures"),
        "p90": ("number?", "", "90 % point of the level"),
        "headline": ("flag", "", "shown first"),
    },
    "outlook_supply": {
        **_YEARLY,
        "what": ("text", "", "mined, collected scrap, or made: a form (output of processes)"),
        "country": ("text", "", "where; WLD is the world"),
        "facility": ("text", "", "facility id; empty for everything else of the country"),
        "unit": ("text", "", "t contained"),
        **INTERVAL,
        "open": (
            "number?",
            "fraction",
            "share of draws in which the facility sells anything; null for others",
        ),
    },
    "outlook_shares": {
        **_YEARLY,
        "country": ("text", "", "where it is mined"),
        "unit": ("text", "", "share of what is mined in the world"),
        **INTERVAL,
    },
    "outlook_use": {
        **_YEARLY,
        "user": ("text", "", "country or bloc; WLD is the world"),
        "use": ("text", "", "end use, or 'all'"),
        "unit": ("text", "", "t contained"),
        **INTERVAL,
    },
    "outlook_dependence": {
        **_YEARLY,
        "user": ("text", "", "country or bloc that uses the metal"),
        "measure": ("text", "", "mined in, owned by (home of who controls the mine), or made in (last step)"),
        "of": ("text", "", "country or bloc; UNK: owner unknown; scrap; stock; other"),
        "unit": ("text", "", "share of what the user uses"),
        **INTERVAL,
    },
    "outlook_effects": {
        "case": ("text", "", "plans, likely, or the id of an alternative; less the case without"),
        "year": ("number", "", "calendar year"),
        "what": ("text", "", "price, mined, collected scrap, use or dependence"),
        "place": ("text", "", "where: of the price, the mine or the user; WLD is the world"),
        "item": ("text", "", "form and basis, end use, or measure and country it depends on"),
        "unit": ("text", "", "change over the price without, t contained, or difference of shares"),
        **INTERVAL,
        "rises": ("number?", "fraction", "share of the futures in which it is above what it is without"),
    },
    "outlook_measures": {
        "measure": ("text", "", "event id, or SCENARIO/ID of one of a scenario before"),
        "title": ("text", "", "what it does"),
        "form": ("text", "", "form it bears on; empty for all"),
        "begins": ("text", "", "first day; empty for the first of the outlook"),
        "ends": ("text", "", "last day; empty for until further notice"),
        "size": ("number", "row unit", "median"),
        "low": ("number?", "row unit", "10 % point"),
        "high": ("number?", "row unit", "90 % point"),
        "unit": ("text", "", "unit of size"),
        "probability": ("number", "fraction", "that it happens, drawn once a future"),
        "source": ("text", "", "who says so; empty where it is assumed"),
    },
    "outlook_stocks": {
        **_YEARLY,
        "stock": ("text", "", "stock id"),
        "item": ("text", "", "opening, build, draw, release or closing"),
        "unit": ("text", "", "t contained"),
        **INTERVAL,
    },
    "outlook_investment": {
        **_YEARLY,
        "rule": ("text", "", "rule of investment"),
        "unit": ("text", "", "t a year of capacity over the base that no table names"),
        **INTERVAL,
    },
    "outlook_facilities": {
        "facility": ("text", "", "facility id"),
        "case": ("text", "", "case it is entered in, or all"),
        "name": ("text", "", "its name"),
        "country": ("text", "", "where it stands"),
        "form": ("text", "", "the form it sells"),
        "output": ("number", "t contained a year", "sold at base prices, median"),
        "low": ("number", "t contained a year", "10 % point"),
        "high": ("number", "t contained a year", "90 % point"),
        "start": ("number", "year", "median opening"),
        "latest": ("number", "year", "90 % point of opening"),
        "probability": ("number", "fraction", "that it opens at all, drawn once a future"),
        "looked_at": ("flag", "", "one of those the cases differ in"),
        "owners": ("text", "", "home of the controlling owner, or unknown"),
        "sells_first": (
            "text",
            "",
            "buyers served first, with the median share at equal prices; empty for none",
        ),
        "source": ("text", "", "who says so"),
        "evidence_status": ("text", "", "reported, estimated, derived, claimed, recalled or assumed"),
        "note": ("text", "", "how it was read"),
    },
}

"""Tables of a run: prices, flows, who runs short, who gains, and why."""

from __future__ import annotations

from crosscut.results.tables.columns import INTERVAL, Column

# Tonnes after the events beside those of the base year.
_PAIRED: dict[str, Column] = {
    "p10": ("number?", "", "10 % point over the draws, errors of figures included"),
    "median": ("number?", "", "the base moved by the median, over the draws, of the change within a draw"),
    "p90": ("number?", "", "90 % point over the draws, errors of figures included"),
}

RUN_TABLES: dict[str, dict[str, Column]] = {
    "prices": {
        "form": ("text", "", "form id"),
        "place": ("text", "", "ISO3 country, region or bloc"),
        "basis": ("text", "", "inside, border, paid or marginal"),
        "unit": ("text", "", "unit of the price columns of this row"),
        "base": ("number?", "row unit", "before the events, at median parameters"),
        "median": (
            "number?",
            "row unit",
            "after the events: the base moved by the median, over the draws, of the change within a draw",
        ),
        "change": ("number?", "fraction", "median over base, less 1"),
        "effect_p10": (
            "number?",
            "row unit",
            "10 % point of the effect: the base moved by the change within a draw; no error of the level",
        ),
        "effect_p90": ("number?", "row unit", "90 % point of the effect"),
        "p10": (
            "number?",
            "row unit",
            "10 % point of the level: with what no parameter explains and the error of the starting price",
        ),
        "p90": ("number?", "row unit", "90 % point of the level"),
        "sampling_error": (
            "number?",
            "row unit",
            "standard error of the median from the number of draws; null with one draw",
        ),
        "told_apart": (
            "flag?",
            "",
            "the median differs from the base by more than two sampling errors; null where not known",
        ),
        "status": ("text", "", "active, no_supply, inactive or beyond_backstop in the median draw"),
        "headline": ("flag", "", "shown first"),
    },
    "flows": {
        "form": ("text", "", "form id"),
        "origin": ("text", "", "where it was made"),
        "destination": ("text", "", "where it is used"),
        "base": ("number", "t contained", "before the events"),
        **_PAIRED,
    },
    "supply": {
        "form": ("text", "", "form id"),
        "country": ("text", "", "where"),
        "source": (
            "text",
            "",
            "primary, the process that makes it, stock released, or stock bought (below 0)",
        ),
        "base": ("number", "t contained", "before the events"),
        **_PAIRED,
    },
    "shortages": {
        "form": ("text", "", "form id"),
        "country": ("text", "", "who runs short"),
        "use": ("text", "", "end use, or 'all'"),
        "base": ("number", "t contained", "use at base prices after demand events"),
        **INTERVAL,
        "share": ("number?", "fraction", "median shortage over base"),
        "status": ("text", "", "active or no_supply"),
    },
    "welfare": {
        "country": ("text", "", "who"),
        "item": (
            "text",
            "",
            (
                "buyers, miners, processors, public revenue, rents of a party, stocks (gain against base"
                " prices), or total"
            ),
        ),
        "unit": ("text", "", "million USD a year"),
        "central": (
            "number?",
            "",
            "at median parameters: items add up to the total of a country, countries to the world",
        ),
        **INTERVAL,
    },
    "world_gains": {
        "item": ("text", "", "as in welfare; and what the total is made of"),
        "kind": ("text", "", "party, total, or of the total: a part of it that is in nobody's hands"),
        "unit": ("text", "", "million USD a year"),
        "central": (
            "number?",
            "",
            "at median parameters: the parties add up to the total, and so do its two parts",
        ),
        **INTERVAL,
    },
    "wedges": {
        "form": ("text", "", "form id"),
        "origin": ("text", "", "from"),
        "destination": ("text", "", "to"),
        "kind": ("text", "", "quota rent, export tax, tariff or floor"),
        "rent_to": ("text?", "", "who receives it"),
        "unit": ("text", "", "USD per t contained"),
        **INTERVAL,
    },
    "drivers": {
        "event": ("text", "", "event id"),
        "title": ("text", "", "what it is"),
        "share": ("number?", "fraction", "part of the headline price change, in logs"),
        "error": (
            "number?",
            "fraction",
            "standard error of the share; 0 where every combination of events was solved",
        ),
        "binds": ("flag?", "", "its limit binds in the median draw; null where it sets none"),
        "rent": ("number?", "million USD a year", "scarcity rent it creates"),
        "rent_to": ("text?", "", "who receives the rent"),
    },
    "price_steps": {
        "form": ("text", "", "form id"),
        "place": ("text", "", "ISO3 country, region or bloc"),
        "side": (
            "text",
            "",
            "seller: from cost to border price; buyer: from the origins' price to the marginal price",
        ),
        "part": ("text", "", "what this step is"),
        "basis": (
            "text?",
            "",
            "inside, border, paid or marginal where the row is that price: the sum of the parts above",
        ),
        "limit": ("text?", "", "the limit that causes it"),
        "goes_to": ("text?", "", "who receives it; nobody where it is lost"),
        "unit": ("text", "", "unit of the price columns of this row"),
        "before": ("number?", "row unit", "before the events, at median parameters"),
        "after": (
            "number?",
            "row unit",
            "after the events: of a price its median, of a part what it is in the draws around that median",
        ),
        "p10": ("number?", "row unit", "10 % point: of a price that of the effect, of a part over the draws"),
        "p90": ("number?", "row unit", "90 % point, as p10"),
    },
    "price_drivers": {
        "form": ("text", "", "form id"),
        "place": ("text", "", "ISO3 country, region or bloc"),
        "basis": ("text", "", "inside, border, paid or marginal"),
        "event": ("text", "", "event id"),
        "part": (
            "number?",
            "log",
            "its part in the log change of this price: its share at median parameters (Shapley value)",
        ),
        "error": (
            "number?",
            "log",
            "standard error of the part; 0 where every combination of events was solved",
        ),
        "change": ("number?", "log", "ln of after over before: the sum of the parts"),
        "share": ("number?", "fraction", "part over change"),
        "status": ("text", "", "empty, or why there is no part"),
    },
    "limits": {
        "limit": ("text", "", "id of the limit"),
        "event": ("text", "", "the event that sets it"),
        "kind": ("text", "", "cap, floor or production quota"),
        "form": ("text", "", "form id"),
        "where": ("text", "", "origins -> destinations, or the producer"),
        "allowed": ("number", "t contained a year", "at most for a cap or quota, at least for a floor"),
        "before": ("number", "t contained a year", "what passed before the events"),
        "passed": ("number", "t contained a year", "what passes after them, at median parameters"),
        "worth": ("number", "USD per t contained", "one more tonne allowed (one less for a floor)"),
        "rent": ("number", "million USD a year", "worth times what passes"),
        "rent_to": ("text", "", "who receives the rent; who pays it for a floor"),
        "binds": ("flag", "", "at median parameters"),
        "binding_draws": ("number?", "fraction", "of the draws in which it binds"),
        "toll": ("number?", "USD per t contained", "paid by what passes beyond it; null where nothing does"),
        "last": (
            "number?",
            "t contained a year",
            "most that passes in all, with what pays the toll; null as above",
        ),
    },
    "utilisation": {
        "form": ("text", "", "form mined or collected; what the process makes"),
        "country": ("text", "", "where"),
        "source": ("text", "", "primary, or the process"),
        "capacity_before": (
            "number?",
            "t contained a year",
            "of output for primary supply, of activity for a process",
        ),
        "capacity": ("number?", "t contained a year", "after the events"),
        "output_before": ("number", "t contained a year", "at median parameters"),
        "output": ("number", "t contained a year", "after the events, at median parameters"),
        "before": ("number?", "fraction", "output over capacity"),
        "after": ("number?", "fraction", "output over capacity, at median parameters"),
        **INTERVAL,
    },
}

"""Tables of the economy-wide effect of a shortage."""

from __future__ import annotations

from crosscut.results.tables.columns import Column

_UNIT: dict[str, Column] = {
    "unit": ("text", "", "money unit of the user's table"),
    "status": ("text", "", "ok, or why there is no money: a synthetic table"),
}

ECONOMY_TABLES: dict[str, dict[str, Column]] = {
    "economy": {
        "reading": ("text", "", "direct, upstream, downstream or day by day; they are never added up"),
        "region": ("text", "", "region of the user's table, or all"),
        "means": ("text", "", "who is counted"),
        "value_added": ("number?", "row unit", "value added of the region in a normal year"),
        "low": ("number?", "row unit", "value added lost in a year at the low end of the shock"),
        "middle": ("number?", "row unit", "at the middle of the shock"),
        "high": ("number?", "row unit", "at the high end of the shock"),
        "share_low": ("number?", "fraction", "of value added, low end"),
        "share_middle": ("number?", "fraction", "of value added"),
        "share_high": ("number?", "fraction", "of value added, high end"),
        "bias": ("text", "", "which way this reading errs"),
        **_UNIT,
    },
    "economy_sectors": {
        "region": ("text", "", "region of the user's table"),
        "sector": ("text", "", "sector of the user's table"),
        "value_added": ("number?", "row unit", "in a normal year"),
        "stops_low": ("number", "fraction", "of its output that stops by the shock itself, low end"),
        "stops": ("number", "fraction", "of its output that stops by the shock itself"),
        "stops_high": ("number", "fraction", "of its output that stops by the shock itself, high end"),
        "direct": (
            "number?",
            "fraction",
            "of its value added lost in a year, middle of the shock; null where it has none",
        ),
        "upstream": ("number?", "fraction", "the same, orders no longer placed included"),
        "downstream": ("number?", "fraction", "the same, deliveries no longer made included"),
        "day_by_day": ("number?", "fraction", "the same, day by day with stocks"),
        **_UNIT,
    },
    "economy_days": {
        "day": ("number", "day", "from the shock"),
        "low": ("number", "fraction", "of all value added of a day that is lost, low end of the shock"),
        "middle": ("number", "fraction", "the same, middle"),
        "high": ("number", "fraction", "the same, high end"),
    },
}

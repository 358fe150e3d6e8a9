"""Tables of a project's choices and of its coupling with the market."""

from __future__ import annotations

Column = tuple[str, str, str]  # type (text, text?, number, number?, flag), unit, meaning

CHOICE_TABLES: dict[str, dict[str, Column]] = {
    "project_choices": {
        "choice": ("text", "", "wait, phase or abandon"),
        "title": ("text", "", "what may be chosen, and against what"),
        "unit": ("text", "", "of the worths: real, after tax, before financing, mean over the draws"),
        "now": ("number", "row unit", "worth if all is decided today"),
        "best_fixed": ("number", "row unit", "worth of the best date fixed today, never among them"),
        "fixed_year": ("number?", "year", "that date; null where never is best"),
        "value": (
            "number",
            "row unit",
            "worth with the choice, by a rule fitted on other draws than it is valued on",
        ),
        "error": ("number", "row unit", "its standard error"),
        "gain": (
            "number",
            "row unit",
            "value less what it is compared with; below 0 where the choice costs more than it brings",
        ),
        "never": ("number", "fraction", "of the draws in which it is never taken"),
        "median_year": ("number?", "year", "in which it is taken, where it is"),
        "draws": ("number", "", "draws it rests on"),
    },
    "project_coupling": {
        "step": ("number", "", "0: as planned; then each round of project into market and back"),
        "futures": ("number", "", "futures of the outlook solved"),
        "year": ("number", "", "calendar year"),
        "without": (
            "number?",
            "USD/mtu WO3",
            "median price of the outlook without the project, last step only",
        ),
        "price": (
            "number",
            "USD/mtu WO3",
            "median price of the outlook with it, dollars of the outlook's base year",
        ),
        "planned": ("number", "t contained", "what the project plans to sell"),
        "sold": (
            "number",
            "t contained",
            "what the market takes of it, median; a little more than planned where the price is high",
        ),
        "residual": (
            "number?",
            "log",
            "largest change of a year's price against the step before; 0 is a fixed point",
        ),
    },
}

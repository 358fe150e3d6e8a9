"""Project words: figures of a project in the few words a narrow line has room for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from crosscut.output.screens.market.words import DASH, amount, percent

_MEASURES = {
    "npv_after_tax": "worth after tax",
    "irr_after_tax": "rate of return",
    "loss": "chance of a loss",
    "payback": "years until paid back",
    "break_even": "break-even APT price",
    "break_even_owners": "break-even APT price",
    "c1": "cash cost (C1)",
    "aisc": "all-in cost (AISC)",
    "owners_npv": "worth at their rate",
    "owners_irr": "rate of return",
    "owners_paid_in": "most they have in",
    "debt": "debt at production",
    "least_cover": "least cover (DSCR)",
    "loan_life_cover": "loan life cover",
    "locked": "dividends ever stopped",
    "default": "cover ever in default",
    "unpaid": "ever not paid in full",
    "concession": "gift in rates, M USD",
    "state_npv": "worth of what it gets",
    "state_first_year": "first year it is paid",
    "tax_rate": "share of worth taken",
}


_EVENTS = ("locked", "default", "unpaid", "thin")  # whether it happened, among the draws with debt
# Draws without these differ from the others: bad ones, or a mine that runs and asks for no money. Draws
# without cover are those without a loan.
_OF_SUCCESS = ("irr_after_tax", "owners_irr", "payback", "break_even", "break_even_owners", "tax_rate")


def plain_table(title: str) -> Table:
    """A table without lines, its title above it."""
    return Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left", title_style="bold", title=title
    )


def figure_words(row: Mapping[str, Any]) -> str:
    """A measure, or a field of the file, in words.

    >>> figure_words({"measure": "c1"}), figure_words({"measure": "capital.items[mine-and-mill].amount"})
    ('cash cost (C1)', 'capital: mine-and-mill')
    >>> figure_words({"measure": "ore[pit].grade"}), figure_words({"measure": "discount.rate"})
    ('ore pit: grade', 'discount rate')
    """
    name = str(row["measure"])
    if name in _MEASURES:
        words = _MEASURES[name]
        return words if "WO3" in str(row.get("unit", "WO3")) else words.replace("APT price", "price")
    inside = re.search(r"\[([^\]]+)\]", name)
    tail = name.rsplit(".", 1)[-1].rstrip("]").replace("_", " ")
    head = re.split(r"[.\[]", name, maxsplit=1)[0].replace("_", " ")
    if inside is None:
        return name.replace("_", " ").replace(".", " ")
    return (
        f"{head}: {inside[1]}" if tail in ("amount", "figure", inside[1]) else f"{head} {inside[1]}: {tail}"
    )


def short(unit: str) -> str:
    """A unit as a heading has room for it.

    >>> short("USD of 2026 per mtu WO3")
    'USD of 2026 per mtu'
    """
    return unit.replace(" WO3", "")


def shown(x: float | None, row: Mapping[str, Any]) -> str:
    """A value in the unit of its row; of what happens or not, yes or no.

    >>> shown(0.163, {"unit": "fraction"}), shown(2031.0, {"unit": "year"}), shown(None, {"unit": "years"})
    ('16 %', '2031', '–')
    >>> shown(1.0, {"unit": "fraction", "measure": "default"}), shown(1.7, {"unit": "fraction"})
    ('yes', 'over 100 %')
    """
    if x is None:
        return DASH
    if row.get("measure") in _EVENTS and x in (0.0, 1.0):
        return "yes" if x else "no"
    if row["unit"] == "fraction":
        return "over 100 %" if x > 1.2 else percent(x)
    return f"{x:.0f}" if row["unit"] == "year" else amount(x)


def ranged(row: Mapping[str, Any]) -> str:
    """Median (10 % to 90 % point), or the median where it is a share of draws.

    >>> ranged({"unit": "year", "median": 2030.0, "p10": 2030.0, "p90": 2030.0})
    '2030'
    >>> ranged({"unit": "", "median": 3.0, "p10": -1.0, "p90": 5.5})
    '3 (−1 to 5.5)'
    >>> ranged({"unit": "fraction", "median": 0.4, "p10": None, "p90": None})
    '40 % of draws'
    """
    if row["median"] is None:
        return DASH
    if row["p10"] is None or row["p90"] is None:
        among = "draws with debt" if row.get("measure") in _EVENTS else "draws"
        return (
            f"{percent(row['median'])} of {among}" if row["unit"] == "fraction" else shown(row["median"], row)
        )
    low, mid, high = (shown(row[k], row) for k in ("p10", "median", "p90"))
    return mid if low == mid == high else f"{mid} ({low} to {high})"


def mostly_none(row: Mapping[str, Any]) -> bool:
    """Whether most draws have no such return, payback or price: a median of the few that do would speak for
    them alone.

    >>> mostly_none({"measure": "payback", "without": 0.9})
    True
    >>> mostly_none({"measure": "least_cover", "without": 0.9})
    False
    """
    return row["measure"] in _OF_SUCCESS and (row["without"] or 0.0) > 0.5


def rates_words(row: Mapping[str, Any] | None) -> str:
    """Rates of return of a party: the one above nothing where there is one, else all of them.

    >>> tuple(rates_words({"rates": text}) for text in ("-0.45; 0.053", "0.02; 0.4", ""))
    ('5.3 %', '2 % and 40 %', '–')
    """
    rates = [float(x) for x in row["rates"].split("; ") if x] if row else []
    above = [x for x in rates if x > 0]
    return " and ".join(percent(x) for x in (above if len(above) == 1 else rates)) or DASH

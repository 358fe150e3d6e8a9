"""Outlook cells: rows of an outlook document, and how a figure with its interval is written in one cell."""

from __future__ import annotations

from typing import Any

from crosscut.output.screens.market.words import DASH, MINUS, amount, interval_text, percent, signed
from crosscut.results import Document
from crosscut.results.rows import Row

MOST_YEARS = 9
PLANS, LIKELY, WITHOUT = "plans", "likely", "without"
KAZAKHSTAN = "KAZ"


def cases_of(result: Document) -> list[str]:
    """Cases in the order of the document."""
    return list(dict.fromkeys(r["case"] for r in result.rows("outlook_use")))


def case_word(result: Document, case: str) -> str:
    """A case in a few words: its title in the document, shortened for the three that every comparison has."""
    short = {PLANS: "with the plans", LIKELY: "as likely as stated", WITHOUT: "without"}
    said = next((s.text for s in result.statements if s.text.startswith(f"Case {case}: ")), "")
    return short.get(case) or said.removeprefix(f"Case {case}: ").removesuffix(".") or case


def span_of(result: Document) -> tuple[int, int]:
    """First and last year."""
    return int(result.horizon.start[:4]), int(result.horizon.end[:4])


def shown_years(first: int, last: int, most: int = MOST_YEARS) -> list[int]:
    """At most `most` years from the first to the last, both among them, evenly apart.

    >>> shown_years(2024, 2040), shown_years(2024, 2026)
    ([2024, 2026, 2028, 2030, 2032, 2034, 2036, 2038, 2040], [2024, 2025, 2026])
    """
    step = -(-(last - first) // (most - 1)) or 1
    years = list(range(last, first - 1, -step))[::-1]
    return years if years[0] == first else [first, *years][: most + 1]


def some_rows(result: Document, table: str, **wanted: Any) -> list[Row]:
    """Rows of a table with these values; [] where the document has no such table."""
    rows = result.rows_if_any(table)
    return [r for r in rows if all(r[k] == v for k, v in wanted.items())]


def one_row(result: Document, table: str, **wanted: Any) -> Row:
    """The first of them, or a row without a value."""
    found = some_rows(result, table, **wanted)
    return found[0] if found else {"p10": None, "median": None, "p90": None}


def amounts(row: Row, sign: bool = False) -> str:
    """Median and 80 % interval in brackets; no interval where there is none to show."""
    text = signed(amount(row["median"]), row["median"]) if sign else amount(row["median"])
    same = row["median"] is None or amount(row["p10"]) == amount(row["p90"])
    if same or not sign:
        return text if same else f"{text} ({interval_text(row)})"
    low, high = (signed(amount(row[c]), row[c]) for c in ("p10", "p90"))
    return f"{text} ({low} to {high})"


def shares(row: Row) -> str:
    """The same as per cent.

    >>> shares({"p10": 0.031, "median": 0.052, "p90": 0.11}), shares({"p10": 0.0, "median": 0.0, "p90": 0.0})
    ('5.2 % (3.1 - 11)', '0 %')
    """
    if row["median"] is None:
        return DASH
    low, high = percent(row["p10"]), percent(row["p90"])
    return percent(row["median"]) + (
        f" ({low.removesuffix(' %')} - {high.removesuffix(' %')})" if low != high else ""
    )


def points(row: Row) -> str:
    """A change in per cent or points with its sign; '0' where it rounds to nothing.

    >>> points({"p10": -0.052, "median": -0.031, "p90": 0.0004})
    '−3.1 (−5.2 to 0)'
    """
    if row["median"] is None:
        return DASH
    low, mid, high = (_point(row[c]) for c in ("p10", "median", "p90"))
    return mid if low == high else f"{mid} ({low} to {high})"


def _point(x: float | None) -> str:
    if x is None:
        return DASH
    text = f"{100 * x:+.1f}"
    return "0" if abs(100 * x) < 0.05 else text.replace("-", MINUS)

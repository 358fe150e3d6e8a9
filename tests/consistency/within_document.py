"""Rules that every document has to keep by itself: intervals hold their middle, fractions lie in 0 to 1,
ranks stand in the order of what is printed, shares of a whole add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from crosscut.base.number_text import money, percent
from crosscut.results.tables.declared import TABLES
from tests.consistency.findings import Findings

Row = Mapping[str, Any]
MIDDLES = (
    ("low", "value", "high"),
    ("p10", "median", "p90"),
    ("lo80", "value", "hi80"),
    ("low", "cost", "high"),
)
# Tables in which the rows of one key add to the whole of something: columns of the key, the share, the whole.
PARTS: dict[str, tuple[tuple[str, ...], str, float]] = {
    "stress_families": ((), "share", 1.0),
    "coverage": (("kind", "form"), "share", 1.0),
    "makers": (("form", "source"), "share", 1.0),
    "users": (("form", "purpose"), "share", 1.0),
}
RANKED = {  # rank column -> what it goes by, as it is printed
    ("stress_chokepoints", "rank"): ("usd", money),
    ("stress_chokepoints", "rank_counted"): ("share", percent),
    ("stress_ranking", "rank"): ("usd", money),
    ("stress_ranking", "rank_short"): ("short", percent),
}
SLACK = 1e-9
NEAR = 1e-7  # a balanced world closes to some billionths


def keeps_its_rules(found: Findings, where: str, document: Mapping[str, Any]) -> None:
    """Every rule for every table of a document."""
    for name, table in document["tables"].items():
        rows: Sequence[Row] = table["rows"]
        _intervals(found, f"{where} {name}", name, rows)
        _fractions(found, f"{where} {name}", name, rows)
        _wholes(found, f"{where} {name}", name, rows)
        for (ranked, rank), (by, shown) in RANKED.items():
            if ranked == name:
                _order(found, f"{where} {name} {rank}", rows, (rank, by), shown)


def _intervals(found: Findings, place: str, name: str, rows: Sequence[Row]) -> None:
    columns = set(TABLES[name])
    spans = [(f"{c}_low", c, f"{c}_high") for c in columns if {f"{c}_low", f"{c}_high"} <= columns]
    spans += [m for m in MIDDLES if set(m) <= columns]
    for row in rows:
        for low, middle, high in spans:
            a, b, c = (row[x] for x in (low, middle, high))
            if b is None or a is None or c is None:
                continue
            slack = SLACK * max(abs(a), abs(b), abs(c))
            label = next(
                (str(row[k]) for k in ("figure", "measure", "indicator", "form", "project") if k in row), ""
            )
            found.check(
                "interval holds its middle",
                f"{place} {middle} {label}",
                a - slack <= b <= c + slack,
                f"{a}, {b}, {c}",
            )


def _fractions(found: Findings, place: str, name: str, rows: Sequence[Row]) -> None:
    for column, (kind, unit, *_) in TABLES[name].items():
        if not kind.startswith("number") or unit != "fraction":
            continue
        for row in rows:
            value = row[column]
            if value is not None:
                found.check("within 0 and 1", f"{place} {column}", -SLACK <= value <= 1 + SLACK, f"{value}")


def _wholes(found: Findings, place: str, name: str, rows: Sequence[Row]) -> None:
    if name not in PARTS or not rows:
        return
    key, share, whole = PARTS[name]
    sums: dict[tuple[Any, ...], float] = defaultdict(float)
    for row in rows:
        if row[share] is not None:
            sums[tuple(row[k] for k in key)] += row[share]
    for value in sums.values():
        found.same("shares add up", f"{place} {share}", value, whole, NEAR)


def _order(
    found: Findings, place: str, rows: Sequence[Row], columns: tuple[str, str], shown: Callable[[Any], str]
) -> None:
    """Ranks run from 1, and what they go by falls, as printed."""
    rank, by = columns
    ranked = sorted((r for r in rows if r[rank] is not None), key=lambda r: r[rank])
    found.check("ranks run from 1", place, [r[rank] for r in ranked] == list(range(1, len(ranked) + 1)))
    known = [r for r in ranked if r[by] is not None]
    for a, b in pairwise(known):
        falls = a[by] >= b[by] or shown(a[by]) == shown(b[by])
        printed = _printed(shown(a[by])) >= _printed(shown(b[by]))
        found.check(
            "ranks in the order printed", place, falls and printed, f"{shown(a[by])} before {shown(b[by])}"
        )


def _printed(text: str) -> float:
    """The number that is read: below a bound counts as just below it."""
    digits = text.replace(",", "").replace("−", "-").removesuffix(" %")
    if digits.startswith("<"):
        return float(digits[1:]) - 1e-9
    if digits.startswith(">"):
        return float(digits[1:]) + 1e-9
    return float("-inf") if digits == "–" else float(digits)

"""Behind: what stands behind a figure of an outlook: which plans, in which years, which measures and
assumptions.

Read from the document alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.results import TABLES, Document
from crosscut.results.parts import plain
from crosscut.results.rows import Row
from crosscut.studies.outlook.cases import PLANS, WITHOUT

PREFIX = "outlook_"
FIGURES = ("prices", "supply", "shares", "dependence", "use", "stocks", "investment")
_NOT_A_LABEL = ("case", "unit")
HERE, OWNED, FIRST, SAME = (
    "lies there",
    "its owner is from there",
    "sells there first",
    "sells in the same market",
)


def behind_outlook(result: Document, about: str) -> dict[str, Any] | None:
    """What stands behind the figures that a path names; None where `about` is no such path.

    A path is a table (prices, supply, shares, dependence, use, stocks, investment), then any of what its
    rows are labelled with, in that order, and a year or case anywhere: `dependence/USA/mined in/KAZ/2035`.
    `figures` are its rows in every case and year, `years` those asked for, `effects` what the facilities
    looked at change of it, `plans` the facilities by how directly they bear on it with the tonnes they sell
    in each of `years`, `measures` those in force then.

    Raises UserError for a word that no row has, with the nearest.
    """
    name, *keys = (k for k in about.strip("/").split("/") if k)
    table = PREFIX + name.removeprefix(PREFIX)
    if table.removeprefix(PREFIX) not in FIGURES or table not in result.tables:
        return None
    rows: list[Row] = result.rows(table)
    labels = [
        c for c, (kind, _, _) in TABLES[table].items() if kind.startswith("text") and c not in _NOT_A_LABEL
    ]
    years = [int(k) for k in keys if re.fullmatch(r"(19|20)\d\d", k)]
    words = [k for k in keys if not re.fullmatch(r"(19|20)\d\d", k)]
    figures = rows if words else [r for r in rows if r.get("headline", True)]
    cases = {r["case"].casefold() for r in rows}
    chosen_cases = [w.casefold() for w in words if w.casefold() in cases]
    figures = [r for r in figures if not chosen_cases or r["case"].casefold() in chosen_cases]
    words = [w for w in words if w.casefold() not in cases]
    for k, word in enumerate(words):
        known = sorted({str(r[c]) for r in figures for c in labels if r[c]})
        figures = [r for r in figures if _led_to(r, labels, words[: k + 1])]
        if not figures:
            raise UserError(
                Problem(f"no row of {name} has {'/'.join(words[: k + 1])!r}", "why", suggestion(word, known))
            )
    known_years = sorted({r["year"] for r in rows})
    for year in years:
        if year not in known_years:
            raise UserError(Problem(f"no year {year}", "why", f"{known_years[0]} to {known_years[-1]}"))
    asked = years or _turning(known_years)
    plans = _plans(result, table, figures, asked)
    every = {p["facility"] for p in result.rows("outlook_facilities")}
    chosen = {p["facility"] for p in plans if p["bears"] != SAME or table == PREFIX + "prices"}
    return {
        "figures": [{"table": table, **r} for r in figures],
        "labels": labels,
        "years": asked,
        "effects": _effects(result, table, figures),
        "plans": plans,
        "measures": _in_force(result, asked),
        "assumptions": sorted(
            (a for a in plain(result.assumptions) if _bears(a["id"], figures, every, chosen)),
            key=lambda a: not _about_facility(a["id"], every),
        ),
    }


def _led_to(row: Row, labels: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words are labels of a row, in the order of its columns."""
    left = [str(row[c]).casefold() for c in labels]
    for word in words:
        if word.casefold() not in left:
            return False
        left = left[left.index(word.casefold()) + 1 :]
    return True


def _turning(years: Sequence[int], most: int = 4) -> list[int]:
    """The first and the last year and some between."""
    step = max(1, -(-(years[-1] - years[0]) // most))
    return sorted({years[0], *years[::-1][::step]})


def _effects(result: Document, table: str, figures: Sequence[Row]) -> list[Row]:
    """Rows of the effects that are about one of the figures."""
    wanted = {_effect_key(table, r) for r in figures} - {None}
    rows: list[Row] = result.rows_if_any("outlook_effects")
    return [r for r in rows if (r["what"], r["place"], r["item"]) in wanted]


def _effect_key(table: str, row: Row) -> tuple[str, str, str] | None:
    if table == "outlook_prices":
        return "price", row["place"], f"{row['form']} {row['basis']}"
    if table == "outlook_supply" and row["what"] == "mined" and not row["facility"]:
        return "mined", row["country"], ""
    if table == "outlook_supply" and row["what"] == "collected scrap":
        return "collected scrap", row["country"], ""
    if table == "outlook_use":
        return "use", row["user"], row["use"]
    if table == "outlook_dependence":
        return "dependence", row["user"], f"{row['measure']} {row['of']}"
    return None


def _plans(result: Document, table: str, figures: Sequence[Row], years: Sequence[int]) -> list[Row]:
    """Every facility with how it bears on the figures and what it sells in the years, most direct and
    largest first."""
    supply = result.rows("outlook_supply")
    named = {r["facility"] for r in figures if r.get("facility")}
    out: list[Row] = []
    for f in result.rows("outlook_facilities"):
        if named and f["facility"] not in named:
            continue
        case = PLANS if f["case"] == "all" and f["looked_at"] else f["case"]
        mined = {
            r["year"]: r
            for r in supply
            if r["facility"] == f["facility"]
            and r["year"] in years
            and case in ("all", r["case"])
            and r["case"] != WITHOUT
        }
        bears = HERE if named else _how(f, table, figures)
        out.append(
            {
                **f,
                "bears": bears,
                "mined": [mined[y]["median"] if y in mined else None for y in years],
                "open": [mined[y]["open"] if y in mined else None for y in years],
            }
        )
    order = (HERE, OWNED, FIRST, SAME)
    return sorted(
        out, key=lambda f: (order.index(f["bears"]), f["case"] != "all", -max((m or 0.0) for m in f["mined"]))
    )


def _how(facility: Row, table: str, figures: Sequence[Row]) -> str:
    """In which way a facility bears on rows of a table."""
    owners = set(re.findall(r"\b[A-Z]{3}\b", facility["owners"])) or {"UNK"}
    first = set(re.findall(r"\b[A-Z]{3}\b", facility["sells_first"]))
    ways = set()
    for r in figures:
        if table == "outlook_dependence":
            if r["measure"] in ("mined in", "made in") and r["of"] == facility["country"]:
                ways.add(HERE)
            if r["measure"] == "owned by" and r["of"] in owners:
                ways.add(OWNED)
            if r["user"] in first:
                ways.add(FIRST)
        elif table in ("outlook_supply", "outlook_shares") and r["country"] == facility["country"]:
            ways.add(HERE)
    return next((w for w in (HERE, OWNED, FIRST) if w in ways), SAME)


def _in_force(result: Document, years: Iterable[int]) -> list[Row]:
    """Measures with a day in one of the years."""
    asked = list(years)
    rows: list[Row] = result.rows_if_any("outlook_measures")
    return [
        r
        for r in rows
        if any((r["begins"] or "0") <= f"{y}-12-31" and (r["ends"] or "9") >= f"{y}-01-01" for y in asked)
    ]


def _bears(assumption: str, figures: Sequence[Row], every: set[str], chosen: set[str]) -> bool:
    """Whether an assumption bears on the figures: those of other facilities and of other forms alone do
    not."""
    kind, _, scope = assumption.partition("/")
    forms = {str(r["form"]) for r in figures if "form" in r}
    if _about_facility(assumption, every):
        return scope.partition("/")[0] in chosen
    if kind in ("sigma", "noise", "level"):
        return not forms or scope in forms
    return True


def _about_facility(assumption: str, every: set[str]) -> bool:
    return assumption.partition("/")[2].partition("/")[0] in every

"""Outputs: tonnes mined by country (one source, with its own world total) and by named company, in t
contained."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, Refused, UserError, suggestion
from crosscut.base.units import contained_tonnes, content
from crosscut.ledger.ask.conflicts import FIRM, year_published
from crosscut.ledger.ask.ledger import facts_of, known_minerals
from crosscut.ledger.own_tables import facility_tables, own_tables
from crosscut.ledger.ownership.control import controlled_facilities
from crosscut.ledger.ownership.holders import Holder, holder_of_company
from crosscut.ledger.store.fact import TableSpec, ValueColumn
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import as_number, checked_rows, rows, sources

PART_YEARS = {"9M": 9}  # shorter parts of a year are not scaled up


@dataclass(frozen=True)
class Located:
    """Mine output of one year by place, from one source: `world` is the source's own total, `by_country`
    what it prints by country. What is missing between them (other countries, rounding) has no known place."""

    mineral: str
    year: int
    world: float
    by_country: dict[str, float]
    unit: str
    source_id: str
    fact_ids: tuple[str, ...]


@dataclass(frozen=True)
class CompanyOutput:
    """What one company mined in one country and year, t W. `how` says what was assumed; `firm` is False
    where only a capacity is known: capacity is not output, it is the most the output can be."""

    holder: Holder
    location: str
    tonnes: float
    how: str
    firm: bool
    facility_id: str
    fact_id: str


def located_output(ledger: Ledger, mineral: str, year: int) -> Located:
    """Mine output by country, from the latest source that prints a world total for the year.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".
    year : int
        Calendar year of the output.

    Returns
    -------
    Located
        Output by country (ISO3) and for the world in the unit of the source, such as t W. Groups and unknown
        places are left out of the countries.

    Raises
    ------
    Refused
        When no source prints a world total beside its countries; years that have a world total are named.
    UserError
        For an unknown mineral.

    Notes
    -----
    Of two sources published in one year, the one that names more places is taken.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> t = located_output(ledger, "tungsten", 2024)
    >>> t.world, t.by_country["CHN"], sum(t.by_country.values())
    (82000.0, 67000.0, 79910.0)
    """
    if mineral not in known_minerals(ledger):
        facts_of(ledger, mineral)  # raises, with the nearest name
    if own := own_tables(mineral):
        listed = [
            (r[own.output.place], r["year"], r[own.output.tonnes], r) for r in rows(ledger, own.output.name)
        ]
    else:
        listed = [
            (r["country_iso3"], r["year"], r["value"], r)
            for r in rows(ledger, "minerals/stage_production")
            if r["mineral"] == mineral and r["form"] == "mine"
        ]
    of_source: dict[tuple[str, str], dict[str, tuple[float, dict[str, str]]]] = {}
    for country, period, text, r in listed:
        value = as_number(text)
        if period == str(year) and value is not None:
            of_source.setdefault((r["source_id"], r["unit"]), {}).setdefault(country, (value, r))
    whole = {k: v for k, v in of_source.items() if "WLD" in v and len(v) > 2}
    if not whole:
        years = sorted({p for c, p, t, _ in listed if c == "WLD" and t})
        raise Refused(
            Problem(
                f"no table of mine output of {mineral} by country with a world total for {year}",
                "controlled output",
                f"one of {', '.join(years)}" if years else "a mineral with mine output by country",
            )
        )
    (source_id, unit), found = max(
        whole.items(), key=lambda kv: (year_published(sources(ledger)[kv[0][0]]), len(kv[1]))
    )
    places = {c: v for c, (v, _) in found.items() if c not in ("WLD", "OTH", "UNK", "TOT", "TOP3", "EU27")}
    facts = tuple(r["fact_id"] for _, r in found.values())
    return Located(mineral, year, found["WLD"][0], places, unit, source_id, facts)


@per_ledger
def company_outputs(ledger: Ledger, year: int) -> tuple[CompanyOutput, ...]:
    """What companies are known to have mined in a year, one figure for each company and country.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    year : int
        Calendar year.

    Returns
    -------
    tuple of CompanyOutput
        Output in t W, each with what was assumed.

    Notes
    -----
    Printed output is taken first, then nine months scaled to twelve, then the capacity of that or the next
    year. Recalled and conflicting rows are left out, and so is a company inside a group that has a figure of
    its own. Where a product prints no grade, concentrate is taken to hold 65 % WO3.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> {o.holder.id: round(o.tonnes) for o in company_outputs(ledger, 2024) if o.location == "CHN"}
    {'minmetals': 10309, 'xtc': 6185, 'cmoc': 8172}
    """
    best: dict[tuple[str, str], tuple[int, CompanyOutput]] = {}
    for r in rows(ledger, "tungsten/companies"):
        owner = holder_of_company(r["company_id"])
        rank, scale, how = _reading(r, year)
        if owner is None or not rank or r["evidence_status"] not in FIRM or r["row_kind"] != "fact":
            continue
        tonnes, assumed = _contained(r)
        if tonnes is None:
            continue
        facility, location = _place(ledger, owner, r["product"], year)
        said = ", ".join(t for t in (how, assumed) if t) or "as printed"
        out = CompanyOutput(owner, location, tonnes * scale, said, rank < 3, facility, r["fact_id"])
        key = (owner.id, location)
        if key not in best or rank < best[key][0]:
            best[key] = (rank, out)
    inside = {c for h, _ in best for c in controlled_facilities(ledger, h, year)}
    return tuple(o for (h, _), (_, o) in best.items() if h not in inside)


def _reading(r: dict[str, str], year: int) -> tuple[int, float, str]:
    """(rank, factor, what was assumed) of a row as the output of `year`; rank 0 is no reading, the lowest
    wins."""
    period = r["year"]
    if r["metric"] == "mine_output" and period == str(year):
        return 1, 1.0, ""
    part = period.removeprefix(f"{year} ")
    if r["metric"] == "mine_output" and part in PART_YEARS:
        return 2, 12 / PART_YEARS[part], f"{PART_YEARS[part]} months scaled to twelve"
    if r["metric"] == "mine_capacity" and period in (str(year), str(year + 1)):
        return 3, 1.0, f"capacity of {period} used as output"
    return 0, 0.0, ""


def _contained(r: dict[str, str]) -> tuple[float | None, str]:
    """(t W, what was assumed) of a company's tonnage; None where the product is a mixture."""
    value, unit, product = float(r["value"]), r["unit"], r["product"]
    if unit == "t W":
        return value, ""
    if unit == "t WO3" or unit == "mtu":
        return contained_tonnes(value, "t WO3" if unit == "t WO3" else "mtu WO3").tonnes, ""
    if unit.startswith("t product") and product.endswith("concentrate 65% WO3"):
        return value * content("concentrate").value, ""
    if unit.startswith("t product") and product in (
        "concentrate",
        "scheelite concentrate",
        "wolframite concentrate",
    ):
        return value * content("concentrate").value, "grade not printed, 65 % WO3 assumed"
    return None, ""


def _place(ledger: Ledger, owner: Holder, product: str, year: int) -> tuple[str, str]:
    """(facility id or "", country) where a company's output comes from: the mine named in brackets, else the
    country of the mines it controls if that is one, else its home."""
    mines = [
        r for r in mines_listed(ledger) if r["facility_id"] in controlled_facilities(ledger, owner.id, year)
    ]
    named = re.search(r"\((.+)\)", product)
    if named:
        mines = [r for r in mines if named[1].casefold() in r["name"].casefold()] or mines
    countries = {r["country_iso3"] for r in mines}
    facility = mines[0]["facility_id"] if len(mines) == 1 else ""
    return facility, countries.pop() if len(countries) == 1 else owner.country


@per_ledger
def mines_listed(ledger: Ledger) -> tuple[dict[str, str], ...]:
    """The mines of the facility tables; rows that only add or contradict are left out.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    tuple of dict
        One row a mine, column -> text, in table order.
    """
    out: dict[str, dict[str, str]] = {}
    for t in facility_tables():
        for r in rows(ledger, t):
            if r["row_kind"] == "main" and r["type"] == "mine":
                out.setdefault(r["facility_id"], r)
    return tuple(out.values())


def operating_mines(ledger: Ledger, country: str, year: int) -> tuple[dict[str, str], ...]:
    """Mines of a country that work in a year as far as their status and start say.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    country : str
        ISO3 code.
    year : int
        Calendar year; a mine that starts later is left out, one without a start year is kept.

    Returns
    -------
    tuple of dict
        Rows of `mines_listed` whose status is operating, ramp-up or tailings treatment.
    """
    return tuple(
        r
        for r in mines_listed(ledger)
        if r["country_iso3"] == country
        and r["status"].startswith(("operating", "ramp-up", "tailings treatment"))
        and not (r["start_year"][:4].isdigit() and int(r["start_year"][:4]) > year)
    )


@cache
def bought_abroad(year: int) -> tuple[dict[str, str], ...]:
    """Rows of ore bought by a country's importers from all foreign mines in a year.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    tuple of dict
        Column -> text. `standard_t` is in tonnes of concentrate of 65 % WO3.
    """
    name = "tungsten/ore_purchases"
    spec = TableSpec(
        "country",
        ("buyer_iso3",),
        "year",
        (ValueColumn("standard_t", "ore bought abroad", "=t concentrate (65% WO3)"),),
        ("standard_t", "months", "high_factor"),
        places=("buyer_iso3",),
    )
    text = bundled_text("facts", f"{name}.csv")
    return tuple(r for r in checked_rows(name, text, spec) if r["year"] == str(year))


def unknown_rule(rule: str, rules: dict[str, str]) -> UserError:
    """The error for a rule that does not exist.

    Parameters
    ----------
    rule : str
        The word that was given.
    rules : dict of str to str
        The rules there are, by name; the nearest is suggested.

    Returns
    -------
    UserError
        To be raised by the caller.
    """
    return UserError(Problem(f"no rule {rule!r}", "rule", suggestion(rule, rules)))

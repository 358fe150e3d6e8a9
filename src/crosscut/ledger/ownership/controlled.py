"""Controlled output: the world's mine output by controlling country, under a named rule, the unknown first.

Each rule answers another question, so results of two rules are never added. China 2024: 81.7 % by location,
30.1 % counting only named holders with a tonnage, 81.7 % with the bar on foreign owners, 89.1 % by first
buyer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crosscut.base.errors import Problem, Refused
from crosscut.base.units import content
from crosscut.ledger.ask.conflicts import FIRM
from crosscut.ledger.own_tables import facility_tables, own_tables, tables_of_kind
from crosscut.ledger.ownership.control import (
    StakeShare,
    controlled_facilities,
    controlling_country,
    country_of_holder,
    country_shares,
)
from crosscut.ledger.ownership.holders import holder
from crosscut.ledger.ownership.outputs import (
    CompanyOutput,
    Located,
    bought_abroad,
    company_outputs,
    located_output,
    operating_mines,
    unknown_rule,
)
from crosscut.ledger.ownership.stakes import RETRIEVED, all_stakes
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import as_number, rows

RULES = {
    "location": "where it is mined",
    "owner-named": "home of the controlling holder; only holders and tonnages found in a source",
    "owner-strict": "as owner-named; all output of a country that bars foreign mine owners is its own",
    "owner-domestic": (
        "as owner-strict; elsewhere, output without a holder found is taken as the country's own"
    ),
    "equity": "split by the home of every ultimate holder; what is not disclosed stays unknown",
    "offtake-contract": "home of the buyer; only captive and contracted sales of known tonnage",
    "offtake-first-buyer": (
        "home of the first buyer of concentrate; barred exports stay home, imports go to the importer"
    ),
}
UNKNOWN = "UNK"


@dataclass(frozen=True)
class ControlledPart:
    """Some tonnes of one place of mining that one country controls, and how that was found."""

    location: str
    country: str
    tonnes: float
    how: str
    firm: bool = True
    facility_id: str = ""
    fact_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlledOutput:
    """Mine output of a year by controlling country, in `unit`. `tonnes` has UNK first and sums to `world`.
    `low` and `high` bound each country: without what rests on capacity, and with the whole unknown, unless
    the rule knows better."""

    mineral: str
    year: int
    rule: str
    unit: str
    world: float
    tonnes: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]
    parts: tuple[ControlledPart, ...]
    notes: tuple[str, ...]
    fact_ids: tuple[str, ...] = field(default=())

    @property
    def unknown(self) -> float:
        """Output whose controlling country is not known."""
        return self.tonnes[UNKNOWN]

    def share(self, country: str) -> float:
        """The share of world output a country controls; 0 where the rule finds nothing for it."""
        return self.tonnes.get(country, 0.0) / self.world


def controlled_output(ledger: Ledger, mineral: str, year: int, rule: str) -> ControlledOutput:
    """Mine output of a year by controlling country under one rule; results of two rules never add.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".
    year : int
        Calendar year of the output; owners are those at its end.
    rule : str
        One of `RULES`, which says what each counts.

    Returns
    -------
    ControlledOutput
        Output by country (ISO3) in the unit of the source, UNK first, with a low and a high end for each.
        The countries sum to the source's world total.

    Raises
    ------
    UserError
        For an unknown mineral or rule.
    Refused
        Where no source prints a world total for the year, or the rule needs stakes or offtakes and the
        package has none of the mineral (it has them for tungsten only).

    Notes
    -----
    By owner, companies with a known tonnage come first, scaled down where together they exceed the output of
    their place. What is left goes to the other mines there that work in the year.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> named = controlled_output(ledger, "tungsten", 2024, "owner-named")
    >>> round(100 * named.unknown / named.world, 1), round(100 * named.share("CHN"), 1)
    (61.2, 30.1)
    >>> round(100 * controlled_output(ledger, "tungsten", 2024, "owner-strict").unknown / 82000, 1)
    9.6
    """
    if rule not in RULES:
        raise unknown_rule(rule, RULES)
    located = located_output(ledger, mineral, year)
    if rule == "location":
        own = [
            ControlledPart(c, c, t, "mined there", fact_ids=located.fact_ids[:0])
            for c, t in located.by_country.items()
            if t
        ]
        return _summed(
            located, rule, own, ("Other countries and the rounding of the source have no known place.",)
        )
    entry = own_tables(mineral)
    if entry is None or not entry.stakes:
        raise Refused(
            Problem(
                f"no stakes and offtakes of {mineral} are in the package",
                f"rule {rule}",
                "the rule 'location'",
            )
        )
    if rule.startswith("offtake"):
        return _by_buyer(ledger, located, rule)
    parts = [p for c, t in located.by_country.items() if t for p in _owned(ledger, c, t, year, rule)]
    notes = [
        "A mine not in the facility table would be missed where all listed mines of a country have one owner."
    ]
    notes += sorted({f"{p.location}: {p.how}" for p in parts if not p.firm})
    if rule == "owner-named":
        notes.append("Named holders and tonnages only: what is not named is unknown, not foreign.")
    if rule != "owner-named" and any("barred" in p.how for p in parts):
        notes.append(
            "China: a list of 2021 bars foreign investment in tungsten mines; portfolio holdings remain."
        )
    return _summed(located, rule, parts, tuple(notes))


def _owned(ledger: Ledger, location: str, output: float, year: int, rule: str) -> Iterator[ControlledPart]:
    """Who owns the output of one place: companies with a tonnage, then the mines that are left."""
    bar = _bars_foreign_owners(ledger, location, year) if rule != "owner-named" else None
    if bar is not None:
        yield ControlledPart(location, location, output, "foreign owners barred", fact_ids=(bar,))
        return
    left = output
    named = [
        o
        for o in company_outputs(ledger, year)
        if o.location == location and _holds_mine_in(ledger, o, location, year)
    ]
    total = sum(o.tonnes for o in named)
    for o in named:
        tonnes = o.tonnes * min(1.0, output / total)
        for country, share in _owners_of_company(ledger, o, year, rule).items():
            yield ControlledPart(
                location,
                country,
                tonnes * share,
                f"{o.holder.name}: {o.how}",
                o.firm,
                o.facility_id,
                (o.fact_id,),
            )
        left -= tonnes
    if left <= 1e-9 * output:
        return
    mines = [
        m
        for m in operating_mines(ledger, location, year)
        if not _is_of(ledger, m["facility_id"], named, year)
    ]
    found = _owners_of_mines(ledger, [m["facility_id"] for m in mines], year, rule)
    where = mines[0]["facility_id"] if len(mines) == 1 else ""
    how = f"all listed mines: {', '.join(m['name'] for m in mines)}"
    for country, share in found.items():
        yield ControlledPart(location, country, left * share, how, facility_id=where)
    rest = left * (1.0 - sum(found.values()))
    if rest > 1e-9 * output and rule == "owner-domestic":
        yield ControlledPart(location, location, rest, "no holder found, taken as domestic", firm=False)


def _owners_of_company(ledger: Ledger, o: CompanyOutput, year: int, rule: str) -> dict[str, float]:
    if rule == "equity":
        return _known(country_shares(ledger, o.facility_id or o.holder.id, year, retrieved_only=True))
    country = country_of_holder(ledger, o.holder.id, year, retrieved_only=True)
    return {} if country is None else {country: 1.0}


def _owners_of_mines(ledger: Ledger, facilities: list[str], year: int, rule: str) -> dict[str, float]:
    """Country -> the part of the mines' output it surely controls: all, if it controls every mine; by
    equity, its least share in any of them (their tonnages are not known apart)."""
    if not facilities:
        return {}
    if rule == "equity":
        each = [_known(controlling_country(ledger, f, year, retrieved_only=True).shares) for f in facilities]
        return {c: least for c in each[0] if (least := min(e.get(c, 0.0) for e in each)) > 0}
    countries = {controlling_country(ledger, f, year, retrieved_only=True).country for f in facilities}
    only = countries.pop()
    return {only: 1.0} if not countries and only is not None else {}


def _known(shares: Mapping[str, StakeShare]) -> dict[str, float]:
    return {c: s.value for c, s in shares.items() if c != UNKNOWN and s.value > 0}


def _holds_mine_in(ledger: Ledger, o: CompanyOutput, location: str, year: int) -> bool:
    """Whether a source names the company as holder in some mine of the place: then it is a named holder."""
    places = {r["facility_id"]: r["country_iso3"] for t in facility_tables() for r in rows(ledger, t)}
    return any(
        s.holder.id == o.holder.id and places.get(s.target) == location and s.evidence_status in RETRIEVED
        for s in all_stakes(ledger)
        if s.held_in(year) or s.first is None or s.first > year
    )


def _is_of(ledger: Ledger, facility_id: str, named: list[CompanyOutput], year: int) -> bool:
    return any(facility_id in controlled_facilities(ledger, o.holder.id, year) for o in named)


def _bars_foreign_owners(ledger: Ledger, location: str, year: int) -> str | None:
    """The fact that foreigners may hold no mine of the place, or None."""
    for r in (r for t in tables_of_kind("stakes") for r in rows(ledger, t)):
        whole = r["target"].startswith("All ") and r["target_country_iso3"] == location
        if whole and holder(r["holder"]).kind == "class" and as_number(r["share_high"]) == 0.0:
            return r["fact_id"] if not r["from"] or int(r["from"]) <= year else None
    return None


def _by_buyer(ledger: Ledger, located: Located, rule: str) -> ControlledOutput:
    year = located.year
    parts = [p for c, t in located.by_country.items() if t for p in _captive(ledger, c, t, year)]
    if rule == "offtake-contract":
        note = "A contract without a tonnage for the year, or a mine without one, leaves its output unknown."
        return _summed(located, rule, parts, (note,))
    home = {
        r["facility_country_iso3"]: r["fact_id"]
        for t in tables_of_kind("offtakes")
        for r in rows(ledger, t)
        if r["status"] == "export barred"
    }
    parts = [p for p in parts if p.location not in home]
    parts += [
        ControlledPart(c, c, located.by_country[c], "export barred, first sold at home", fact_ids=(f,))
        for c, f in home.items()
        if c in located.by_country
    ]
    bounds = {}
    for r in bought_abroad(year):
        seen = float(r["standard_t"]) * content("concentrate").value
        tonnes = seen * 12 / float(r["months"])
        buyer = r["buyer_iso3"]
        parts.append(
            ControlledPart(
                "abroad",
                buyer,
                tonnes,
                f"imports, {r['months']} months scaled to twelve",
                fact_ids=(r["fact_id"],),
            )
        )
        bounds[buyer] = (seen - tonnes, seen * float(r["high_factor"]) - tonnes)
    if not bounds:
        raise Refused(Problem(f"no imports of ore by first buyer for {year}", f"rule {rule}", "2024 or 2025"))
    note = "Imports are not split by origin, so they are not netted against the country they came from."
    return _summed(located, rule, parts, (note,), bounds)


def _captive(ledger: Ledger, location: str, output: float, year: int) -> Iterator[ControlledPart]:
    """Sales within a group or under contract, of mines whose tonnage is known."""
    mines = operating_mines(ledger, location, year)
    tonnes = {
        o.facility_id: o.tonnes
        for o in company_outputs(ledger, year)
        if o.location == location and o.facility_id
    }
    if len(mines) == 1:
        tonnes.setdefault(mines[0]["facility_id"], output)
    for r in (r for t in tables_of_kind("offtakes") for r in rows(ledger, t)):
        share = as_number(r["share_of_output_percent"])
        began, ended = r["from"][:4], r["to"][:4]
        current = (not began or int(began) <= year) and (not ended or year <= int(ended))
        if (
            share is None
            or not current
            or r["evidence_status"] not in FIRM
            or r["status"] not in ("captive", "binding")
        ):
            continue
        if r["facility_id"] in tonnes and r["buyer_home_iso3"] != UNKNOWN:
            sold = min(tonnes[r["facility_id"]], output) * share / 100
            yield ControlledPart(
                location,
                r["buyer_home_iso3"],
                sold,
                f"{r['status']}: {r['buyer']}",
                True,
                r["facility_id"],
                (r["fact_id"],),
            )


def _summed(
    located: Located,
    rule: str,
    parts: list[ControlledPart],
    notes: tuple[str, ...],
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> ControlledOutput:
    known: dict[str, float] = {}
    firm: dict[str, float] = {}
    for p in parts:
        known[p.country] = known.get(p.country, 0.0) + p.tonnes
        firm[p.country] = firm.get(p.country, 0.0) + (p.tonnes if p.firm else 0.0)
    unknown = max(0.0, located.world - sum(known.values()))
    ranked = dict(sorted(known.items(), key=lambda kv: -kv[1]))
    bounds = bounds or {}
    low = {c: t + bounds[c][0] if c in bounds else firm[c] for c, t in ranked.items()}
    high = {c: t + (bounds[c][1] if c in bounds else unknown) for c, t in ranked.items()}
    facts = tuple(dict.fromkeys((*located.fact_ids, *(f for p in parts for f in p.fact_ids))))
    return ControlledOutput(
        located.mineral,
        located.year,
        rule,
        located.unit,
        located.world,
        {UNKNOWN: unknown, **ranked},
        {UNKNOWN: 0.0, **low},
        {UNKNOWN: max(unknown, located.world - sum(low.values())), **high},
        tuple(parts),
        notes,
        facts,
    )

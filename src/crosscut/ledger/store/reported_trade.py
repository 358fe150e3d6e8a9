"""Reported trade: what countries report to UN Comtrade, as facts of a route.

Importer and exporter report the same shipment apart from each other; both reports state the same thing, so
where they differ the ledger shows a conflict. The importer's come first: where nothing else decides, the rule
of conflicts takes the first, and customs look closer at what comes in than at what leaves.

Source: United Nations, International Merchandise Trade Statistics: Concepts and Definitions 2010 (imports
are the better recorded side).

Tests: tests/ledger/test_accepted_facts.py
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from crosscut.base.bundled import bundled_text
from crosscut.base.places import by_trade_code
from crosscut.ledger.minerals import all_minerals
from crosscut.ledger.own_tables import ENTRIES
from crosscut.ledger.store.accepted import Accepted, ReleasedFacts
from crosscut.ledger.store.extract_facts import place_name
from crosscut.ledger.store.fact import Fact, Source
from crosscut.ledger.store.validate_rows import fact_id

if TYPE_CHECKING:
    import polars as pl

FACTS = "comtrade/reported_trade"  # the table that the facts name
_MEASURES = (("net_kg", "weight", "t gross", 1e-3), ("value_usd", "value", "USD", 1.0))


# Headings of the Harmonized System that hold one metal and what is made of it, in every revision.
HEADINGS: Mapping[str, str] = {
    "8101": "tungsten",
    "8102": "molybdenum",
    "8103": "tantalum",
    "8104": "magnesium",
    "8105": "cobalt",
    "8106": "bismuth",
    "8107": "cadmium",
    "8108": "titanium",
    "8109": "zirconium",
    "8110": "antimony",
    "8111": "manganese",
}


def mineral_of_code(code: str) -> str:
    """Whose ledger a customs code belongs to.

    Parameters
    ----------
    code : str
        HS code of six digits.

    Returns
    -------
    str
        The mineral; empty for a code of no mineral here, and for one that several minerals share.

    Examples
    --------
    >>> [mineral_of_code(c) for c in ("261100", "810194", "284180", "811292")]
    ['tungsten', 'tungsten', 'tungsten', '']
    """
    return _minerals_by_code().get(code) or HEADINGS.get(code[:4], "")


@cache
def _minerals_by_code() -> Mapping[str, str]:
    """The codes that stand for one mineral in the tables of forms, of stages and of the indicators."""
    found: dict[str, set[str]] = defaultdict(set)
    for own in ENTRIES.values():
        for r in csv.DictReader(bundled_text("facts", f"{own.stages}.csv").splitlines()):
            for column in ("hs92", "hs2017"):
                found[r[column].replace(".", "")].add(own.mineral)
    for r in csv.DictReader(bundled_text("facts", "minerals", "forms.csv").splitlines()):
        for column in ("hs92", "hs2017", "hs2022"):
            found[r[column]].add(r["mineral"].partition(":")[0])
    for mineral in all_minerals().values():
        for code in mineral.hs92:
            found[code].add(mineral.ledger[0] or mineral.name)
    return {c: min(names) for c, names in found.items() if len(names) == 1 and c.isdigit() and len(c) == 6}


def reported_trade_facts(frame: pl.DataFrame, accepted: Accepted) -> ReleasedFacts:
    """Accepted answers of UN Comtrade as facts.

    Parameters
    ----------
    frame : polars.DataFrame
        The dataset `reported_trade`.
    accepted : Accepted
        Which version it is.

    Returns
    -------
    ReleasedFacts
        For every route, year and code of a mineral its weight (t gross) and value (USD); a weight that is not
        known is withheld.
    """
    source = Source(
        f"{accepted.source}-{accepted.version}",
        f"UN Comtrade, trade as reported, {accepted.release}, as pulled",
        "https://comtradeplus.un.org",
        accepted.pulled,
        accepted.pulled,
        "original",
        "UN Comtrade terms",
    )
    lines = sorted(frame.iter_rows(named=True), key=lambda r: (r["flow"] not in ("M", "RM"), r["year"]))
    facts = [f for line in lines for f in _facts(line, source)]
    return ReleasedFacts(source, {}, (), facts)


def _facts(line: Mapping[str, Any], source: Source) -> list[Fact]:
    """Weight and value of one report; none for a code of no mineral here."""
    mineral = mineral_of_code(line["code"])
    if not mineral:
        return []
    reporter, partner = (by_trade_code(str(line[k])).code for k in ("reporter", "partner"))
    imports = line["flow"] in ("M", "RM")
    route = (partner, reporter) if imports else (reporter, partner)
    what = {"M": "trade", "X": "trade", "RM": "re-imports", "RX": "re-exports", "DX": "domestic exports"}
    out = []
    for column, measure, unit, factor in _MEASURES:
        value = line[column]
        estimated = column == "net_kg" and line["net_estimated"]
        content = {k: str(line[k]) for k in ("classification", "code", "reporter", "partner", "flow", "year")}
        out.append(
            Fact(
                id=fact_id(FACTS, {**content, measure: str(value), "source_id": source.id}),
                mineral=mineral,
                table=FACTS,
                subject_kind="route",
                subject_id=" / ".join(route),
                subject=" to ".join(place_name(c) for c in route),
                attribute=f"{what.get(line['flow'], line['flow'])} as reported, {measure}: HS {line['code']}",
                value=None if value is None else value * factor,
                unit=unit,
                period=str(line["year"]),
                low=None,
                high=None,
                source_id=source.id,
                evidence_status="estimated" if estimated else "reported",
                note=f"reported by {place_name(reporter)} as {'imports' if imports else 'exports'},"
                f" {line['classification']}",
                basis="gross" if column == "net_kg" else "",
            )
        )
    return out

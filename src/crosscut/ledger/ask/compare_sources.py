"""Beside: what USGS, World Mining Data and BGS say the world makes of a mineral, stage by stage, and whether
they join.

Stages are lined up by name and content: oxides are converted to the element by stoichiometry, ores whose
grade is not stated are not. A source is its own sum over countries; where USGS prints a rounded world total
instead, that. Two sources join, so that the countries one of them lumps together may be taken from the
other, only where their world totals of the same stage, content and year lie within `BAND`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from crosscut.ledger.ask.conflicts import picked
from crosscut.ledger.own_tables import OwnTables, own_tables
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import as_number, rows, sources

BAND = 0.10  # (largest - smallest) / largest world total
NAMES = ("USGS", "World Mining Data", "BGS")
TO_ELEMENT = {
    "contained Li2O": ("contained Li", 0.46453),
    "contained Nb2O5": ("contained Nb", 0.69904),
    "contained Ta2O5": ("contained Ta", 0.81897),
}
# The same stage or content under another name, by mineral.
_FORM = {
    ("gallium", "refined (primary low-purity)"): "refined (primary)",
    ("titanium", "mine (ilmenite)"): "mine (all minerals)",
    ("titanium", "mine (rutile)"): "mine (all minerals)",
}
_CONTENT = {
    ("aluminium", "gross (dry)"): "gross",
    ("arsenic", "gross As2O3 (stage recalled)"): "gross As2O3",
    ("copper", "gross (metal, primary and secondary)"): "gross (metal)",
    ("zirconium", "gross (zircon and baddeleyite concentrate)"): "gross (zircon)",
}
_GROUPS = ("WLD", "TOP3", "EU27", "URENCO (GBR,DEU,NLD,USA)")

Stage = tuple[str, str, str]  # form, content, year
SourceRow = dict[str, Any]


def sources_beside(ledger: Ledger, mineral: str) -> list[SourceRow]:
    """What USGS, World Mining Data and BGS say the world makes of a mineral, and whether they join.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".

    Returns
    -------
    list of dict
        One row a stage, content and year, sorted by these. "USGS", "World Mining Data" and "BGS" hold tonnes
        of the content named (None where a source has none here); "spread" is (largest - smallest) / largest,
        a fraction; "verdict" says whether it lies within `BAND`.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> r = next(r for r in sources_beside(ledger, "tungsten") if r["year"] == "2024")
    >>> r["USGS"], r["World Mining Data"], r["verdict"]
    (82000.0, 75416.0, 'joined: within 10 %')
    """
    found = _of_facts(ledger, own) if (own := own_tables(mineral)) else _of_shared_tables(ledger, mineral)
    out = []
    for (form, content, year), by in sorted(found.items()):
        values = [v for v in by.values() if v]
        spread = (max(values) - min(values)) / max(values) if len(values) > 1 else None
        out.append(
            {
                "form": form,
                "content": content,
                "year": year,
                **{n: by.get(n) for n in NAMES},
                "spread": spread,
                "verdict": _verdict(spread),
            }
        )
    return out


def _verdict(spread: float | None) -> str:
    if spread is None:
        return "one source only"
    return (
        f"joined: within {100 * BAND:.0f} %" if spread <= BAND else f"kept apart: {100 * spread:.1f} % apart"
    )


def deviations(ledger: Ledger, mineral: str) -> list[SourceRow]:
    """Countries on which another source is more than `BAND` from USGS and that are above 2 % of the world.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".

    Returns
    -------
    list of dict
        One row a country and year: form, content, country (ISO3), year, other (the source), ratio of the
        other source to USGS (None where USGS has zero), reason.
    """
    if own := own_tables(mineral):
        return _deviations_of_facts(ledger, own)
    return [
        {
            "form": r["form"],
            "content": r["content_basis"],
            "country": r["country_iso3"],
            "year": r["year"],
            "other": r["other"],
            "ratio": as_number(r["ratio"]),
            "reason": r["reason"],
        }
        for r in rows(ledger, "minerals/deviations")
        if r["mineral"] == mineral
    ]


def _of_shared_tables(ledger: Ledger, mineral: str) -> dict[Stage, dict[str, float]]:
    """USGS from its latest edition of the year: the printed world total where there is one, else the sum of
    its countries (the two differ by rounding). A withheld country makes a sum too small; the printed total
    holds it.
    """
    printed: dict[Stage, dict[str, float]] = defaultdict(dict)
    summed: dict[Stage, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    titles = sources(ledger)
    for r in rows(ledger, "minerals/stage_production"):
        title = titles[r["source_id"]].title
        value = as_number(r["value"])
        usgs = title.startswith("USGS Mineral Commodity Summaries") and "data release" in title
        if (
            r["mineral"] != mineral
            or not usgs
            or value is None
            or r["unit"] != "t"
            or "capacity" in r["form"]
        ):
            continue
        stage, factor = _stage(mineral, r["form"], r["content_basis"], r["year"])
        if r["country_iso3"] == "WLD":
            printed[stage][r["form"]] = value * factor
        elif r["country_iso3"] not in _GROUPS:
            summed[stage][r["form"]] += value * factor
    out: dict[Stage, dict[str, float]] = defaultdict(dict)
    for stage in {*printed, *summed}:
        forms = sorted({*printed[stage], *summed[stage]})
        out[stage]["USGS"] = sum(printed[stage].get(f, summed[stage].get(f, 0.0)) for f in forms)
    for r in rows(ledger, "minerals/world_totals"):
        value = as_number(r["value"])
        if r["mineral"] == mineral and value is not None:
            stage, factor = _stage(mineral, r["form"], r["content_basis"], r["year"])
            name = "World Mining Data" if "World Mining Data" in titles[r["source_id"]].title else "BGS"
            out[stage][name] = value * factor
    return out


def _stage(mineral: str, form: str, content: str, year: str) -> tuple[Stage, float]:
    content, factor = TO_ELEMENT.get(content, (_CONTENT.get((mineral, content), content), 1.0))
    return (_FORM.get((mineral, form), form), content, year), factor


def _of_facts(ledger: Ledger, own: OwnTables) -> dict[Stage, dict[str, float]]:
    """USGS in the edition the ledger picks for the year; World Mining Data summed over its countries."""
    out: dict[Stage, dict[str, float]] = defaultdict(dict)
    titles = sources(ledger)
    editions: dict[str, list[Fact]] = defaultdict(list)
    for f in ledger.store.facts(own.mineral):
        if f.attribute != "mine production" or f.subject_id != "WLD" or not isinstance(f.value, float):
            continue
        if f.table == "reference/production":
            out["mine", own.content, f.period]["World Mining Data"] = f.value
        elif titles[f.source_id].title.startswith("USGS"):
            editions[f.period].append(f)
    for year, facts in editions.items():
        value = picked(facts, titles)[0].value
        if isinstance(value, float):
            out["mine", own.content, year]["USGS"] = value
    return out


def _deviations_of_facts(ledger: Ledger, own: OwnTables) -> list[SourceRow]:
    titles = sources(ledger)
    editions: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    other: dict[tuple[str, str], float] = {}
    world: dict[str, float] = {}
    for f in ledger.store.facts(own.mineral):
        if f.attribute != "mine production" or not isinstance(f.value, float):
            continue
        key = (f.subject_id, f.period)
        if f.subject_id == "WLD":
            world[f.period] = max(world.get(f.period, 0.0), f.value)
        elif f.table == "reference/production":
            other[key] = f.value
        elif titles[f.source_id].title.startswith("USGS"):
            editions[key].append(f)
    usgs: dict[tuple[str, str], tuple[str, float]] = {}
    for key, facts in editions.items():
        best = picked(facts, titles)[0]
        if isinstance(best.value, float):
            usgs[key] = (titles[best.source_id].published, best.value)
    out = []
    for (country, year), value in sorted(other.items(), key=lambda x: (x[0][1], x[0][0])):
        found = usgs.get((country, year))
        if found is None or max(value, found[1]) <= 0.02 * world.get(year, 0.0):
            continue
        ratio = value / found[1] if found[1] else None
        if ratio is None or not 1 / (1 + BAND) <= ratio <= 1 + BAND:
            out.append(
                {
                    "form": "mine",
                    "content": own.content,
                    "country": country,
                    "year": year,
                    "other": "World Mining Data",
                    "ratio": ratio,
                    "reason": (
                        f"World Mining Data {value:,.0f} t, USGS ({found[0]}) {found[1]:,.0f} t; which is"
                        " right is not known"
                    ),
                }
            )
    return out

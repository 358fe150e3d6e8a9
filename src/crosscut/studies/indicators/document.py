"""Document: the rows of an answer as one result (`crosscut.result/1`, kind `indicators`)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from crosscut.base.errors import Problem
from crosscut.base.places import all_places, blocs
from crosscut.base.version import __version__
from crosscut.ledger.minerals import sorted_out
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import sealed, table
from crosscut.studies.indicators.answers import IndicatorAnswer
from crosscut.studies.indicators.answers.company import Supplier
from crosscut.studies.indicators.geopolrisk import geopolrisk
from crosscut.studies.indicators.panel import ESTIMATE, FIRST_TRADE_YEAR, IMPUTED, LAST_TRADE_YEAR, PRINTED
from crosscut.studies.indicators.rows import IndicatorRow
from crosscut.studies.indicators.uncertainty import DRAWS, SEED

NO_WORLD = "facts"  # grade of a result that rests on facts alone, without a balanced world


def document(a: IndicatorAnswer, minerals: Sequence[str], data: str) -> dict[str, Any]:
    """The result of an answer; `data` is the sha256 of the data behind it.

    `inputs.world.grade` is "facts": no world was balanced. `status.ok` is false where a mineral or year was
    refused.
    """
    tables = {"indicators": table("indicators", [r.as_dict() for r in a.rows])}
    return _sealed(a.rows, tables, ", ".join(minerals), (min(a.years), max(a.years)), data, a.problems, ())


def company_document(
    rows: Sequence[IndicatorRow], suppliers: Sequence[Supplier], data: str
) -> dict[str, Any]:
    """The result of a company's purchases: `indicators` with place COMPANY, and `purchases` line by line."""
    lines = [
        {
            "line": s.purchase.line,
            "supplier": s.purchase.supplier,
            "mineral": s.purchase.mineral.name if s.purchase.mineral else None,
            "year": s.purchase.year,
            "tonnes": s.purchase.tonnes,
            "usd": s.purchase.usd,
            "instability": s.instability,
            "behind": ", ".join(f"{c} {share:.0%}" for c, share in s.behind),
            "status": s.status,
        }
        for s in suppliers
    ]
    tables = {
        "indicators": table("indicators", [r.as_dict() for r in rows]),
        "purchases": table("purchases", lines),
    }
    problems = tuple(s.purchase.problem for s in suppliers if s.purchase.problem)
    years = [s.purchase.year for s in suppliers]
    minerals = ", ".join(dict.fromkeys(s.purchase.mineral.name for s in suppliers if s.purchase.mineral))
    places = {c for s in suppliers for c in (s.purchase.supplier, *(o for o, _ in s.behind))}
    return _sealed(rows, tables, minerals, (min(years), max(years)), data, problems, places)


def _sealed(
    rows: Sequence[IndicatorRow],
    tables: dict[str, Any],
    minerals: str,
    years: tuple[int, int],
    data: str,
    problems: Sequence[Problem],
    places: Iterable[str],
) -> dict[str, Any]:
    used = {*(r.place for r in rows), *(r.variant for r in rows), *places}
    content = {
        "kind": "indicators",
        "inputs": {
            "mineral": minerals,
            "world": {"year": years[1], "hash": data, "grade": NO_WORLD},
            "scenario": None,
            "seed": SEED,
            "draws": DRAWS,
            "code": __version__,
            "data": data,
        },
        "status": {"ok": not problems, "failed_draws": 0, "failed": [], "certificate": {}},
        "horizon": {
            "from": f"{years[0]}-01-01",
            "to": f"{years[1]}-12-31",
            "meaning": "Calendar years of the facts.",
        },
        "tables": tables,
        "statements": [{"text_key": "refused", "text": str(p), "refs": []} for p in problems],
        "assumptions": [
            {
                "id": f"sd-{what}",
                "what": f"relative standard deviation of {words}",
                "value": value,
                "low": None,
                "high": None,
                "standing": "assumed",
            }
            for what, words, value in (
                ("printed", "a printed figure", PRINTED),
                ("estimated", "an estimated figure", ESTIMATE),
                ("imputed", "an imputed figure", IMPUTED),
            )
        ],
        "facts": sorted({f for r in rows for f in r.facts}),
        "limits": [
            {"what": "Errors of the facts are taken as independent", "bias": "intervals too narrow"},
            {"what": "Trade codes are gross tonnes and pool products", "bias": "either way, by grade"},
            {
                "what": "Governance is political stability alone",
                "bias": "either way against six-indicator means",
            },
        ],
        "observed": [],
        "places": {c: all_places()[c].name for c in sorted(used & set(all_places()))},
    }
    return sealed(content, datetime.now(UTC).isoformat(timespec="seconds"))


def geopolrisk_of_every_country(ledger: Ledger, result: dict[str, Any]) -> bytes | None:
    """GeoPolRisk of every country and bloc for the minerals and years of a result, as Parquet; None where no
    mineral of the result has trade figures."""
    rows = result["tables"]["indicators"]["rows"]
    known, _ = sorted_out(list(dict.fromkeys(r["mineral"] for r in rows)))
    chosen = [m for m in known if m.hs92]
    years = [
        y
        for y in range(int(result["horizon"]["from"][:4]), int(result["horizon"]["to"][:4]) + 1)
        if FIRST_TRADE_YEAR <= y <= LAST_TRADE_YEAR
    ]
    if not chosen or not years:
        return None
    buffer = io.BytesIO()
    geopolrisk(ledger, chosen, years, blocs()).write_parquet(buffer)
    return buffer.getvalue()

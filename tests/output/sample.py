"""A made-up result of the size of a real one: two forms, 27 places, every table filled, nothing solved.

The numbers are of the order of a tungsten run so that a screen can be judged; they are not results.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from crosscut.results import SCHEMA_ID, CitedFact, Document, ResultTable, result_id

NAMES = {
    "AUS": "Australia",
    "AUT": "Austria",
    "BOL": "Bolivia",
    "BRA": "Brazil",
    "CAN": "Canada",
    "CHN": "China",
    "COD": "DR Congo",
    "DEU": "Germany",
    "ESP": "Spain",
    "EUO": "EU27 without Austria and Germany",
    "GBR": "United Kingdom",
    "IND": "India",
    "ISR": "Israel",
    "JPN": "Japan",
    "KAZ": "Kazakhstan",
    "KOR": "South Korea",
    "MMR": "Myanmar",
    "NGA": "Nigeria",
    "OTH": "Rest of the world",
    "PHL": "Philippines",
    "PRK": "North Korea",
    "PRT": "Portugal",
    "RUS": "Russia",
    "RWA": "Rwanda",
    "TWN": "Taiwan",
    "USA": "United States",
    "VNM": "Viet Nam",
}
PLACES = {**NAMES, "EU27": "European Union (27)"}

MINED = {
    "CHN": 67000,
    "VNM": 3400,
    "RUS": 2000,
    "PRK": 1700,
    "BOL": 1500,
    "RWA": 1200,
    "AUS": 1000,
    "AUT": 800,
    "MMR": 800,
    "ESP": 700,
    "PRT": 500,
    "BRA": 500,
    "NGA": 400,
    "COD": 200,
}
REFINED = {
    "CHN": 61000,
    "USA": 5200,
    "AUT": 4200,
    "VNM": 4000,
    "DEU": 3500,
    "EUO": 2700,
    "JPN": 2300,
    "RUS": 2000,
    "KOR": 800,
    "IND": 700,
}
USED = {
    "CHN": 41000,
    "USA": 9500,
    "EUO": 8700,
    "JPN": 7500,
    "OTH": 4200,
    "DEU": 3600,
    "KOR": 3400,
    "IND": 2200,
    "RUS": 2100,
    "AUT": 1800,
    "GBR": 900,
    "ISR": 700,
    "TWN": 600,
    "BRA": 500,
    "CAN": 400,
    "PHL": 300,
    "VNM": 300,
}
USES = {"hard metal": 0.6, "steel": 0.2, "mill products": 0.12, "chemicals": 0.08}


def _spread(median: float | None, width: float) -> dict[str, float | None]:
    if median is None:
        return {"p10": None, "median": None, "p90": None}
    return {"p10": median - width, "median": median, "p90": median + width}


def _flows(made: dict[str, float], used: dict[str, float]) -> dict[tuple[str, str], float]:
    """Flows with the given margins (proportional fitting from own use first), deterministic."""
    rows, columns = list(made), list(used)
    x = np.array(
        [
            [
                1.0
                + (400 if i == "CHN" and made is not REFINED and "BOL" in made else 6) * (i == j)
                + 0.7 * np.sin(7 * a + 3 * b) ** 2
                for b, j in enumerate(columns)
            ]
            for a, i in enumerate(rows)
        ]
    )
    supply = np.array([made[i] for i in rows], float)
    use = np.array([used[j] for j in columns], float) * supply.sum() / sum(used.values())
    for _ in range(200):
        x *= (supply / x.sum(axis=1))[:, None]
        x *= use / x.sum(axis=0)
    return {
        (i, j): float(x[a, b]) for a, i in enumerate(rows) for b, j in enumerate(columns) if x[a, b] > 0.1
    }


def _price_rows() -> list[dict[str, Any]]:
    def row(
        form: str, place: str, basis: str, base: float | None, after: float | None, **more: Any
    ) -> dict[str, Any]:
        band = {"p10": None, "median": None, "p90": None}
        if after is not None:
            band = {"p10": after * 0.68, "median": after, "p90": after * 1.44}
        moved = after is not None and base is not None
        return {
            "form": form,
            "place": place,
            "basis": basis,
            "unit": "USD/mtu WO3",
            "base": base,
            **band,
            "change": after / base - 1 if moved else None,
            "effect_p10": None if after is None else after * 0.87,
            "effect_p90": None if after is None else after * 1.24,
            "sampling_error": None if after is None else after * 0.01,
            "told_apart": True if moved else None,
            "status": "active",
            "headline": False,
            **more,
        }

    rows = [
        row("refined", "EU27", "paid", 339.0, 512.3, headline=True),
        row("refined", "CHN", "inside", 318.0, 301.7, headline=True),
        row("concentrate", "EU27", "paid", 261.0, 377.0, headline=True),
    ]
    for k, code in enumerate(USED):
        rows.append(row("refined", code, "paid", 325.0 + 3 * k, 480.0 + 7 * k))
    rows.append(row("refined", "PHL", "marginal", 350.0, None, status="no_supply"))
    rows.append(row("refined", "BOL", "paid", None, None, status="inactive"))
    rows.append(
        row("refined", "ISR", "marginal", 352.0, 2900.0, status="active; beyond_backstop in 3 of 200 draws")
    )
    return rows


def sample_tables() -> dict[str, Any]:
    """Every declared table, filled."""
    ore0, apt0 = _flows(MINED, REFINED), _flows(REFINED, USED)
    more = {c: v * (1.06 if c != "CHN" else 1.0) for c, v in MINED.items()}
    ore1 = _flows(more, {c: v * (1.08 if c != "CHN" else 0.94) for c, v in REFINED.items()})
    made = {c: v * (1.09 if c != "CHN" else 0.9) for c, v in REFINED.items()}
    wanted = {c: v * (0.72 if c in ("JPN", "USA") else 1.04 if c == "CHN" else 0.84) for c, v in USED.items()}
    apt1 = _flows(made, wanted)
    flows = []
    for form, before, after in (("concentrate", ore0, ore1), ("refined", apt0, apt1)):
        for i, j in before:
            t = after.get((i, j), 0.0)
            flows.append(
                {"form": form, "origin": i, "destination": j, "base": before[i, j], **_spread(t, t * 0.22)}
            )
    supply = [
        {"form": form, "country": c, "source": source, "base": float(v), **_spread(v * f, v * 0.05)}
        for form, source, levels in (("concentrate", "primary", MINED), ("refined", "refining", REFINED))
        for c, v in levels.items()
        for f in ((1.06,) if c != "CHN" else (0.95,))
    ]
    shortages = []
    for c, base in USED.items():
        short = base - wanted[c] * 0.93
        gone = c == "PHL"  # no supply reaches it: no number after
        for use, part in (("all", 1.0), *(USES.items() if c in ("CHN", "USA", "JPN", "DEU") else ())):
            shortages.append(
                {
                    "form": "refined",
                    "country": c,
                    "use": use,
                    "base": base * part,
                    **_spread(None if gone else short * part, abs(short) * part * 0.4),
                    "share": None if gone else short / base,
                    "status": "no_supply" if gone else "active",
                }
            )
    welfare = []
    for c in NAMES:
        buyers, makers = -USED.get(c, 0) * 0.021, (MINED.get(c, 0) + REFINED.get(c, 0)) * 0.008
        rents = 290.0 if c == "CHN" else 0.0
        parts = {"buyers": buyers, "miners": makers * 0.7, "processors": makers * 0.3, "rents": rents}
        for item, v in {**parts, "total": sum(parts.values())}.items():
            if abs(v) > 1e-3:
                welfare.append(
                    {
                        "country": c,
                        "item": item,
                        "unit": "million USD a year",
                        "central": v,
                        **_spread(v, abs(v) * 0.5),
                    }
                )
    wedges = [
        {
            "form": "refined",
            "origin": "CHN",
            "destination": j,
            "kind": "quota rent",
            "rent_to": "exporters",
            "unit": "USD per t contained",
            **_spread(19_400.0 + 100 * k, 8_000.0),
        }
        for k, j in enumerate(USED)
        if j != "CHN"
    ]
    wedges.append(
        {
            "form": "refined",
            "origin": "CHN",
            "destination": "USA",
            "kind": "tariff",
            "rent_to": "public revenue",
            "unit": "USD per t contained",
            **_spread(10_100.0, 900.0),
        }
    )
    drivers = [
        {
            "event": "licence",
            "title": "Export licences on refined tungsten",
            "share": 0.71,
            "error": 0.0,
            "binds": True,
            "rent": 291.4,
            "rent_to": "exporters",
        },
        {
            "event": "mine-quota",
            "title": "Mine quota cut by 6.45 %",
            "share": 0.34,
            "error": 0.0,
            "binds": True,
            "rent": 88.0,
            "rent_to": "exporters",
        },
        {
            "event": "demand",
            "title": "Weaker demand for steel",
            "share": -0.05,
            "error": 0.0,
            "binds": False,
            "rent": None,
            "rent_to": None,
        },
        {
            "event": "strike",
            "title": "Strike at one mine",
            "share": None,
            "error": None,
            "binds": False,
            "rent": 0.0,
            "rent_to": None,
        },
    ]
    moves = [
        {
            "cell": "trade/concentrate/RWA/USA",
            "before": 412.0,
            "after": 388.0,
            "reason": "balanced to recorded supply",
        },
        {
            "cell": "trade/refined/CHN/KOR",
            "before": None,
            "after": 1240.0,
            "reason": "missing quantity, from unit value",
        },
    ]
    return {
        "prices": table("prices", _price_rows()),
        "flows": table("flows", flows),
        "supply": table("supply", supply),
        "shortages": table("shortages", shortages),
        "welfare": table("welfare", welfare),
        "wedges": table("wedges", wedges),
        "drivers": table("drivers", drivers),
        "moves": table("moves", moves),
    }


def _observed() -> list[dict[str, Any]]:
    def seen(
        value: float, date: str, verdict: str, ref: str = "prices/refined/EU27/paid", **more: str
    ) -> dict[str, Any]:
        return {
            "ref": ref,
            "value": value,
            "unit": "USD/mtu WO3",
            "date": date,
            "fact": f"fact-{date}",
            "series": "APT Rotterdam",
            "source": "A price agency",
            "role": "observed",
            "verdict": verdict,
            "note": "",
            **more,
        }

    return [
        seen(352.5, "2025-03-31", "inside the interval"),
        seen(471.0, "2025-06-30", "inside the interval"),
        seen(615.0, "2025-09-30", "inside the interval"),
        seen(862.5, "2025-12-31", "above the interval", note="two months before the window ends"),
        seen(
            640.0,
            "2025-12-31",
            "above the interval",
            "prices/concentrate/EU27/paid",
            series="Concentrate Rotterdam",
        ),
        seen(
            282000.0,
            "2025-09-30",
            "not compared: quoted in CNY/t",
            "prices/refined/CHN/inside",
            unit="CNY/t",
            series="APT China, with VAT",
        ),
    ]


def table(name: str, rows: Any) -> dict[str, Any]:
    """A declared table in JSON form."""
    return ResultTable.of(name, rows).form()


def with_rows(document: Document, **tables: Any) -> Document:
    """The document with other rows in some tables, unchecked: also as an older version wrote them."""
    changed = {n: replace(document.tables[n], rows=rows) for n, rows in tables.items()}
    return replace(document, tables={**document.tables, **changed})


def sample_result(**changes: Any) -> Document:
    """A result that passes the schema; `changes` replace parts of the document before it is sealed."""
    document = {
        "kind": "run",
        "inputs": {
            "mineral": "tungsten",
            "world": {"year": 2024, "hash": "a" * 64, "grade": "B"},
            "scenario": {
                "id": "made-up",
                "hash": "b" * 64,
                "title": "China licenses exports of refined tungsten",
            },
            "seed": 1,
            "draws": 200,
            "code": "0.1.0",
            "data": "d" * 64,
        },
        "status": {
            "ok": False,
            "failed_draws": 1,
            "failed": [
                {
                    "draw": 17,
                    "market": {"form": "refined", "place": "ISR"},
                    "reason": "the market did not clear",
                }
            ],
            "certificate": {"residual": 3.1e-10, "mass": 2.2e-12, "cap": 0.0, "money": 4.0e-13},
        },
        "horizon": {
            "from": "2025-02-04",
            "to": "2026-02-03",
            "meaning": "Prices are averages over the window, not peaks; tonnes and USD are a year's.",
        },
        "tables": sample_tables(),
        "statements": [
            {
                "text_key": "note",
                "text": (
                    "Prices of refined are rebased to 339 USD/mtu WO3 (APT Rotterdam, "
                    "2025-01-31); the model's base-year level there is 321."
                ),
                "refs": [],
            },
            {
                "text_key": "observed_outside",
                "text": "Reality lies outside: 862 USD/mtu WO3 on 2025-12-31 is above the interval.",
                "refs": ["prices/refined/EU27/paid"],
            },
        ],
        "assumptions": [
            {
                "id": "sigma/refined",
                "what": (
                    "Substitution between origins of refined within the window (elasticity at base prices)"
                ),
                "value": 1.0,
                "low": 0.5,
                "high": 2.0,
                "evidence_status": "assumed",
                "source": "Broda and Weinstein (2006): long run, an upper bound",
                "unit": "",
            },
            {
                "id": "eta/concentrate",
                "what": "Response of primary supply of concentrate to its price",
                "value": 0.09,
                "low": 0.03,
                "high": 0.25,
                "evidence_status": "derived",
                "source": "USGS Mineral Commodity Summaries 2026",
            },
            {
                "id": "event/licence",
                "what": "Export licences on refined tungsten",
                "value": 0.6,
                "low": 0.4,
                "high": 0.8,
                "evidence_status": "estimated",
                "source": "customs statistics, Feb-Aug 2025",
                "unit": "factor",
            },
            {
                "id": "noise/refined",
                "what": "Residual error of the price of refined (sd of the log)",
                "value": 0.26,
                "low": None,
                "high": None,
                "evidence_status": "derived",
                "unit": "log",
            },
        ],
        "facts": ["fact-mine-CHN", "fact-mine-VNM", "fact-price", "fact-unknown"],
        "limits": [
            {"what": "Hoarding by buyers", "bias": "price too low"},
            {"what": "The month-to-month path", "bias": "peaks too low"},
            {
                "what": "Year-to-year churn of trade is not in the draws",
                "bias": "intervals of flows too narrow",
            },
        ],
        "observed": _observed(),
        "places": PLACES,
        **changes,
    }
    form = {"schema": SCHEMA_ID, "id": "", "created_utc": "2026-03-02T09:15:00+00:00", **document}
    form["id"] = result_id(form)
    found = Document.from_form(form)
    details = sample_fact_details()
    return found.with_facts([CitedFact(f.id, **details.get(f.id, {})) for f in found.facts])


def sample_fact_details() -> dict[str, dict[str, Any]]:
    """Details for all facts of the sample but one."""
    return {
        "fact-mine-CHN": {
            "subject": "China",
            "attribute": "mine_output",
            "value": 67000,
            "unit": "t W",
            "period": "2024",
            "evidence_status": "estimated",
            "source_title": "Mineral Commodity Summaries",
            "source_url": "https://example.org/mcs",
            "published": "2026-02",
        },
        "fact-mine-VNM": {
            "subject": "Viet Nam",
            "attribute": "mine_output",
            "value": 3400,
            "unit": "t W",
            "period": "2024",
            "evidence_status": "reported",
            "source_title": "World mining data",
            "source_url": "javascript:alert(1)",
            "published": "2025-04-15",
        },
        "fact-price": {
            "subject": "APT Rotterdam",
            "attribute": "price",
            "value": None,
            "unit": "USD/mtu WO3",
            "period": "2025-01-31",
            "evidence_status": "reported",
            "source_title": "A price agency",
        },
    }

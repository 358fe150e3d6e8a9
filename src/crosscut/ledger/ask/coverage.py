"""Coverage: for each mineral, which forms and which data exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from crosscut.ledger.ask.ledger import facts_of, known_minerals
from crosscut.ledger.own_tables import OwnTables, own_tables
from crosscut.ledger.reference.tables import trade_codes
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import rows

_SHARED = ("forms", "stage_production", "prices", "market_class", "uses")


def minerals(ledger: Ledger) -> pl.DataFrame:
    """Which forms and which data the ledger has of each mineral.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    polars.DataFrame
        One row a mineral: forms (in process order), trade_codes (HS92 codes with trade data),
        production_years, price_years (lists, empty where there are none), market_class (null where there is
        none), end_uses and facts (counts).

    Notes
    -----
    Capacity is not production. World Mining Data beyond tungsten is not counted: it is fetched, not bundled.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> t = minerals(ledger).filter(mineral="tungsten")
    >>> t["trade_codes"][0].to_list()
    ['261100', '810110']
    """
    shared = {name: rows(ledger, f"minerals/{name}") for name in _SHARED}
    return pl.DataFrame(
        [
            _covered_by_own(ledger, entry) if (entry := own_tables(m)) else _covered(ledger, m, shared)
            for m in known_minerals(ledger)
        ],
        schema={
            "mineral": pl.String,
            "forms": pl.List(pl.String),
            "trade_codes": pl.List(pl.String),
            "production_years": pl.List(pl.String),
            "price_years": pl.List(pl.String),
            "market_class": pl.String,
            "end_uses": pl.Int64,
            "facts": pl.Int64,
        },
    )


def _covered(
    ledger: Ledger, mineral: str, shared: Mapping[str, tuple[dict[str, str], ...]]
) -> dict[str, Any]:
    of = {name: [r for r in table if r["mineral"] == mineral] for name, table in shared.items()}
    forms = sorted(of["forms"], key=lambda r: int(r["order"]))
    output = (r for r in of["stage_production"] if r["value"] and "capacity" not in r["form"])
    classes = [r["market_class"] for r in of["market_class"]]
    return {
        "mineral": mineral,
        "forms": [r["form"] for r in forms],
        "trade_codes": _with_trade(
            ledger, (code for r in forms for code in r["hs92"].replace("/", ";").split(";"))
        ),
        "production_years": _years(r["year"] for r in output),
        "price_years": _years(r["year"] for r in of["prices"] if r["value"]),
        "market_class": classes[0] if classes else None,
        "end_uses": len(of["uses"]),
        "facts": len(facts_of(ledger, mineral)),
    }


def _covered_by_own(ledger: Ledger, own: OwnTables) -> dict[str, Any]:
    stages = [r for r in rows(ledger, own.stages) if r["stage"] != "unit"]
    return {
        "mineral": own.mineral,
        "forms": list(dict.fromkeys(r["stage"] for r in stages)),
        "trade_codes": _with_trade(ledger, (r["hs92"].replace(".", "") for r in stages)),
        "production_years": _years(r["year"] for r in rows(ledger, own.output.name) if r[own.output.tonnes]),
        "price_years": _years(r["date"] for r in rows(ledger, own.prices) if r["value"] or r["low"]),
        "market_class": None,
        "end_uses": sum("share" in r["metric"] for r in rows(ledger, own.demand)),
        "facts": len(facts_of(ledger, own.mineral)),
    }


def _with_trade(ledger: Ledger, codes: Iterable[str]) -> list[str]:
    return sorted({c.strip() for c in codes} & set(trade_codes(ledger)))


def _years(periods: Iterable[str]) -> list[str]:
    return sorted({p[:4] for p in periods if p[:4].isdigit()})

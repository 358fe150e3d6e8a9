"""Tables: the ledger as statements, so that the same rules run on it as on an article.

Every numeric fact of every mineral and topic is a statement in the document "table, source"; the adapters
add what the rows of a table mean together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from crosscut.ledger.ask.ledger import facts_of, known_minerals
from crosscut.ledger.consistency.adapters import (
    Row,
    Told,
    by_country,
    control,
    deposits_and_countries,
    facility_sheets,
    history,
    holdings,
    matrix,
    periods,
    pies,
)
from crosscut.ledger.consistency.rules_quantity import HISTORY
from crosscut.ledger.consistency.statement import PartOf, StatedFigure, rounding
from crosscut.ledger.own_tables import ENTRIES
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.extract_facts import facts_of_row
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import rows, units

# Words of an attribute or unit whose figure may be negative or above 100.
_SIGNED = (
    "change",
    "growth",
    "y/y",
    "trend",
    "balance",
    "stock",
    "elasticity",
    "net ",
    "increase",
    "anomaly",
    "index",
    "beta",
)


def everything_told(ledger: Ledger) -> list[Told]:
    """Every table of every mineral and topic as statements.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    list of Told
        In the order of the tables; World Mining Data come last, by year and as histories.
    """
    out = [t for name in TABLES for t in told_of_rows(ledger, name, rows(ledger, name))]
    fetched = [f for m in ENTRIES for f in facts_of(ledger, m) if f.table == "reference/production"]
    plain = tuple(_plain(ledger, f) for f in fetched if isinstance(f.value, float))
    past = tuple(
        replace(s, document=f"ledger: {s.document}", attribute=HISTORY + s.attribute, pie=s.id) for s in plain
    )
    return [*out, Told(plain, PartOf()), Told(past, PartOf())]


def told_of_rows(ledger: Ledger, name: str, table: Sequence[Row]) -> list[Told]:
    """Rows of one table as statements.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    name : str
        The table, such as "tungsten/production".
    table : sequence of dict
        Its rows, column -> text.

    Returns
    -------
    list of Told
        Each number by itself, in the unit of its row, then what the adapters of the table say that rows mean
        together. Claimed numbers are left out of the first.
    """
    facts = (
        f
        for r in table
        for f, _ in facts_of_row(name, TABLES[name], r, units(ledger), known_minerals(ledger))
    )
    plain = tuple(
        _plain(ledger, f) for f in facts if isinstance(f.value, float) and f.evidence_status != "claimed"
    )
    return [
        Told(plain, PartOf()),
        *(adapter(table) for table_name, adapter in ADAPTERS if table_name == name),
        *(
            adapter(table, [r for other in others for r in rows(ledger, other)])
            for table_name, others, adapter in JOINED
            if table_name == name
        ),
    ]


def _plain(ledger: Ledger, f: Fact) -> StatedFigure:
    """One fact of the ledger, with its printed bounds or none."""
    value = f.value if isinstance(f.value, float) else float("nan")
    known = units(ledger).get(f.unit)
    kind = known.kind if known else ""
    signed = any(w in f"{f.attribute} {f.unit}".casefold() for w in _SIGNED)
    sort = (
        "number"
        if signed
        else "share"
        if kind == "share"
        else "amount"
        if kind in ("tonnage", "rate")
        else "number"
    )
    # Bounds of a tonnage are often printed to whole tonnes where the value is not.
    half = [
        rounding(f"{end:g}", "share") if kind == "tonnage" and end is not None else 0.0
        for end in (f.low, f.high)
    ]
    low = value if f.low is None else f.low - half[0]
    high = value if f.high is None else f.high + half[1]
    return StatedFigure(
        f.id,
        f"{f.mineral} {f.table} {f.source_id}",
        f.subject_id,
        f"{f.attribute} [{f.basis}]" if f.basis else f.attribute,
        sort,
        value,
        f.unit,
        f.period,
        low,
        high,
    )


def _output(table: Sequence[Row]) -> Told:
    return by_country(table, country="country_iso3", period="year", value="value", unit="unit", what="output")


ADAPTERS: tuple[tuple[str, Callable[[Sequence[Row]], Told]], ...] = (
    (
        "tungsten/production",
        lambda t: history(t, country="iso3", period="year", value="mine_production", unit="unit"),
    ),
    (
        "tungsten/reserves",
        lambda t: history(t, country="iso3", period="edition_year", value="reserves", unit="unit"),
    ),
    (
        "minerals/stage_production",
        lambda t: history(t, country="country_iso3", period="year", value="value", unit="unit"),
    ),
    (
        "tungsten/production",
        lambda t: by_country(
            t, country="iso3", period="year", value="mine_production", unit="unit", what="mine production"
        ),
    ),
    (
        "tungsten/reserves",
        lambda t: by_country(
            t, country="iso3", period="edition_year", value="reserves", unit="unit", what="reserves"
        ),
    ),
    ("minerals/stage_production", _output),
    (
        "minerals/uses",
        lambda t: pies(
            t,
            by=("mineral", "form_or_scope", "region", "year", "source_id"),
            member="end_use",
            value="share_pct",
            what="uses",
        ),
    ),
    (
        "tungsten/demand",
        lambda t: pies(
            t,
            by=("region", "year", "metric", "unit", "source_id"),
            member="product_or_use",
            value="value",
            what="demand",
            keep=lambda r: r["metric"].endswith("use_share"),
            complete=lambda pie: "carbide_use_share" in pie,
        ),
    ),
    (
        "tungsten/us_salient",
        lambda t: pies(
            t,
            by=("metric", "year", "source_id"),
            member="form_or_detail",
            value="value",
            what="import sources",
            keep=lambda r: r["metric"] == "import_source_share",
            complete=lambda pie: True,
        ),
    ),
    ("tungsten/facilities", facility_sheets),
    ("tungsten/facilities_more", facility_sheets),
    ("tungsten/stakes", holdings),
    ("tungsten/offtake", lambda t: periods(t, key="offtake_id")),
    ("tungsten/control_shares", control),
    ("tungsten/refined_matrix_estimate", matrix),
)

# (table, tables read beside it, what the rows of both mean together)
JOINED: tuple[tuple[str, tuple[str, ...], Callable[[Sequence[Row], Sequence[Row]], Told]], ...] = (
    (
        "tungsten/reserves",
        ("tungsten/facilities", "tungsten/facilities_more"),
        lambda t, sites: deposits_and_countries(t, sites),
    ),
)

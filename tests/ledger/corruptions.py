"""Corruptions: one known error put into a verified table. Each kind takes a generator and the table's rows
and returns (what was done, the rows after, the fact ids that are wrong). A kind knows nothing of the
rules."""

from __future__ import annotations

import numpy as np

from crosscut.ledger.store.tables import as_number, rows
from tests.ledgers import BUNDLED


def _copy(name):
    return [dict(r) for r in rows(BUNDLED, name)]


def _pick(rng, table, good):
    eligible = [k for k, r in enumerate(table) if good(r)]
    return eligible[int(rng.integers(len(eligible)))]


def _set(table, k, column, value):
    before = table[k][column]
    table[k][column] = value if isinstance(value, str) else f"{value:.10g}"
    return (
        f"{column} {before} -> {table[k][column]} in {[v for v in table[k].values() if v][:6]}",
        table,
        {table[k]["fact_id"]},
    )


def _positive(column):
    return lambda r: (as_number(r[column]) or 0) > 0


def _scaled(name, column, factor, good=lambda r: True):
    def corrupt(rng):
        table = _copy(name)
        k = _pick(rng, table, lambda r: _positive(column)(r) and good(r))
        return _set(table, k, column, float(table[k][column]) * factor)

    return name, corrupt


def _swapped(name, first, second):
    """Two columns of one row the wrong way round."""

    def corrupt(rng):
        table = _copy(name)
        k = _pick(rng, table, lambda r: r[first] and r[second] and r[first] != r[second])
        table[k][first], table[k][second] = table[k][second], table[k][first]
        return (
            f"{first} and {second} swapped in {[v for v in table[k].values() if v][:6]}",
            table,
            {table[k]["fact_id"]},
        )

    return name, corrupt


def _country_for_world(name, country, value, period):
    """The world's figure and that of a country exchanged."""

    def corrupt(rng):
        table = _copy(name)
        k = _pick(rng, table, lambda r: r[country] == "WLD" and _positive(value)(r))
        same = [
            n
            for n, r in enumerate(table)
            if r[country] not in ("WLD", "OTH")
            and _positive(value)(r)
            and all(
                r.get(c) == table[k].get(c)
                for c in (period, "source_id", "mineral", "form", "content_basis", "unit")
            )
        ]
        if not same:
            return corrupt(rng)
        other = same[int(rng.integers(len(same)))]
        table[k][value], table[other][value] = table[other][value], table[k][value]
        return (
            f"{table[other][country]} and WLD exchanged, {table[k][period]}",
            table,
            {table[k]["fact_id"], table[other]["fact_id"]},
        )

    return name, corrupt


def _second_value(name, column, good=lambda r: True):
    """A row again with another value, from the same source."""

    def corrupt(rng):
        table = _copy(name)
        k = _pick(rng, table, lambda r: _positive(column)(r) and good(r))
        again = {**table[k], "fact_id": "Fagain"}
        again[column] = f"{float(again[column]) * 1.3:.6g}"
        table.append(again)
        return (
            f"a second value {again[column]} beside {table[k][column]}",
            table,
            {table[k]["fact_id"], "Fagain"},
        )

    return name, corrupt


def _dropped_largest(name, country, value, period):
    """The largest country of a complete list lost in a copy."""

    def corrupt(rng):
        table = _copy(name)
        k = _pick(rng, table, lambda r: r[country] == "OTH")
        same = [
            r
            for r in table
            if r[period] == table[k][period]
            and r["source_id"] == table[k]["source_id"]
            and r[country] not in ("WLD", "OTH")
        ]
        lost = max(same, key=lambda r: as_number(r[value]) or 0)
        left = [r for r in table if r is not lost]
        wrong = {
            r["fact_id"] for r in left if r[period] == lost[period] and r["source_id"] == lost["source_id"]
        }
        return f"{lost[country]} {lost[period]} dropped", left, wrong

    return name, corrupt


KINDS = {
    "a country ten times too large": _scaled(
        "tungsten/production", "mine_production", 10, lambda r: r["iso3"] not in ("WLD",)
    ),
    "a country ten times too small": _scaled(
        "tungsten/production", "mine_production", 0.1, lambda r: r["iso3"] not in ("WLD",)
    ),
    "another mineral, a thousand times too small": _scaled("minerals/stage_production", "value", 0.001),
    "another mineral, ten times too large": _scaled("minerals/stage_production", "value", 10),
    "WO3 taken for W": _scaled(
        "tungsten/production", "mine_production", 1.261, lambda r: r["iso3"] not in ("WLD",)
    ),
    "world and country exchanged": _country_for_world(
        "minerals/stage_production", "country_iso3", "value", "year"
    ),
    "reserves, world and country exchanged": _country_for_world(
        "tungsten/reserves", "iso3", "reserves", "edition_year"
    ),
    "largest country lost": _dropped_largest("tungsten/production", "iso3", "mine_production", "year"),
    "a use share half as large again": _scaled("minerals/uses", "share_pct", 1.5),
    "an import share with its digits turned": _scaled(
        "tungsten/us_salient", "value", 1.8, lambda r: r["metric"] == "import_source_share"
    ),
    "grade ten times too high": _scaled("tungsten/facilities", "grade_wo3_pct", 10),
    "content in W, printed as WO3": _scaled("tungsten/facilities", "contained_wo3_t", 0.793),
    "ore with a digit lost": _scaled("tungsten/facilities", "tonnage_mt", 0.1),
    "control, percent mistyped": _scaled(
        "tungsten/control_shares",
        "share_percent",
        1.1,
        lambda r: r["measure"] in ("location", "owner", "offtaker"),
    ),
    "control, tonnes mistyped": _scaled(
        "tungsten/control_shares",
        "tonnes_w",
        0.9,
        lambda r: r["measure"] in ("location", "owner", "offtaker"),
    ),
    "a stake that ends before it begins": _swapped("tungsten/stakes", "from", "to"),
    "a holder with too much": _scaled(
        "tungsten/stakes", "share_percent", 1.7, lambda r: r["kind"] == "equity"
    ),
    "low and high exchanged": _swapped("tungsten/prices", "low", "high"),
    "a refined flow five times too large": _scaled(
        "tungsten/refined_matrix_estimate",
        "value_t_w",
        5,
        lambda r: "TOT" not in (r["origin_iso3"], r["user_iso3"]),
    ),
    "a second price for one month": _second_value("minerals/prices", "value"),
}

CLEAN = (
    "tungsten/production",
    "tungsten/reserves",
    "minerals/stage_production",
    "minerals/uses",
    "tungsten/us_salient",
    "tungsten/facilities",
    "tungsten/control_shares",
    "tungsten/stakes",
    "tungsten/prices",
    "tungsten/refined_matrix_estimate",
    "minerals/prices",
)


def harmless(rng, name):
    """A table changed in no way that matters: rows in another order, a tenth of them (no total) left out."""
    table = _copy(name)
    rng.shuffle(table)
    totals = ("WLD", "OTH", "TOT")
    complete = ("OTH",)  # a list that names everything must stay whole
    keyed = {
        (r.get("source_id"), r.get("year"), r.get("edition_year")) for r in table if complete[0] in r.values()
    }
    kept = []
    for r in table:
        whole = (r.get("source_id"), r.get("year"), r.get("edition_year")) in keyed or any(
            t in r.values() for t in totals
        )
        if whole or name in ("tungsten/us_salient", "tungsten/control_shares") or rng.random() > 0.1:
            kept.append(r)
    return kept


def corrupted(seed: int, each: int = 2):
    """`each` corruptions of every kind: (kind, table name, what was done, rows, wrong fact ids)."""
    rng = np.random.default_rng(seed)
    for kind, (name, corrupt) in KINDS.items():
        for _ in range(each):
            yield kind, name, *corrupt(rng)

"""Rows of control: whose the output is, by where it lies, by who owns it, by who has first call on it."""

from __future__ import annotations

import polars as pl

from crosscut.indicators.answers.facts import Facts
from crosscut.indicators.rows import Row, missing

# (measure, words the basis begins with) -> how the row is named
_VARIANTS = {
    ("location", "location"): "by location",
    ("owner", "named"): "by owner, named holders only",
    ("owner", "strict"): "by owner, strict (China's state groups counted as one)",
    ("offtaker", "first buyer"): "by offtake, first buyer of concentrate",
}
SHOWN = 3


def rows(f: Facts) -> list[Row]:
    """The largest controlling countries and the unknown part, for minerals whose stakes are on record."""
    from crosscut.facts.tables import table

    none = "stakes and offtake are on record for tungsten in 2024 only"
    if f.mineral.name != "tungsten":
        return [missing(f.mineral.name, "WLD", str(f.year), "control.share", "by owner", none)]
    t = table("tungsten/control_shares").filter(pl.col("year") == str(f.year))
    if t.is_empty():
        return [missing("tungsten", "WLD", str(f.year), "control.share", "by owner", none)]
    out = []
    for (measure, start), variant in _VARIANTS.items():
        part = t.filter((pl.col("measure") == measure) & pl.col("basis").str.starts_with(start))
        named = part.filter(pl.col("country_iso3") != "UNK").sort("share_percent", descending=True).head(SHOWN)
        unknown = part.filter(pl.col("country_iso3") == "UNK")
        blind = float(unknown["share_percent"][0]) / 100 if unknown.height else None
        for r in [*named.iter_rows(named=True), *unknown.iter_rows(named=True)]:
            ends = [float(r[c]) / 100 if r[c] else None for c in ("low_percent", "high_percent")]
            out.append(
                Row("tungsten", r["country_iso3"], r["year"], "control.share", variant, r["share_percent"] / 100, ends[0],
                    ends[1], None if blind is None else 1 - blind, r["standing"],
                    "ok" if r["country_iso3"] != "UNK" else "flagged: holder unknown, counted to no state",
                    "ledger: tungsten/control_shares", (r["fact_id"],))
            )  # fmt: skip
    return out

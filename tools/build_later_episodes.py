"""Writes the second set of episodes, `later/`, by the rule of docs/fidelity.md (Protocol, the second set).

Everything comes from tables that the package carries: measures and outages from `hazards`, prices of whole
years from `minerals/prices`. No outcome decides what is chosen. A test says that the files are current.

Run: python -m tools.build_later_episodes
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.ledgers import BUNDLED

from crosscut.base.places import all_places
from crosscut.ledger.store.tables import sources, table
from crosscut.studies.backtest.episode_tables import EXPORTER_COLUMNS, IMPORTER_COLUMNS
from crosscut.studies.backtest.folder import EPISODE_COLUMNS, bundled_folder, episodes_in

FIRST, LAST, LEAST = 2019, 2025, 5.0  # years of announcements that prices reach; per cent of the world
STOPS = ("ban", "suspension", "informal halt")
PARTS = ("licence", "quota")
CUTS = {"stop": (0.8, 1.0, 1.0), "part": (0.2, 0.5, 1.0)}
# Which prices belong to a mineral of the hazards tables, where its name is not that of the price table.
PRICED_AS = {
    "nickel ore": "nickel",
    "silicon metal": "silicon",
    "PGM": "platinum",
    "samarium": "rare earths: samarium",
    "gadolinium": "rare earths: gadolinium",
    "terbium": "rare earths: terbium",
    "dysprosium": "rare earths: dysprosium",
    "lutetium": "rare earths: lutetium",
}
PREFERRED = ("World Bank Pink Sheet", "LME cash")
NOT_GOODS = re.compile("technology|foreign-made")

Row = Mapping[str, Any]


def later_text() -> str:
    """`episodes.csv` of the second set."""
    out = io.StringIO()
    write = csv.DictWriter(
        out, (*EPISODE_COLUMNS, "price_ratio_peak", "row_id", "price_series"), lineterminator="\n"
    )
    write.writeheader()
    first_set = [
        (e.inputs.restrictor, e.inputs.mineral.lower(), e.inputs.base_year) for e in episodes_in(BUNDLED)
    ]
    taken: set[tuple[str, str, int]] = set()
    for r in sorted((*_measures(), *_outages()), key=lambda r: (r["announced"], r["row_id"])):
        priced = _priced(r["mineral"])
        year, month = int(r["announced"][:4]), int(r["announced"][5:7])
        before = year - 1 if month <= 6 else year
        found = _price(priced, before)
        base_year = year - 1
        known = any(
            c == r["country"] and r["mineral"].lower() in m
            for c, m, y in first_set
            if abs(y - base_year) <= 1
        )
        if found is None or known or (r["country"], priced, base_year) in taken:
            continue
        taken.add((r["country"], priced, base_year))
        series, ratio, title, url = found
        name = re.sub(r"[^A-Za-z]+", "_", priced.split(": ")[-1]).upper()
        low, mid, high = r["cuts"]
        write.writerow(
            {
                "episode_id": f"{name}_{r['country']}_{r['announced'][:7].replace('-', '_')}",
                "mineral": r["mineral"] if r["mineral"].endswith(" ore") else priced,
                "kind": r["kind"],
                "instrument": r["what"],
                "restrictor": r["country"],
                "target": "all",
                "announced": r["announced"][:7],
                "base_year": base_year,
                "t1": "",
                "ex_ante_share": f"{r['share'] / 100:.6g}",
                "ex_ante_share_basis": "production, as the hazards table says",
                "cut_low": f"{low:.3g}",
                "cut_mid": f"{mid:.3g}",
                "cut_high": f"{high:.3g}",
                "price_metric": f"wb:{series} mean of {before + 1} over {before}",
                "price_ratio": f"{ratio:.5g}",
                "hit_flow_change_t1": "",
                "core_price_set": "yes",
                "core_trade_set": "no",
                "data_problems": "whole years blur what happened in twelve months" + r["doubt"],
                "confounders": "not searched for",
                "source_title": r["title"],
                "source_url": r["url"],
                "source2_title": title,
                "source2_url": url,
                "price_ratio_peak": "",
                "row_id": r["row_id"],
                "price_series": series,
            }
        )
    return out.getvalue()


def _measures() -> Iterator[dict[str, Any]]:
    """Measures that the rule takes."""
    for r in table(BUNDLED, "hazards/export_restrictions").to_dicts():
        size = _number(r["world_share_pct"])
        goods = not NOT_GOODS.search(f"{r['form']} {r['rate_or_size']}")
        kind = "stop" if r["instrument"] in STOPS else "part" if r["instrument"] in PARTS else ""
        right = r["direction"] in ("new", "tighten") and r["targets"] == "all" and kind and goods
        if right and _dated(r["announced"]) and size is not None and size >= LEAST:
            yield {
                "announced": r["announced"],
                "row_id": r["row_id"],
                "country": r["country_iso3"],
                "mineral": r["mineral"],
                "kind": "export_restriction",
                "what": f"{r['instrument']}, {r['form']}",
                "share": size,
                "cuts": CUTS[kind],
                "doubt": "",
                "title": r["source_title"],
                "url": sources(BUNDLED)[r["source_id"]].url,
            }


def _outages() -> Iterator[dict[str, Any]]:
    """Outages that the rule takes, cut by how long they lasted."""
    for r in table(BUNDLED, "hazards/supply_outages").to_dicts():
        size, days = _number(r["world_share_pct"]), _number(r["length_days"])
        one = r["country_iso3"] in all_places()
        if one and _dated(r["start"]) and size is not None and size >= LEAST and days is not None:
            cut = min(days / 365, 1.0)
            yield {
                "announced": r["start"],
                "row_id": r["row_id"],
                "country": r["country_iso3"],
                "mineral": r["mineral"].split(", ")[0],
                "kind": "supply_outage",
                "what": f"{r['cause']}, {r['site_or_firm']}, {days:.0f} days",
                "share": size,
                "cuts": (cut / 2, cut, min(1.5 * cut, 1.0)),
                "doubt": "; how long it lasted was known only afterwards",
                "title": r["source_title"],
                "url": sources(BUNDLED)[r["source_id"]].url,
            }


def _priced(mineral: str) -> str:
    """The mineral in the table of prices."""
    known = {r["mineral"] for r in table(BUNDLED, "minerals/prices").to_dicts()}
    if mineral in PRICED_AS:
        return PRICED_AS[mineral]
    return f"rare earths: {mineral}" if f"rare earths: {mineral}" in known else mineral


def _price(mineral: str, before: int) -> tuple[str, float, str, str] | None:
    """Series, ratio of a year to the year before, and source; None where no series has both years."""
    series: dict[str, dict[int, Row]] = {}
    for r in table(BUNDLED, "minerals/prices").to_dicts():
        if r["mineral"] == mineral and re.fullmatch(r"\d{4}", r["year"]) and r["value"] is not None:
            series.setdefault(f"{r['form']}: {r['price_series']}", {}).setdefault(int(r["year"]), r)
    both = {k: v for k, v in series.items() if before in v and before + 1 in v}
    if not both:
        return None

    def order(name: str) -> tuple[int, int]:
        liked = [n for n, words in enumerate(PREFERRED) if words in name]
        return (liked[0] if liked else len(PREFERRED), -len(both[name]))

    best = min(both, key=order)  # the first in the table where these are equal
    a, b = both[best][before], both[best][before + 1]
    return best, b["value"] / a["value"], b["source_title"], sources(BUNDLED)[b["source_id"]].url


def _dated(date: str) -> bool:
    """Whether a date says its month, in the years that prices reach."""
    return bool(re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", date or "")) and FIRST <= int(date[:4]) <= LAST


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def later_folder() -> Path:
    """Where the set lies."""
    return bundled_folder() / "later"


def files() -> dict[str, str]:
    """Every file of the set, by name."""
    return {
        "episodes.csv.gz": later_text(),
        "importers.csv.gz": ",".join(IMPORTER_COLUMNS) + "\n",
        "exporters.csv.gz": ",".join(EXPORTER_COLUMNS) + "\n",
    }


if __name__ == "__main__":
    later_folder().mkdir(exist_ok=True)
    for name, text in files().items():
        (later_folder() / name).write_bytes(gzip.compress(text.encode(), mtime=0))

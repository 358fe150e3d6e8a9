"""Writes `months.csv.gz` of the bundled episodes: prices by month after the announcement, from the table of
monthly prices. A test says it is current.

One series an episode and side of the border, chosen here by what the price of the episode quotes. Base: of
monthly means of an exchange the mean of the six months before; else the last figure of the three months
before. Several figures of one month are averaged.

Run: python -m tools.build_months
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from pathlib import Path

from tests.ledgers import BUNDLED

from crosscut.ledger.store.tables import table
from crosscut.studies.backtest.folder import bundled_folder, episodes_in

COLUMNS = ("episode_id", "place", "month", "price", "base", "unit", "kind", "series", "fact_id")
EXCHANGE, LAST = 6, 3  # months before the announcement
WINDOW = 24
SERIES = (
    ("FE_IND_2010", "outside", "World Bank: iron ore, cfr spot, monthly average"),
    ("PT_ZAF_2014", "outside", "World Bank: platinum, monthly average"),
    ("NI_PHL_2017", "outside", "World Bank: nickel (LME), monthly average"),
    ("AL_RUS_2018", "outside", "World Bank: aluminium (LME), monthly average"),
    ("CU_PAN_2023", "outside", "World Bank: copper (LME), monthly average"),
    ("GA_CHN_2023", "outside", "Ga Rotterdam / EU free market"),
    ("SB_CHN_2024", "outside", "Sb metal Rotterdam duty unpaid"),
    ("W_CHN_2025", "outside", "APT Europe, middle, one figure a month"),
    ("W_CHN_2025", "inside", "APT China, one figure a month"),
    ("BI_CHN_2025", "outside", "Bi metal Rotterdam"),
)


def months_path() -> Path:
    """Where the table lies."""
    return bundled_folder() / "months.csv.gz"


def months_text() -> str:
    """The table as CSV."""
    rows = table(BUNDLED, "minerals/prices_monthly").to_dicts()
    announced = {e.inputs.id: e.inputs.announced for e in episodes_in(BUNDLED)}
    out = io.StringIO()
    write = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    write.writeheader()
    for key, place, series in SERIES:
        at = _number(announced[key])
        found = defaultdict(list)
        for r in rows:
            if r["series"] == series:
                found[_number(r["date"]) - at].append(r)
        exchange = series.startswith("World Bank")
        before = [m for m in range(-(EXCHANGE if exchange else LAST), 0) if m in found]
        base = [sum(r["value"] for r in found[m]) / len(found[m]) for m in before]
        level = (
            sum(base) / len(base) if exchange else max(found[before[-1]], key=lambda r: r["date"])["value"]
        )
        for m in range(1, WINDOW + 1):
            if m in found:
                mine = found[m]
                write.writerow(
                    {
                        "episode_id": key,
                        "place": place,
                        "month": m,
                        "price": f"{sum(r['value'] for r in mine) / len(mine):.6g}",
                        "base": f"{level:.6g}",
                        "unit": mine[0]["unit"],
                        "kind": mine[0]["kind"],
                        "series": series,
                        "fact_id": " ".join(r["fact_id"] for r in mine),
                    }
                )
    return out.getvalue()


def _number(date: str) -> int:
    """Months since year 0."""
    return int(date[:4]) * 12 + int(date[5:7])


if __name__ == "__main__":
    months_path().write_bytes(gzip.compress(months_text().encode(), mtime=0))

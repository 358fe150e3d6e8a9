"""Tables of an episode: its trade, importers, exporters and months, as the files of a folder hold them.

Countries that act together (a bloc, or several named with +) are one place: what they trade with each other
is left out, what they trade with others is added up.

Tests: tests/studies/backtest/test_folder.py, tests/studies/backtest/test_parties.py
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from crosscut.base.errors import Problem
from crosscut.base.places import bloc_members, blocs
from crosscut.inputs.csv_table import CsvRow, CsvTable, table_in
from crosscut.studies.backtest.episode import BaseImport, MonthPrice, TradeHistory

TRADE_COLUMNS = ("year", "phase", "exporter", "importer", "value_kusd", "qty_t_clean")
IMPORTER_COLUMNS = ("episode_id", "importer", "q_base_t", "q_base_from_restrictor_t", "q_t1_t")
EXPORTER_COLUMNS = ("episode_id", "exporter", "q_base_t", "share_of_gross_increase")
MONTH_COLUMNS = ("episode_id", "place", "month", "price", "base", "kind")
INPUT, OUTCOME = "input", "outcome"
PLACES, KINDS_OF_PRICE = ("outside", "inside"), ("mean", "point", "derived")

Rows = Sequence[tuple[int, CsvRow]]
Together = Mapping[str, str]  # country -> the name of the group that it acts in


def members(text: str, year: int) -> tuple[str, ...] | None:
    """Countries of a party: one code, a bloc, or several codes with + between them; None where it is none of
    these.

    >>> members("CHN", 2024), members("RUS+BLR", 2021), members("china", 2024)
    (('CHN',), ('RUS', 'BLR'), None)
    >>> len(members("EU27", 2024))
    27
    """
    if text in blocs():
        return bloc_members(text, year)
    codes = tuple(re.split(r"\s*[+;]\s*", text))
    return codes if all(re.fullmatch(r"[A-Z]{3}", c) for c in codes) else None


def together(parties: Sequence[str], year: int) -> dict[str, str]:
    """Which country goes under which name, for parties of several countries."""
    out = {}
    for p in parties:
        codes = members(p, year) or ()
        if len(codes) > 1:
            out.update(dict.fromkeys(codes, p))
    return out


def trade_in(
    folder: Path, key: str, base: int, grouped: Together, problems: list[Problem]
) -> tuple[TradeHistory | None, dict[str, float]]:
    """Input rows up to the base year, and imports of the year before it. None where the folder has no trade
    of it."""
    if not any((folder / f"trade_{key}.csv{end}").exists() for end in ("", ".gz")):
        return None, {}
    table = table_in(folder, f"trade_{key}", TRADE_COLUMNS, problems)
    flows: dict[tuple[int, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line, row in table:
        if row["phase"] == OUTCOME:
            continue  # not even looked at
        if row["phase"] != INPUT:
            table.wrong(line, "phase", f"{row['phase']!r}", "input or outcome")
            continue
        year = table.year(line, row, "year")
        tonnes = table.number(line, row, "qty_t_clean", low=0)
        value = table.number(line, row, "value_kusd", low=0)
        if year is None:
            continue
        if year > base:
            table.wrong(
                line, "year", f"an input row of {year} is after the base year {base}", "phase outcome"
            )
            continue
        seller, buyer = (grouped.get(row[c], row[c]) for c in ("exporter", "importer"))
        if seller == buyer and seller in grouped.values():
            continue  # among countries that act together
        cell = flows[year, seller, buyer]
        cell[0] += tonnes or 0.0
        cell[1] += value or 0.0
    if not any(y == base for y, _, _ in flows):
        problems.append(
            Problem(f"no input row of the base year {base}", table.where, "bilateral trade of that year")
        )
        return None, {}
    years = tuple(sorted({y for y, _, _ in flows}))
    countries = tuple(sorted({c for _, i, j in flows for c in (i, j)}))
    y_at, c_at = {y: k for k, y in enumerate(years)}, {c: k for k, c in enumerate(countries)}
    tonnes_yij = np.zeros((len(years), len(countries), len(countries)))
    value_yij = np.zeros_like(tonnes_yij)
    for (y, i, j), (t, v) in flows.items():
        tonnes_yij[y_at[y], c_at[i], c_at[j]] = t
        value_yij[y_at[y], c_at[i], c_at[j]] = v
    history = TradeHistory(base, years, countries, tonnes_yij, value_yij)
    before = tonnes_yij[y_at[base - 1]].sum(axis=0) if base - 1 in y_at else np.full(len(countries), np.nan)
    return history, dict(zip(countries, before.tolist(), strict=True))


def imports_of(
    table: CsvTable, rows: Rows, grouped: Together
) -> tuple[tuple[BaseImport, ...], dict[str, float]]:
    """Scored importers, and their tonnes of the first year of outcomes where these are known."""
    base: dict[str, list[float]] = {}
    after: dict[str, list[float | None]] = {}
    for line, row in rows:
        tonnes = table.number(line, row, "q_base_t", low=0, needed=True)
        exposed = table.number(line, row, "q_base_from_restrictor_t", low=0)
        outcome = table.number(line, row, "q_t1_t", low=0)
        if tonnes is None:
            continue
        name = grouped.get(row["importer"], row["importer"])
        mine = base.setdefault(name, [0.0, 0.0])
        mine[0] += tonnes
        mine[1] += exposed or 0.0
        after.setdefault(name, []).append(outcome)
    came = {k: [x for x in v if x is not None] for k, v in after.items()}
    return (
        tuple(BaseImport(k, *v) for k, v in base.items()),
        {k: sum(v) for k, v in came.items() if len(v) == len(after[k])},
    )


def exports_of(table: CsvTable, rows: Rows) -> tuple[dict[str, float], dict[str, float]]:
    """Tonnes of the base year and share of the gross increase, by exporter."""
    base, filled = {}, {}
    for line, row in rows:
        tonnes = table.number(line, row, "q_base_t", low=0)
        base[row["exporter"]] = tonnes or 0.0
        filled[row["exporter"]] = table.number(line, row, "share_of_gross_increase", low=0, high=1) or 0.0
    return base, filled


def months_of(table: CsvTable, rows: Rows) -> tuple[MonthPrice, ...]:
    """Prices by month over the price before the announcement."""
    out = []
    for line, row in rows:
        month = table.number(line, row, "month", low=1, high=24, needed=True)
        price = table.number(line, row, "price", low=1e-9, needed=True)
        base = table.number(line, row, "base", low=1e-9, needed=True)
        for c, known in (("place", PLACES), ("kind", KINDS_OF_PRICE)):
            if row[c] not in known:
                table.wrong(line, c, f"{row[c]!r}", f"one of {', '.join(known)}")
        if month is not None and price is not None and base is not None:
            out.append(MonthPrice(row["place"], int(month), price / base, row["kind"]))
    return tuple(out)

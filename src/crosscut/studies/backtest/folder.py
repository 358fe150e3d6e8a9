"""Folder: episodes as files, read whole or refused with every fault named.

The format: episodes.csv (one row an episode: what happened, the inputs, and after them the targets),
trade_ID.csv (bilateral trade, each row marked input or outcome), importers.csv and exporters.csv (who is
scored). Each may be packed (.csv.gz).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from crosscut.base.bundled import bundled_file
from crosscut.base.errors import Problem, UserError
from crosscut.inputs.csv_table import CsvRow, CsvTable, table_in
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.backtest.episode import (
    BaseImport,
    Episode,
    EpisodeInputs,
    PriceMetric,
    Targets,
    TradeHistory,
)
from crosscut.studies.backtest.market_classes import market_class

EPISODE_COLUMNS = (
    "episode_id",
    "mineral",
    "kind",
    "instrument",
    "restrictor",
    "target",
    "announced",
    "base_year",
    "t1",
    "ex_ante_share",
    "ex_ante_share_basis",
    "cut_low",
    "cut_mid",
    "cut_high",
    "price_metric",
    "price_ratio",
    "hit_flow_change_t1",
    "core_price_set",
    "core_trade_set",
    "data_problems",
    "confounders",
    "source_title",
    "source_url",
    "source2_title",
    "source2_url",
)
TRADE_COLUMNS = ("year", "phase", "exporter", "importer", "value_kusd", "qty_t_clean")
IMPORTER_COLUMNS = ("episode_id", "importer", "q_base_t", "q_base_from_restrictor_t", "q_t1_t")
EXPORTER_COLUMNS = ("episode_id", "exporter", "q_base_t", "share_of_gross_increase")
KINDS = ("export_restriction", "import_ban", "sanction", "supply_outage", "demand_shock", "false_alarm")
INPUT, OUTCOME = "input", "outcome"


def bundled_folder() -> Path:
    """The folder of the episodes that come with the package."""
    return Path(str(bundled_file("episodes")))


def episodes_in(ledger: Ledger, folder: str | Path | None = None) -> tuple[Episode, ...]:
    """Every episode of a folder, in its order; the bundled ones when none is given.

    Raises UserError with all problems: file, line, field, what was expected.

    >>> from crosscut.studies.backtest.folder import episodes_in
    >>> ledger = Ledger.bundled()
    >>> episodes = episodes_in(ledger)
    >>> len(episodes), max(e.inputs.trade.years[-1] - e.inputs.base_year for e in episodes if e.inputs.trade)
    (20, 0)
    """
    where = bundled_folder() if folder is None else Path(folder)
    if not where.is_dir():
        raise UserError(
            Problem("is not a folder", str(where), "a folder with episodes.csv and a trade_ID.csv an episode")
        )
    problems: list[Problem] = []
    heads = table_in(where, "episodes", EPISODE_COLUMNS, problems)
    importers = _by_episode(table_in(where, "importers", IMPORTER_COLUMNS, problems))
    exporters = _by_episode(table_in(where, "exporters", EXPORTER_COLUMNS, problems))
    out, seen = [], set()
    for line, row in heads:
        key = row["episode_id"]
        if not re.fullmatch(r"[A-Za-z0-9_]+", key):
            heads.wrong(line, "episode_id", f"{key!r}", "letters, digits and _ , e.g. NI_IDN_2014")
            continue
        if key in seen:
            heads.wrong(line, "episode_id", f"{key} is there twice", "one row an episode")
            continue
        seen.add(key)
        episode = _episode(ledger, where, heads, line, row, importers, exporters)
        if episode is not None:
            out.append(episode)
    if not heads.rows and not problems:
        problems.append(Problem("has no episodes", heads.where, "one row an episode"))
    if problems:
        raise UserError(problems)
    return tuple(out)


_Rows = Mapping[str, list[tuple[int, CsvRow]]]


def _by_episode(table: CsvTable) -> tuple[CsvTable, _Rows]:
    out: dict[str, list[tuple[int, CsvRow]]] = defaultdict(list)
    for line, row in table:
        out[row["episode_id"]].append((line, row))
    return table, out


def _episode(
    ledger: Ledger,
    folder: Path,
    heads: CsvTable,
    line: int,
    row: CsvRow,
    importers: tuple[CsvTable, _Rows],
    exporters: tuple[CsvTable, _Rows],
) -> Episode | None:
    key, before = row["episode_id"], len(heads.problems)
    base = heads.year(line, row, "base_year")
    horizon = heads.year(line, row, "t1", needed=False)
    share = heads.number(line, row, "ex_ante_share", low=0, high=1, needed=True)
    cuts = [heads.number(line, row, f"cut_{c}", low=0, high=1) for c in ("low", "mid", "high")]
    if row["kind"] not in KINDS:
        heads.wrong(line, "kind", f"{row['kind']!r}", f"one of {', '.join(KINDS)}")
    elif row["kind"] != "demand_shock" and cuts[1] is None:
        heads.wrong(
            line, "cut_mid", "is empty", "a share of the hit flow, e.g. 0.5; only a demand shock has none"
        )
    if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", row["announced"]):
        heads.wrong(line, "announced", f"{row['announced']!r}", "a month, e.g. 2014-01")
    elif base is not None and base > int(row["announced"][:4]):
        heads.wrong(
            line,
            "base_year",
            f"{base} is after the announcement ({row['announced']})",
            "a year before the event",
        )
    if base is not None and horizon is not None and horizon <= base:
        heads.wrong(
            line, "t1", f"{horizon} is not after the base year {base}", "the first full year of outcomes"
        )
    for side in ("restrictor", "target"):
        if not re.fullmatch(r"[A-Z]{3}|all", row[side]):
            heads.wrong(
                line, side, f"{row[side]!r}", "a country code such as IDN" + (", or all" * (side == "target"))
            )
    for c in ("core_price_set", "core_trade_set"):
        if row[c] not in ("yes", "no"):
            heads.wrong(line, c, f"{row[c]!r}", "yes or no")
    metric = _metric(row["price_metric"])
    trade, previous = (None, {}) if base is None else _trade(folder, key, base, heads.problems)
    if trade is not None and row["target"] not in ("all", *trade.countries):
        heads.wrong(
            line, "target", f"{row['target']} is in no input row of trade_{key}", "an importer of that file"
        )
    imports, bought = _imports(importers[0], importers[1].get(key, []))
    base_exports, filled = _exports(exporters[0], exporters[1].get(key, []))
    ratio = heads.number(line, row, "price_ratio", low=1e-9)
    change = heads.number(line, row, "hit_flow_change_t1", low=-1)
    if len(heads.problems) > before or base is None or share is None:
        return None
    inputs = EpisodeInputs(
        id=key,
        mineral=row["mineral"],
        market_class=market_class(ledger, row["mineral"]),
        instrument=row["instrument"],
        # Whether an alarm was false is known only afterwards: before, it is an order to stop.
        kind="supply_outage" if row["kind"] == "false_alarm" else row["kind"],
        restrictor=row["restrictor"],
        target="" if row["target"] == "all" else row["target"],
        announced=row["announced"],
        base_year=base,
        horizon=horizon,
        share=share,
        share_of="exports" if "export" in row["ex_ante_share_basis"] else "production",
        cut_low=cuts[0],
        cut_mid=cuts[1],
        cut_high=cuts[2],
        price_metric=metric,
        price_text=row["price_metric"],
        trade=trade,
        imports=imports,
    )
    targets = Targets(
        key, ratio, change, bought, filled, row["core_price_set"] == "yes", row["core_trade_set"] == "yes"
    )
    sources = tuple((row[f"{s}_title"], row[f"{s}_url"]) for s in ("source", "source2") if row[f"{s}_url"])
    return Episode(inputs, targets, base_exports, previous, row["data_problems"], row["confounders"], sources)


def _metric(text: str) -> PriceMetric:
    if text.startswith(("wb:", "imf:")):
        return PriceMetric.EXCHANGE
    if "unit value of the restrictor" in text:
        return PriceMetric.RESTRICTOR_UNIT_VALUE
    if "unit value of other exporters" in text:
        return PriceMetric.OTHERS_UNIT_VALUE
    return PriceMetric.QUOTATION


def _trade(
    folder: Path, key: str, base: int, problems: list[Problem]
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
        cell = flows[year, row["exporter"], row["importer"]]
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


def _imports(
    table: CsvTable, rows: list[tuple[int, CsvRow]]
) -> tuple[tuple[BaseImport, ...], dict[str, float]]:
    base, after = [], {}
    for line, row in rows:
        tonnes = table.number(line, row, "q_base_t", low=0, needed=True)
        exposed = table.number(line, row, "q_base_from_restrictor_t", low=0)
        outcome = table.number(line, row, "q_t1_t", low=0)
        if tonnes is None:
            continue
        base.append(BaseImport(row["importer"], tonnes, exposed or 0.0))
        if outcome is not None:
            after[row["importer"]] = outcome
    return tuple(base), after


def _exports(table: CsvTable, rows: list[tuple[int, CsvRow]]) -> tuple[dict[str, float], dict[str, float]]:
    base, filled = {}, {}
    for line, row in rows:
        tonnes = table.number(line, row, "q_base_t", low=0)
        base[row["exporter"]] = tonnes or 0.0
        filled[row["exporter"]] = table.number(line, row, "share_of_gross_increase", low=0, high=1) or 0.0
    return base, filled

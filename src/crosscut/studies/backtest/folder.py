"""Folder: episodes as files, read whole or refused with every fault named.

The format: episodes.csv (one row an episode: what happened, the inputs, and after them the targets),
trade_ID.csv (bilateral trade, each row marked input or outcome), importers.csv and exporters.csv (who is
scored), and where there are any months.csv (prices by month). Each may be packed (.csv.gz).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crosscut.base.bundled import bundled_file
from crosscut.base.errors import Problem, UserError
from crosscut.base.places import blocs
from crosscut.inputs.csv_table import CsvRow, CsvTable, table_in
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.backtest.episode import Episode, EpisodeInputs, PriceMetric, Targets
from crosscut.studies.backtest.episode_tables import (
    EXPORTER_COLUMNS,
    IMPORTER_COLUMNS,
    MONTH_COLUMNS,
    exports_of,
    imports_of,
    members,
    months_of,
    together,
    trade_in,
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
KINDS = ("export_restriction", "import_ban", "sanction", "supply_outage", "demand_shock", "false_alarm")


def bundled_folder() -> Path:
    """The folder of the episodes that come with the package."""
    return Path(str(bundled_file("episodes")))


@dataclass(frozen=True, eq=False)
class EpisodesRead:
    """Episodes of a folder that could be read, in its order, and those that could not: name and problems."""

    episodes: tuple[Episode, ...]
    lost: tuple[tuple[str, tuple[Problem, ...]], ...]


def episodes_in(ledger: Ledger, folder: str | Path | None = None) -> tuple[Episode, ...]:
    """Every episode of a folder, in its order; the bundled ones when none is given.

    Raises UserError with all problems: file, line, field, what was expected.

    >>> from crosscut.studies.backtest.folder import episodes_in
    >>> ledger = Ledger.bundled()
    >>> episodes = episodes_in(ledger)
    >>> len(episodes), max(e.inputs.trade.years[-1] - e.inputs.base_year for e in episodes if e.inputs.trade)
    (20, 0)
    """
    found = read_episodes(ledger, folder)
    problems = [p for _, its in found.lost for p in its]
    if problems:
        raise UserError(problems)
    return found.episodes


def read_episodes(ledger: Ledger, folder: str | Path | None = None) -> EpisodesRead:
    """The episodes of a folder. What is wrong with one loses that one, and not the folder.

    Raises UserError with all problems where a whole file cannot be read, or no episode is left.
    """
    where = bundled_folder() if folder is None else Path(folder)
    if not where.is_dir():
        raise UserError(
            Problem("is not a folder", str(where), "a folder with episodes.csv and a trade_ID.csv an episode")
        )
    problems: list[Problem] = []
    heads = table_in(where, "episodes", EPISODE_COLUMNS, problems)
    tables = _Tables(
        _by_episode(table_in(where, "importers", IMPORTER_COLUMNS, problems)),
        _by_episode(table_in(where, "exporters", EXPORTER_COLUMNS, problems)),
        _by_episode(_months_table(where, problems)),
    )
    if not heads.rows and not problems:
        problems.append(Problem("has no episodes", heads.where, "one row an episode"))
    whole = len(problems)
    out, lost, seen = [], [], set()
    for line, row in heads:
        key, before = row["episode_id"], len(problems)
        if not re.fullmatch(r"[A-Za-z0-9_]+", key):
            heads.wrong(line, "episode_id", f"{key!r}", "letters, digits and _ , e.g. NI_IDN_2014")
        elif key in seen:
            heads.wrong(line, "episode_id", f"{key} is there twice", "one row an episode")
        seen.add(key)
        # A name that is no name opens no file.
        usable = len(problems) == before
        episode = _episode(ledger, where, heads, line, row, tables) if usable else None
        if len(problems) > before:
            lost.append((key, tuple(problems[before:])))
        elif episode is not None:
            out.append(episode)
    if whole or not out:
        raise UserError(problems)
    return EpisodesRead(tuple(out), tuple(lost))


def _months_table(folder: Path, problems: list[Problem]) -> CsvTable:
    """Prices by month; a folder may have none."""
    there = any((folder / f"months.csv{end}").exists() for end in ("", ".gz"))
    if there:
        return table_in(folder, "months", MONTH_COLUMNS, problems)
    return CsvTable(None, str(folder / "months.csv"), MONTH_COLUMNS, problems)


_Rows = Mapping[str, list[tuple[int, CsvRow]]]


@dataclass(frozen=True)
class _Tables:
    """Tables that hold rows of every episode, each with its rows by episode."""

    importers: tuple[CsvTable, _Rows]
    exporters: tuple[CsvTable, _Rows]
    months: tuple[CsvTable, _Rows]


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
    tables: _Tables,
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
    year = 2024 if base is None else base
    for side in ("restrictor", "target"):
        if not (members(row[side], year) or (side == "target" and row[side] == "all")):
            heads.wrong(
                line,
                side,
                f"{row[side]!r}",
                f"a country code such as IDN, a bloc ({', '.join(blocs())}), or several codes as in RUS+BLR"
                + (", or all" * (side == "target")),
            )
    for c in ("core_price_set", "core_trade_set"):
        if row[c] not in ("yes", "no"):
            heads.wrong(line, c, f"{row[c]!r}", "yes or no")
    metric = _metric(row["price_metric"])
    grouped = together((row["restrictor"], row["target"]), year)
    trade, previous = (None, {}) if base is None else trade_in(folder, key, base, grouped, heads.problems)
    if trade is not None and row["target"] not in ("all", *trade.countries):
        heads.wrong(
            line, "target", f"{row['target']} is in no input row of trade_{key}", "an importer of that file"
        )
    imports, bought = imports_of(tables.importers[0], tables.importers[1].get(key, []), grouped)
    base_exports, filled = exports_of(tables.exporters[0], tables.exporters[1].get(key, []))
    months = months_of(tables.months[0], tables.months[1].get(key, []))
    peak, inside = (heads.number(line, row, c, low=1e-9) for c in ("price_ratio_peak", "inside_price_ratio"))
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
        key,
        ratio,
        change,
        bought,
        filled,
        row["core_price_set"] == "yes",
        row["core_trade_set"] == "yes",
        peak,
        inside,
        months,
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

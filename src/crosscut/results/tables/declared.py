"""The tables of a result, declared once: column, type, unit, meaning. Schema, report and docs read this."""

from __future__ import annotations

from crosscut.results.tables.backtest import BACKTEST_TABLES
from crosscut.results.tables.columns import Column
from crosscut.results.tables.economy import ECONOMY_TABLES
from crosscut.results.tables.exposure import EXPOSURE_TABLES
from crosscut.results.tables.outlook import OUTLOOK_TABLES
from crosscut.results.tables.project import PROJECT_TABLES
from crosscut.results.tables.purchases import PURCHASE_TABLES
from crosscut.results.tables.scenario import RUN_TABLES
from crosscut.results.tables.stress import RISK_TABLES
from crosscut.results.tables.world import WORLD_TABLES

SCHEMA_ID = "crosscut.result/1"

#: every table by name
TABLES: dict[str, dict[str, Column]] = {
    **RUN_TABLES,
    **WORLD_TABLES,
    **EXPOSURE_TABLES,
    **PURCHASE_TABLES,
    **OUTLOOK_TABLES,
    **ECONOMY_TABLES,
    **PROJECT_TABLES,
    **RISK_TABLES,
    **BACKTEST_TABLES,
}

# Columns added to a table after results were already written: a reader must do without them.
ADDED_LATER = frozenset({("welfare", "central"), ("drivers", "error")})

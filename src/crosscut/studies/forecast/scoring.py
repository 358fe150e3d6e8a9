"""Scoring: a sealed file of forecasts against a file of outcomes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from typing import Any

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.machine import stamp
from crosscut.base.version import __version__
from crosscut.inputs.csv_table import table_in
from crosscut.results import Document, Statement, tables_of

COLUMNS = ("forecast", "value", "source")
IN_LOGS = ("price_ratio", "importer_qty")
LEAST = {"price_ratio": 1e-9, "importer_qty": 0.0, "restrictor_flow_change": -1.0, "gap_fill_share": 0.0}


def outcomes_in(path: Path, forecasts: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[float, str]]:
    """forecast id -> (outcome, source), from a CSV with the columns forecast, value and source.

    Raises UserError naming line and field of every unknown forecast, double row, missing source or number
    out of range.
    """
    problems: list[Problem] = []
    rows = table_in(path.parent, path.name.removesuffix(".gz").removesuffix(".csv"), COLUMNS, problems)
    out: dict[str, tuple[float, str]] = {}
    for line, row in rows:
        key = row["forecast"]
        if key not in forecasts:
            rows.wrong(line, "forecast", f"no forecast {key!r}", suggestion(key, forecasts))
            continue
        if key in out:
            rows.wrong(line, "forecast", f"{key} is there twice", "one outcome a forecast")
            continue
        value = rows.number(line, row, "value", low=LEAST[forecasts[key]["target"]], needed=True)
        if not row["source"]:
            rows.wrong(line, "source", "is empty", "who says so, e.g. a web address")
        if value is not None:
            out[key] = (value, row["source"])
    if not problems and not out:
        problems.append(Problem("has no outcomes", str(path), "a CSV with the columns " + ", ".join(COLUMNS)))
    if problems:
        raise UserError(problems)
    return out


def scored_result(forecast: Document, outcomes: Path, where: str) -> Document:
    """The forecasts with a score each where there is an outcome; `forecast` is a document whose id was
    checked."""
    if forecast.kind != "forecast" or "forecasts" not in forecast.tables:
        raise UserError(
            Problem(f"is a result of kind {forecast.kind}", where, "a file written by `crosscut forecast`")
        )
    rows = {r["forecast"]: r for r in forecast.rows("forecasts")}
    seen = outcomes_in(outcomes, rows)
    scored = [_scored(rows[k], value, source) for k, (value, source) in seen.items()]
    said = Statement(
        "scored",
        f"Scores of forecast {forecast.id} (written with version "
        f"{forecast.inputs.code}), scored with {__version__}.",
    )
    return replace(
        forecast,
        id="",
        created_utc=stamp(),
        tables={**forecast.tables, **tables_of({"forecast_scores": scored})},
        statements=(said, *forecast.statements),
        scores={
            w: s
            for w in ("open", "running", "over")
            if (s := _summary([r for r in scored if r["window"] == w]))
        },
    )


def _scored(row: Mapping[str, Any], observed: float, source: str) -> dict[str, Any]:
    value = row["value"]
    in_logs = row["target"] in IN_LOGS and observed > 0 and value > 0
    error = abs(math.log(value / observed)) if in_logs else abs(value - observed)
    start = {"price_ratio": 1.0, "restrictor_flow_change": 0.0, "importer_qty": row["base"]}.get(
        row["target"]
    )
    naive = None
    if start is not None:
        naive = abs(math.log(start / observed)) if in_logs and start > 0 else abs(start - observed)
    inside = None if row["lo80"] is None else row["lo80"] <= observed <= row["hi80"]
    return {
        "forecast": row["forecast"],
        "target": row["target"],
        "what": row["what"],
        "value": value,
        "lo80": row["lo80"],
        "hi80": row["hi80"],
        "observed": observed,
        "error": error,
        "no_change_error": naive,
        "in_interval": inside,
        "window": row["window"],
        "source": source,
    }


def _summary(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Mean and median error of each target, and the share inside the interval, by one name each."""
    out: dict[str, float] = {}
    names = {
        "price_ratio": "price_abs_log_error",
        "importer_qty": "importer_abs_log_error",
        "restrictor_flow_change": "flow_abs_error",
        "gap_fill_share": "gap_fill_abs_error",
    }
    for target, name in names.items():
        errors = [r["error"] for r in rows if r["target"] == target]
        if errors:
            out[f"{name}_mean"], out[f"{name}_median"] = mean(errors), median(errors)
    inside = [r["in_interval"] for r in rows if r["in_interval"] is not None]
    if inside:
        out["in_80_interval_mean"] = mean(inside)
    return out

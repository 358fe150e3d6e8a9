"""The commands whose results are on record: every question once, small enough to run in each test run."""

from __future__ import annotations

import json

from tests.paths import TESTS

HERE = TESTS / "golden"

#: name of the record -> words after `crosscut`; `{io}`, `{buys}`, `{uses}` and results of earlier cases are
# filled in
CASES: dict[str, str] = {
    "minerals": "minerals",
    "facts": "facts tungsten",
    "facts-conflicts": "facts tungsten --conflicts",
    "facts-about": "facts tungsten --about dolphin",
    "facts-map": "facts tungsten --map",
    "facts-claims": "facts tungsten --claims",
    "facts-alarms": "facts tungsten --alarms",
    "facts-sources": "facts tungsten --sources",
    "facts-finance": "facts finance",
    "world": "world tungsten",
    "world-tin": "world tin",
    "exposure": "exposure tungsten --country JPN --draws 8",
    "exposure-chromium": "exposure chromium --country DEU --draws 6",
    "purchases": "exposure --purchases {buys}",
    "indicators": "indicators tungsten copper --country EU27 --year 2023",
    "scenarios": "scenarios",
    "validate": "validate china-controls-2025",
    "run": "run china-controls-2025 --draws 12 --workers 1",
    "run-301": "run us-section-301-2025 --draws 6 --workers 1",
    "run-kazakhstan": "run kazakhstan-2030 --draws 6 --workers 1",
    "run-embargo": "run full-embargo --draws 6 --workers 1",
    "run-ban": "run china-japan-ban-2026 --draws 4 --workers 1",
    "run-2026": "run as-of-2026 --draws 4 --workers 1",
    "run-quota": "run china-quota-cut --draws 4 --workers 1",
    "why": "why {run}",
    "compare": "compare {run} {run-embargo}",
    "outlook": "outlook kazakhstan --to 2027 --draws 2 --workers 1",
    "project": "project example-mine --draws 60 --workers 1",
    "project-boguty": "project boguty --draws 20 --workers 1",
    "project-scenario": "project north-katpar --scenario kazakhstan-2030 --draws 20 --workers 1",
    "project-costs": "project costs",
    "project-studies": "project studies",
    "stress": "stress tungsten --country JPN --draws 60 --executor serial",
    "stress-years": "stress tungsten --country USA --draws 20 --years 3 --loss 200 --executor serial",
    "stress-held": "stress tungsten --country JPN --draws 20 --from china-controls-2025 --executor serial",
    "stress-all": "stress --all-minerals --country DEU --draws 6 --executor serial",
    "economy": "economy {io} --shock DEU/ore=0.1..0.2",
    "stress-deu": "stress tungsten --country DEU --draws 60 --executor serial",
    "economy-stress": "economy {io} --result {stress-deu} --uses {uses} --once-in 10",
    "backtest": "backtest",
}

#: parts of a document that say when, where and with what it was made, not what was found
MADE = ("id", "created_utc", "code", "hash", "data", "data_sources")


def record_of(text: str) -> dict[str, object]:
    """What is compared of a printed result: for every table its rows and columns, for the rest its values."""
    return _part(json.loads(text), "")


def _part(value: object, path: str) -> dict[str, object]:
    out: dict[str, object] = {}
    if isinstance(value, dict) and set(value) == {"columns", "units", "rows"}:
        return _rows(value["rows"], path)
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        return _rows(value, path)
    if isinstance(value, dict):
        for k, v in value.items():
            if k not in MADE:
                out |= _part(v, f"{path}/{k}")
        return out
    if isinstance(value, list):
        return _rows([{"entry": v} for v in value], path)
    return {path: value}


def _rows(rows: list[dict[str, object]], path: str) -> dict[str, object]:
    """Row count, and for every column what its values add up to: a changed, lost or exchanged value shows."""
    out: dict[str, object] = {f"{path}#": len(rows)}
    columns = list(dict.fromkeys(c for r in rows for c in r))
    for c in columns:
        if c in MADE:
            continue
        values = [r.get(c) for r in rows]
        numbers = [(i, float(v)) for i, v in enumerate(values) if isinstance(v, int | float)]
        texts = [
            json.dumps(v, sort_keys=True, ensure_ascii=False)
            for v in values
            if not isinstance(v, int | float)
        ]
        if numbers:
            out[f"{path}.{c}"] = [
                len(numbers),
                sum(v for _, v in numbers),
                sum(abs(v) for _, v in numbers),
                sum(v * (1 + i % 89) for i, v in numbers),
            ]
        if any(t != "null" for t in texts):
            out[f"{path}.{c}:texts"] = [len(texts), len(set(texts))]
    return out

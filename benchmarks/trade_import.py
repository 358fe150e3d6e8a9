"""Import of 10 million trade rows (zip of yearly CSV -> checked Parquet) and queries on the result.

    python -m benchmarks.trade_import [ROWS]

Mix: 30 years, 74 codes, 220 countries, 2 % of quantities missing, unique rows, as CEPII BACI writes them;
every check of a pull is in the time, the download is not. Peak memory is that of the importing process
alone. The alternative is the standard library's csv module making the same typed rows and totals, on a
sample, per row. A query is the median of 21 after one warm-up, files in the system's cache; the alternative
reads the CSV of that year with csv.
"""

from __future__ import annotations

import csv
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
from tests.ledgers import here

from crosscut.base.places import all_places
from crosscut.ledger.sources.registry import bundled_codes

YEARS = range(1995, 2025)
SAMPLE = 300_000


def trade_codes_of_places() -> np.ndarray:
    codes = [int(t) for p in all_places().values() for t in p.trade_codes]
    return np.array(sorted(set(codes))[:220])


def synthetic_zip(path: Path, rows: int, seed: int = 1) -> None:
    """`rows` rows in the layout of BACI, every (exporter, importer, code, year) once."""
    rng = np.random.default_rng(seed)
    places, codes = trade_codes_of_places(), np.array([int(c) for c in bundled_codes()])
    per_year = rows // len(YEARS)
    cells = len(places) * len(places) * len(codes)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        for year in YEARS:
            at = np.sort(rng.choice(cells, per_year, replace=False))
            i, j, k = at // (len(codes) * len(places)), at // len(codes) % len(places), at % len(codes)
            q = np.round(rng.lognormal(2, 3, per_year), 3)
            frame = pl.DataFrame(
                {
                    "t": np.full(per_year, year),
                    "i": places[i],
                    "j": places[j],
                    "k": codes[k],
                    "v": np.round(rng.lognormal(3, 2, per_year), 3) + 0.001,
                    "q": q,
                }
            ).with_columns(
                pl.col("v").round(3).cast(pl.String),
                pl.when(pl.Series(rng.random(per_year) < 0.02))
                .then(pl.lit("NA"))
                .otherwise(pl.col("q").cast(pl.String))
                .alias("q"),
            )
            z.writestr(f"BACI_HS92_Y{year}_V202601.csv", frame.write_csv())
        z.writestr(
            "country_codes_V202601.csv",
            "country_code,country_name,country_iso2,country_iso3\n4,Afghanistan,AF,AFG\n",
        )
        z.writestr("product_codes_HS92_V202601.csv", "code,description\n261100,Tungsten ores\n")


def by_csv(path: Path, rows: int) -> float:
    """Seconds of process time a row for the csv module to make the same typed rows and totals."""
    started, seen = time.process_time(), 0
    kept, totals = [], defaultdict(lambda: [0, 0, Decimal(0), 0, Decimal(0)])
    with zipfile.ZipFile(path) as z:
        for year in YEARS:
            with z.open(f"BACI_HS92_Y{year}_V202601.csv") as f:
                for r in csv.DictReader(io.TextIOWrapper(f)):
                    v, q = Decimal(r["v"]), None if r["q"] == "NA" else Decimal(r["q"])
                    kept.append(
                        (
                            r["k"],
                            int(r["i"]),
                            int(r["j"]),
                            int(r["t"]),
                            int(v * 1000),
                            None if q is None else int(q * 1000),
                        )
                    )
                    for key in ((r["k"], r["t"]), (r["i"], r["t"]), (r["j"], r["t"])):
                        total = totals[key]
                        total[0] += 1
                        total[2] += v
                        if q is None:
                            total[3] += 1
                        else:
                            total[4] += q
                    seen += 1
                    if seen == rows:
                        return (time.process_time() - started) / seen
    return (time.process_time() - started) / seen


def median_ms(call, n: int = 21) -> tuple[float, float, float]:
    """Milliseconds of a call: median and fastest on the wall, median of process time (all threads
    together)."""
    call()
    wall, cpu = [], []
    for _ in range(n):
        started, begun = time.perf_counter(), time.process_time()
        call()
        wall.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - begun))
    return statistics.median(wall), min(wall), statistics.median(cpu)


IMPORT = """
import os, resource, sys, time
from pathlib import Path
from crosscut.ledger.reference.data_versions import DataVersions
from crosscut.ledger.sources.pull import accept, pull
from crosscut.ledger.sources.registry import connector
data = DataVersions(Path(os.environ["CROSSCUT_DATA"]))
started, cpu = time.perf_counter(), time.process_time()
pull(data, connector("baci"), [Path(sys.argv[1])])
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.perf_counter() - started, time.process_time() - cpu, megabytes)
accept(data, "baci")
"""


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "BACI_HS92_V202601.zip"
        synthetic_zip(path, rows)
        os.environ["CROSSCUT_DATA"] = str(folder / "data")
        done = subprocess.run(
            [sys.executable, "-c", IMPORT, str(path)], check=True, capture_output=True, text=True
        )
        wall, cpu, peak = map(float, done.stdout.split())
        slow = by_csv(path, min(SAMPLE, rows))

        from crosscut.ledger.reference.tables import country_trade, trade_rows

        ledger = here()
        held = trade_rows(ledger).select(pl.len()).collect().item()

        def top():
            return (
                trade_rows(ledger)
                .filter((pl.col("hs92") == "261100") & (pl.col("year") == 2024))
                .group_by("exporter")
                .agg(pl.col("value_usd").sum())
                .top_k(10, by="value_usd")
                .collect()
            )

        def over():
            return (
                trade_rows(ledger)
                .filter((pl.col("hs92") == "261100") & (pl.col("importer") == 156))
                .group_by("year")
                .agg(pl.col("value_usd").sum(), pl.col("quantity_kg").sum())
                .sort("year")
                .collect()
            )

        every = lambda: country_trade(ledger, "CHN").group_by("year", "side").agg(pl.col("value_kusd").sum())  # noqa: E731
        assert top().height
        assert over().height
        assert every().height
        size = sum(p.stat().st_size for p in (folder / "data").rglob("trade.parquet")) / 1e6
        print(f"{held:,} rows, zip {path.stat().st_size / 1e6:,.0f} MB, Parquet {size:,.0f} MB")
        print("| what | figure | alternative | figure | ratio |\n|---|---|---|---|---|")
        print(
            f"| import, wall | {wall:.1f} s | csv module, {SAMPLE:,} rows scaled | {slow * held:.0f} s CPU |"
            f" {slow * held / wall:.0f} x |"
        )
        print(
            f"| import, CPU | {cpu:.1f} s | the same | {slow * held:.0f} s CPU | {slow * held / cpu:.0f} x |"
        )
        print(f"| import, peak memory | {peak:,.0f} MB | | | |")
        for what, call in (
            ("one code, one year, top exporters", top),
            ("one code, one importer over the years", over),
            ("one country over the years, all codes, both sides", every),
        ):
            wall, fastest, cpu = median_ms(call)
            other = 1000 * slow * held / len(YEARS)
            print(
                f"| {what} | {wall:.1f} ms (fastest {fastest:.1f}, CPU {cpu:.1f}) | csv module, one year of"
                f" CSV | {other:,.0f} ms | {other / wall:,.0f} x |"
            )
        print(
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]},"
            f" polars {pl.__version__}"
        )
        print(f"benchmark itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
